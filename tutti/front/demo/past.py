"""What was recorded in the demo world: the registers of every lesson week so far, as diligent as each teacher is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from django.utils import timezone

from tutti.core import history
from tutti.core.calendar import Week
from tutti.front.demo.lessons import Taught
from tutti.schools.models import Closure, TeachingWeek
from tutti.teaching.models import Lesson, Line, Mark, Place, Reason, Register
from tutti.teaching.models.reason import PRESENT
from tutti.teaching.models.shape import is_due

# how it goes with pupils, in a hundred
PUPILS = [(PRESENT, 87), ("ill", 4), ("absent", 3), ("forgot", 2), ("no-instrument", 1), ("late", 2), ("kept", 1)]
LESSON_STRUCK = [("trip", 3), ("event", 2), ("trip-late", 2)]


@dataclass(slots=True)
class Rows:
    """All that is to be written, in the order in which it must be."""

    registers: list[Register] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    confirmed: list[tuple[Register, Taught]] = field(default_factory=list)


def write(taught: Iterable[Taught], weeks: list[TeachingWeek], reasons: dict[str, Reason], rng: Random) -> Rows:
    """Registers of these lesson weeks, the last of which is the running one, in four statements; what was written."""
    closed = set(Closure.objects.filter(week__in=[w.monday for w in weeks]).values_list("school_id", "week"))
    rows = Rows()
    for one in taught:
        for ago, week in zip(range(len(weeks) - 1, -1, -1), weeks, strict=True):
            state = _state(one, ago)
            if state and (one.allocation.school_id, week.monday) not in closed:
                _Week(one, week, state == "half", reasons, rng).add_to(rows)
    Register.objects.bulk_create(rows.registers)
    Line.objects.bulk_create(rows.lines)
    Mark.objects.bulk_create(rows.marks)
    history.record_all(_confirmation(register, one) for register, one in rows.confirmed)
    return rows


def _state(one: Taught, ago: int) -> str:
    """What has become of the register of so many lesson weeks ago: "confirmed", "half" or "" for nothing."""
    teacher = one.teacher
    if ago == 0:
        if teacher.half and one.order == teacher.begun:
            return "half"
        return "confirmed" if one.order < teacher.begun else ""
    return "" if ago <= teacher.behind and one.order < teacher.late_at else "confirmed"


class _Week:
    """One register being invented."""

    def __init__(self, one: Taught, week: TeachingWeek, is_half: bool, reasons: dict[str, Reason], rng: Random) -> None:
        self.one, self.week, self.is_half, self.reasons, self.rng = one, week, is_half, reasons, rng

    def add_to(self, rows: Rows) -> None:
        due = [lesson for lesson in self.one.lessons if self._is_due(lesson)]
        if not due:
            return
        teacher = self.one.allocation.teacher
        register = Register(service_id=teacher.service_id, allocation=self.one.allocation, week=self.week.monday)
        rows.registers.append(register)
        struck_all = self._pick([("teacher-ill", 2), ("event", 1)]) if not self.is_half else None
        known = due[: round(len(due) * 9 / 14)] if self.is_half else due
        lines = [self._add_line(rows, register, lesson, struck_all, lesson in known) for lesson in due]
        if not self.is_half:
            register.confirmed_by = teacher
            struck = sum(line.given is False for line in lines)
            ill = struck_all is not None and struck_all.code == "teacher-ill"
            register.there = "none" if ill or struck == len(lines) else "part" if struck else "all"
            register.reason = struck_all if register.there == "none" else None
            rows.confirmed.append((register, self.one))
        else:
            register.there = "all"

    def _is_due(self, lesson: Lesson) -> bool:
        rota = self.one.rota.get(lesson.pk, set())
        span = (lesson.from_week, lesson.until_week)
        if not is_due(lesson.due, rota, span, self.week.monday, self.week.lesson_number):
            return False
        return lesson.is_programme or bool(self._pupils(lesson))

    def _pupils(self, lesson: Lesson) -> list[Place]:
        return [place for place in self.one.places[lesson.pk] if _holds(place, self.week.monday)]

    def _add_line(
        self, rows: Rows, register: Register, lesson: Lesson, struck_all: Reason | None, is_known: bool
    ) -> Line:
        shape = self.one.shapes[lesson.pk]
        line = Line(service_id=lesson.service_id, register=register, lesson=lesson, kind=shape.kind)
        line.for_week = register.week
        line.minutes, line.given_by = shape.minutes, self.one.allocation.teacher
        rows.lines.append(line)
        if not is_known:
            return line
        struck = struck_all or (None if self.is_half else self._pick(LESSON_STRUCK))
        marks = [self._mark(line, place, struck) for place in self._pupils(lesson)]
        rows.marks += marks
        if struck:
            line.given, line.reason = False, struck
        elif lesson.is_programme:
            line.given, line.head_count = True, max(1, (lesson.class_size or 1) - self.rng.choice([0, 0, 1, 1, 2, 3]))
        elif not self.is_half:
            line.given = any(mark.reason.paid for mark in marks)
        return line

    def _mark(self, line: Line, place: Place, struck: Reason | None) -> Mark:
        reason = struck or self.reasons[self.rng.choices(*zip(*PUPILS, strict=True))[0]]  # type: ignore[arg-type]
        return Mark(service_id=line.service_id, line=line, place=place, reason=reason)

    def _pick(self, chances: list[tuple[str, int]]) -> Reason | None:
        """One of these reasons, each with so many chances in a hundred, or none."""
        throw = self.rng.uniform(0, 100)
        for code, chance in chances:
            throw -= chance
            if throw < 0:
                return self.reasons[code]
        return None


def _holds(place: Place, week: Week) -> bool:
    return place.from_week <= week and (place.until_week is None or place.until_week >= week)


def _confirmation(register: Register, one: Taught) -> history.Event:
    """What the history would say: the teacher confirmed it on one of the days of that week."""
    event = history.make_event("confirmed", register, one.allocation.teacher)
    day = register.week.weekdays[one.order % 5]
    at = dt.datetime.combine(day, dt.time(15, 10 + one.order), timezone.get_current_timezone())
    event.at = min(at, timezone.now())
    return event
