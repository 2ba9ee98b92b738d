"""A visit: an allocation in a week in which lessons of it are due. Leave touches visits, and cover gives them (R7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from tutti.core.calendar import Day, Week
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.balance import YearWeek
from tutti.teaching.models.cover import Cover
from tutti.teaching.models.lesson import Kind, Lesson
from tutti.teaching.models.register import Register
from tutti.teaching.models.shape import is_due
from tutti.teaching.models.sheet_parts import read_year_groups
from tutti.teaching.models.spare_week import read_not_due


@dataclass(frozen=True, slots=True)
class VisitPupil:
    """A pupil who is due."""

    pupil_pk: int
    born: Day


@dataclass(frozen=True, slots=True)
class VisitLesson:
    """A lesson that is due in a visit, with the cover that gives it, if any."""

    lesson_pk: int
    label: str
    instrument: str
    kind: Kind
    minutes: int
    is_programme: bool
    year_groups: set[int]
    pupils: tuple[VisitPupil, ...]
    covered_by: Cover | None = None

    @property
    def words(self) -> str:
        """What it is, without anybody's name: "Violin, group of 3, 30 minutes"."""
        many = len(self.pupils)
        kind = f"group of {many}" if many > 1 else "whole class" if self.is_programme else self.kind.label.lower()
        return f"{self.label}, {kind}, {self.minutes} minutes"


@dataclass(slots=True)
class Visit:
    """The lessons due of an allocation in a week. Minutes are those planned."""

    allocation: Allocation
    week: Week
    is_confirmed: bool
    lessons: list[VisitLesson] = field(default_factory=list)

    @property
    def key(self) -> str:
        """How a form names it: "12-2026-11-30"."""
        return f"{self.allocation.pk}-{self.week}"

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def pupils(self) -> set[int]:
        return {pupil.pupil_pk for lesson in self.lessons for pupil in lesson.pupils}

    @property
    def classes(self) -> int:
        return sum(1 for lesson in self.lessons if lesson.is_programme)

    @property
    def instruments(self) -> set[str]:
        return {lesson.instrument for lesson in self.lessons}

    @property
    def owed(self) -> list[VisitLesson]:
        """What nobody covers."""
        return [lesson for lesson in self.lessons if lesson.covered_by is None]

    @property
    def is_covered(self) -> bool:
        return not self.owed

    @property
    def covers(self) -> list[Cover]:
        """The covers of its lessons, each once."""
        return list({one.covered_by.pk: one.covered_by for one in self.lessons if one.covered_by}.values())

    def given_by(self, member: Any) -> Visit:
        """The part of it that a member covers."""
        own = [one for one in self.lessons if one.covered_by and one.covered_by.teacher_id == member.pk]
        return replace(self, lessons=own)


def read_visits(
    allocations: QuerySet[Allocation], first: Week, last: Week, weeks: Sequence[TeachingWeek] | None = None
) -> list[Visit]:
    """The visits of these allocations from a week to a week, both included, in order of weeks and schools.

    Only lesson weeks have visits, where none is spare, the school is not closed and somebody is due (W2, W4, P6). Six
    queries, however many there are; one less where the `weeks` of the year are at hand.
    """
    chosen: Any = allocations
    chosen = chosen.overlapping(first, last).order_by()
    rows = list(chosen.select_related("school", "teacher").order_by("school__name", "pk"))
    if not rows:
        return []
    known = _weeks(rows[0].service_id, first, last) if weeks is None else weeks
    numbers = [(row.week, row.lesson_number) for row in known if row.lesson_number and first <= row.week <= last]
    reader = _Reader(numbers, chosen, (first, last))
    found = [visit for row in rows for visit in reader.visits(row) if visit.lessons]
    return sorted(found, key=lambda visit: visit.week)


@dataclass(slots=True)
class _Lesson:
    """A lesson with its shapes and places in these weeks."""

    row: dict[str, Any]
    shapes: dict[int, tuple[Week, Week | None, str, int]] = field(default_factory=dict)
    places: dict[int, tuple[Week, Week | None, VisitPupil]] = field(default_factory=dict)

    def in_week(self, week: Week, cover: Cover | None) -> VisitLesson | None:
        """As it is then; None if nobody is in it."""
        row = self.row
        shapes = [shape for shape in self.shapes.values() if _holds(shape[0], shape[1], week)]
        pupils = [pupil for first, last, pupil in self.places.values() if _holds(first, last, week)]
        if not shapes or not (pupils or row["is_programme"]):
            return None
        return VisitLesson(
            lesson_pk=row["pk"],
            label=row["title"] or row["instrument"],
            instrument=row["instrument"],
            kind=Kind(shapes[0][2]),
            minutes=shapes[0][3],
            is_programme=row["is_programme"],
            year_groups=read_year_groups(row["year_group"]),
            pupils=tuple(pupils),
            covered_by=cover,
        )


class _Reader:
    """Everything that says what is due in these weeks."""

    def __init__(self, weeks: Sequence[YearWeek], allocations: QuerySet[Allocation], span: tuple[Week, Week]) -> None:
        within, schools = allocations.values("pk"), allocations.values("school")
        self.weeks = weeks
        of_lessons = Lesson.objects.filter(allocation__in=within).values("pk")
        self.closed, self.spare, self.rota = read_not_due(schools, within, of_lessons)
        registers = Register.objects.confirmed().filter(allocation__in=within, week__range=span)
        self.confirmed = set(registers.values_list("allocation_id", "week"))
        covers = _in_span(Cover, span).filter(allocation__in=within).select_related("teacher")
        self.covers = {(one.allocation_id, one.week, one.lesson_id): one for one in covers}
        self.lessons = _lessons(within, span)

    def visits(self, allocation: Allocation) -> Iterable[Visit]:
        for week, number in self.weeks:
            is_there = allocation.from_week <= week <= allocation.until_week
            if is_there and week not in self.closed[allocation.school_id] | self.spare[allocation.pk]:
                lessons = list(self._due(allocation, week, number))
                yield Visit(allocation, week, (allocation.pk, week) in self.confirmed, lessons)

    def _due(self, allocation: Allocation, week: Week, number: int | None) -> Iterable[VisitLesson]:
        of_visit = self.covers.get((allocation.pk, week, None))
        for one in self.lessons[allocation.pk]:
            row = one.row
            if is_due(row["due"], self.rota[row["pk"]], (row["from_week"], row["until_week"]), week, number):
                lesson = one.in_week(week, self.covers.get((allocation.pk, week, row["pk"])) or of_visit)
                if lesson:
                    yield lesson


def _weeks(service_id: int, first: Week, last: Week) -> QuerySet[TeachingWeek]:
    return TeachingWeek.objects.filter(service_id=service_id, monday__range=(first, last))


def _lessons(allocations: Any, span: tuple[Week, Week]) -> dict[int, list[_Lesson]]:
    """By allocation its lessons in the teacher's order, with what holds in some of these weeks. One query."""
    lessons = Lesson.objects.filter(allocation__in=allocations).annotate(
        shape=FilteredRelation("shapes", condition=_overlaps("shapes__", span)),
        place=FilteredRelation("places", condition=_overlaps("places__", span)),
    )
    names = ("pk", "allocation_id", "instrument", "title", "is_programme", "year_group", "due", "from_week")
    shape = ("shape__pk", "shape__from_week", "shape__until_week", "shape__kind", "shape__minutes")
    place = ("place__pk", "place__from_week", "place__until_week", "place__pupil", "place__pupil__date_of_birth")
    known: dict[int, _Lesson] = {}
    found: dict[int, list[_Lesson]] = defaultdict(list)
    for row in lessons.order_by("position", "pk", "place__pk").values(*names, "until_week", *shape, *place):
        one = known.get(row["pk"])
        if one is None:
            one = known[row["pk"]] = _Lesson(row)
            found[row["allocation_id"]].append(one)
        if row["shape__pk"]:
            one.shapes[row["shape__pk"]] = tuple(row[name] for name in shape[1:])  # type: ignore[assignment]
        if row["place__pk"]:
            pupil = VisitPupil(row["place__pupil"], row["place__pupil__date_of_birth"])
            one.places[row["place__pk"]] = (row["place__from_week"], row["place__until_week"], pupil)
    return found


def _overlaps(prefix: str, span: tuple[Week, Week]) -> Q:
    """The condition that something holds in a week of these."""
    has_not_ended = Q(**{f"{prefix}until_week": None}) | Q(**{f"{prefix}until_week__gte": span[0]})
    return Q(**{f"{prefix}from_week__lte": span[1]}) & has_not_ended


def _in_span(model: Any, span: tuple[Week, Week]) -> Any:
    return model.objects.filter(week__range=span)


def _holds(first: Week, last: Week | None, week: Week) -> bool:
    return first <= week and (last is None or week <= last)
