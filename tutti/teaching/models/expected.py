"""Which registers are expected, and which of them are missing (H5, W2, W4, P6, R5).

A register is expected of an allocation in a lesson week within its span that is not spare there, when the school is not
closed that week and a lesson with somebody in it is due. Weeks are bits of a number, so that a whole service's year is
a few sums.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, When

from tutti.core.calendar import Week
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.lesson import Due, Lesson
from tutti.teaching.models.register import Register
from tutti.teaching.models.spare_week import NotDue, read_not_due


@dataclass(frozen=True, slots=True)
class Missing:
    """A register that was expected and is not confirmed."""

    allocation_id: int
    teacher_id: int
    school_id: int
    school_name: str
    week: Week


@dataclass(frozen=True, slots=True)
class WeekCount:
    """Registers of one week: how many were expected and how many of those are confirmed."""

    week: Week
    expected: int
    recorded: int

    @property
    def missing(self) -> int:
        return self.expected - self.recorded


class Delivery:
    """What was expected and recorded in some teaching weeks. Four queries, however many allocations and weeks; three
    where what is `not_due` of the allocations is at hand.

    `allocations` narrows it, to a teacher's or an area's for example; spare weeks among `weeks` expect nothing.
    """

    def __init__(
        self,
        service: Any,
        weeks: Iterable[TeachingWeek],
        allocations: QuerySet[Allocation] | None = None,
        not_due: NotDue | None = None,
    ) -> None:
        self.weeks = sorted(weeks, key=lambda row: row.monday)
        self._mondays = [row.monday for row in self.weeks]
        self._rows: list[tuple[int, int, int, str]] = []
        self.expected: dict[int, int] = {}
        self.recorded: dict[int, int] = {}
        self.not_set_up: list[tuple[int, int, int, str]] = []
        if self.weeks:
            chosen: Any = Allocation.objects.filter(service_id=service.pk) if allocations is None else allocations
            self._read(chosen.overlapping(self._mondays[0], self._mondays[-1]).order_by(), not_due)

    def missing(self) -> list[Missing]:
        """Every register that is missing, the oldest first."""
        found = [
            Missing(*row, self._mondays[place])
            for row in self._rows
            for place in _bits(self.expected[row[0]] & ~self.recorded[row[0]])
        ]
        return sorted(found, key=lambda one: (one.week, one.school_name))

    def by_week(self) -> list[WeekCount]:
        expected, recorded = self._count(self.expected), self._count(self.recorded)
        return [WeekCount(week, expected[place], recorded[place]) for place, week in enumerate(self._mondays)]

    @property
    def schools_taught(self) -> set[int]:
        """The schools in which lessons are set up."""
        empty = {row[0] for row in self.not_set_up}
        return {school for allocation, _, school, _ in self._rows if allocation not in empty}

    def share_of(self, allocation_pk: int) -> tuple[int, int]:
        """How many registers of one allocation are recorded, and of how many."""
        recorded, expected = self.recorded.get(allocation_pk, 0), self.expected.get(allocation_pk, 0)
        return recorded.bit_count(), expected.bit_count()

    def expected_by_school(self, before: Week) -> Counter[int]:
        """How many were expected of each school in the weeks before one."""
        past = (1 << bisect_left(self._mondays, before)) - 1
        found: Counter[int] = Counter()
        for allocation, _, school, _ in self._rows:
            found[school] += (self.expected[allocation] & past).bit_count()
        return found

    def _read(self, allocations: QuerySet[Allocation], not_due: NotDue | None) -> None:
        """Sets what is expected and recorded of each allocation, as weeks in bits."""
        rows = list(allocations.values_list("pk", "teacher_id", "school_id", "school__name", "from_week", "until_week"))
        within = {"allocation__in": allocations.values("pk")}
        known = not_due or _not_due(allocations)
        closed, spare, rota = ({owner: self._bits(weeks) for owner, weeks in found.items()} for found in known)
        taught = self._taught(allocations, rota)
        confirmed = self._weeks_of(Register.objects.confirmed().filter(**within), "allocation_id")
        for pk, teacher, school, name, first, last in rows:
            self._rows.append((pk, teacher, school, name))
            self.expected[pk] = taught.get(pk, 0) & self._span(first, last) & ~closed.get(school, 0) & ~spare.get(pk, 0)
            self.recorded[pk] = self.expected[pk] & confirmed[pk]
            if pk not in taught:
                self.not_set_up.append((pk, teacher, school, name))

    def _taught(self, allocations: QuerySet[Allocation], rota: dict[int, int]) -> dict[int, int]:
        """By allocation the weeks in which a lesson with somebody in it is due; without those never set up (P6).

        Most lessons of an allocation are alike in this, and are read once.
        """
        odd, even = self._lesson_weeks(1), self._lesson_weeks(0)
        by_rule = {Due.EVERY: odd | even, Due.ODD: odd, Due.EVEN: even}
        lessons = Lesson.objects.filter(allocation__in=allocations.values("pk")).order_by()
        lessons = lessons.annotate(on_rota=Case(When(due=Due.ROTA, then="pk")))
        spans = ("from_week", "until_week", "places__from_week", "places__until_week")
        taught: dict[int, int] = {}
        for row in lessons.values_list("allocation_id", "is_programme", "due", "on_rota", *spans).distinct():
            allocation, is_programme, due, on_rota, first, last, place_first, place_last = row
            if is_programme or place_first:
                called = rota.get(on_rota, 0) & (odd | even) if on_rota else by_rule[Due(due)]
                somebody = -1 if is_programme else self._span(place_first, place_last)
                taught[allocation] = taught.get(allocation, 0) | called & self._span(first, last) & somebody
        return taught

    def _bits(self, weeks: Iterable[Week]) -> int:
        """Those of the weeks that lie within, as bits."""
        return sum(1 << place for place, monday in enumerate(self._mondays) if monday in weeks)

    def _weeks_of(self, rows: QuerySet[Any], of: str) -> dict[int, int]:
        """By owner the weeks that these rows name."""
        place = {monday: 1 << number for number, monday in enumerate(self._mondays)}
        found: dict[int, int] = defaultdict(int)
        in_time = rows.filter(week__range=(self._mondays[0], self._mondays[-1])).order_by()
        for owner, week in in_time.values_list(of, "week"):
            found[owner] |= place.get(week, 0)
        return found

    def _span(self, first: Week, last: Week | None) -> int:
        """The weeks from one to another, or without end."""
        start = bisect_left(self._mondays, first)
        end = len(self._mondays) if last is None else bisect_right(self._mondays, last)
        return (1 << max(end, start)) - (1 << start)

    def _lesson_weeks(self, remainder: int) -> int:
        """The lesson weeks with an even (0) or odd (1) number; a spare week is neither (W2)."""
        numbers = enumerate(row.lesson_number for row in self.weeks)
        return sum(1 << place for place, number in numbers if number and number % 2 == remainder)

    def _count(self, weeks_of: dict[int, int]) -> Counter[int]:
        return Counter(place for weeks in weeks_of.values() for place in _bits(weeks))


def missing_registers(
    service: Any, weeks: Iterable[TeachingWeek], allocations: QuerySet[Allocation] | None = None
) -> list[Missing]:
    """The registers of these weeks that were expected and are not confirmed, the oldest first (R5)."""
    return Delivery(service, weeks, allocations).missing()


def recorded_by_week(
    service: Any, weeks: Sequence[TeachingWeek], allocations: QuerySet[Allocation] | None = None
) -> list[WeekCount]:
    """For each of these weeks how many registers are expected and how many of them are recorded."""
    return Delivery(service, weeks, allocations).by_week()


def _not_due(allocations: QuerySet[Allocation]) -> NotDue:
    lessons = Lesson.objects.filter(allocation__in=allocations.values("pk"))
    return read_not_due(allocations.values("school"), allocations.values("pk"), lessons.values("pk"))


def _bits(weeks: int) -> Iterator[int]:
    return (place for place in range(weeks.bit_length()) if weeks >> place & 1)
