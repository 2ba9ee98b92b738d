"""How a lesson ends, and goes on after all; both may be dated back (P9)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core import history
from tutti.core.calendar import Week
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.start_back import start_back
from tutti.teaching.models.stop_back import end_back


@transaction.atomic
def end_lesson(lesson: Lesson, by: Any, until_week: Week) -> bool:
    """The lesson's last week; its places end with it, and who would have begun later does not.

    Dated back, it takes what is recorded after it off, or proposes to, once that is locked. ValidationError for a week
    before the lesson's first.
    """
    if until_week < lesson.from_week:
        raise ValidationError({"until_week": "The last week must not be before the first week."})
    Lesson.objects.select_for_update().get(pk=lesson.pk)
    end_back(by, lesson, until_week)
    for place in lesson.places.filter(from_week__gt=until_week).select_related("pupil"):
        place.give_up(by)
    lesson.places.not_over(until_week + 1).filter(from_week__lte=until_week).update(until_week=until_week)
    return history.change(lesson, "ended the lesson", by, until_week=until_week)


@transaction.atomic
def carry_lesson_on(lesson: Lesson, by: Any) -> bool:
    """Undo an end: the lesson goes on, with those in it to the last week who still go to the school (P5), who are to
    be marked where that is recorded already. False if it had no end."""
    left = lesson.until_week
    if left is None:
        return False
    there = lesson.places.filter(until_week=left, pupil__school=lesson.allocation.school_id)
    back = list(there.select_related("pupil"))
    changed = history.change(lesson, "carried on with the lesson", by, until_week=None)
    there.update(until_week=None)
    for place in back:
        place.lesson, place.until_week = lesson, None
    if back:
        start_back(by, back, left + 1)
    return changed
