"""What a page of the register says: only what differs from what it showed is a change (R9)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.http import QueryDict

from tutti.teaching.models.lesson import LONGEST, SHORTEST
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.sheet_parts import Key, SheetLesson, SheetPupil

MOST_PUPILS = 400


def _is_small_number(typed: str) -> bool:
    return typed.isdecimal() and len(typed) < 5


@dataclass(slots=True)
class RegisterForm:
    """Reads a posted register. Errors are kept by field, with what was typed; the rest is still good to record."""

    sheet: Sheet
    data: QueryDict
    errors: dict[str, str] = field(default_factory=dict)
    marks: dict[Key, Reason] = field(default_factory=dict)
    counts: dict[Key, int] = field(default_factory=dict)
    given: dict[Key, Reason | None] = field(default_factory=dict)
    minutes: dict[Key, int] = field(default_factory=dict)
    doubtful: dict[Key, int] = field(default_factory=dict)
    alone: dict[Key, bool] = field(default_factory=dict)

    def read(self) -> RegisterForm:
        for lesson in self.sheet.lessons:
            self._read_given(lesson)
            self._read_minutes(lesson)
            self._read_alone(lesson)
            is_struck = self.given.get(lesson.key) is not None
            for pupil in lesson.pupils:
                self._read_mark(pupil, is_struck)
        return self

    def ask_for_marks(self) -> None:
        """A lesson that was given after all needs to know of each pupil who was not marked by themself."""
        for lesson in self.sheet.lessons:
            if self.given.get(lesson.key, lesson) is None:
                for pupil in lesson.pupils:
                    if pupil.key not in self.marks and pupil.reason in (None, lesson.reason):
                        self.errors[f"mark-{pupil.key}"] = f"Say whether {pupil.first_name} was here."

    @property
    def says_something(self) -> bool:
        return bool(self.marks or self.counts or self.given)

    @property
    def missed(self) -> list[Key]:
        """The lessons ticked as missed."""
        ticked = set(self.data.getlist("missed"))
        return [lesson.key for lesson in self.sheet.lessons if str(lesson.key) in ticked]

    def _read_alone(self, lesson: SheetLesson) -> None:
        """Whether the second teacher was away (R8); a box that is not ticked sends nothing."""
        was = self.data.get(f"was-alone-{lesson.key}")
        now = self.data.get(f"alone-{lesson.key}", "")
        if was is not None and now != was:
            self.alone[lesson.key] = bool(now)

    def lay_on(self, sheet: Sheet) -> None:
        """Put what was typed on the sheet as it is shown again: nothing that was typed is lost."""
        for lesson in sheet.lessons:
            if lesson.key in self.given:
                lesson.strike(self.given[lesson.key])
            lesson.minutes = self.minutes.get(lesson.key, lesson.minutes)
            if lesson.key in self.counts:
                lesson.given, lesson.head_count = True, self.counts[lesson.key]
            for pupil in lesson.pupils:
                pupil.reason = self.marks.get(pupil.key, pupil.reason)

    def _read_mark(self, pupil: SheetPupil, is_struck: bool) -> None:
        """Not here needs a reason, unless the lesson has one that is theirs too."""
        mark, why = self.data.get(f"mark-{pupil.key}"), self.data.get(f"why-{pupil.key}")
        if mark == "here":
            chosen = "here"
        elif mark == "away" and why:
            chosen = why
        else:
            if mark == "away" and not is_struck and self.data.get(f"was-{pupil.key}", "") in ("", "here"):
                self.errors[f"mark-{pupil.key}"] = f"Say why {pupil.first_name} was not here."
            return
        if chosen != self.data.get(f"was-{pupil.key}", ""):
            self._take(f"mark-{pupil.key}", pupil.key, chosen)

    def _take(self, name: str, key: Key, chosen: str) -> None:
        try:
            self.marks[key] = self.sheet.present if chosen == "here" else self.sheet.reason(chosen)
        except ValidationError as error:
            self.errors[name] = error.messages[0]

    def _read_given(self, lesson: SheetLesson) -> None:
        """Given or not; a programme also says how many took part (P8)."""
        pk = lesson.key
        answer, why = self.data.get(f"given-{pk}"), self.data.get(f"struck-{pk}")
        was = self.data.get(f"was-given-{pk}", "")
        if strike := self.data.get(f"strike-{pk}"):
            self._strike(lesson, strike)
        elif answer == "no" and why and why != was:
            self._strike(lesson, why)
        elif answer == "no" and not why:
            self.errors[f"given-{pk}"] = f"Say why {lesson.label} was not given."
        elif answer == "yes" and lesson.is_programme and (was != "yes" or self._changes_count(pk)):
            self._read_count(lesson)
        elif answer == "yes" and not lesson.is_programme and was not in ("", "yes"):
            self.given[pk] = None

    def _strike(self, lesson: SheetLesson, why: str) -> None:
        try:
            self.given[lesson.key] = self.sheet.reason(why)
        except ValidationError as error:
            self.errors[f"given-{lesson.key}"] = error.messages[0]

    def _changes_count(self, pk: Key) -> bool:
        typed, was = self.data.get(f"count-{pk}", "").strip(), self.data.get(f"was-count-{pk}")
        return typed != was or str(pk) in (self.data.get("more"), self.data.get("less"))

    def _read_count(self, lesson: SheetLesson) -> None:
        pk, name = lesson.key, f"count-{lesson.key}"
        typed = self.data.get(name, "").strip() or str(lesson.class_size or "")
        if not _is_small_number(typed) or int(typed) > MOST_PUPILS:
            self.errors[name] = f"How many took part must be a number from 0 to {MOST_PUPILS}."
            return
        step = (self.data.get("more") == str(pk)) - (self.data.get("less") == str(pk))
        count = max(0, int(typed) + step)
        if lesson.class_size and count > lesson.class_size and self.data.get(f"sure-{pk}") != str(count):
            self.errors[name] = f"There are {lesson.class_size} in the class. Were there really {count}?"
            self.doubtful[pk] = count
        elif lesson.given is not True or count != lesson.head_count:
            self.counts[pk] = count

    def _read_minutes(self, lesson: SheetLesson) -> None:
        name = f"minutes-{lesson.key}"
        typed = self.data.get(name, "").strip()
        if typed in ("", str(lesson.minutes), self.data.get(f"was-minutes-{lesson.key}")):
            return
        if _is_small_number(typed) and SHORTEST <= int(typed) <= LONGEST:
            self.minutes[lesson.key] = int(typed)
        else:
            self.errors[name] = f"Minutes must be a number from {SHORTEST} to {LONGEST}."
