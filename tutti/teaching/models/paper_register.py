"""A register that was kept on paper, typed in: many weeks of one allocation, each saved by itself (H9, R4 to R9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tutti.core.calendar import Week
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.expected import Delivery
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import There
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.sheet_parts import Key, SheetLesson, SheetPupil

MOST_WEEKS = 14  # at once: a term on one page


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A row of the paper: a pupil in a lesson, a group as a whole (`place_pk` is None), or a class."""

    lesson_pk: int
    place_pk: int | None
    name: str
    words: str
    is_class: bool = False

    @property
    def is_group(self) -> bool:
        return self.place_pk is None and not self.is_class


@dataclass(slots=True)
class TypedWeek:
    """What one week's column says, as changes: reasons by place, head counts and lessons struck out by lesson, and
    whether the teacher was there. `confirm`: the week is complete."""

    marks: dict[Key, Reason] = field(default_factory=dict)
    counts: dict[Key, int] = field(default_factory=dict)
    given: dict[Key, Reason | None] = field(default_factory=dict)
    absent: Reason | None = None
    is_there_after_all: bool = False
    confirm: bool = False

    def write(self, sheet: Sheet, by: Any) -> None:
        """Record it on a sheet that is open for writing. ValidationError as the sheet's verbs raise."""
        if self.absent:
            sheet.set_there(by, There.NONE, self.absent)
        elif self.is_there_after_all:
            sheet.set_there(by, There.ALL)
        if self.marks or self.counts or self.given:
            sheet.record(by, self.marks, self.counts, self.given)
        if self.confirm:
            sheet.confirm(by)


def weeks_to_type(allocation: Allocation) -> list[TeachingWeek]:
    """The weeks that paper may hold: those of the allocation that have begun (R6)."""
    return [row for row in allocation.teaching_weeks() if not row.week.is_future]


def weeks_not_recorded(allocation: Allocation, weeks: Sequence[TeachingWeek]) -> list[TeachingWeek]:
    """Those of the weeks in which a register was expected and is not confirmed (R5)."""
    own = Allocation.objects.filter(pk=allocation.pk)
    missing = {one.week for one in Delivery(allocation.service, weeks, own).missing()}
    return [row for row in weeks if row.week in missing]


def own_lessons(sheet: Sheet) -> list[SheetLesson]:
    """The week's own lessons: a make-up has a place on the register's page, and none on paper (C5)."""
    return [lesson for lesson in sheet.lessons if not lesson.is_make_up]


def lines_of(allocation: Allocation, sheets: Iterable[Sheet]) -> list[PaperLine]:
    """The rows that these weeks have between them, in the teacher's own order."""
    lessons: dict[int, dict[int, SheetPupil]] = {}
    known: dict[int, SheetLesson] = {}
    for sheet in sheets:
        for lesson in [*own_lessons(sheet), *sheet.not_due]:
            known[lesson.lesson_pk] = lesson
            pupils = lessons.setdefault(lesson.lesson_pk, {})
            pupils |= {pupil.place_pk: pupil for pupil in lesson.pupils}
    order = [pk for pk in allocation.lessons.order_by("position", "pk").values_list("pk", flat=True) if pk in known]
    return [line for pk in order for line in _lines(known[pk], lessons[pk].values())]


def _lines(lesson: SheetLesson, pupils: Iterable[SheetPupil]) -> list[PaperLine]:
    words = f"{lesson.label}, {lesson.kind.label.lower()}, {lesson.minutes} min"
    if lesson.is_programme:
        return [PaperLine(lesson.lesson_pk, None, lesson.label, f"{lesson.class_size} in the class", is_class=True)]
    by_name = sorted(pupils, key=lambda pupil: (pupil.name, pupil.place_pk))
    rows = [PaperLine(lesson.lesson_pk, pupil.place_pk, pupil.name, words) for pupil in by_name]
    whole = PaperLine(lesson.lesson_pk, None, "All of the group", words)
    return [whole, *rows] if len(rows) > 1 else rows


def is_preset(sheet: Sheet, lesson: SheetLesson) -> bool:
    """Whether the paper is taken to say what was planned unless it says otherwise: in past weeks, where it was due."""
    return sheet.week < Week.current() and not sheet.is_spare and sheet.there != There.NONE and lesson.is_due
