"""How a summary reads: the same words in the same order on the page, on paper, in files and in the letter (H8, S1)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, TypedDict

from django.utils.text import slugify

from tutti.core.calendar import Day
from tutti.core.templatetags.tutti import counted, minutes_long, minutes_short
from tutti.teaching.models.figures import Cell, Figures, LessonRow, MadeUp, PupilRow, TeacherTable, Totals
from tutti.teaching.models.summary_corrections import MonthCorrected, corrected, count_corrections
from tutti.teaching.models.summary_corrections import short_day as _day
from tutti.teaching.models.summary_corrections import short_days as _days

Part = tuple[str, bool]  # a piece of a sentence, and whether it is said with weight


class Note(TypedDict):
    """What is to be said of a lesson beside its numbers, with the kind of tag that says it."""

    words: str
    kind: str


class LessonWords(TypedDict):
    """A lesson's row as it is shown. `line` is what a question names it by (S5)."""

    line: str
    lesson: int
    title: str
    shape: str
    due: int
    given: int
    minutes: int
    is_short: bool
    notes: list[Note]


class TableWords(TypedDict):
    """A teacher's table as it is shown."""

    name: str
    teaches: str
    sum: str
    rows: list[LessonWords]


class CellWords(Cell):
    """A mark with the week that it stands in."""

    column: str


class PupilWords(TypedDict):
    """A pupil's row as it is shown."""

    line: str
    pupil: int
    name: str
    instrument: str
    cells: list[CellWords]
    due: int
    had: int
    missed: int
    owed: int
    promised: str


class QuestionWords(TypedDict):
    """What the school asked, and what was answered: who, when, words."""

    about: str
    state: str
    said: list[tuple[str, str, str]]


class Told(TypedDict):
    """A whole summary in words."""

    month: str
    sentence: list[Part]
    stats: list[tuple[str, str]]
    weeks: str
    columns: list[str]
    tables: list[TableWords]
    pupils_note: str
    pupils: list[PupilWords]
    questions: list[QuestionWords]
    corrections: list[MonthCorrected]


def tell(figures: Figures, month: Day) -> Told:
    """Say the figures of a month in words."""
    columns = [_day(row["monday"]) for row in figures["weeks"]]
    return {
        "month": f"{month:%B %Y}",
        "sentence": sentence(figures["totals"], month, count_corrections(figures["corrections"])),
        "stats": _stats(figures["totals"]),
        "weeks": _weeks(figures),
        "columns": columns,
        "tables": [_table(table) for table in figures["teachers"]],
        "pupils_note": f"Since September, by the end of {month:%B}. A lesson that a pupil missed counts as had; "
        "one that is owed will be made up.",
        "pupils": [_pupil(row, columns) for row in figures["pupils"]],
        "questions": [_question(row) for row in figures.get("questions", [])],
        "corrections": corrected(figures["corrections"]),
    }


def tell_corrections(figures: Figures, year: str) -> Told:
    """Say what is told anew of a whole year, where nothing else is told (S3)."""
    parts = year_sentence(count_corrections(figures["corrections"]), year)
    told = tell(figures, Day.min)
    return {**told, "month": f"Corrections {year}", "sentence": parts, "stats": [], "weeks": ""}


def year_sentence(corrections: int, year: str) -> list[Part]:
    return [
        (f"This closes the year {year}: ", False),
        (counted(corrections, "correction"), True),
        (" to what we told you, each with what is true now. You have nothing to do.", False),
    ]


def sentence(totals: Totals, month: Day, corrections: int = 0) -> list[Part]:
    """One sentence or two that a head teacher could read aloud."""
    anew: list[Part] = []
    if corrections:
        anew = [(" ", False), (counted(corrections, "correction"), True), (" to earlier months.", False)]
    due, given = totals["due"], totals["given"]
    if not due and not totals["extra"] and not totals["made_up"]:
        return [(f"In {month:%B} no lessons were due.", False), *anew]
    heavy = f"all {counted(due, 'lesson')}" if given == due > 1 else f"{given} of {counted(due, 'lesson')}"
    parts: list[Part] = [(f"In {month:%B} ", False), (heavy, True), (" were given", False)]
    if totals["extra"]:
        parts += [(" and ", False), (f"{counted(totals['extra'], 'extra lesson')}", True)]
    if totals["made_up"]:
        parts += [(" and ", False), (f"{totals['made_up']} made up", True)]
    parts += [(": ", False), (minutes_long(totals["minutes"]), True), (" of teaching.", False)]
    if owed := totals["owed"]:
        parts += [(" ", False), (f"{owed} {'is' if owed == 1 else 'are'} owed", True), (" and will be made up.", False)]
    if missing := totals["missing"]:
        parts += [(" ", False), (f"{missing} {'is' if missing == 1 else 'are'} not yet recorded", True), (".", False)]
    return [*parts, *anew, (" You have nothing to do.", False)]


def plain(parts: Iterable[Part]) -> str:
    return "".join(words for words, _ in parts)


def _stats(totals: Totals) -> list[tuple[str, str]]:
    found = [
        ("Lessons due", str(totals["due"])),
        ("Given", str(totals["given"])),
        ("Not given", str(totals["not_given"])),
        ("Hours taught", minutes_short(totals["minutes"])),
    ]
    if totals["made_up"]:
        found.insert(3, ("Made up", str(totals["made_up"])))
    if totals["missing"]:
        found.insert(3, ("Not yet recorded", str(totals["missing"])))
    share = f"{round(100 * totals['here'] / totals['marked'])} %" if totals["marked"] else "–"
    return [*found, ("Pupils here", share)]


def _weeks(figures: Figures) -> str:
    words = f"Teaching weeks: {figures['teaching_weeks']}." if figures["teaching_weeks"] else "No teaching weeks."
    if figures["half_term"]:
        words += f" Half term: {figures['half_term']}."
    closed = [f"{_day(row['monday'])} ({row['closed']})" for row in figures["weeks"] if row["closed"]]
    return words + (f" School closed: {', '.join(closed)}." if closed else "")


def _table(table: TeacherTable) -> TableWords:
    words = f"{table['given']} of {counted(table['due'], 'lesson')}"
    if table["extra"]:
        words += f", {table['extra']} extra"
    return {
        "name": table["name"],
        "teaches": table["teaches"],
        "sum": f"{words}, {minutes_short(table['minutes'])}",
        "rows": [_row(row) for row in table["lessons"]],
    }


def _row(row: LessonRow) -> LessonWords:
    return {
        "line": f"lesson-{row['lesson']}",
        "lesson": row["lesson"],
        "title": row["title"],
        "shape": row["shape"],
        "due": row["due"],
        "given": row["given"],
        "minutes": row["minutes"],
        "is_short": row["given"] < row["due"],
        "notes": _notes(row),
    }


def _pupil(row: PupilRow, columns: list[str]) -> PupilWords:
    cells: list[CellWords] = [{**cell, "column": column} for cell, column in zip(row["cells"], columns, strict=True)]
    sums = {"due": row["due"], "had": row["had"], "missed": row["missed"], "owed": row["owed"]}
    sums["promised"] = f"{row['promise']} promised" if row["promise"] else ""  # type: ignore[assignment]
    line = f"pupil-{row['pupil']}-{slugify(row['instrument'], allow_unicode=True)}"
    known = {"line": line, "pupil": row["pupil"], "name": row["name"], "instrument": row["instrument"]}
    return {**known, "cells": cells, **sums}  # type: ignore[typeddict-item]


def _question(row: dict[str, Any]) -> QuestionWords:
    said = [(row["by"], _full_day(row["asked"]), row["text"])]
    said += [(reply["by"], _full_day(reply["at"]), reply["text"]) for reply in row["replies"]]
    line = f"{row['name']}, {row['line']}" if row["name"] else row["line"]
    week = f"Week commencing {_full_day(row['week'])}" if row["week"] else ""
    return {"about": ". ".join(part for part in (line, week) if part), "state": row["state"], "said": said}


def _notes(row: LessonRow) -> list[Note]:
    notes: list[Note] = []
    for (why, owed), weeks in groupby(row["not_given"], key=lambda why: (why["why"], why["owed"])):
        words = f"{_days(w['monday'] for w in weeks)}: {why}"
        notes.append({"words": f"{words}. Owed" if owed else words, "kind": "owed" if owed else "away"})
    if row["missing"]:
        notes.append({"words": f"{_days(row['missing'])}: not yet recorded", "kind": "waiting"})
    notes += [{"words": f"made up: {_made_up(one)}", "kind": "plain"} for one in row["made_up"]]
    for words, told in (("given by", row["covers"]), ("with", row["beside"])):
        for by, covers in groupby(told, key=lambda cover: cover["by"]):
            notes.append({"words": f"{_days(c['monday'] for c in covers)}: {words} {by}", "kind": "plain"})
    if row["extra"]:
        notes.append({"words": counted(row["extra"], "extra lesson"), "kind": "plain"})
    if heads := row["heads"]:
        words = f"{heads['average']} took part on average, {heads['largest']} at most"
        notes.append({"words": words, "kind": "plain"})
    return notes


def _made_up(one: MadeUp) -> str:
    return f"{_day(one['monday'])} for {_day(one['for_monday'])}"


def lesson_columns() -> list[str]:
    return ["Teacher", "Lesson", "Kind", "Due", "Given", "Not given, and why", "Minutes"]


def lesson_rows(figures: Figures) -> list[list[Any]]:
    """The lessons as rows of a file."""
    return [
        [
            t["name"],
            r["title"],
            r["shape"],
            r["due"],
            r["given"],
            "; ".join(n["words"] for n in r["notes"]),
            r["minutes"],
        ]
        for t in map(_table, figures["teachers"])
        for r in t["rows"]
    ]


def pupil_columns(figures: Figures) -> list[str]:
    weeks = [_day(row["monday"]) for row in figures["weeks"]]
    return ["Pupil", "Instrument", *weeks, "Due since September", "Had", "Missed", "Owed", "Promised"]


def pupil_rows(figures: Figures) -> list[list[Any]]:
    """The grid as rows of a file; a tick is said in a word."""
    return [
        [
            p["name"],
            p["instrument"],
            *map(_said, p["cells"]),
            p["due"],
            p["had"],
            p["missed"],
            p["owed"],
            p["promise"],
        ]
        for p in figures["pupils"]
    ]


def _said(cell: Cell) -> str:
    return cell["word"].replace("✓", "Here")


def _full_day(day: str) -> str:
    found = Day.fromisoformat(day)
    return f"{found.day} {found:%B %Y}"
