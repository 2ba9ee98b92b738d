"""The sheet of a register: its lessons and pupils in one week, and the verbs that record them (H5, H6, R3 to R9).

A sheet is opened for writing inside a transaction, which holds its register: two people or two tabs write one after
the other, and each changes only what it was told to change (R9).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from tutti.core import history
from tutti.core.calendar import Week
from tutti.core.templatetags.tutti import counted
from tutti.people.roles import Permission
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.make_up import read_make_ups
from tutti.teaching.models.reason import PRESENT, Reason
from tutti.teaching.models.register import Register, There, said_there
from tutti.teaching.models.sheet_known import lay_known, read_reasons
from tutti.teaching.models.sheet_parts import Key, Marks, SheetLesson, SheetPupil
from tutti.teaching.models.sheet_rows import Past, find_allocation, read_lessons, read_past
from tutti.teaching.models.sheet_writing import change_rows, clear_marks, settle, spell, write_rows

CONFIRMED = "This week is confirmed. Choose “Change it again” first."
LOCKED = "This month is locked. What was recorded in it changes by a correction only."


class Sheet:
    """One register as it lies open. `lessons` are those due this week (in a spare week all, none of them expected) and
    make-ups; `not_due` are the others (P6). Who covers single lessons sees those only (R7)."""

    def __init__(self, allocation: Allocation, week: Week, member: Any, past: Past | None = None) -> None:
        self.allocation, self.week, self.member = allocation, week, member
        self.register: Register | None = getattr(allocation, "week_register", None)  # not set where there is none
        self.week_number: int = allocation.week_number  # type: ignore[attr-defined]
        self.closed: str = allocation.closed  # type: ignore[attr-defined]
        self.is_locked: bool = allocation.is_locked  # type: ignore[attr-defined]
        self.lesson_number: int | None = None if self.closed else allocation.lesson_number  # type: ignore[attr-defined]
        self.reasons, known = read_reasons(allocation, week)
        found = read_lessons(allocation, week, past or Past(), self.reasons)
        if allocation.has_make_ups:  # type: ignore[attr-defined]
            found += read_make_ups(self.register, week, self.reasons, found)
        lay_known(found, known, week)
        shown = [lesson for lesson in found if self.is_whole or self._is_covered_by(lesson)]
        self.lessons = [lesson for lesson in shown if self._takes_place(lesson)]
        self.not_due = [lesson for lesson in shown if not self._takes_place(lesson)]

    @classmethod
    def open(cls, member: Any, allocation_pk: int, week: Week) -> Sheet | None:
        """For reading, with the year's sums; None if there is no such register for this member."""
        allocation = find_allocation(member, allocation_pk, week)
        if allocation is None:
            return None
        known = getattr(allocation, "week_register", None)
        return cls(allocation, week, member, read_past(allocation, week, bool(known and known.is_confirmed)))

    @classmethod
    def open_to_write(cls, member: Any, allocation_pk: int, week: Week) -> Sheet | None:
        """For writing, inside a transaction; the register is begun and held. Without the year's sums."""
        allocation = find_allocation(member, allocation_pk, week)
        if allocation is None:
            return None
        known = getattr(allocation, "week_register", None)
        allocation.week_register = Register.hold(allocation.service_id, allocation.pk, week, known)  # type: ignore[attr-defined]
        allocation.week_register.allocation = allocation  # type: ignore[attr-defined]
        return cls(allocation, week, member)

    def _takes_place(self, lesson: SheetLesson) -> bool:
        """Due (or free to be given in a spare week), with somebody in it."""
        return lesson.is_make_up or ((lesson.is_due or self.is_spare) and (lesson.is_programme or bool(lesson.pupils)))

    def _is_covered_by(self, lesson: SheetLesson) -> bool:
        return lesson.covered_by is not None and lesson.covered_by[0] == self.member.pk

    # questions

    @property
    def is_own(self) -> bool:
        """The register is the member's own."""
        return self.allocation.teacher_id == self.member.pk

    @property
    def is_whole(self) -> bool:
        """All of it is open to the member: theirs, covered as a whole visit, or seen by the office."""
        is_visit = self.allocation.cover_pk == self.member.pk  # type: ignore[attr-defined]
        return self.is_own or is_visit or self.member.may(Permission.SEE_REGISTERS)

    @property
    def is_mine(self) -> bool:
        """The member records in it: their own, or one in which they cover something."""
        return self.is_own or any(self._is_covered_by(lesson) for lesson in [*self.lessons, *self.not_due])

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
        return sum(1 for pupil in self.pupils if pupil.reason) - self.here

    def reason(self, pk: int | str | None) -> Reason:
        """The reason that may be chosen this week. ValidationError for any other."""
        found = [reason for reason in self.reasons if str(reason.pk) == str(pk)]
        if not found:
            raise ValidationError("Choose a reason from the list.")
        return found[0]

    @property
    def present(self) -> Reason:
        return next(reason for reason in self.reasons if reason.code == PRESENT)

    def lesson(self, key: Key) -> SheetLesson:
        """One lesson of this week. ValidationError if it is not on the sheet."""
        found = [lesson for lesson in self.lessons if lesson.key == key]
        if not found:
            raise ValidationError("This lesson is not due in this week.")
        return found[0]

    # verbs

    def fill_as_planned(self, by: Any) -> None:
        """Mark what is not marked yet as it was planned: lessons given, pupils here, the whole class; and as it was
        known beforehand, where it was (R4, R6)."""
        register, lines = self._open(), self.unmarked
        for lesson in lines:
            lesson.fill(self.present)
        marks = [(lesson, pupil) for lesson in lines for pupil in lesson.pupils if pupil.is_filled]
        write_rows(register, lines, marks)
        self._set(register, there=register.there or (There.ALL if self.is_own else ""))
        history.record("filled as planned", register, by, after={"pupils": len(marks), "lessons": len(lines)})

    def undo_fill(self, by: Any) -> None:
        """Take back what "All as planned" filled and nobody touched since (R4)."""
        register = self._open()
        own = {"lesson__in": [lesson.lesson_pk for lesson in self.lessons]}
        filled = Line.objects.filter(register=register, is_filled=True, **own)
        Mark.objects.filter(line__register=register, is_filled=True, line__lesson__in=own["lesson__in"]).delete()
        filled.update(given=None, reason=None, head_count=None, is_filled=False)
        history.record("undid all as planned", register, by)

    def record(self, by: Any, marks: Marks, counts: Mapping[Key, int], given: Mapping[Key, Reason | None]) -> None:
        """Write a whole page of changes at once: reasons by place, head counts by lesson, and lessons struck out with
        a reason (or None: given after all). Nothing else on the register is touched (R9)."""
        register = self._open()
        changes = change_rows(register, self.lessons, marks, counts, given)
        history.record("marked", register, by, after=spell(*changes))

    def amend(
        self,
        by: Any,
        marks: Marks,
        counts: Mapping[Key, int],
        given: Mapping[Key, Reason | None],
        minutes: Mapping[Key, int],
    ) -> None:
        """Put a confirmed register right by an accepted correction: the one way past its lock (R10)."""
        assert self.register, "opened for reading"
        for key, many in minutes.items():
            self.lesson(key).minutes = many
        touched, changed = change_rows(self.register, self.lessons, marks, counts, given)
        settle(self.register, {lesson.key: lesson for lesson in [*changed, *map(self.lesson, minutes)]}.values())
        self._set(self.register, **said_there(self.register, self.marked))
        history.record("corrected", self.register, by, after=spell(touched, changed))

    def set_there(
        self, by: Any, there: str, reason: Reason | None = None, missed: Collection[Key] | None = None
    ) -> None:
        """Were you there? "No" strikes out every lesson for one reason, "Part of it" those that were missed; "Yes"
        takes that back (H5, R3). ValidationError without a reason, or for a part that is nothing."""
        register = self._open()
        if there != There.ALL and reason is None:
            raise ValidationError("Say why you were not there.")
        if there == There.PART and not missed:
            raise ValidationError("Tick the lessons that you missed.")
        before, struck = {"there": register.there, "reason": register.reason_id}, self._struck_by(there, missed or ())
        changed = [lesson for lesson in self.lessons if lesson in struck or self._fell_with_the_week(lesson)]
        for lesson in changed:
            lesson.strike(reason if lesson in struck else None)
        pupils = [(lesson, pupil) for lesson in changed for pupil in lesson.pupils]
        clear_marks(register, [pair for pair in pupils if pair[1].reason is None])
        write_rows(register, changed, [pair for pair in pupils if pair[1].reason])
        self._set(register, there=there, reason=None if there == There.ALL else reason)
        told = {"there": there, "reason": reason.pk if reason else None}
        history.record("said whether they were there", register, by, before=before, after=told)

    def set_minutes(self, by: Any, key: Key, minutes: int) -> None:
        """This week's minutes of one lesson; the lesson itself keeps its own (P7)."""
        lesson, register = self.lesson(key), self._open()
        before, lesson.minutes = lesson.minutes, minutes
        write_rows(register, [lesson], [])
        history.record("changed the minutes", register, by, before={"minutes": before}, after={"minutes": minutes})

    def set_alone(self, by: Any, key: Key, is_alone: bool) -> None:
        """Whether the second teacher of a class was not there this week (R8)."""
        lesson, register = self.lesson(key), self._open()
        lesson.is_alone = is_alone
        write_rows(register, [lesson], [])
        history.record("said who taught", register, by, after={"lesson": lesson.lesson_pk, "alone": is_alone})

    def set_note(self, by: Any, note: str) -> None:
        history.change(self._open(), "wrote a note", by, note=note)

    def confirm(self, by: Any) -> None:
        """Confirm the week: from now on it counts (R5). ValidationError if it is to come or not complete (R6), or for
        somebody who covers single lessons of it."""
        if self.week.is_future:
            raise ValidationError("This week has not begun. You can mark what you know already and confirm it then.")
        if not self.is_whole:
            raise ValidationError(f"{self.allocation.teacher} confirms the week. Your lessons are recorded.")
        if not self.is_complete:
            raise ValidationError(
                f"{counted(len(self.unmarked), 'lesson is,lessons are')} not marked yet."
                if self.lessons
                else "Nothing is due."
            )
        register = self._open()
        settle(register, self.marked)
        self._set(register, **said_there(register, self.marked), confirmed_by=by)
        figures = {"given": len(self.given), "minutes": self.minutes_given, "here": self.here, "not_here": self.away}
        history.record("confirmed", register, by, after=figures)

    def reopen(self, by: Any) -> None:
        """Take the confirmation back (R4). ValidationError once the month is locked (R10), or for single lessons."""
        if self.register and self.is_confirmed:
            if self.is_locked or not self.is_whole:
                raise ValidationError(LOCKED if self.is_locked else f"Only {self.allocation.teacher} opens it again.")
            self.register.open_again(by, "took the confirmation back")

    # how rows are written

    def _open(self) -> Register:
        """The register to write to. ValidationError if it is confirmed."""
        assert self.register, "opened for reading"
        if self.is_confirmed:
            raise ValidationError(LOCKED if self.is_locked else CONFIRMED)
        return self.register

    def _struck_by(self, there: str, missed: Collection[Key]) -> list[SheetLesson]:
        own = [lesson for lesson in self.lessons if not lesson.covered_by]
        if there == There.NONE:
            return own
        return [lesson for lesson in own if there == There.PART and lesson.key in missed]

    def _fell_with_the_week(self, lesson: SheetLesson) -> bool:
        """It was struck out with the week, or as a part of it that the teacher missed."""
        if lesson.struck_with is None or not self.register:
            return False
        is_part = self.there == There.PART and lesson.reason is not None and lesson.reason.cause == Reason.Cause.SERVICE
        return is_part or lesson.struck_with == self.register.reason_id

    def _set(self, register: Register, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(register, name, value)
        register.save(update_fields=list(fields))
