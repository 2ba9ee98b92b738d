"""A school that is closed for a whole week (W4)."""

from __future__ import annotations

from typing import Any

from django.db import models

from tutti.core.calendar import Week, WeekField
from tutti.schools.models.school import School


class ClosureKind(models.TextChoices):
    SAID = "said", "The office said so"
    OWN_DATES = "own dates", "The school’s own dates"


class ClosureQuerySet(models.QuerySet["Closure"]):
    def visible_to(self, member: Any) -> ClosureQuerySet:
        return self.filter(school__in=School.objects.visible_to(member))

    def of_year(self, year: Any) -> ClosureQuerySet:
        """Closures within an academic year; none for no year."""
        return self.filter(week__range=(Week.of(year.first_day), Week.of(year.last_day))) if year else self.none()

    def said(self) -> ClosureQuerySet:
        """Those that the office said; the others follow from a school's own dates."""
        return self.filter(kind=ClosureKind.SAID)


class Closure(models.Model):
    """A school that is closed for a whole week: no register is expected, none is missing (W4).

    What the office said at once, for some schools or weeks, shares a `batch`; null for a week said by itself. `scope`
    are the schools in words ("North area office"), empty for one school.
    """

    Kind = ClosureKind

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, related_name="closures")
    week = WeekField()
    why = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=ClosureKind, default=ClosureKind.SAID)
    batch = models.UUIDField(null=True)
    scope = models.CharField(max_length=130, blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["week"]
        constraints = [models.UniqueConstraint(fields=["school", "week"], name="closure_once")]
        indexes = [models.Index(fields=["service", "week"])]

    def __str__(self) -> str:
        return self.why

    @property
    def week_words(self) -> str:
        """Its Monday as people write it: 9 November 2026."""
        monday = self.week.monday
        return f"{monday.day} {monday:%B %Y}"

    @property
    def is_said(self) -> bool:
        """The office said it, so it can be taken back by itself."""
        return self.kind == ClosureKind.SAID
