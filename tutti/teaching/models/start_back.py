"""A start dated back (P9): whoever begins in weeks that are confirmed stands there as "to be marked", or is proposed
to the office where the month is locked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tutti.core.calendar import Week
from tutti.teaching.models.correction import propose
from tutti.teaching.models.dated_back import find_touched, reason_by_code, spell_why, touched_by_start, weeks_back
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.reason import PRESENT, Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.shape import RotaWeek, is_due

PUPIL, PROGRAMME = "opened again: a pupil starts earlier", "opened again: a programme starts earlier"


def start_back(by: Any, places: Sequence[Any], first: Week) -> None:
    """Put pupils who are in lessons of one allocation from a week on, on the registers that are confirmed already.

    Where a lesson was struck out they get its reason at once. A fixed number of statements for each week that is
    confirmed, however many pupils there are.
    """
    allocation = places[0].lesson.allocation
    due = _due_back(allocation, {place.lesson_id: place.lesson for place in places}, first)
    weeks = {week for called in due.values() for week in called}
    touched = find_touched(Register.objects.filter(allocation=allocation.pk, week__in=weeks), hold=True)
    for register in touched.opened:
        register.open_again(by, PUPIL)
    _strike_with_the_lesson(places, first)
    lines = {(x.register_id, x.lesson_id): x for x in _lines(touched.locked, due)}
    for register in touched.locked:
        there = [x for x in places if x.holds(register.week) and register.week in due[x.lesson_id]]
        if there:
            here = reason_by_code(register, PRESENT)
            marks = {x.pk: _reason_of(lines.get((register.pk, x.lesson_id)), register) or here for x in there}
            verb = "has" if len(there) == 1 else "have"
            why = spell_why([place.pupil.name for place in there], f"{verb} lessons from", first)
            propose(register, None, why, marks=marks)


def start_programme_back(by: Any, lesson: Any, first: Week) -> None:
    """Put a programme that runs from a week on, on the registers that are confirmed already: to be recorded, or
    proposed as given to the whole class."""
    touched = touched_by_start(lesson.allocation, first, lesson.until_week, lesson, hold=True)
    for register in touched.opened:
        register.open_again(by, PROGRAMME)
    for register in touched.locked:
        why = spell_why([lesson.title], "runs from", first)
        propose(register, None, why, counts={lesson.pk: lesson.class_size})


def _due_back(allocation: Any, lessons: dict[int, Any], first: Week) -> dict[int, set[Week]]:
    """By lesson the weeks from one on in which it was due (P6)."""
    rotas: dict[int, set[Week]] = {pk: set() for pk in lessons}
    for pk, week in RotaWeek.objects.filter(lesson__in=lessons).values_list("lesson", "week"):
        rotas[pk].add(week)
    weeks = weeks_back(allocation, first)
    return {
        pk: {week for week, number in weeks if is_due(x.due, rotas[pk], (x.from_week, x.until_week), week, number)}
        for pk, x in lessons.items()
    }


def _lines(registers: Iterable[Register], lessons: Iterable[int]) -> Iterable[Line]:
    rows = Line.objects.filter(register__in=registers, lesson__in=lessons, is_make_up=False)
    return rows.select_related("reason", "register__reason") if registers else []


def _strike_with_the_lesson(places: Sequence[Any], first: Week) -> None:
    of_lesson: dict[int, list[Any]] = {}
    for place in places:
        of_lesson.setdefault(place.lesson_id, []).append(place)
    struck = Line.objects.filter(lesson__in=of_lesson, given=False, for_week__gte=first, is_make_up=False)
    struck = struck.filter(register__confirmed_by=None).exclude(reason=None)
    Mark.objects.bulk_create(
        [
            Mark(service_id=line.service_id, line=line, place=place, reason_id=line.reason_id)  # type: ignore[misc]
            for line in struck
            for place in of_lesson[line.lesson_id]
            if place.holds(line.for_week)
        ],
        ignore_conflicts=True,
    )


def _reason_of(line: Line | None, register: Register) -> Reason | None:
    """Where the lesson was not given its own reason, or the week's (R3)."""
    return line.reason or register.reason if line and line.given is False else None
