"""What a notice touches: said before it is given, and of a leave also afterwards (R6, R7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tutti.core.calendar import Week
from tutti.core.templatetags.tutti import counted
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.allocation import Allocation, AllocationQuerySet
from tutti.teaching.models.notice import Notice
from tutti.teaching.models.sheet_known import Known
from tutti.teaching.models.visit import Visit, read_visits


@dataclass(frozen=True, slots=True)
class Reach:
    """How many registers, lessons, pupils with names and classes are touched; `confirmed` registers stay as they are
    and are not among them."""

    registers: int
    lessons: int
    pupils: int
    classes: int
    confirmed: int

    @property
    def words(self) -> str:
        """ "3 registers, 11 lessons, 14 pupils"."""
        parts = [counted(self.registers, "register"), counted(self.lessons, "lesson"), counted(self.pupils, "pupil")]
        parts += [counted(self.classes, "whole class,whole classes")] if self.classes else []
        return ", ".join(parts)


def read_reach(notice: Notice) -> Reach:
    """What it touches, saved or not. Seven queries at most, whatever it is for."""
    touched = touched_visits(notice)
    still_open = [visit for visit in touched if not visit.is_confirmed]
    lessons = [lesson for visit in still_open for lesson in visit.lessons]
    return Reach(
        registers=len(still_open),
        lessons=len(lessons),
        pupils=len({pupil.pupil_pk for lesson in lessons for pupil in lesson.pupils}),
        classes=len({lesson.lesson_pk for lesson in lessons if lesson.is_programme}),
        confirmed=len(touched) - len(still_open),
    )


def touched_visits(notice: Notice) -> list[Visit]:
    """The visits that it is about, each with those lessons and pupils only."""
    known: Any = Known(notice, notice.reason)
    visits = read_visits(_allocations(notice), notice.from_week, notice.until_week)
    narrowed = [replace(visit, lessons=list(_touched(known, visit))) for visit in visits]
    return [visit for visit in narrowed if visit.lessons]


def read_leave(notice: Notice) -> list[Visit]:
    """Every visit of a teacher's leave, covered or not (R7)."""
    return read_visits(_allocations(notice), notice.from_week, notice.until_week)


def visits_without_cover(
    member: Any, week: Week, weeks: Sequence[TeachingWeek] | None = None
) -> list[tuple[Notice, list[Visit]]]:
    """The leave from a week on that a member may see, each with its visits that nobody covers and that are not
    confirmed; none without any. Eight queries at most, one less where the year's weeks are at hand."""
    leave = list(Notice.objects.visible_to(member).leave().not_over(week).for_list())
    if not leave:
        return []
    away = Allocation.objects.filter(teacher__in={notice.teacher_id for notice in leave})
    visits = read_visits(away, week, max(notice.until_week for notice in leave), weeks)
    gaps = [visit for visit in visits if not visit.is_covered and not visit.is_confirmed]
    found = [(notice, [visit for visit in gaps if _is_in(visit, notice)]) for notice in leave]
    return [(notice, own) for notice, own in found if own]


def _is_in(visit: Visit, notice: Notice) -> bool:
    is_theirs = visit.allocation.teacher_id == notice.teacher_id
    return is_theirs and notice.from_week <= visit.week <= notice.until_week


def _touched(known: Any, visit: Visit) -> Iterable[Any]:
    for lesson in visit.lessons:
        if known.is_of_lesson(lesson):
            yield lesson
        elif not known.notice.teacher_id:
            own = tuple(pupil for pupil in lesson.pupils if known.is_of_pupil(pupil, visit.week))
            if own:
                yield replace(lesson, pupils=own)


def _allocations(notice: Notice) -> AllocationQuerySet:
    """Those whose registers it could touch."""
    own = Allocation.objects.filter(service_id=notice.service_id)
    if notice.lesson_id and notice.lesson:
        return own.filter(pk=notice.lesson.allocation_id)
    if notice.pupil_id:
        places = Allocation.objects.filter(lessons__places__pupil=notice.pupil_id)
        return own.filter(pk__in=places.values("pk"))
    if notice.teacher_id:
        return own.filter(teacher=notice.teacher_id)
    if notice.school_id:
        return own.filter(school=notice.school_id)
    return own.filter(school__office=notice.office_id) if notice.office_id else own
