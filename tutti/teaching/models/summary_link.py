"""A private link to one summary for one contact of the school: no account, 90 days (H9, S4)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from tutti.core.access import fingerprint
from tutti.core.calendar import Day
from tutti.core.letters import Letter
from tutti.core.sent_links import SentLink, SentLinkQuerySet, send_link
from tutti.teaching import letters

LIVES = timedelta(days=90)
FRESH = timedelta(days=1)  # after that names open with a code only
CODE_LIVES = timedelta(minutes=10)
MOST_TRIES, MOST_CODES_AN_HOUR = 5, 5


class SummaryLinkQuerySet(SentLinkQuerySet["SummaryLink"]):
    def with_secret(self, service: Any, secret: str) -> SummaryLinkQuerySet:
        """The link of this secret in this service, with all that its page shows."""
        return (
            super()
            .with_secret(service, secret)
            .select_related("service", "summary__school__office", "summary__school__service", "contact")
        )

    def of_month(self, month: Day, kind: str = "month") -> SummaryLinkQuerySet:
        """Links to the summaries of a month, or to those of corrections alone that stand under it."""
        return self.filter(summary__month=month, summary__kind=kind)


class SummaryLink(SentLink):
    """A link to one summary. Only fingerprints of its secret and of its last code are kept.

    `opened_at` is when it was first opened: that the page was asked for, no tracking picture. It dies with its
    contact and with the address it went to: who has left the school, gets summaries no more, or was written to by
    mistake, opens nothing.
    """

    summary = models.ForeignKey("teaching.Summary", models.CASCADE, related_name="links")
    contact = models.ForeignKey("schools.Contact", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    made_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    code_fingerprint = models.CharField(max_length=64, blank=True)
    code_ends_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    objects = SummaryLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    @classmethod
    def make(cls, summary: Any, contact: Any) -> SummaryLink:
        own = {"summary": summary, "contact": contact, "name": contact.name, "email": contact.email}
        return send_link(cls, LIVES, summary.service_id, **own)

    @property
    def is_over(self) -> bool:
        return super().is_over or not self.may_be_renewed or self.has_moved

    @property
    def has_moved(self) -> bool:
        """The contact's address is another than the one it went to."""
        return self.contact is not None and self.contact.email.casefold() != self.email.casefold()

    @property
    def is_fresh(self) -> bool:
        """Sent within the last day: whoever opens it has just read the e-mail."""
        return timezone.now() < self.made_at + FRESH

    @property
    def may_be_renewed(self) -> bool:
        return self.contact is not None and self.contact.gets_summary

    @property
    def veiled_email(self) -> str:
        """The contact's address as a stranger may see it: "j…@larkrise.example"."""
        name, _, domain = (self.contact.email if self.contact else "").partition("@")
        return f"{name[:1]}…@{domain}"

    def mark_opened(self) -> None:
        SummaryLink.objects.filter(pk=self.pk, opened_at=None).update(opened_at=timezone.now())

    @transaction.atomic
    def renew(self) -> Letter | None:
        """Send the same contact a new link, at the address known today (S4). None if that was done this hour."""
        if not self.may_be_renewed:
            return None
        return self.summary.send_to(self.contact, slot=f"{self.pk}:renewed:{timezone.now():%Y-%m-%d %H}")

    @transaction.atomic
    def send_code(self) -> Letter | None:
        """E-mail a code of six digits to the contact (S4). None if five were asked for within the hour."""
        hour_ago = timezone.now() - timedelta(hours=1)
        asked = Letter.objects.about(self).filter(
            service_id=self.service_id, kind=letters.CODE, written_at__gt=hour_ago
        )
        if self.is_over or asked.count() >= MOST_CODES_AN_HOUR:
            return None
        code = f"{secrets.randbelow(1_000_000):06}"
        self.code_fingerprint, self.code_tries = fingerprint(f"{self.pk}:{code}"), 0
        self.code_ends_at = timezone.now() + CODE_LIVES
        self.save(update_fields=["code_fingerprint", "code_ends_at", "code_tries"])
        return letters.summary_code(self, code)

    @transaction.atomic
    def use_code(self, code: str) -> bool:
        """True if this is the code, once. Each try is counted before it is looked at, so that many at once are not
        more than five."""
        alive = SummaryLink.objects.filter(pk=self.pk, code_ends_at__gt=timezone.now(), code_tries__lt=MOST_TRIES)
        if not alive.exclude(code_fingerprint="").update(code_tries=F("code_tries") + 1):
            return False
        same = SummaryLink.objects.filter(pk=self.pk, code_fingerprint=fingerprint(f"{self.pk}:{code}"))
        return same.update(code_fingerprint="", code_ends_at=None) == 1
