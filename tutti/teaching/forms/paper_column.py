"""One week's column of a register that was kept on paper, as the page shows it (H9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tutti.core.calendar import Week
from tutti.teaching.forms.register import MOST_PUPILS
from tutti.teaching.forms.typed_week import HERE, PRESET, pack, shown_values
from tutti.teaching.models.paper_register import PaperLine, own_lessons
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import There
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.sheet_parts import SheetLesson, SheetPupil

Option = tuple[str, str]


@dataclass(slots=True)
class PaperCell:
    """One box: a choice with its options, a number, or only `text` where nothing is to be typed."""

    line: PaperLine
    name: str = ""
    value: str = ""
    error: str = ""
    text: str = ""
    options: list[Option] = field(default_factory=list)
    count: str | None = None
    count_name: str = ""
    doubtful: str = ""

    @property
    def sure_name(self) -> str:
        """Of the tick that a count above the class size was meant."""
        return self.count_name.replace("count-", "sure-", 1)


class PaperColumn:
    """A week as the page shows it; with `data` as it was typed, with its errors."""

    def __init__(
        self, sheet: Sheet, lines: Iterable[PaperLine], data: Mapping[str, str] | None, errors: Mapping[str, str]
    ) -> None:
        self.sheet, self.week, self._data, self._errors = sheet, sheet.week, data, errors
        self._shown = shown_values(sheet)
        self.was = data.get(f"was-{self.week}", "") if data else pack(self._shown)
        self._words = _words_of(sheet.reasons)
        self._lessons = {lesson.lesson_pk: lesson for lesson in own_lessons(sheet)}
        self.cells = [self._cell(line) for line in lines]

    @property
    def is_open(self) -> bool:
        return bool(self.sheet.lessons) and not self.sheet.is_confirmed

    @property
    def note(self) -> str:
        """What kind of week it is, in a word or two."""
        if self.sheet.closed:
            return "school closed"
        if self.sheet.lesson_number is None:
            return "spare"
        return f"lesson {self.sheet.lesson_number}" if self.sheet.lessons else "nothing due"

    @property
    def error(self) -> str:
        return self._errors.get(f"week-{self.week}", "")

    @property
    def there(self) -> PaperCell:
        """Was the teacher there, and why not."""
        options = [("", "Yes"), *self._options(reason for reason in self.sheet.reasons if reason.for_lesson)]
        name = f"there-{self.week}"
        return PaperCell(
            PaperLine(0, None, "Teacher there?", ""),
            name,
            self._value("there"),
            self._errors.get(name, ""),
            self._absence,
            options,
        )

    @property
    def is_ticked(self) -> bool:
        """Past lesson weeks are confirmed unless one says otherwise; the running one and spare ones are not."""
        if self._data:
            return self._data.get(f"confirm-{self.week}") == "yes"
        return self.week < Week.current() and not self.sheet.is_spare

    @property
    def _absence(self) -> str:
        if self.sheet.there == There.NONE and self.sheet.register and self.sheet.register.reason_id:
            return self._words[self.sheet.register.reason_id]
        return "Yes"

    def _value(self, key: str) -> str:
        if self._data:
            return self._data.get(f"{key}-{self.week}", "")
        return self._shown.get(key, "").removeprefix(PRESET)

    def _options(self, reasons: Iterable[Reason]) -> list[Option]:
        return [(str(reason.pk), self._words[reason.pk]) for reason in reasons]

    def _cell(self, line: PaperLine) -> PaperCell:
        lesson = self._lessons.get(line.lesson_pk)
        pupil = next((p for p in lesson.pupils if p.place_pk == line.place_pk), None) if lesson else None
        if lesson is None or (line.place_pk and pupil is None):
            return PaperCell(line, text="–")
        if self.sheet.is_confirmed:
            return PaperCell(line, text=self._recorded(lesson, pupil))
        if pupil:
            return self._mark(line, lesson)
        return self._class(line, lesson) if line.is_class else self._group(line)

    def _recorded(self, lesson: SheetLesson, pupil: SheetPupil | None) -> str:
        """What stands there and cannot be typed over."""
        reason = pupil.reason if pupil else lesson.reason
        if reason:
            return "Here" if reason == self.sheet.present else self._words[reason.pk]
        return str(lesson.head_count) if lesson.is_programme and lesson.head_count is not None else ""

    def _mark(self, line: PaperLine, lesson: SheetLesson) -> PaperCell:
        present = self.sheet.present
        is_alone = len(lesson.pupils) == 1
        reasons = [r for r in self.sheet.reasons if r != present and (r.for_pupil or is_alone)]
        return self._choice(line, f"mark-{line.place_pk}", [("", ""), (HERE, "Here"), *self._options(reasons)])

    def _group(self, line: PaperLine) -> PaperCell:
        options = self._options(reason for reason in self.sheet.reasons if reason.for_lesson)
        return self._choice(line, f"group-{line.lesson_pk}", [("", "Given"), *options])

    def _class(self, line: PaperLine, lesson: SheetLesson) -> PaperCell:
        cell = self._group(line)
        key = f"count-{line.lesson_pk}"
        cell.count, cell.count_name = self._value(key), f"{key}-{self.week}"
        cell.error = cell.error or self._errors.get(cell.count_name, "")
        is_number = cell.count.isdecimal() and len(cell.count) < 4
        is_many = is_number and (lesson.class_size or MOST_PUPILS) < int(cell.count) <= MOST_PUPILS
        cell.doubtful = cell.count if cell.error and is_many else ""
        return cell

    def _choice(self, line: PaperLine, key: str, options: list[Option]) -> PaperCell:
        name = f"{key}-{self.week}"
        return PaperCell(line, name, self._value(key), self._errors.get(name, ""), options=options)


def _words_of(reasons: Iterable[Reason]) -> dict[int, str]:
    """The word on the paper; where two have the same one, what each means as well."""
    reasons = list(reasons)
    many = Counter(reason.short for reason in reasons)
    return {r.pk: r.short if many[r.short] == 1 else f"{r.short}: {r.name}" for r in reasons}
