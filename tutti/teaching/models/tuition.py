"""All teaching of a school in a year so far: what was due and what became of it, from confirmed registers only (R5).

Read once in a fixed number of queries, whatever the school's size; what follows from it is asked of the rows in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, F, Value, When

from tutti.core.calendar import Day, Week
from tutti.schools.models import Closure, TeachingWeek
from tutti.teaching.models.balance import Balance, PastMark, Span, YearWeek, both, due_weeks, owed_weeks, reckon
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.place import Place
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.second_teacher import Share
from tutti.teaching.models.shape import LessonShape
from tutti.teaching.models.spare_week import SpareWeek


@dataclass(frozen=True, slots=True)
class LineRow:
    """A confirmed line, read without its rows' objects: there are thousands. `given_by` is named where it was not the
    register's own teacher (R7); `register_reason` is that of the whole week (R3)."""

    pk: int
    lesson: int
    week: Week
    for_week: Week
    given: bool | None
    reason: int | None
    register_reason: int | None
    minutes: int
    head_count: int | None
    given_by: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a lesson, or of one pupil in it, in one week.

    `state` is given, not given, missing (not yet recorded) or closed; `is_due` is false for an extra lesson and for a
    make-up, which names the week it makes up for (C5).
    """

    state: str
    is_due: bool = True
    reason: Reason | None = None
    line: LineRow | None = None
    for_week: Week | None = None


class Tuition:
    """A school's teaching from the year's first week until the end of a month, or until today if that is earlier."""

    def __init__(self, school: Any, month: Day, today: Day) -> None:
        self.school, self.month = school, month
        self.year_weeks = _weeks_of_year(school.service_id, month)
        self.all_weeks = [week for week in self.year_weeks if week.month <= month]
        self.weeks = [week for week in self.all_weeks if week.monday.monday <= today]
        self.weeks_of_month = self.weeks_of(month)
        year_pk = self.weeks[0].year_id if self.weeks else None
        self.closed, self.spare = _not_due(school, self._mondays)
        self.lessons = _lessons(school, year_pk)
        self.reasons = {reason.pk: reason for reason in Reason.objects.filter(service_id=school.service_id)}
        self.lines: dict[tuple[int, Week], LineRow] = {}
        self.make_ups: dict[tuple[int, Week], list[LineRow]] = defaultdict(list)
        self.marks: dict[int, dict[int, Reason]] = defaultdict(dict)
        self.past: dict[int, list[PastMark]] = defaultdict(list)
        self._known_due: dict[tuple[int, bool], set[Week]] = {}
        self._read_registers(school)

    def _read_registers(self, school: Any) -> None:
        """Sets what is confirmed: lines by lesson and week, make-ups apart, and marks by line and by place."""
        registers = Register.objects.confirmed().filter(allocation__school=school, week__in=self._mondays)
        self.confirmed = set(registers.values_list("allocation_id", "week"))
        lines = {line.pk: line for line in _lines(school, self._mondays)}
        for line in lines.values():
            if line.for_week == line.week:
                self.lines[line.lesson, line.week] = line
            else:
                self.make_ups[line.lesson, line.week].append(line)
        for pk, place_pk, reason_pk in _marks(school, self._mondays):
            line, reason = lines[pk], self.reasons[reason_pk]
            self.marks[pk][place_pk] = reason
            spelt = (reason.is_here, reason.counts, reason.owed, reason.short)
            self.past[place_pk].append(PastMark(line.week, line.for_week, *spelt))

    @cached_property
    def _mondays(self) -> list[Week]:
        return [week.monday for week in self.weeks]

    @cached_property
    def beside(self) -> dict[int, list[str]]:
        """By line who taught beside the lead (R8)."""
        found: dict[int, list[str]] = defaultdict(list)
        shares = Share.objects.filter(line__register__allocation__school=self.school)
        shares = shares.filter(line__register__week__in=self._mondays).order_by("pk")
        for line, name in shares.values_list("line_id", "teacher__name"):
            found[line].append(name)
        return found

    def weeks_of(self, month: Day) -> list[TeachingWeek]:
        """The weeks of a month that have begun."""
        return [week for week in self.weeks if week.month == month]

    def shape(self, lesson: Lesson, week: Week) -> LessonShape:
        """The lesson's kind and minutes as they were last by a week (P7)."""
        begun = [shape for shape in lesson.shapes.all() if shape.from_week <= week]
        return begun[-1] if begun else lesson.shapes.all()[0]

    def places_in(self, lesson: Lesson, week: Week) -> list[Place]:
        return [place for place in lesson.places.all() if place.holds(week)]

    def fate_of_lesson(self, lesson: Lesson, week: TeachingWeek) -> Fate | None:
        """What became of a lesson in a week; None if nothing was due and nothing happened."""
        due = week.monday in self._due(lesson) and self._has_takers(lesson, week.monday)
        line = self.lines.get((lesson.pk, week.monday))
        if line and line.given:
            return Fate("given", due, line=line)
        if line and line.given is False:
            return self._not_given(line) if due else None
        if week.monday in self.closed:
            return Fate("closed", False) if self._has_takers(lesson, week.monday) else None
        return Fate("missing") if due and not self._is_confirmed(lesson, week) else None

    def fate_of_place(self, lesson: Lesson, place: Place, week: TeachingWeek) -> Fate | None:
        """What became of a pupil's lesson in a week: the nearest reason counts, the pupil's, the line's, the
        register's (R3). Of whom a confirmed register says nothing nothing is told (P9)."""
        due = week.monday in self._due(lesson) and place.holds(week.monday)
        line = self.lines.get((lesson.pk, week.monday))
        reason = self.marks[line.pk].get(place.pk) if line else None
        if reason:
            follows = reason.counts or reason.owed
            return Fate("given" if reason.is_here else "not given", due and follows, reason, line)
        if line and line.given is False:
            return Fate("not given", True, self._reason_of(line), line) if due else None
        if week.monday in self.closed:
            return Fate("closed", False) if place.holds(week.monday) else None
        return Fate("missing") if due and not self._is_confirmed(lesson, week) else None

    def make_ups_of(self, lesson: Lesson, week: Week) -> list[Fate]:
        """What was made up in a week, or given as an extra lesson where nothing is owed any more (C5)."""
        given = [line for line in self.make_ups.get((lesson.pk, week), []) if line.given]
        return [Fate("given", False, line=line, for_week=self._made_up(line)) for line in given]

    def make_ups_of_place(self, lesson: Lesson, place: Place, week: Week) -> list[Fate]:
        """A pupil's marks in the make-ups of a week."""
        lines = [(line, self.marks[line.pk].get(place.pk)) for line in self.make_ups.get((lesson.pk, week), [])]
        return [
            Fate("given" if why.is_here else "not given", False, why, line, self._made_up(line))
            for line, why in lines
            if why
        ]

    def is_owed(self, line: LineRow) -> bool:
        """Whether a lesson that was not given is still to be made up to somebody."""
        week, places = line.for_week, self.marks[line.pk]
        if places:
            return any(week in owed_weeks(self.past[place_pk]) for place_pk in places)
        reason = self._reason_of(line)
        later = [one for (lesson, _), lines in self.make_ups.items() if lesson == line.lesson for one in lines]
        return bool(reason and reason.owed) and not any(one.given and one.for_week == week for one in later)

    def balance(self, lesson: Lesson, place: Place) -> Balance:
        """A place's sums of the year by the end of the month, and its promise (C4)."""
        kind = self.shape(lesson, self.weeks_of_month[-1].monday).kind
        in_year = self._due(lesson, in_year=True)
        return reckon(
            {week for week in self._due(lesson) if place.holds(week)},
            self.past[place.pk],
            had_before=place.had_before,
            owed_before=place.owed_before,
            promise=min(self.school.service.promise(kind), sum(place.holds(week) for week in in_year)),
        )

    @cached_property
    def year(self) -> list[YearWeek]:
        return [(week.monday, week.lesson_number) for week in self.year_weeks]

    @cached_property
    def so_far(self) -> list[YearWeek]:
        """The weeks until which sums run; in one in which the school was closed nothing was due (W4)."""
        closed = self.closed
        return [(week.monday, None if week.monday in closed else week.lesson_number) for week in self.weeks]

    def _made_up(self, line: LineRow) -> Week | None:
        """The week that it makes up for, as long as that is owed; else it is an extra lesson."""
        own = self.lines.get((line.lesson, line.for_week))
        if own is None:
            return None
        marks = self.marks[own.pk].values()
        reason = self._reason_of(own) if own.given is False and not marks else None
        return line.for_week if any(mark.owed for mark in marks) or (reason and reason.owed) else None

    def _is_confirmed(self, lesson: Lesson, week: TeachingWeek) -> bool:
        return (lesson.allocation_id, week.monday) in self.confirmed

    def _due(self, lesson: Lesson, in_year: bool = False) -> set[Week]:
        """The weeks so far, or of the whole year, in which it is due by the calendar."""
        key = (lesson.pk, in_year)
        if key not in self._known_due:
            weeks = self.year if in_year else self.so_far
            due = due_weeks(lesson.due, _rota(lesson), span_of(lesson), weeks)
            self._known_due[key] = due - self.spare[lesson.allocation_id]
        return self._known_due[key]

    def _has_takers(self, lesson: Lesson, week: Week) -> bool:
        return lesson.is_programme or bool(self.places_in(lesson, week))

    def _not_given(self, line: LineRow) -> Fate | None:
        reason = self._reason_of(line)
        marks = list(self.marks[line.pk].values())
        if marks and not line.reason and not any(mark.counts or mark.owed for mark in marks):
            return None  # nobody in it had begun, or all had left: nothing follows (C2)
        return Fate("not given", True, reason or (marks[0] if marks else None), line)

    def _reason_of(self, line: LineRow) -> Reason | None:
        return self.reasons.get(line.reason or line.register_reason or 0)


def span_of(lesson: Lesson) -> Span:
    """The weeks that both the lesson and its teacher's allocation cover."""
    allocation = lesson.allocation
    return both((lesson.from_week, lesson.until_week), (allocation.from_week, allocation.until_week))


def _not_due(school: Any, weeks: list[Week]) -> tuple[dict[Week, str], dict[int, set[Week]]]:
    """The weeks in which the school was closed, and why (W4); by allocation the lesson weeks of the service that are
    spare there (W2). One query."""
    closed, spare = {}, defaultdict(set)
    closures = Closure.objects.filter(school=school, week__in=weeks).annotate(of=Value(0)).order_by()
    own = SpareWeek.objects.filter(allocation__school=school).annotate(why=Value("")).order_by()
    rows = closures.values_list("of", "week", "why").union(own.values_list("allocation", "week", "why"), all=True)
    for allocation, week, why in rows:
        if allocation:
            spare[allocation].add(week)
        else:
            closed[week] = why
    return closed, spare


def _rota(lesson: Lesson) -> set[Week]:
    return {row.week for row in lesson.rota_weeks.all()}


def _weeks_of_year(service_id: int, month: Day) -> list[TeachingWeek]:
    """The teaching weeks of the month's academic year; none for a month without any."""
    of_month = TeachingWeek.objects.filter(service_id=service_id, month=month)
    same_year = TeachingWeek.objects.filter(service_id=service_id, year__in=of_month.values("year"))
    return list(same_year.select_related("term").order_by("monday"))


def _lessons(school: Any, year_pk: int | None) -> list[Lesson]:
    own = Lesson.objects.filter(allocation__school=school, allocation__year_id=year_pk)
    ordered = own.select_related("allocation__teacher").order_by("allocation__teacher__name", "position", "pk")
    return list(ordered.prefetch_related("shapes", "rota_weeks", "places__pupil"))


def _lines(school: Any, weeks: list[Week]) -> list[LineRow]:
    lines = Line.objects.confirmed().filter(register__allocation__school=school, register__week__in=weeks)
    own = Case(When(given_by=F("register__allocation__teacher"), then=Value("")), default="given_by__name")
    names = ("pk", "lesson_id", "register__week", "for_week", "given", "reason_id", "register__reason_id", "minutes")
    rows = lines.order_by("register__week", "pk").values_list(*names, "head_count", own)
    return [LineRow(*row) for row in rows]


def _marks(school: Any, weeks: list[Week]) -> Iterable[tuple[int, int, int]]:
    """Confirmed marks, the oldest first: line, place and reason, by number."""
    marks = Mark.objects.confirmed().filter(line__register__allocation__school=school)
    marks = marks.filter(line__register__week__in=weeks).order_by("line__register__week", "pk")
    return marks.values_list("line_id", "place_id", "reason_id")


def by_teacher(lessons: Iterable[Lesson]) -> dict[Any, list[Lesson]]:
    """Lessons under the teacher to whom the school is allocated, in order of name."""
    grouped: dict[Any, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        grouped[lesson.allocation.teacher].append(lesson)
    return grouped
