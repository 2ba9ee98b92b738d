"""The shape of a lesson: its kind and minutes from a week on, and when it is due (P6, P7)."""

from __future__ import annotations

from collections.abc import Collection

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from tutti.core.calendar import Week, WeekField

SHORTEST, LONGEST = 5, 300  # minutes of one lesson


class Kind(models.TextChoices):
    INDIVIDUAL = "individual", "Individual"
    SMALL_GROUP = "small_group", "Small group"
    LARGE_GROUP = "large_group", "Large group"
    FIRST_ACCESS = "first_access", "First Access"
    PROJECT = "project", "Project"


WITH_PUPILS = [Kind.INDIVIDUAL, Kind.SMALL_GROUP, Kind.LARGE_GROUP]
PROGRAMMES = [Kind.FIRST_ACCESS, Kind.PROJECT]


class Due(models.TextChoices):
    EVERY = "every", "Every lesson week"
    ODD = "odd", "Every second week, from lesson 1"
    EVEN = "even", "Every second week, from lesson 2"
    ROTA = "rota", "The weeks of the school's rota"


class LessonShape(models.Model):
    """The kind and minutes of a lesson from a week until a week (P7). Spans of one lesson never overlap."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    lesson = models.ForeignKey("teaching.Lesson", models.CASCADE, related_name="shapes")
    kind = models.CharField(max_length=20, choices=Kind)
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)])
    from_week = WeekField()
    until_week = WeekField(null=True)

    class Meta:
        ordering = ["from_week"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "from_week"], name="shape_once_from_a_week"),
            models.UniqueConstraint(fields=["lesson"], condition=Q(until_week=None), name="shape_one_without_end"),
            models.CheckConstraint(condition=Q(minutes__range=(SHORTEST, LONGEST)), name="shape_minutes_sensible"),
        ]


class RotaWeek(models.Model):
    """A week in which the school's rota calls a lesson."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    lesson = models.ForeignKey("teaching.Lesson", models.CASCADE, related_name="rota_weeks")
    week = WeekField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "week"], name="rota_week_once")]


def is_due(due: str, rota: Collection[Week], span: tuple[Week, Week | None], week: Week, number: int | None) -> bool:
    """Whether a lesson is due in a week with this lesson number; None is a spare week, in which nothing is (W2)."""
    first, last = span
    if number is None or week < first or (last is not None and week > last):
        return False
    wanted = {Due.EVERY: True, Due.ODD: number % 2 == 1, Due.EVEN: number % 2 == 0, Due.ROTA: week in rota}
    return wanted[Due(due)]
