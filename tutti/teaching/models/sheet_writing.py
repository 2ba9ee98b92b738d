"""Writes what changed on a sheet: lines in one statement, marks in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.second_teacher import Share
from tutti.teaching.models.sheet_parts import Key, Marks, SheetLesson, SheetPupil

Pair = tuple[SheetLesson, SheetPupil]


def write_rows(register: Register, lessons: Iterable[SheetLesson], marks: Iterable[Pair]) -> dict[Key, Line]:
    """Write these lessons' lines, and these pupils' marks with the lines they stand on; new or old. The lines."""
    marks = list(marks)
    wanted = {lesson.key: lesson for lesson in [*lessons, *(lesson for lesson, _ in marks)]}
    lines = {key: _line(lesson, register) for key, lesson in wanted.items()}
    if lines:
        Line.objects.bulk_create(
            lines.values(),
            update_conflicts=True,
            unique_fields=["register", "lesson", "for_week"],
            update_fields=["minutes", "given", "reason", "head_count", "is_filled", "given_by", "is_alone"],
        )
    if marks:
        Mark.objects.bulk_create(
            [_mark(lines[lesson.key], pupil) for lesson, pupil in marks],
            update_conflicts=True,
            unique_fields=["line", "place"],
            update_fields=["reason", "is_filled"],
        )
    return lines


def change_rows(
    register: Register,
    lessons: Iterable[SheetLesson],
    marks: Marks,
    counts: Mapping[Key, int],
    given: Mapping[Key, Reason | None],
) -> tuple[list[Pair], list[SheetLesson]]:
    """Change what these marks, head counts and struck lessons say, and write it: the pupils and lessons touched."""
    changed = []
    for lesson in lessons:
        if lesson.key in given:
            lesson.strike(given[lesson.key])
        if lesson.key in counts:
            lesson.given, lesson.reason, lesson.is_filled = True, None, False
            lesson.head_count = counts[lesson.key]
        told = [pupil for pupil in lesson.pupils if pupil.key in marks]
        for pupil in told:
            lesson.mark(pupil, marks[pupil.key])
        changed += [lesson] if told or lesson.key in given or lesson.key in counts else []
    clear_marks(register, [(x, p) for x in changed for p in x.pupils if p.reason is None and not x.is_marked])
    touched = [(x, p) for x in changed for p in x.pupils if p.reason and (p.key in marks or x.key in given)]
    write_rows(register, changed, touched)
    return touched, changed


def clear_marks(register: Register, pupils: Sequence[Pair]) -> None:
    """Take the marks of these pupils off the register."""
    for for_week in {lesson.for_week for lesson, _ in pupils}:
        places = [pupil.place_pk for lesson, pupil in pupils if lesson.for_week == for_week]
        Mark.objects.filter(line__register=register, line__for_week=for_week, place__in=places).delete()


def settle(register: Register, lessons: Iterable[SheetLesson]) -> None:
    """Say of each lesson whether it was given (C3), and of each class what its second teacher gave (R8)."""
    settled = list(lessons)
    for lesson in settled:
        lesson.given = lesson.was_given
    lines = write_rows(register, settled, [])
    shared = [lesson for lesson in settled if lesson.second]
    if shared:
        Share.objects.filter(line__in=[lines[lesson.key] for lesson in shared]).delete()
        Share.objects.bulk_create(_share(lines[x.key], x) for x in shared if x.given and not x.is_alone)


def _share(line: Line, lesson: SheetLesson) -> Share:
    assert lesson.second
    teacher, _, minutes = lesson.second
    return Share(service_id=line.service_id, line=line, teacher_id=teacher, minutes=minutes)


def _line(lesson: SheetLesson, register: Register) -> Line:
    return Line(
        service_id=register.service_id,
        register=register,
        lesson_id=lesson.lesson_pk,
        for_week=lesson.for_week,
        is_make_up=lesson.is_make_up,
        given_by_id=lesson.covered_by[0] if lesson.covered_by else register.allocation.teacher_id,
        kind=lesson.kind,
        minutes=lesson.minutes,
        given=lesson.given,
        reason=lesson.reason,
        head_count=lesson.head_count,
        is_filled=lesson.is_filled,
        is_alone=lesson.is_alone,
    )


def _mark(line: Line, pupil: SheetPupil) -> Mark:
    fields = {"place_id": pupil.place_pk, "reason": pupil.reason, "is_filled": pupil.is_filled}
    return Mark(service_id=line.service_id, line=line, **fields)


def spell(marks: Iterable[Pair], lessons: Iterable[SheetLesson]) -> dict[str, Any]:
    """What the history keeps of a page of changes: pupils and lessons by number, never by name (S6)."""
    return {
        "pupils": {str(pupil.pupil_pk): pupil.reason.code for _, pupil in marks if pupil.reason},
        "lessons": {str(x.key): {"given": x.given, "head_count": x.head_count} for x in lessons},
    }
