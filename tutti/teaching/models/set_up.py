"""What is set up so far: each allocation of a year with its lessons, pupils and minutes, for the office (H1, H2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from tutti.core.calendar import Day, Week
from tutti.core.history import Event
from tutti.teaching.models.allocation import Allocation, AllocationQuerySet
from tutti.teaching.models.lesson import Lesson, LessonShape
from tutti.teaching.models.place import Place


@dataclass(slots=True)
class SetUp:
    """An allocation as far as it is set up. `minutes`: of a week in which everything is due."""

    allocation: Allocation
    lessons: int = 0
    minutes: int = 0
    pupils: set[int] = field(default_factory=set)
    in_programmes: int = 0
    changed_on: Day | None = None

    @property
    def is_begun(self) -> bool:
        """Somebody is in a lesson, or a programme is given."""
        return bool(self.pupils or self.in_programmes)


def with_nothing(allocations: AllocationQuerySet) -> AllocationQuerySet:
    """Those in which nobody has a place and no programme is given."""
    return allocations.filter(~_somebody())


def with_something(allocations: AllocationQuerySet) -> AllocationQuerySet:
    """Those of which at least the beginning is set up."""
    return allocations.filter(_somebody())


def _somebody() -> Exists:
    lessons = Lesson.objects.filter(allocation=OuterRef("pk"))
    return Exists(lessons.filter(Q(is_programme=True) | Q(places__isnull=False)))


def read_set_up(allocations: Sequence[Allocation], week: Week) -> list[SetUp]:
    """How far these are set up in a week, lessons to come included. Five queries, however many there are."""
    rows = {allocation.pk: SetUp(allocation) for allocation in allocations}
    owner: dict[str, dict[int, int]] = defaultdict(dict)
    lessons = Lesson.objects.filter(allocation__in=rows).order_by()
    for pk, allocation, last, is_programme in lessons.values_list("pk", "allocation", "until_week", "is_programme"):
        owner["teaching.lesson"][pk] = allocation
        rows[allocation].lessons += last is None or last >= week
        rows[allocation].in_programmes += is_programme
    places = Place.objects.filter(lesson__allocation__in=rows).order_by()
    for pk, allocation, last, pupil in places.values_list("pk", "lesson__allocation", "until_week", "pupil"):
        owner["teaching.place"][pk] = allocation
        if last is None or last >= week:
            rows[allocation].pupils.add(pupil)
    for allocation, minutes in _minutes(lessons.not_over(week)):
        rows[allocation].minutes += minutes
    for thing, things in (("teaching.lesson", lessons), ("teaching.place", places)):
        for pk, at in _last_changes(thing, things):
            row, day = rows[owner[thing][pk]], timezone.localdate(at)
            row.changed_on = max(row.changed_on or day, day)
    return list(rows.values())


def _minutes(lessons: QuerySet[Lesson]) -> QuerySet[LessonShape, tuple[int, int]]:
    shapes = LessonShape.objects.filter(lesson__in=lessons, until_week=None).order_by()
    return shapes.values_list("lesson__allocation", "minutes")


def _last_changes(thing: str, things: QuerySet[Any]) -> QuerySet[Event, Any]:
    """When each of them was changed last, as far as the history goes."""
    about = Event.objects.filter(thing=thing, thing_id__in=things.values("pk")).order_by()
    return about.values_list("thing_id").annotate(Max("at"))
