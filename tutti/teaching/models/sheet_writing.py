"""Writes what changed on a sheet: lines in one statement, marks in another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.register import Register
from tutti.teaching.models.sheet_rows import SheetLesson, SheetPupil


def write_rows(
    register: Register, lessons: Iterable[SheetLesson], marks: Iterable[tuple[SheetLesson, SheetPupil]]
) -> None:
    """Write these lessons' lines, and these pupils' marks with the lines they stand on; new or old."""
    marks = list(marks)
    wanted = {lesson.lesson_pk: lesson for lesson in [*lessons, *(lesson for lesson, _ in marks)]}
    lines = {pk: _line(lesson, register) for pk, lesson in wanted.items()}
    if lines:
        Line.objects.bulk_create(
            lines.values(),
            update_conflicts=True,
            unique_fields=["register", "lesson"],
            update_fields=["minutes", "given", "reason", "head_count", "is_filled"],
        )
    if marks:
        Mark.objects.bulk_create(
            [_mark(lines[lesson.lesson_pk], pupil) for lesson, pupil in marks],
            update_conflicts=True,
            unique_fields=["line", "place"],
            update_fields=["reason", "is_filled"],
        )


def _line(lesson: SheetLesson, register: Register) -> Line:
    return Line(
        service_id=register.service_id,
        register=register,
        lesson_id=lesson.lesson_pk,
        given_by_id=register.allocation.teacher_id,
        kind=lesson.kind,
        minutes=lesson.minutes,
        given=lesson.given,
        reason=lesson.reason,
        head_count=lesson.head_count,
        is_filled=lesson.is_filled,
    )


def _mark(line: Line, pupil: SheetPupil) -> Mark:
    fields = {"place_id": pupil.place_pk, "reason": pupil.reason, "is_filled": pupil.is_filled}
    return Mark(service_id=line.service_id, line=line, **fields)


def spell(marks: Iterable[tuple[SheetLesson, SheetPupil]], lessons: Iterable[SheetLesson]) -> dict[str, Any]:
    """What the history keeps of a page of changes: pupils and lessons by number, never by name (S6)."""
    return {
        "pupils": {str(pupil.pupil_pk): pupil.reason.code for _, pupil in marks if pupil.reason},
        "lessons": {str(x.lesson_pk): {"given": x.given, "head_count": x.head_count} for x in lessons},
    }
