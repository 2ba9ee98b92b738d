"""What is told week by week: a lesson's lines and a pupil's cells, in the words that are kept and compared (S1, S3)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from tutti.core.calendar import Week
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.figures import CLOSED, MISSING, Cell, LineTold, Why
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.reason import PRESENT
from tutti.teaching.models.tuition import Fate, Tuition

GRAVEST = ["owed", "away", "missing", "closed", "here"]


class Weekly:
    """What became of a lesson in some weeks: in its own weeks, and what was made up in them."""

    def __init__(self, tuition: Tuition, lesson: Lesson, weeks: Iterable[TeachingWeek]) -> None:
        found = [(week.monday, tuition.fate_of_lesson(lesson, week)) for week in weeks]
        self.fates = [(week, fate) for week, fate in found if fate]
        self.make_ups = [(week, fate) for week, _ in found for fate in tuition.make_ups_of(lesson, week)]


def lines_of(tuition: Tuition, lesson: Lesson, found: Weekly) -> list[LineTold]:
    """A lesson week by week, as it is told."""
    line_of = partial(_line, tuition, lesson)
    own = [line_of(week, fate) for week, fate in found.fates]
    return [*own, *(line_of(week, fate) for week, fate in found.make_ups)]


def _line(tuition: Tuition, lesson: Lesson, week: Week, fate: Fate) -> LineTold:
    line = fate.line if fate.state == "given" else None
    reason = fate.reason
    return {
        "monday": str(week),
        "for_monday": str(fate.line.for_week if fate.line else week),
        "word": _word(tuition, lesson, fate),
        "given": int(line is not None),
        "minutes": line.minutes if line else 0,
        "owed": int(fate.state == "not given" and bool(reason and reason.owed)),
    }


def _word(tuition: Tuition, lesson: Lesson, fate: Fate) -> str:
    """A lesson's week in words that stay the same until something is corrected."""
    if fate.state == "not given":
        return f"Not given: {_why(fate)}" + (", owed" if fate.reason and fate.reason.owed else "")
    if fate.state != "given" or fate.line is None:
        return {"missing": MISSING, "closed": CLOSED}[fate.state]
    line, heads = fate.line, fate.line.head_count
    parts = [f"Made up for {_day(fate.for_week)}" if fate.for_week else "Given"]
    if line.given_by:
        parts.append(f"by {line.given_by}")
    if lesson.is_programme and heads is not None:
        parts.append(f"{heads} took part")
    parts += [f"with {name}" for name in tuition.beside.get(line.pk, [])]
    return ", ".join(parts)


def why_of(tuition: Tuition, week: Week, fate: Fate) -> Why:
    """Why a lesson was not given, and whether that is still owed."""
    owed = bool(fate.reason and fate.reason.owed and fate.line and tuition.is_owed(fate.line))
    return {"monday": str(week), "why": _why(fate), "owed": owed}


def _why(fate: Fate) -> str:
    reason = fate.reason
    return reason.name[:1].lower() + reason.name[1:] if reason else "no reason recorded"


def cell_of(fates: list[Fate]) -> Cell:
    """A week of a pupil in a word or a tick; two lessons of one instrument in a week stand one behind the other,
    where something became of one of them."""
    cells = [_cell(fate) for fate in fates]
    if len(cells) < 2:
        return cells[0] if cells else {"word": "", "kind": ""}
    if {cell["kind"] for cell in cells} <= {"missing", "closed"}:
        cells = list({cell["word"]: cell for cell in cells}.values())
    gravest = min(cells, key=lambda cell: GRAVEST.index(cell["kind"]))
    return {"word": ", ".join(cell["word"] for cell in cells), "kind": gravest["kind"]}


def _cell(fate: Fate) -> Cell:
    if fate.state in ("missing", "closed"):
        return {"word": MISSING if fate.state == "missing" else CLOSED, "kind": fate.state}
    reason, made_up = fate.reason, f" for {_day(fate.for_week)}" if fate.for_week else ""
    if reason is None:
        return {"word": "Not given", "kind": "away"}
    if reason.is_here:
        return {"word": f"{'✓' if reason.code == PRESENT else reason.short}{made_up}", "kind": "here"}
    owed = ", owed" if reason.owed else ""
    return {"word": f"{reason.short}{owed}{made_up}", "kind": "owed" if reason.owed else "away"}


def _day(week: Week) -> str:
    return f"{week.monday.day} {week.monday:%b}"
