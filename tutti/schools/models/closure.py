"""A school that is closed for a whole week (W4)."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.schools.models.school import School


class ClosureQuerySet(models.QuerySet["Closure"]):
    def visible_to(self, member: Any) -> ClosureQuerySet:
        return self.filter(school__in=School.objects.visible_to(member))

    def of_year(self, year: Any) -> ClosureQuerySet:
        """Closures within an academic year; none for no year."""
        return self.filter(week__range=(Week.of(year.first_day), Week.of(year.last_day))) if year else self.none()


class Closure(models.Model):
    """A school that is closed for a whole week: no register is expected, none is missing (W4)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, related_name="closures")
    week = WeekField()
    why = models.CharField(max_length=200)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["week"]
        constraints = [models.UniqueConstraint(fields=["school", "week"], name="closure_once")]

    def __str__(self) -> str:
        return self.why

    @property
    def week_words(self) -> str:
        """Its Monday as people write it: 9 November 2026."""
        monday = self.week.monday  # type: ignore[attr-defined]
        return f"{monday.day} {monday:%B %Y}"

    @transaction.atomic
    def remove(self, by: Any) -> None:
        """The school is open that week after all; teaching there is expected again."""
        history.record("open again for a week", self.school, by, before={"week": str(self.week), "why": self.why})
        self.delete()
