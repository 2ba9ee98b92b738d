"""A line of a month as the school reads it: what it is asked about when it looks wrong (S5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tutti.core.calendar import Week, next_month
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.summary_words import LessonWords, PupilWords, Told


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A lesson's or a pupil's line. `words` never hold the pupil's name: that is `name`, and comes from the pupil."""

    key: str
    words: str
    name: str = ""
    pupil_pk: int | None = None
    lesson_pk: int | None = None
    instrument: str = ""

    @property
    def whole(self) -> str:
        return f"{self.name}, {self.words}" if self.name else self.words

    def lesson_in(self, summary: Any) -> Lesson | None:
        """The lesson behind it: a pupil's is the one they last had in this instrument by the end of the month."""
        own = Lesson.objects.filter(allocation__school=summary.school_id)
        if self.lesson_pk:
            return own.filter(pk=self.lesson_pk).first()
        last = Week.of(next_month(summary.month) - timedelta(days=1))
        begun = own.filter(places__pupil=self.pupil_pk, places__from_week__lte=last)
        return begun.filter(instrument=self.instrument).order_by("-places__from_week", "-pk").first()


def line_of(told: Told, key: str) -> ToldLine | None:
    """The line of this key, None if the month has none."""
    lessons = (_lesson(row) for table in told["tables"] for row in table["rows"])
    pupils = (_pupil(row) for row in told["pupils"])
    return next((line for rows in (lessons, pupils) for line in rows if line.key == key), None)


def _lesson(row: LessonWords) -> ToldLine:
    words = f"{row['title']}, {row['shape']}: {row['given']} of {row['due']} given"
    notes = "; ".join(note["words"] for note in row["notes"])
    return ToldLine(row["line"], f"{words}. {notes}"[:300] if notes else words[:300], lesson_pk=row["lesson"])


def _pupil(row: PupilWords) -> ToldLine:
    cells = ", ".join(f"{cell['column']} {cell['word'].replace('✓', 'here')}" for cell in row["cells"] if cell["word"])
    words = f"{row['instrument']}: {cells}. Due {row['due']}, had {row['had']}, missed {row['missed']}"
    words = f"{words}, owed {row['owed']}"[:300]
    return ToldLine(row["line"], words, row["name"], row["pupil"], None, row["instrument"])
