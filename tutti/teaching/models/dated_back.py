"""A start or stop dated back (P9): confirmed registers of open weeks are opened again, so that the pupil stands there
as "to be marked"; those of locked months get a proposed correction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from tutti.core import history
from tutti.core.calendar import Week, spell_weeks
from tutti.schools.models import Closure, TeachingWeek
from tutti.teaching.models.correction import propose
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.lock import Lock
from tutti.teaching.models.reason import PRESENT, Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.shape import Due, is_due
from tutti.teaching.models.sheet_parts import Key, key_of

NOT_STARTED = "not-started"
STARTS, STOPS = "opened again: a pupil starts earlier", "opened again: a pupil stops earlier"


@dataclass(frozen=True, slots=True)
class Touched:
    """Confirmed registers that something dated back touches: those to be opened again, and those that are locked."""

    opened: list[Register] = field(default_factory=list)
    locked: list[Register] = field(default_factory=list)

    def __or__(self, other: Touched) -> Touched:
        return Touched(_once(self.opened + other.opened), _once(self.locked + other.locked))

    def __bool__(self) -> bool:
        return bool(self.opened or self.locked)

    @property
    def opened_words(self) -> str:
        return spell_weeks(register.week for register in self.opened)

    @property
    def locked_words(self) -> str:
        return spell_weeks(register.week for register in self.locked)


def _once(registers: Iterable[Register]) -> list[Register]:
    return sorted({register.pk: register for register in registers}.values(), key=lambda one: one.week)


def touched_by_start(allocation: Any, from_week: Week, until_week: Week | None = None, lesson: Any = None) -> Touched:
    """What a pupil who is in a lesson from a week on touches; without a lesson, one that is due every week. Where the
    school was closed or the week is spare nobody is to be marked, so what is recorded there stays (W2, W4)."""
    due, rota = (lesson.due, {row.week for row in lesson.rota_weeks.all()}) if lesson else (Due.EVERY, set())
    span = TeachingWeek.objects.filter(year=allocation.year_id, monday__gte=max(from_week, allocation.from_week))
    closed = Closure.objects.filter(school=allocation.school_id).values("week")
    span = span.exclude(monday__in=closed).exclude(monday__in=allocation.spare_weeks.values("week"))
    numbers = span.filter(monday__lte=allocation.until_week).values_list("monday", "lesson_number")
    weeks = [week for week, number in numbers if is_due(due, rota, (from_week, until_week), week, number)]
    return _touched(Register.objects.filter(allocation=allocation.pk, week__in=weeks))


def touched_by_stop(place: Any, last_week: Week) -> Touched:
    """What a pupil whose last week is this one touches: the registers in which they are marked after it."""
    return _touched(Register.objects.filter(pk__in=_marks_after(place, last_week).values("line__register")))


def start_back(by: Any, lesson: Any, places: Sequence[Any], first: Week) -> None:
    """Put pupils who are in a lesson from a week on, on the registers that are confirmed already (P9).

    Where the lesson was struck out they get its reason at once.
    """
    touched = touched_by_start(lesson.allocation, first, places[0].until_week, lesson)
    for register in touched.opened:
        register.open_again(by, STARTS)
    _strike_with_the_lesson(lesson, places, first)
    lines = {line.register_id: line for line in Line.objects.filter(register__in=touched.locked, lesson=lesson)}
    for register in touched.locked:
        reason = _reason_of(lines.get(register.pk), register)
        names = ", ".join(place.pupil.name for place in places)
        propose(register, None, _why(names, "has lessons from", first), marks={place.pk: reason for place in places})


def stop_back(by: Any, place: Any, last_week: Week) -> None:
    """Take a pupil who stopped off the registers after their last week (P9); the history keeps the marks."""
    touched = touched_by_stop(place, last_week)
    for register in touched.opened:
        register.open_again(by, STOPS)
    marks = list(_marks_after(place, last_week).select_related("line__register", "reason"))
    locked = {register.pk for register in touched.locked}
    free = [mark for mark in marks if mark.line.register_id not in locked]
    if free:
        before = {str(mark.line.register.week): mark.reason.code for mark in free}
        Mark.objects.filter(pk__in=[mark.pk for mark in free]).delete()
        history.record("took the marks after the last week off", place, by, before=before)
    for register in touched.locked:
        own = [mark for mark in marks if mark.line.register_id == register.pk]
        reason = _not_started(register)
        changes: dict[Key, Reason] = {key_of(place.pk, register.week, mark.line.for_week): reason for mark in own}
        propose(register, None, _why(place.pupil.name, "stopped after", last_week), marks=changes)


def drop_lines_after(lesson: Any, last_week: Week) -> None:
    """Take the lines of a lesson that has ended off registers that are not confirmed, where nobody is marked."""
    after = Line.objects.filter(lesson=lesson, for_week__gt=last_week, register__confirmed_by=None)
    after.filter(marks=None).delete()


def _touched(registers: QuerySet[Register]) -> Touched:
    """The confirmed ones among these, held until the transaction ends, by whether their month is locked."""
    rows = registers.exclude(confirmed_by=None).select_related("allocation", "reason").order_by("week")
    found = list(rows)
    if not found:
        return Touched()
    months = Lock.objects.filter(teacher=found[0].allocation.teacher_id).values("month")
    weeks = TeachingWeek.objects.filter(service=found[0].service_id, month__in=months)
    locked = set(weeks.values_list("monday", flat=True))
    return Touched([x for x in found if x.week not in locked], [x for x in found if x.week in locked])


def _marks_after(place: Any, last_week: Week) -> QuerySet[Mark]:
    """Make-ups for weeks in which the pupil still had lessons are kept."""
    return Mark.objects.filter(place=place, line__for_week__gt=last_week)


def _strike_with_the_lesson(lesson: Any, places: Sequence[Any], first: Week) -> None:
    struck = Line.objects.filter(lesson=lesson, given=False, for_week__gte=first, is_make_up=False)
    struck = struck.filter(register__confirmed_by=None).exclude(reason=None)
    last = places[0].until_week
    struck = struck.filter(for_week__lte=last) if last else struck
    Mark.objects.bulk_create(
        [
            Mark(service_id=line.service_id, line=line, place=place, reason_id=line.reason_id)  # type: ignore[misc]
            for line in struck
            for place in places
        ],
        ignore_conflicts=True,
    )


def _reason_of(line: Line | None, register: Register) -> Reason:
    """Here if the lesson was given, else the lesson's own reason, or the week's (R3)."""
    reason = line.reason or register.reason if line and line.given is False else None
    return reason or _by_code(register, PRESENT)


def _not_started(register: Register) -> Reason:
    return _by_code(register, NOT_STARTED)


def _by_code(register: Register, code: str) -> Reason:
    reason = Reason.objects.filter(service=register.service_id, code=code).in_use(register.week).first()
    if reason is None:
        raise ValidationError("The months of these weeks are locked, and no reason says “Not started, or left”.")
    return reason


def _why(names: str, words: str, week: Week) -> str:
    return f"{names} {words} the week of {spell_weeks([week])}: dated back."[:500]
