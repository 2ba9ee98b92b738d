"""What a sent page says of one week that was kept on paper: only what differs from what it showed is a change (R9)."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from tutti.core.calendar import spell_weeks
from tutti.teaching.forms.register import MOST_PUPILS
from tutti.teaching.models.paper_register import TypedWeek, is_preset, own_lessons
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import There
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.sheet_parts import SheetLesson, SheetPupil

HERE, PRESET = "here", "+"


def shown_values(sheet: Sheet) -> dict[str, str]:
    """The value of each box; one that is filled in as planned and not marked yet begins with a plus."""
    is_away = sheet.there == There.NONE and sheet.register and sheet.register.reason_id
    found = {"there": str(sheet.register.reason_id) if is_away and sheet.register else ""}
    for lesson in own_lessons(sheet):
        preset = is_preset(sheet, lesson) and lesson.given is None
        if lesson.is_programme or len(lesson.pupils) > 1:
            found[f"group-{lesson.lesson_pk}"] = str(lesson.reason.pk) if lesson.reason else ""
        if lesson.is_programme:
            many = lesson.head_count
            planned = f"{PRESET}{lesson.class_size}" if preset else ""
            found[f"count-{lesson.lesson_pk}"] = planned if many is None else str(many)
        for pupil in lesson.pupils:
            planned = f"{PRESET}{HERE}" if preset else ""
            found[f"mark-{pupil.place_pk}"] = _spell(pupil.reason, sheet) if pupil.reason else planned
    return found


def read_column(sheet: Sheet, data: Mapping[str, str]) -> TypedWeek | None:
    """What a sent page says of a week, or None where it says nothing new. ValidationError by field."""
    reader = _Reader(sheet, data, _taken_apart(data.get(f"was-{sheet.week}", "")))
    typed = reader.read()
    if reader.errors:
        raise ValidationError(reader.errors)
    return typed if typed.confirm or reader.is_changed else None


def says_the_same(sheet: Sheet, data: Mapping[str, str]) -> bool:
    """Whether a page that was sent says nothing else than what stands there."""
    now = {key: value.removeprefix(PRESET) for key, value in shown_values(sheet).items()}
    reader = _Reader(sheet, data, now)
    reader.read()
    return not reader.is_changed and not reader.errors


class _Reader:
    """Takes a week's boxes apart. `is_changed`: something differs from what was shown, not only filled in."""

    def __init__(self, sheet: Sheet, data: Mapping[str, str], was: Mapping[str, str]) -> None:
        self.sheet, self.data, self.was = sheet, data, was
        self.typed = TypedWeek(confirm=data.get(f"confirm-{sheet.week}") == "yes")
        self.errors: dict[str, str] = {}
        self.is_changed = False

    def read(self) -> TypedWeek:
        absent, was = self._get("there"), self.was.get("there", "")
        if absent:
            if absent != was:
                self.is_changed, self.typed.absent = True, self._reason("there", absent)
            return self.typed
        self.typed.is_there_after_all = bool(was)
        for lesson in own_lessons(self.sheet):
            if lesson.is_programme:
                self._read_class(lesson)
            else:
                self._read_lesson(lesson)
        self.is_changed = self.is_changed or bool(was)
        return self.typed

    def _get(self, key: str) -> str:
        return self.data.get(f"{key}-{self.sheet.week}", "").strip()

    def _wrong(self, key: str, words: str) -> None:
        self.errors[f"{key}-{self.sheet.week}"] = f"{words} Week of {spell_weeks([self.sheet.week])}."

    def _reason(self, key: str, value: str) -> Reason | None:
        try:
            return self.sheet.present if value == HERE else self.sheet.reason(value)
        except ValidationError as error:
            self._wrong(key, error.messages[0])
            return None

    def _strike(self, lesson: SheetLesson) -> bool:
        """Whether the lesson as a whole was not given; a change of that is taken down."""
        key = f"group-{lesson.lesson_pk}"
        why, was = self._get(key), self.was.get(key, "")
        if why != was:
            self.is_changed = True
            self.typed.given[lesson.lesson_pk] = self._reason(key, why) if why else None
        return bool(why)

    def _read_lesson(self, lesson: SheetLesson) -> None:
        is_struck = self._strike(lesson)
        anew = self.typed.is_there_after_all or lesson.lesson_pk in self.typed.given
        for pupil in lesson.pupils:
            value = self._get(f"mark-{pupil.place_pk}")
            if not is_struck or value not in ("", HERE):
                self._read_mark(lesson, pupil, value, anew and not is_struck)

    def _read_mark(self, lesson: SheetLesson, pupil: SheetPupil, value: str, anew: bool) -> None:
        """`anew`: what the box shows is to be recorded, changed or not: what stood behind it is gone."""
        key = f"mark-{pupil.place_pk}"
        was = self.was.get(key, "")
        if not value:
            if was or (self.typed.confirm and not self.sheet.is_spare):
                self._wrong(key, f"Was {pupil.name} here, or why not?")
        elif was == f"{PRESET}{value}" and not anew:
            if pupil.reason is None:
                self.typed.marks[pupil.place_pk] = self.sheet.present
        elif value != was or anew:
            self.is_changed = True
            self._take(lesson, pupil, self._reason(key, value))

    def _take(self, lesson: SheetLesson, pupil: SheetPupil, reason: Reason | None) -> None:
        """A lone pupil's box may say why the lesson was not given."""
        if reason and len(lesson.pupils) == 1 and reason.for_lesson and not reason.for_pupil:
            self.typed.given[lesson.lesson_pk] = reason
        elif reason:
            if len(lesson.pupils) == 1 and lesson.given is False:
                self.typed.given[lesson.lesson_pk] = None
            self.typed.marks[pupil.place_pk] = reason

    def _read_class(self, lesson: SheetLesson) -> None:
        if self._strike(lesson):
            return
        pk, key = lesson.lesson_pk, f"count-{lesson.lesson_pk}"
        many, was = self._get(key), self.was.get(key, "")
        anew = self.typed.is_there_after_all or pk in self.typed.given
        if not many:
            if was or anew or (self.typed.confirm and not self.sheet.is_spare):
                self._wrong(key, f"How many took part in {lesson.label}, or why was it not given?")
        elif was == f"{PRESET}{many}" and _is_count(many) and not anew:
            if lesson.given is None:
                self.typed.counts[pk] = int(many)
        elif many != was or anew:
            self.is_changed = True
            self._count(lesson, key, many)

    def _count(self, lesson: SheetLesson, key: str, many: str) -> None:
        size = lesson.class_size or MOST_PUPILS
        if not _is_count(many):
            self._wrong(key, f"How many took part must be a number from 0 to {MOST_PUPILS}.")
        elif int(many) > size and self._get(f"sure-{lesson.lesson_pk}") != many:
            self._wrong(key, f"There are {size} in the class. Were there really {many}?")
        else:
            self.typed.given.pop(lesson.lesson_pk, None)  # a number says that it was given
            self.typed.counts[lesson.lesson_pk] = int(many)


def _is_count(typed: str) -> bool:
    return typed.isdecimal() and len(typed) < 5 and int(typed) <= MOST_PUPILS


def _spell(reason: Reason, sheet: Sheet) -> str:
    return HERE if reason == sheet.present else str(reason.pk)


def pack(values: Mapping[str, str]) -> str:
    return " ".join(f"{key}:{value}" for key, value in values.items() if value)


def _taken_apart(words: str) -> dict[str, str]:
    return {key: value for key, _, value in (word.partition(":") for word in words.split())}
