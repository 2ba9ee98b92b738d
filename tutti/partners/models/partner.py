"""A partner: a teacher whom the hub vouches for, from the day on which the induction was completed (M10, M11)."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import F, Q

from tutti.core.calendar import Day, today
from tutti.partners.models.official_letter import issue_letter

LETTERS = "bcdfghjkmnpqrstvwxyz23456789"  # no vowels, so no words; nothing that looks like something else


def make_code() -> str:
    """A code that nobody guesses and everybody can read aloud: "k7hm-9qpx-4wtz"."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


class PartnerQuerySet(models.QuerySet["Partner"]):
    def listed(self, on: Day) -> PartnerQuerySet:
        """Those in good standing on a day: nobody else is on the list. Asked of the rows, not of a flag (A5)."""
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)

    def teaching(self, instrument: str = "", name: str = "") -> PartnerQuerySet:
        """Those who teach what holds this word, and whose name holds that one."""
        found = self.filter(name__icontains=name.strip()) if name.strip() else self
        return found.filter(words__icontains=instrument.strip()) if instrument.strip() else found


class Partner(models.Model):
    """Somebody whose induction is completed. `code` opens the page that proves it. `until` is their last day, once that
    is known; `words` are the instruments as a search reads them."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.OneToOneField("partners.Application", models.PROTECT, related_name="partner")
    code = models.CharField(max_length=20, unique=True, default=make_code)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    instruments = models.JSONField(default=list)
    words = models.CharField(max_length=300, blank=True, editable=False)
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

    def is_listed(self, on: Day) -> bool:
        """The same question as the list asks, for one."""
        return Partner.objects.listed(on).filter(pk=self.pk).exists()


def partner_of(service: Any, email: str, on: Day) -> Partner | None:
    """Who is a partner of this address on a day, if anybody."""
    return Partner.objects.filter(service=service, email__iexact=email.strip()).listed(on).first()


def take_in(application: Any, instruments: list[str]) -> Partner:
    """Make whose induction is completed a partner from today on, with the official letter (M10)."""
    fields = {"name": application.name, "email": application.email, "instruments": instruments, "since": today()}
    words = ", ".join(instruments)[:300]
    partner = Partner.objects.create(service_id=application.service_id, application=application, words=words, **fields)
    issue_letter(partner)
    return partner
