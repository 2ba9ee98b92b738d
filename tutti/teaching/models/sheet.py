"""The sheet of a register: its lessons and pupils in one week, and the verbs that record them (H5, H6, R3 to R9).

A sheet is opened for writing inside a transaction, which holds its register: two people or two tabs write one after
the other, and each changes only what it was told to change (R9).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError

from tutti.core import history
from tutti.core.calendar import Week
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.reason import PRESENT, Reason
from tutti.teaching.models.register import Register, There
from tutti.teaching.models.sheet_rows import (
    SheetLesson,
    SheetPupil,
    find_allocation,
    read_lessons,
    read_reasons,
)
from tutti.teaching.models.sheet_writing import spell, write_rows


class Sheet:
    """One register as it lies open. `lessons` are those due this week (in a spare week all, none of them expected);
    `not_due` are the others (P6)."""

    def __init__(self, allocation: Allocation, week: Week, weeks: Collection[TeachingWeek] = ()) -> None:
        self.allocation, self.week, self.weeks = allocation, week, weeks
        self.register: Register | None = getattr(allocation, "week_register", None)  # not set where there is none
        self.week_number: int = allocation.week_number  # type: ignore[attr-defined]
        self.closed: str = allocation.closed  # type: ignore[attr-defined]
        self.lesson_number: int | None = None if self.closed else allocation.lesson_number  # type: ignore[attr-defined]
        self.reasons = read_reasons(allocation.service_id, week)
        lessons = read_lessons(allocation, week, self._weeks_so_far(), self.reasons)
        self.lessons = [lesson for lesson in lessons if self._takes_place(lesson)]
        self.not_due = [lesson for lesson in lessons if not self._takes_place(lesson)]

    @classmethod
    def open(cls, member: Any, allocation_pk: int, week: Week) -> Sheet | None:
        """For reading, with the year's weeks for its sums; None if there is no such register for this member."""
        allocation = find_allocation(member, allocation_pk, week)
        return cls(allocation, week, list(allocation.year.weeks.all())) if allocation else None

    @classmethod
    def open_to_write(cls, member: Any, allocation_pk: int, week: Week) -> Sheet | None:
        """For writing, inside a transaction; the register is begun and held. Without the year's sums."""
        allocation = find_allocation(member, allocation_pk, week)
        if allocation is None:
            return None
        known = getattr(allocation, "week_register", None)
        allocation.week_register = Register.hold(allocation.service_id, allocation.pk, week, known)  # type: ignore[attr-defined]
        allocation.week_register.allocation = allocation  # type: ignore[attr-defined]
        return cls(allocation, week)

    def _weeks_so_far(self) -> list[tuple[Week, int | None]]:
        """The weeks that the sums run over: those before this one, and this one once it is confirmed. Their lesson
        numbers say when lessons were due: in a spare week and where the school was closed none was (W2, W4)."""
        if not self.weeks:
            return []
        until = self.week if self.is_confirmed else self.week - 1
        closed = set(self.allocation.school.closures.values_list("week", flat=True))
        return [(w.monday, None if w.monday in closed else w.lesson_number) for w in self.weeks if w.monday <= until]

    def _takes_place(self, lesson: SheetLesson) -> bool:
        """Due (or free to be given in a spare week), with somebody in it."""
        return (lesson.is_due or self.is_spare) and (lesson.is_programme or bool(lesson.pupils))

    # questions

    @property
    def is_spare(self) -> bool:
        return self.lesson_number is None

    @property
    def is_confirmed(self) -> bool:
        return self.register is not None and self.register.is_confirmed

    @property
    def there(self) -> str:
        return self.register.there if self.register else ""

    @property
    def pupils(self) -> list[SheetPupil]:
        return [pupil for lesson in self.lessons for pupil in lesson.pupils]

    @property
    def marked(self) -> list[SheetLesson]:
        return [lesson for lesson in self.lessons if lesson.is_marked]

    @property
    def unmarked(self) -> list[SheetLesson]:
        return [lesson for lesson in self.lessons if not lesson.is_marked]

    @property
    def is_complete(self) -> bool:
        return bool(self.lessons) and (bool(self.marked) if self.is_spare else not self.unmarked)

    @property
    def is_filled(self) -> bool:
        """Something stands as "All as planned" put it."""
        return any(lesson.is_filled or any(p.is_filled for p in lesson.pupils) for lesson in self.lessons)

    @property
    def given(self) -> list[SheetLesson]:
        return [lesson for lesson in self.lessons if lesson.was_given]

    @property
    def minutes_given(self) -> int:
        return sum(lesson.minutes for lesson in self.given)

    @property
    def here(self) -> int:
        """How many pupils had their lesson."""
        return sum(1 for pupil in self.pupils if pupil.reason and pupil.reason.is_here)

    @property
    def away(self) -> int:
        return sum(1 for pupil in self.pupils if pupil.reason and not pupil.reason.is_here)

    def reason(self, pk: int | str | None) -> Reason:
        """The reason that may be chosen this week. ValidationError for any other."""
        for reason in self.reasons:
            if str(reason.pk) == str(pk):
                return reason
        raise ValidationError("Choose a reason from the list.")

    @property
    def present(self) -> Reason:
        return next(reason for reason in self.reasons if reason.code == PRESENT)

    # verbs

    def fill_as_planned(self, by: Any) -> None:
        """Mark what is not marked yet as it was planned: lessons given, pupils here, the whole class (R4)."""
        register = self._open()
        lines, marks = [], []
        for lesson in self.unmarked:
            if lesson.is_programme:
                lesson.given, lesson.head_count, lesson.is_filled = True, lesson.class_size, True
            lines.append(lesson)
            marks += [(lesson, pupil) for pupil in lesson.pupils if pupil.reason is None]
        for _, pupil in marks:
            pupil.reason, pupil.is_filled = self.present, True
        write_rows(register, lines, marks)
        self._set(register, there=register.there or There.ALL)
        history.record("filled as planned", register, by, after={"pupils": len(marks), "lessons": len(lines)})

    def undo_fill(self, by: Any) -> None:
        """Take back what "All as planned" filled and nobody touched since (R4)."""
        register = self._open()
        Mark.objects.filter(line__register=register, is_filled=True).delete()
        filled = Line.objects.filter(register=register, is_filled=True)
        filled.update(given=None, head_count=None, is_filled=False)
        history.record("undid all as planned", register, by)

    def record(
        self, by: Any, marks: dict[int, Reason], counts: dict[int, int], given: dict[int, Reason | None]
    ) -> None:
        """Write a whole page of changes at once: reasons by place, head counts by lesson, and lessons struck out with
        a reason (or None: given after all). Nothing else on the register is touched (R9)."""
        register = self._open()
        for lesson in self.lessons:
            if lesson.lesson_pk in given:
                self._strike(lesson, given[lesson.lesson_pk])
            if lesson.lesson_pk in counts:
                lesson.given, lesson.reason, lesson.is_filled = True, None, False
                lesson.head_count = counts[lesson.lesson_pk]
            for pupil in lesson.pupils:
                if pupil.place_pk in marks:
                    self._mark(lesson, pupil, marks[pupil.place_pk])
        changed = [x for x in self.lessons if x.lesson_pk in given or x.lesson_pk in counts or self._has(x, marks)]
        cleared = [p.place_pk for x in changed for p in x.pupils if p.reason is None and not x.is_marked]
        Mark.objects.filter(line__register=register, place__in=cleared).delete()
        touched = [
            (x, p) for x in changed for p in x.pupils if p.reason and (p.place_pk in marks or x.lesson_pk in given)
        ]
        write_rows(register, changed, touched)
        history.record("marked", register, by, after=spell(touched, changed))

    def set_there(self, by: Any, there: str, reason: Reason | None = None) -> None:
        """Were you there? "No" strikes out every lesson for one reason; "Yes" takes that back (H5, R3)."""
        register = self._open()
        if there == There.NONE and reason is None:
            raise ValidationError("Say why you were not there.")
        before = {"there": register.there, "reason": register.reason_id}
        changed = [lesson for lesson in self.lessons if there == There.NONE or self._fell_with_the_week(lesson)]
        for lesson in changed:
            self._strike(lesson, reason if there == There.NONE else None)
        cleared = [pupil.place_pk for lesson in changed for pupil in lesson.pupils if pupil.reason is None]
        Mark.objects.filter(line__register=register, place__in=cleared).delete()
        write_rows(
            register, changed, [(lesson, pupil) for lesson in changed for pupil in lesson.pupils if pupil.reason]
        )
        self._set(register, there=there, reason=reason if there == There.NONE else None)
        after = {"there": there, "reason": reason.pk if reason else None}
        history.record("said whether they were there", register, by, before=before, after=after)

    def set_minutes(self, by: Any, lesson_pk: int, minutes: int) -> None:
        """This week's minutes of one lesson; the lesson itself keeps its own (P7)."""
        lesson = self.lesson(lesson_pk)
        register, before = self._open(), lesson.minutes
        lesson.minutes = minutes
        write_rows(register, [lesson], [])
        history.record("changed the minutes", register, by, before={"minutes": before}, after={"minutes": minutes})

    def set_note(self, by: Any, note: str) -> None:
        history.change(self._open(), "wrote a note", by, note=note)

    def confirm(self, by: Any) -> None:
        """Confirm the week: from now on it counts (R5). ValidationError if it is to come or not complete (R6)."""
        if self.week.is_future:
            raise ValidationError("This week has not begun. You can mark what you know already and confirm it then.")
        if not self.is_complete:
            raise ValidationError(
                f"{_lessons(len(self.unmarked))} not marked yet." if self.lessons else "Nothing is due."
            )
        register = self._open()
        for lesson in self.marked:
            lesson.given = lesson.was_given
        write_rows(register, self.marked, [])
        struck = [lesson for lesson in self.marked if not lesson.given and lesson.reason]
        there = There.NONE if len(struck) == len(self.marked) else There.PART if struck else There.ALL
        reason = register.reason if there == There.NONE else None
        self._set(register, there=there, reason=reason, confirmed_by=by)
        figures = {"given": len(self.given), "minutes": self.minutes_given, "here": self.here, "not_here": self.away}
        history.record("confirmed", register, by, after=figures)

    def reopen(self, by: Any) -> None:
        """Take the confirmation back, to change something (R4)."""
        if self.register and self.is_confirmed:
            settled = Line.objects.filter(register=self.register, reason=None, lesson__is_programme=False)
            settled.update(given=None)  # follows from the marks again, until it is confirmed anew
            self._set(self.register, confirmed_by=None)
            history.record("took the confirmation back", self.register, by)

    def lesson(self, lesson_pk: int) -> SheetLesson:
        """One lesson of this week. ValidationError if it is not on the sheet."""
        for lesson in self.lessons:
            if lesson.lesson_pk == lesson_pk:
                return lesson
        raise ValidationError("This lesson is not due in this week.")

    # how rows are written

    def _open(self) -> Register:
        """The register to write to. ValidationError if it is confirmed."""
        if self.is_confirmed:
            raise ValidationError("This week is confirmed. Choose “Change it again” first.")
        assert self.register, "opened for reading"
        return self.register

    def _mark(self, lesson: SheetLesson, pupil: SheetPupil, reason: Reason) -> None:
        pupil.reason, pupil.is_filled = reason, False
        if reason.is_here and lesson.given is False:
            lesson.given, lesson.reason = None, None

    def _strike(self, lesson: SheetLesson, reason: Reason | None) -> None:
        """Not given for a reason, which every pupil without one of their own gets too; or given after all."""
        old = lesson.reason
        lesson.given, lesson.reason, lesson.is_filled = (None if reason is None else False), reason, False
        lesson.head_count = None
        for pupil in lesson.pupils:
            if reason is None:
                pupil.reason = None if pupil.reason == old else pupil.reason
            elif pupil.reason is None or pupil.reason.is_here or pupil.reason == old:
                pupil.reason, pupil.is_filled = reason, False

    def _fell_with_the_week(self, lesson: SheetLesson) -> bool:
        struck_with = self.register.reason_id if self.register else None
        return lesson.given is False and lesson.reason is not None and lesson.reason.pk == struck_with

    def _has(self, lesson: SheetLesson, marks: dict[int, Reason]) -> bool:
        return any(pupil.place_pk in marks for pupil in lesson.pupils)

    def _set(self, register: Register, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(register, name, value)
        register.save(update_fields=list(fields))


def _lessons(many: int) -> str:
    return "1 lesson is" if many == 1 else f"{many} lessons are"
