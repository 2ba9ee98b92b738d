"""What a pupil brings along to a new school: lessons had and owed this year, if the office says so (P5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Count, Q

Brought = tuple[int, str]  # a pupil's key and an instrument, whatever its case


class CarryQuerySet(models.QuerySet["Carry"]):
    def visible_to(self, member: Any) -> CarryQuerySet:
        return self.filter(service_id=member.service_id)

    def waiting(self, pupils: Iterable[int], year_id: int) -> dict[Brought, Carry]:
        """What these pupils bring along in a year and no place has taken up yet."""
        rows = self.filter(pupil__in=list(pupils), year=year_id, place=None)
        return {(row.pupil_id, row.instrument.casefold()): row for row in rows}


class Carry(models.Model):
    """Lessons of one instrument, had and owed, for the first place at the new school; `place` once it took them up."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    pupil = models.ForeignKey("teaching.Pupil", models.CASCADE, related_name="carries")
    year = models.ForeignKey("schools.AcademicYear", models.CASCADE, related_name="+")
    instrument = models.CharField(max_length=60)
    had = models.PositiveSmallIntegerField(default=0)
    owed = models.PositiveSmallIntegerField(default=0)
    place = models.ForeignKey("teaching.Place", models.SET_NULL, null=True, related_name="+")

    objects = CarryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.instrument}: {self.had} had, {self.owed} owed"

    @property
    def numbers(self) -> dict[str, int]:
        """As a new place keeps them."""
        return {"had_before": self.had, "owed_before": self.owed}


def take_up(places: Sequence[Any], brought: Sequence[Carry | None]) -> None:
    """Note which of these new places took up what: one each, or nothing."""
    for place, carry in zip(places, brought, strict=True):
        if carry:
            carry.place = place
    Carry.objects.bulk_update([carry for carry in brought if carry], ["place"], batch_size=500)


def sums_by_instrument(places: models.QuerySet[Any]) -> dict[str, tuple[int, int]]:
    """Lessons had and owed by instrument: marks of confirmed registers and what came before them (C4, R5)."""
    confirmed = Q(marks__line__register__confirmed_by__isnull=False)
    counted = places.order_by().annotate(
        had=Count("marks", confirmed & Q(marks__reason__counts=True)),
        owed=Count("marks", confirmed & Q(marks__reason__owed=True)),
    )
    found: dict[str, tuple[int, int]] = {}
    for instrument, *numbers in counted.values_list("lesson__instrument", "had", "had_before", "owed", "owed_before"):
        had, owed = found.get(instrument, (0, 0))
        found[instrument] = (had + numbers[0] + numbers[1], owed + numbers[2] + numbers[3])
    return found
