"""Programmes: First Access and projects, lessons of a whole class, set up by the office without names (H4, P8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, FilteredRelation, Q

from tutti.core.calendar import Week
from tutti.teaching.models.allocation import Allocation, allocate
from tutti.teaching.models.lesson import Lesson, LessonQuerySet, add_lesson


def find_programmes(member: Any, year: Any, *, school: str = "", teacher: str = "", kind: str = "") -> LessonQuerySet:
    """The year's programmes that a member may see, whose school and teacher match these words, of one kind.

    With `kind` and `minutes` as they are from now on.
    """
    found = Lesson.objects.visible_to(member).programmes().filter(allocation__year=year)
    found = found.filter(allocation__in=Allocation.objects.like(school=school, teacher=teacher))
    last = FilteredRelation("shapes", condition=Q(shapes__until_week=None))
    found = found.annotate(last_shape=last, kind=F("last_shape__kind"), minutes=F("last_shape__minutes"))
    found = found.filter(kind=kind) if kind else found
    named = found.select_related("allocation__school", "allocation__teacher", "allocation__year")
    return named.order_by("title", "pk")


@transaction.atomic
def add_programme(
    teacher: Any,
    school: Any,
    year: Any,
    by: Any,
    *,
    from_week: Week,
    until_week: Week,
    once: UUID | None = None,
    **fields: Any,
) -> Lesson:
    """A programme at a school, from a week until a week, within the teacher's allocation or with one made for it.

    ValidationError if the teacher is there for some of these weeks only: the office decides what is right.
    """
    if until_week < from_week:
        raise ValidationError("The last week must not be before the first week.")
    allocation = _allocation(teacher, school, year, by, from_week, until_week)
    lesson = add_lesson(allocation, by, from_week=from_week, once=once, **fields)
    _set_last_week(lesson, by, until_week)
    return lesson


def _allocation(teacher: Any, school: Any, year: Any, by: Any, first: Week, last: Week) -> Allocation:
    there = Allocation.objects.filter(teacher=teacher, school=school).overlapping(first, last).first()
    if there is None:
        return allocate(teacher, school, year, by, from_week=first, until_week=last)
    if first < there.from_week or last > there.until_week:
        raise ValidationError(
            f"{teacher} is allocated to {school} for some of these weeks only. "
            "Change the allocation or the weeks first."
        )
    return there


def _set_last_week(lesson: Lesson, by: Any, until_week: Week) -> None:
    """A programme that lasts as long as its allocation has no end of its own."""
    if until_week < lesson.allocation.until_week and lesson.until_week != until_week:
        lesson.end(by, until_week)


@transaction.atomic
def change_programme(
    lesson: Lesson, by: Any, *, change_from: Week, kind: str, minutes: int, until_week: Week, **fields: Any
) -> bool:
    """Put right what a programme is called and who is in it; kind and minutes hold from a week on (P7).

    ValidationError for a new last week with a recorded week after it (S3).
    """
    last = until_week if until_week < lesson.allocation.until_week else None
    if last is not None and last < lesson.from_week:
        raise ValidationError("The last week must not be before the first week.")
    if last is not None and last != lesson.until_week:
        lesson.refuse_recorded_after(last)
    changed = lesson.reshape(by, change_from, kind=kind, minutes=minutes)
    return lesson.change(by, until_week=last, **fields) or changed
