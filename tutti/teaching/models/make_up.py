"""A make-up: a line in the week in which it was given that names the week it makes up for (C5). It counts and is paid,
is not charged again, and closes what was owed, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from tutti.core import history
from tutti.core.calendar import Week
from tutti.teaching.models.balance import PastMark, owed_weeks
from tutti.teaching.models.cover import Cover
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.owed import owed_in
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.shape import Kind
from tutti.teaching.models.sheet_parts import SheetLesson, SheetPupil, key_of


def read_make_ups(
    register: Register | None, week: Week, reasons: Iterable[Reason], lessons: Sequence[SheetLesson]
) -> list[SheetLesson]:
    """The make-ups on a register, each with the pupils whom its week is owed to. Two queries.

    `lessons` are those of the week, which know the pupils' sums already.
    """
    if register is None:
        return []
    by_pk = {reason.pk: reason for reason in reasons}
    balances = {pupil.place_pk: pupil.balance for lesson in lessons for pupil in lesson.pupils}
    lines = Line.objects.make_ups().filter(register=register).select_related("lesson", "given_by")
    cards = {(line.lesson_id, line.for_week): _card(line, week, by_pk, register) for line in lines}
    for (lesson_pk, for_week), marks in _marks_of(cards, register).items():
        card = cards[lesson_pk, for_week]
        card.pupils = [_pupil(card, own, week, register, by_pk, balances) for own in marks.values() if _is_taker(own)]
    return list(cards.values())


def _card(line: Line, week: Week, reasons: dict[int, Reason], register: Register) -> SheetLesson:
    lesson = line.lesson
    is_cover = line.given_by_id != register.allocation.teacher_id
    return SheetLesson(
        key=key_of(lesson.pk, week, line.for_week),
        lesson_pk=lesson.pk,
        line_pk=line.pk,
        label=str(lesson),
        kind=Kind(line.kind),
        minutes=line.minutes,
        for_week=line.for_week,
        is_make_up=True,
        is_programme=lesson.is_programme,
        class_size=lesson.class_size,
        year_group=lesson.year_group,
        is_due=False,
        given=line.given,
        reason=reasons.get(line.reason_id or 0),
        head_count=line.head_count,
        is_filled=line.is_filled,
        covered_by=(line.given_by_id, line.given_by.name) if is_cover else None,
    )


def _marks_of(cards: dict[tuple[int, Any], Any], register: Register) -> dict[tuple[int, Any], dict[int, list[Mark]]]:
    """By make-up and place the marks for its week: the old one, confirmed make-ups, and this register's."""
    found: dict[tuple[int, Any], dict[int, list[Mark]]] = {key: {} for key in cards}
    if not cards:
        return found
    lessons, weeks = {lesson for lesson, _ in cards}, {week for _, week in cards}
    marks = Mark.objects.filter(line__lesson__in=lessons, line__for_week__in=weeks)
    marks = marks.filter(Q(line__register=register) | Q(line__register__confirmed_by__isnull=False))
    for mark in marks.select_related("line__register", "place__pupil", "reason").order_by("place__pupil__name", "pk"):
        key = (mark.line.lesson_id, mark.line.for_week)
        if key in found:
            mark.is_here = mark.line.register_id == register.pk and mark.line.for_week != register.week  # type: ignore[attr-defined]
            found[key].setdefault(mark.place_id, []).append(mark)
    return found


def _is_taker(marks: Sequence[Any]) -> bool:
    """The week is still owed to them, or they are marked in this make-up already."""
    return any(mark.is_here for mark in marks) or bool(owed_weeks(map(past_mark, marks)))


def past_mark(mark: Mark) -> PastMark:
    """A mark as the sums see it; with its line, register and reason at hand."""
    line, reason = mark.line, mark.reason
    return PastMark(line.register.week, line.for_week, reason.is_here, reason.counts, reason.owed, reason.short)


def _pupil(
    card: SheetLesson,
    marks: Sequence[Any],
    week: Week,
    register: Register,
    reasons: dict[int, Reason],
    balances: dict[int, Any],
) -> SheetPupil:
    own = next((mark for mark in marks if mark.is_here), None)
    place = marks[0].place
    return SheetPupil(
        key=key_of(place.pk, week, card.for_week),
        place_pk=place.pk,
        pupil_pk=place.pupil_id,
        name=place.pupil.name,
        born=place.pupil.date_of_birth,
        reason=reasons.get(own.reason_id) if own else None,
        is_filled=bool(own and own.is_filled),
        balance=balances.get(place.pk),
    )


def begin_make_up(register: Register, by: Any, lesson: Any, for_week: Week) -> Line:
    """Begin to make up for a week that is owed, on a register that is held for writing. Begun already, it is that one.

    ValidationError where the register is confirmed, or nothing is owed for that lesson and week.
    """
    if register.is_confirmed:
        raise ValidationError("This week is confirmed. Choose “Change it again” first.")
    known = Line.objects.filter(register=register, lesson=lesson, for_week=for_week).first()
    if known:
        return known
    if for_week >= register.week or not owed_in(lesson, for_week):
        raise ValidationError("Nothing is owed for that week any more.")
    shape = lesson.shape_in(for_week)
    cover = Cover.objects.of_lesson(register.allocation_id, lesson, register.week).first()
    line = Line.objects.create(
        service_id=register.service_id,
        register=register,
        lesson=lesson,
        for_week=for_week,
        is_make_up=True,
        given_by_id=cover.teacher_id if cover else register.allocation.teacher_id,
        kind=shape.kind,
        minutes=shape.minutes,
    )
    history.record("began a make-up", register, by, after={"lesson": lesson.pk, "for_week": str(for_week)})
    return line


def drop_make_up(register: Register, by: Any, lesson: SheetLesson) -> None:
    """Take a make-up off the register, with its marks. ValidationError once it is confirmed."""
    if register.is_confirmed:
        raise ValidationError("This week is confirmed. Choose “Change it again” first.")
    Line.objects.make_ups().filter(pk=lesson.line_pk or 0, register=register).delete()
    after = {"lesson": lesson.lesson_pk, "for_week": str(lesson.for_week)}
    history.record("took the make-up back", register, by, before=after)


def read_key(text: str) -> tuple[int, Week | None] | None:
    """A place or lesson and the week it makes up for out of "12" or "12-20261005"; None for what is neither."""
    number, _, day = text.partition("-")
    if not number.isdecimal() or len(number) > 18:
        return None
    try:
        return int(number), Week(datetime.strptime(day, "%Y%m%d").date()) if day else None
    except ValueError:
        return None
