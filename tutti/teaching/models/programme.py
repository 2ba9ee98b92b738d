"""Programmes: First Access and projects, lessons of a whole class, set up by the office without names (H4, P8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, FilteredRelation, Q

from tutti.core import history
from tutti.core.calendar import Week
from tutti.teaching.models.allocation import Allocation, allocate
from tutti.teaching.models.dated_back import Touched, touched_by_end, touched_by_start
from tutti.teaching.models.lesson import Lesson, LessonQuerySet, add_lesson
from tutti.teaching.models.lesson_end import end_lesson
from tutti.teaching.models.start_back import start_programme_back


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
    known = allocation.lessons.filter(once=once).first() if once else None
    if known:
        return known
    lesson = add_lesson(allocation, by, from_week=from_week, once=once, **fields)
    if until_week < allocation.until_week:
        end_lesson(lesson, by, until_week)
    start_programme_back(by, lesson, from_week)
    return lesson


def touched_by_adding(
    teacher: Any, school: Any, *, from_week: Week, until_week: Week, once: UUID | None = None
) -> Touched:
    """The confirmed registers in which a new programme would have to be recorded (P9)."""
    there = _there(teacher, school, from_week, until_week)
    if there is None or there.lessons.filter(once=once).exclude(once=None).exists():
        return Touched()
    return touched_by_start(there, from_week, until_week)


def touched_by_last_week(lesson: Lesson, until_week: Week) -> Touched:
    """The confirmed registers that another last week of a programme touches (P9)."""
    was = lesson.until_week or lesson.allocation.until_week
    if until_week <= was:
        return touched_by_end(lesson, until_week)
    return touched_by_start(lesson.allocation, was + 1, until_week, lesson)


def _there(teacher: Any, school: Any, first: Week, last: Week) -> Allocation | None:
    """The teacher's allocation to the school in some of these weeks."""
    return Allocation.objects.filter(teacher=teacher, school=school).overlapping(first, last).first()


def _allocation(teacher: Any, school: Any, year: Any, by: Any, first: Week, last: Week) -> Allocation:
    there = _there(teacher, school, first, last)
    if there is None:
        return allocate(teacher, school, year, by, from_week=first, until_week=last)
    if first < there.from_week or last > there.until_week:
        raise ValidationError(
            f"{teacher} is allocated to {school} for some of these weeks only. "
            "Change the allocation or the weeks first."
        )
    return there


@transaction.atomic
def change_programme(
    lesson: Lesson, by: Any, *, change_from: Week, kind: str, minutes: int, until_week: Week, **fields: Any
) -> bool:
    """Put right what a programme is called and who is in it; kind and minutes hold from a week on (P7).

    Another last week may be dated back (P9). ValidationError for one before the first.
    """
    changed = lesson.reshape(by, change_from, kind=kind, minutes=minutes)
    changed |= lesson.change(by, **fields)
    return _set_last_week(lesson, by, until_week) or changed


def _set_last_week(lesson: Lesson, by: Any, until_week: Week) -> bool:
    """A programme that lasts as long as its allocation has no end of its own."""
    whole = lesson.allocation.until_week
    was, last = lesson.until_week or whole, until_week if until_week < whole else None
    if until_week < was:
        return end_lesson(lesson, by, until_week)
    changed = history.change(lesson, "carried on with the lesson", by, until_week=last)
    if until_week > was:
        start_programme_back(by, lesson, was + 1)
    return changed
