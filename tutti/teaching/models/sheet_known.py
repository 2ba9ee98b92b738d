"""What a register knows beforehand: the reasons that may be chosen in its week, and the notices that touch it (R6).

One query for both: a reason stands there once for each of its notices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q

from tutti.core.calendar import Week, year_group
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.notice import Notice
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.sheet_parts import SheetLesson, SheetPupil

SCOPE = ("pupil", "lesson", "teacher", "school", "year_group", "office")


@dataclass(frozen=True, slots=True)
class Known:
    """A notice with the reason that it gives."""

    notice: Notice
    reason: Reason

    def is_of_lesson(self, lesson: SheetLesson) -> bool:
        """It strikes out the lesson; a teacher's leave does not where somebody covers (R7)."""
        notice = self.notice
        if notice.year_group is not None:
            return lesson.is_programme and notice.year_group in lesson.year_groups
        if notice.pupil_id or (notice.teacher_id and lesson.covered_by):
            return False
        return notice.lesson_id in (None, lesson.lesson_pk)

    def is_of_pupil(self, pupil: SheetPupil, week: Week) -> bool:
        """It is about the child: by name, or by the school year that the date of birth puts them in."""
        notice = self.notice
        if notice.year_group is not None:
            return year_group(pupil.born, week.monday) == notice.year_group
        return notice.pupil_id == pupil.pupil_pk


def read_reasons(allocation: Allocation, week: Week) -> tuple[list[Reason], list[Known]]:
    """The reasons of the week in their order, and the notices that touch this register, the nearest first."""
    rows = Reason.objects.filter(service_id=allocation.service_id).in_use(week)
    rows = rows.alias(notice=FilteredRelation("notices", condition=_touches(allocation, week)))
    rows = rows.annotate(notice_pk=F("notice__pk"), **{f"notice_{name}": F(f"notice__{name}") for name in SCOPE})
    reasons = {reason.pk: reason for reason in rows}
    known = [Known(_notice(row), reasons[row.pk]) for row in rows if row.notice_pk]
    return list(reasons.values()), sorted(known, key=lambda one: (one.notice.nearness, one.notice.pk))


def _touches(allocation: Allocation, week: Week) -> Q:
    """The condition, from a reason to its notices, that one concerns this school, its area or this teacher."""
    near = Q(notices__school=allocation.school_id) | Q(notices__teacher=allocation.teacher_id)
    near |= Q(notices__office=allocation.school.office_id or 0)
    of_all = Q(notices__school=None, notices__teacher=None, notices__office=None)
    return Q(notices__from_week__lte=week, notices__until_week__gte=week) & (near | of_all)


def _notice(row: Reason) -> Notice:
    ids = {name if name == "year_group" else f"{name}_id": getattr(row, f"notice_{name}") for name in SCOPE}
    return Notice(pk=row.notice_pk, reason_id=row.pk, **ids)  # type: ignore[attr-defined]


def lay_known(lessons: Iterable[SheetLesson], known: Sequence[Known], week: Week) -> None:
    """Say on each lesson and pupil what is known beforehand: of several notices the nearest (R3)."""
    if not known:
        return
    for lesson in lessons:
        lesson.known = next((one.reason for one in known if one.is_of_lesson(lesson)), None)
        for pupil in lesson.pupils:
            pupil.known = next((one.reason for one in known if one.is_of_pupil(pupil, week)), None)
