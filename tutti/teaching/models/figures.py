"""The shape of what a summary says: a plain dict that JSON can hold, never changed once it was sent (S1, S3)."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict, cast

VERSION = 2


class WeekRow(TypedDict):
    """A column of the grid: its Monday as 2026-10-05 and why the school was closed, or nothing."""

    monday: str
    closed: str


class Why(TypedDict):
    """A week in which a lesson was not given: its Monday, the reason in words, and whether it is still owed."""

    monday: str
    why: str
    owed: bool


class Cover(TypedDict):
    """A week in which somebody else gave the lesson (R7), or taught it beside the teacher (R8)."""

    monday: str
    by: str


class MadeUp(TypedDict):
    """A make-up: the Monday of the week in which it was given, and of the one that it makes up for (C5)."""

    monday: str
    for_monday: str


class Said(TypedDict):
    """What is told of a lesson or a pupil in one week: a word, and of a lesson what it adds to the sums."""

    word: str
    given: int
    minutes: int
    owed: int


class LineTold(Said):
    """What was told of one lesson in one week; `for_monday` is another week in a make-up."""

    monday: str
    for_monday: str


class Heads(TypedDict):
    """How many took part: the average and the largest count, never a sum over weeks (P8)."""

    average: int
    largest: int
    class_size: int


class LessonRow(TypedDict):
    """A lesson's month. due = given + not given + missing; `extra` were given without being due. Minutes as given.

    `lines` is all of it week by week, for what is corrected later (S3).
    """

    lesson: int
    title: str
    shape: str
    due: int
    given: int
    extra: int
    minutes: int
    not_given: list[Why]
    missing: list[str]
    made_up: list[MadeUp]
    covers: list[Cover]
    beside: list[Cover]
    heads: Heads | None
    lines: list[LineTold]


class TeacherTable(TypedDict):
    """A teacher's lessons with their sums."""

    name: str
    teaches: str
    due: int
    given: int
    extra: int
    minutes: int
    missing: int
    lessons: list[LessonRow]


# The grid's own words: the school was closed and nothing was due (W4); due, and not recorded (R5).
CLOSED, MISSING = "Closed", "Not yet recorded"


class Cell(TypedDict):
    """One mark in the grid: a word and its kind (here, away, owed, missing, closed); empty where nothing is due."""

    word: str
    kind: str


class PupilRow(TypedDict):
    """A pupil's instrument: the month week by week, and since September lessons due, had, missed and owed (C4).

    What counts is had, also where the pupil missed it; `missed` says how many of those. `promise` is for the year;
    `lesson` one of the lessons behind it.
    """

    pupil: int
    lesson: int
    name: str
    instrument: str
    cells: list[Cell]
    due: int
    had: int
    missed: int
    owed: int
    promise: int


class Change(TypedDict):
    """What is true now of an earlier week, where the school was told otherwise (S3). `pupil` is 0 for a lesson."""

    month: str
    monday: str
    for_monday: str
    lesson: int
    pupil: int
    name: str
    more: str
    told: Said
    now: Said


class Totals(TypedDict):
    """The month's sums. `here` of `marked`: pupils' marks that mean that they had the lesson."""

    due: int
    given: int
    not_given: int
    missing: int
    extra: int
    made_up: int
    owed: int
    minutes: int
    here: int
    marked: int


class Figures(TypedDict):
    """All that a summary says of a school and a month. Weeks are Mondays as 2026-10-05, lengths are minutes."""

    version: int
    weeks: list[WeekRow]
    teaching_weeks: str
    half_term: str
    totals: Totals
    teachers: list[TeacherTable]
    pupils: list[PupilRow]
    corrections: list[Change]
    questions: NotRequired[list[dict[str, Any]]]


def as_written_now(figures: Any) -> Figures:
    """The figures of any version in the shape of the newest; what an old one does not know is empty (S3)."""
    if figures["version"] >= VERSION:
        return cast(Figures, figures)
    new_row: dict[str, Any] = {"made_up": [], "beside": [], "lines": []}
    tables = [{**table, "lessons": [{**new_row, **row} for row in table["lessons"]]} for table in figures["teachers"]]
    pupils = [{"lesson": 0, "promise": 0, **row} for row in figures["pupils"]]
    totals = {"made_up": 0, **figures["totals"]}
    return cast(Figures, {**figures, "teachers": tables, "pupils": pupils, "totals": totals, "corrections": []})


def rename_pupil(value: Any, old: int, new: int) -> int:
    """Give a pupil's rows another number, in place, wherever they stand in figures: how many there were."""
    if isinstance(value, list):
        return sum(rename_pupil(each, old, new) for each in value)
    if not isinstance(value, dict):
        return 0
    is_own = value.get("pupil") == old
    if is_own:
        value["pupil"] = new
    return is_own + sum(rename_pupil(each, old, new) for each in value.values())
