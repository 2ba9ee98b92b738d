"""A partner: a teacher whom the hub vouches for, from the day on which the induction was completed (M10, M11)."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from tutti.core.calendar import Day, today
from tutti.partners.models.entry import begin_entry
from tutti.partners.models.official_letter import issue_letter
from tutti.people.models.member import welcome_member
from tutti.people.roles import PARTNER

LETTERS = "bcdfghjkmnpqrstvwxyz23456789"  # no vowels, so no words; nothing that looks like something else

CODE = re.compile(r"[a-z0-9-]{1,20}")


def make_code() -> str:
    """A code that nobody guesses and everybody can read aloud: "k7hm-9qpx-4wtz"."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


class PartnerQuerySet(models.QuerySet["Partner"]):
    def listed(self, on: Day) -> PartnerQuerySet:
        """Those in good standing on a day: nobody else is on the list. Asked of the rows, not of a flag (A5)."""
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)

    def with_code(self, service: Any, code: str) -> PartnerQuerySet:
        """Whoever the code of a letter belongs to; capitals are the same."""
        return self.filter(service=service, code=code.lower()) if CODE.fullmatch(code.lower()) else self.none()

    def visible_to(self, member: Any) -> PartnerQuerySet:
        """All of the service: who is a partner is public, who was one the hub knows."""
        return self.filter(service_id=member.service_id)

    def of_member(self, member: Any) -> Partner | None:
        """Who a member is as a partner: the one that runs, or the last."""
        own = self.filter(service_id=member.service_id, member=member).select_related("entry", "application")
        return own.order_by(F("until").desc(nulls_first=True), "-pk").first()


class Partner(models.Model):
    """Somebody whose induction is completed. `code` opens the page that proves it. `until` is their last day, once that
    is known; `member` is who signs in as them, and `instruments` those with which they were taken in."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.OneToOneField("partners.Application", models.PROTECT, related_name="partner")
    code = models.CharField(max_length=20, unique=True, default=make_code)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    instruments = models.JSONField(default=list)
    member = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="partnerships")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="partner_ends_after_start"),
            models.UniqueConstraint(
                "service",
                models.functions.Lower("email"),
                condition=Q(until=None) & ~Q(email=""),
                name="partner_once_a_service",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reach(self) -> str:
        """Where letters go: the address with which they sign in, or that of the application."""
        return self.member.person.email if self.member else self.email

    def is_listed(self, on: Day) -> bool:
        """The same question as the list asks, for one."""
        return Partner.objects.listed(on).filter(pk=self.pk).exists()


def partner_of(service: Any, email: str, on: Day) -> Partner | None:
    """Who is a partner of this address on a day, if anybody; nobody is of none."""
    if not email.strip():
        return None
    return Partner.objects.filter(service=service, email__iexact=email.strip()).listed(on).first()


def take_in(application: Any, by: Any) -> Partner:
    """Make whose induction is completed a partner from today on: with the official letter, on the list with an entry,
    and a member of the service who changes it (M10, M11). Who is new to Tutti is invited; who has no address is not.

    ValidationError for who is one already.
    """
    if partner_of(application.service_id, application.email, today()):
        raise ValidationError("They are a partner already, by another application.")
    answers = application.answers
    fields = {"name": application.name, "email": application.email, "instruments": answers.get("instruments", [])}
    who = (application.service, by, application.name, application.email)
    member = welcome_member(*who, PARTNER) if application.email else None
    own = {"service_id": application.service_id, "application": application, "member": member}
    partner = Partner.objects.create(**own, **fields, since=today())
    begin_entry(partner, answers)
    issue_letter(partner)
    return partner
