"""Which registers are expected, which are recorded, which are missing (W2, W4, P6, R5).

A register is expected of an allocation in a lesson week within its span, when the school is not closed and at least one
of its lessons with somebody in it is due. An allocation without lessons expects nothing: it is not set up yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tutti.core.calendar import Week
from tutti.schools.models import Closure, TeachingWeek
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.lesson import Lesson, RotaWeek
from tutti.teaching.models.place import Place, is_due
from tutti.teaching.models.register import Register

Key = tuple[int, Week]  # an allocation's number and a week


@dataclass(frozen=True, slots=True)
class Missing:
    """A register that should have been recorded."""

    allocation_id: int
    teacher_id: int
    school_id: int
    school_name: str
    week: Week


@dataclass(frozen=True, slots=True)
class WeekCount:
    """A week's registers: expected, and of those recorded (confirmed)."""

    week: Week
    expected: int
    recorded: int

    @property
    def missing(self) -> int:
        return self.expected - self.recorded


@dataclass(frozen=True, slots=True)
class _Span:
    """A lesson's rule: how it is due and its first and last week."""

    due: str
    rota: frozenset[Week]
    first: Week
    last: Week | None


def missing_registers(
    service: Any, weeks: Sequence[TeachingWeek], allocations: QuerySet[Allocation] | None = None
) -> list[Missing]:
    """Expected and not confirmed, the oldest first. Five queries, however many allocations and weeks."""
    scope = _in_scope(service, allocations)
    rows = {row[0]: row for row in scope.values_list("pk", "teacher", "school", "school__name")}
    recorded = set(_recorded(scope, weeks))
    missing = [key for key in _expected(scope, weeks) if key not in recorded]
    return [Missing(*rows[pk], week) for pk, week in sorted(missing, key=lambda k: (k[1], rows[k[0]][3]))]


def recorded_by_week(
    service: Any, weeks: Sequence[TeachingWeek], allocations: QuerySet[Allocation] | None = None
) -> list[WeekCount]:
    """For each of these weeks how many registers are expected and how many of them are recorded."""
    scope = _in_scope(service, allocations)
    recorded = set(_recorded(scope, weeks))
    expected: dict[Week, int] = defaultdict(int)
    done: dict[Week, int] = defaultdict(int)
    for key in _expected(scope, weeks):
        expected[key[1]] += 1
        done[key[1]] += key in recorded
    return [WeekCount(row.monday, expected[row.monday], done[row.monday]) for row in weeks]


def _in_scope(service: Any, allocations: QuerySet[Allocation] | None) -> QuerySet[Allocation]:
    found = Allocation.objects.all() if allocations is None else allocations
    return found.filter(service=service).order_by()


def _recorded(scope: QuerySet[Allocation], weeks: Sequence[TeachingWeek]) -> Iterable[Key]:
    registers = Register.objects.confirmed().filter(allocation__in=scope.values("pk")).order_by()
    return registers.filter(week__in=[row.monday for row in weeks]).values_list("allocation", "week")


def _expected(scope: QuerySet[Allocation], weeks: Sequence[TeachingWeek]) -> Iterator[Key]:
    spans = _spans(scope)
    closed = _closed(scope, weeks)
    for pk, school, first, last in scope.values_list("pk", "school", "from_week", "until_week"):
        for row in weeks:
            week, number = row.monday, row.lesson_number
            if number is None or not first <= week <= last or (school, week) in closed:
                continue
            if any(is_due(span.due, span.rota, (span.first, span.last), week, number) for span in spans[pk]):
                yield pk, week


def _spans(scope: QuerySet[Allocation]) -> dict[int, set[_Span]]:
    """How the lessons of each allocation are due; equal ones once, since one due lesson is enough."""
    rota: dict[int, set[Week]] = defaultdict(set)
    for lesson, week in RotaWeek.objects.filter(lesson__allocation__in=scope.values("pk")).values_list("lesson", "week"):
        rota[lesson].add(week)
    with_somebody = Q(is_programme=True) | Exists(Place.objects.filter(lesson=OuterRef("pk")))
    lessons = Lesson.objects.filter(with_somebody, allocation__in=scope.values("pk")).order_by()
    spans: dict[int, set[_Span]] = defaultdict(set)
    for pk, allocation, due, first, last in lessons.values_list("pk", "allocation", "due", "from_week", "until_week"):
        spans[allocation].add(_Span(due, frozenset(rota[pk]), first, last))
    return spans


def _closed(scope: QuerySet[Allocation], weeks: Sequence[TeachingWeek]) -> set[tuple[int, Week]]:
    closures = Closure.objects.filter(school__in=scope.values("school"), week__in=[row.monday for row in weeks])
    return set(closures.order_by().values_list("school", "week"))
