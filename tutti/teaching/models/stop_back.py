"""A stop dated back (P9): what is recorded after a last week is taken off again where the month is open, and proposed
to the office where it is locked. The history keeps what was taken off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from tutti.core import history
from tutti.core.calendar import Week
from tutti.teaching.models.correction import propose
from tutti.teaching.models.dated_back import (
    NOT_STARTED,
    lines_after,
    marks_after,
    reason_by_code,
    spell_why,
    touched_by_end,
    touched_by_stop,
)
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.sheet_parts import Key, key_of

PUPIL, LESSON = "opened again: a pupil stops earlier", "opened again: a lesson ends earlier"


def stop_back(by: Any, place: Any, last_week: Week) -> None:
    """Take a pupil who stopped off the registers after their last week."""
    touched = touched_by_stop([place], last_week, hold=True)
    for register in touched.opened:
        register.open_again(by, PUPIL)
    locked = _take_marks_off(by, marks_after([place], last_week), touched.locked)
    why = spell_why([place.pupil.name], "stopped after", last_week)
    for register in touched.locked:
        _propose(register, why, [mark for mark in locked if mark.line.register_id == register.pk], [])


def end_back(by: Any, lesson: Any, last_week: Week) -> None:
    """Take a lesson that ended off the registers after its last week, with the marks of all who were in it."""
    lines = lines_after(lesson, last_week)
    touched = touched_by_end(lesson, last_week, hold=True)
    for register in touched.opened:
        register.open_again(by, LESSON)
    locked = _take_marks_off(by, Mark.objects.filter(line__in=lines), touched.locked)
    unmarked = list(lines.filter(register__in=touched.locked, marks=None, given=True))
    _take_lines_off(by, lesson, lines.exclude(register__in=touched.locked))
    why = spell_why([str(lesson)], "ended after", last_week)
    for register in touched.locked:
        own = [mark for mark in locked if mark.line.register_id == register.pk]
        _propose(register, why, own, [line for line in unmarked if line.register_id == register.pk])


def drop_lines_after(lesson: Any, last_week: Week) -> None:
    """Take the lines of a lesson that has ended off registers that are not confirmed, where nobody is marked."""
    lines_after(lesson, last_week).filter(register__confirmed_by=None, marks=None).delete()


def _take_marks_off(by: Any, marks: QuerySet[Mark], locked: Collection[Register]) -> list[Mark]:
    """Those of the locked registers, which stay."""
    found = list(marks.select_related("line__register", "reason", "place"))
    kept = {register.pk for register in locked}
    free = [mark for mark in found if mark.line.register_id not in kept]
    before: dict[Any, dict[str, str]] = {}
    for mark in free:
        before.setdefault(mark.place, {})[str(mark.line.register.week)] = mark.reason.code
    Mark.objects.filter(pk__in=[mark.pk for mark in free]).delete()
    verb = "took the marks after the last week off"
    history.record_all(history.make_event(verb, place, by, before=was) for place, was in before.items())
    return [mark for mark in found if mark.line.register_id in kept]


def _take_lines_off(by: Any, lesson: Any, lines: QuerySet[Line]) -> None:
    was = {str(line.for_week): {"given": line.given, "head_count": line.head_count} for line in lines}
    if was:
        lines.delete()
        history.record("took what was recorded after the last week off", lesson, by, before=was)


def _propose(register: Register, why: str, marks: Sequence[Mark], lines: Sequence[Line]) -> None:
    """That they had left by then, of which nothing follows (C2)."""
    reason = reason_by_code(register, NOT_STARTED)
    said: dict[Key, Reason] = {
        key_of(mark.place_id, register.week, mark.line.for_week): reason for mark in marks if mark.reason != reason
    }
    given = {key_of(line.lesson_id, register.week, line.for_week): reason for line in lines}
    if said or given:
        propose(register, None, why, marks=said, given=given)
