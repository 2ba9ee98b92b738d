"""The roster: what a teacher has set up at a school, lesson by lesson, in their own order (H2, H3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from tutti.core.calendar import Week, spell_weeks
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.balance import Balance
from tutti.teaching.models.lesson import Due, Kind, Lesson
from tutti.teaching.models.place import Place
from tutti.teaching.models.place_balances import Balances


@dataclass(slots=True)
class RosterLesson:
    """A lesson as it is from a week on: kind, minutes, when it is due, and who is in it."""

    lesson: Lesson
    kind: Kind
    minutes: int
    places: list[Place]
    week: Week
    until_week: Week
    balances: Balances | None = None

    @property
    def pupils(self) -> list[tuple[Place, Balance | None]]:
        """Each place with its sums for the year, where they were read (C4)."""
        return [(place, self.balances.of(place.pk) if self.balances else None) for place in self.places]

    @property
    def kind_words(self) -> str:
        """As on the register: "Individual", "Group of 3", "First Access, whole class"."""
        if self.kind == Kind.FIRST_ACCESS:
            return "First Access, whole class"
        many = len(self.places)
        return f"Group of {many}" if self.is_group and many else self.kind.label

    @property
    def is_group(self) -> bool:
        return self.kind in (Kind.SMALL_GROUP, Kind.LARGE_GROUP)

    @property
    def first_names(self) -> str:
        names = [place.pupil.first_name for place in self.places]
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)

    @property
    def words(self) -> str:
        """Which lesson this is, in a line: "Violin group, 30 minutes, with Noah, Isla and Theo"."""
        name = f"{self.lesson} group" if self.is_group and not self.lesson.title else str(self.lesson)
        line = f"{name}, {self.minutes} minutes"
        return f"{line}, with {self.first_names}" if self.first_names else line

    @property
    def when(self) -> str:
        """When it is due, where that is not every lesson week; when it begins or ends, where that is to come."""
        words = []
        if self.lesson.due == Due.ROTA:
            last = min(self.lesson.until_week or self.until_week, self.until_week)
            weeks = [row.week for row in self.lesson.rota_weeks.all() if self.week <= row.week <= last]
            words.append(f"On the rota: {spell_weeks(weeks)}" if weeks else "On the rota: no week to come")
        elif self.lesson.due != Due.EVERY:
            words.append("Every second week")
        if self.lesson.from_week > self.week:
            words.append(f"From {spell_weeks([self.lesson.from_week])}")
        if self.lesson.until_week:
            words.append(f"Last in the week of {spell_weeks([self.lesson.until_week])}")
        return ". ".join(words)


def read_rosters(allocations: Collection[Allocation], week: Week) -> dict[int, list[RosterLesson]]:
    """The lessons by allocation that run in a week or begin later, with pupils. Four queries, however many schools."""
    not_over = Q(until_week=None) | Q(until_week__gte=week)
    places = Place.objects.filter(not_over).select_related("pupil").order_by("pupil__name", "pk")
    lessons = Lesson.objects.filter(allocation__in=[a.pk for a in allocations]).not_over(week)
    lessons = lessons.prefetch_related("shapes", "rota_weeks", Prefetch("places", places))
    found: dict[int, list[RosterLesson]] = {allocation.pk: [] for allocation in allocations}
    last = {allocation.pk: allocation.until_week for allocation in allocations}
    for lesson in lessons:
        found[lesson.allocation_id].append(_row(lesson, week, last[lesson.allocation_id]))
    return found


def _row(lesson: Lesson, week: Week, until_week: Week) -> RosterLesson:
    shapes = list(lesson.shapes.all())
    begun = [shape for shape in shapes if shape.from_week <= max(week, lesson.from_week)]
    shape = (begun or shapes)[-1]
    return RosterLesson(lesson, Kind(shape.kind), shape.minutes, list(lesson.places.all()), week, until_week)


@dataclass(slots=True)
class SchoolRoster:
    """One of the teacher's schools with its lessons."""

    allocation: Allocation
    lessons: list[RosterLesson]

    @property
    def pupils(self) -> int:
        return len({place.pupil_id for lesson in self.lessons for place in lesson.places})

    @property
    def minutes(self) -> int:
        """Of a week in which everything is due."""
        return sum(lesson.minutes for lesson in self.lessons)


def school_rosters(teacher: Any, year: Any, week: Week) -> list[SchoolRoster]:
    """All schools of a teacher in the year that are not over. Five queries."""
    allocations: Sequence[Allocation] = list(
        Allocation.objects.filter(teacher=teacher).of_year(year).not_over(week).select_related("school")
    )
    rosters = read_rosters(allocations, week)
    return [SchoolRoster(allocation, rosters[allocation.pk]) for allocation in allocations]
