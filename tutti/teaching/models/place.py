"""A place: this pupil in this lesson from a week until a week (H3, P3, P5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.teaching.models.allocation import holds_in
from tutti.teaching.models.lesson import Due, Lesson


class PlaceQuerySet(models.QuerySet["Place"]):
    def visible_to(self, member: Any) -> PlaceQuerySet:
        return self.filter(lesson__in=Lesson.objects.visible_to(member))

    def in_week(self, week: Week) -> PlaceQuerySet:
        return self.filter(holds_in(week), lesson__in=Lesson.objects.in_week(week))


class Place(models.Model):
    """A pupil's place in a lesson. `had_before`: lessons had this year before Tutti (P10)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    lesson = models.ForeignKey("teaching.Lesson", models.PROTECT, related_name="places")
    pupil = models.ForeignKey("teaching.Pupil", models.PROTECT, related_name="places")
    from_week = WeekField()
    until_week = WeekField(null=True)
    asked_by_school = models.BooleanField(default=False)
    had_before = models.PositiveSmallIntegerField(default=0)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "pupil"], condition=Q(until_week=None), name="place_one_without_end"
            ),
            models.UniqueConstraint(fields=["lesson", "pupil", "from_week"], name="place_once_from_a_week"),
            models.CheckConstraint(
                condition=Q(until_week=None) | Q(until_week__gte=F("from_week")), name="place_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} in {self.lesson}"

    @transaction.atomic
    def end(self, by: Any, until_week: Week) -> bool:
        """The pupil's last week in this lesson. What was recorded stays."""
        if until_week < self.from_week:
            raise ValidationError("A place cannot end before it begins.")
        return history.change(self, "ended the place", by, until_week=until_week)

    @transaction.atomic
    def move(self, by: Any, lesson: Lesson, from_week: Week) -> Place:
        """Move the pupil to another lesson from a week on; the history of this place stays (H3)."""
        if from_week > self.from_week:
            self.end(by, from_week - 1)
        elif not self.marks.exists():
            history.record("took out of the lesson", self.pupil, by, before={"lesson": str(self.lesson)})
            self.delete()
        else:
            raise ValidationError("This pupil has marks in this lesson from that week on.")
        return add_place(lesson, self.pupil, by, from_week=from_week, asked_by_school=self.asked_by_school)


@transaction.atomic
def add_place(lesson: Lesson, pupil: Any, by: Any, *, from_week: Week, **fields: Any) -> Place:
    """Put a pupil into a lesson from a week on. ValidationError if they have a place there already (P3)."""
    if pupil.school_id != lesson.allocation.school_id:
        raise ValidationError("This pupil goes to another school.")
    taken = Place.objects.filter(lesson=lesson, pupil=pupil)
    if taken.filter(Q(until_week=None) | Q(until_week__gte=from_week)).exists():
        raise ValidationError("This pupil has a place in this lesson already.")
    place = Place.objects.create(
        service_id=lesson.service_id, lesson=lesson, pupil=pupil, from_week=from_week, **fields
    )
    after = {"lesson": str(lesson), "from_week": str(from_week), "asked_by_school": place.asked_by_school}
    history.record("put into a lesson", pupil, by, after=after)
    return place


@dataclass(frozen=True, slots=True)
class Balance:
    """A place's sums for the year so far, in lessons: due, had and owed (C4)."""

    due: int
    had: int
    owed: int


def count_due(
    due: str, rota: Collection[Week], span: tuple[Week, Week | None], lesson_weeks: Collection[tuple[Week, int]]
) -> int:
    """How many of these lesson weeks (Monday, number in the year) a place with this span was due in (C4, P6)."""
    return sum(1 for week, number in lesson_weeks if is_due(due, rota, span, week, number))


def is_due(due: str, rota: Collection[Week], span: tuple[Week, Week | None], week: Week, number: int | None) -> bool:
    """Whether a lesson is due in a week with this lesson number; None is a spare week, in which nothing is (W2)."""
    first, last = span
    if number is None or week < first or (last is not None and week > last):
        return False
    wanted = {Due.EVERY: True, Due.ODD: number % 2 == 1, Due.EVEN: number % 2 == 0, Due.ROTA: week in rota}
    return wanted[Due(due)]
