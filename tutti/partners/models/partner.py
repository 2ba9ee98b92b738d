"""A partner: a teacher whom the hub vouches for, from the day on which the induction was completed (M10, M11)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from tutti.core.calendar import Day


class PartnerQuerySet(models.QuerySet["Partner"]):
    def listed(self, on: Day) -> PartnerQuerySet:
        """Those in good standing on a day: nobody else is on the list. Asked of the rows, not of a flag (A5)."""
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


class Partner(models.Model):
    """Somebody whose induction is completed. `until` is their last day, once that is known."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.OneToOneField("partners.Application", models.PROTECT, related_name="partner")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    instruments = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="partner_ends_after_start"),
            models.UniqueConstraint(
                "service", models.functions.Lower("email"), condition=Q(until=None), name="partner_once_a_service"
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
