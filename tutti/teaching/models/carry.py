"""What a pupil brings along to a new school: lessons had and owed this year, if the office says so (P5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

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
