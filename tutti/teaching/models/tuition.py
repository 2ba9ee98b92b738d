"""All teaching of a school in a year so far: what was due and what became of it, from confirmed registers only (R5).

Read once in a fixed number of queries, whatever the school's size; what follows from it is asked of the rows in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tutti.core.calendar import Day, Week, next_month
from tutti.schools.models import Closure, TeachingWeek
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.line import Line
from tutti.teaching.models.place import Place
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.shape import LessonShape, is_due

Span = tuple[Week, Week | None]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a lesson, or of one pupil in it, in one week.

    `state` is given, not given, missing (not yet recorded) or closed; `is_due` is false for an extra lesson.
    """

    state: str
    is_due: bool = True
    reason: Reason | None = None
    line: Line | None = None


class Tuition:
    """A school's teaching from the year's first week until the end of a month, or until today if that is earlier."""

    def __init__(self, school: Any, month: Day, today: Day) -> None:
        self.school, self.month = school, month
        self.all_weeks = _weeks_of_year(school.service_id, month)
        self.weeks = [week for week in self.all_weeks if week.monday.monday <= today]
        self.weeks_of_month = [week for week in self.weeks if week.month == month]
        year_pk = self.weeks[0].year_id if self.weeks else None
        self.closed = {c.week: c.why for c in Closure.objects.filter(school=school, week__in=self._mondays)}
        self.lessons = _lessons(school, year_pk)
        self.reasons = {reason.pk: reason for reason in Reason.objects.filter(service_id=school.service_id)}
        self.lines = {(line.lesson_id, line.register.week): line for line in _lines(school, self._mondays)}

    @cached_property
    def _mondays(self) -> list[Week]:
        return [week.monday for week in self.weeks]

    def shape(self, lesson: Lesson) -> LessonShape:
        """The lesson's kind and minutes in the month: those of its last week there."""
        week = self.weeks_of_month[-1].monday
        begun = [shape for shape in lesson.shapes.all() if shape.from_week <= week]
        return begun[-1] if begun else lesson.shapes.all()[0]

    def places_in(self, lesson: Lesson, week: Week) -> list[Place]:
        return [place for place in lesson.places.all() if _holds((place.from_week, place.until_week), week)]

    def fate_of_lesson(self, lesson: Lesson, week: TeachingWeek) -> Fate | None:
        """What became of a lesson in a week; None if nothing was due and nothing happened."""
        due = self._due(lesson, span_of(lesson), week) and self._has_takers(lesson, week.monday)
        line = self.lines.get((lesson.pk, week.monday))
        if line and line.given:
            return Fate("given", due, line=line)
        if line and line.given is False:
            return self._not_given(line) if due else None
        if week.monday in self.closed:
            return Fate("closed", False) if self._has_takers(lesson, week.monday) else None
        return Fate("missing") if due else None

    def fate_of_place(self, lesson: Lesson, place: Place, week: TeachingWeek) -> Fate | None:
        """What became of a pupil's lesson in a week: the nearest reason counts, the pupil's, the line's, the
        register's (R3)."""
        span = (place.from_week, place.until_week)
        due = self._due(lesson, span_of(lesson), week) and _holds(span, week.monday)
        line = self.lines.get((lesson.pk, week.monday))
        reason = self._mark(line, place) if line else None
        if reason:
            follows = reason.counts or reason.owed
            return Fate("given" if reason.is_here else "not given", due and follows, reason, line)
        if line and line.given is False:
            return Fate("not given", True, self._reason_of(line), line) if due else None
        if week.monday in self.closed:
            return Fate("closed", False) if _holds(span, week.monday) else None
        return Fate("missing") if due else None

    def _due(self, lesson: Lesson, span: Span, week: TeachingWeek) -> bool:
        """Due by the calendar; a week in which the school is closed is no teaching week there (W4)."""
        if week.monday in self.closed:
            return False
        return is_due(lesson.due, _rota(lesson), span, week.monday, week.lesson_number)

    def _has_takers(self, lesson: Lesson, week: Week) -> bool:
        return lesson.is_programme or bool(self.places_in(lesson, week))

    def _not_given(self, line: Line) -> Fate | None:
        reason = self._reason_of(line)
        marks = [self.reasons[mark.reason_id] for mark in line.marks.all()]
        if marks and not line.reason_id and not any(mark.counts or mark.owed for mark in marks):
            return None  # nobody in it had begun, or all had left: nothing follows (C2)
        return Fate("not given", True, reason or (marks[0] if marks else None), line)

    def _reason_of(self, line: Line) -> Reason | None:
        return self.reasons.get(line.reason_id or line.register.reason_id or 0)

    def _mark(self, line: Line, place: Place) -> Reason | None:
        return next((self.reasons[m.reason_id] for m in line.marks.all() if m.place_id == place.pk), None)


def span_of(lesson: Lesson) -> Span:
    """The weeks that both the lesson and its teacher's allocation cover."""
    allocation = lesson.allocation
    last = min(lesson.until_week or allocation.until_week, allocation.until_week)
    return max(lesson.from_week, allocation.from_week), last


def _holds(span: Span, week: Week) -> bool:
    return span[0] <= week and (span[1] is None or week <= span[1])


def _rota(lesson: Lesson) -> set[Week]:
    return {row.week for row in lesson.rota_weeks.all()}


def _weeks_of_year(service_id: int, month: Day) -> list[TeachingWeek]:
    """The teaching weeks of the month's academic year until the end of the month; none for a month without any."""
    known = TeachingWeek.objects.filter(service_id=service_id, month__lt=next_month(month))
    same_year = known.filter(year__weeks__month=month).distinct()
    return list(same_year.select_related("term").order_by("monday"))


def _lessons(school: Any, year_pk: int | None) -> list[Lesson]:
    own = Lesson.objects.filter(allocation__school=school, allocation__year_id=year_pk)
    ordered = own.select_related("allocation__teacher").order_by("allocation__teacher__name", "position", "pk")
    return list(ordered.prefetch_related("shapes", "rota_weeks", "places__pupil"))


def _lines(school: Any, weeks: list[Week]) -> Iterable[Line]:
    confirmed = Line.objects.filter(register__allocation__school=school, register__week__in=weeks)
    confirmed = confirmed.exclude(register__confirmed_by=None).select_related("register__allocation", "given_by")
    return confirmed.prefetch_related("marks")


def by_teacher(lessons: Iterable[Lesson]) -> dict[Any, list[Lesson]]:
    """Lessons under the teacher to whom the school is allocated, in order of name."""
    grouped: dict[Any, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        grouped[lesson.allocation.teacher].append(lesson)
    return grouped
