"""The shape of what a summary says: a plain dict that JSON can hold, never changed once it was sent (S1, S3)."""

from __future__ import annotations

from typing import TypedDict


class WeekRow(TypedDict):
    """A column of the grid: its Monday as 2026-10-05 and why the school was closed, or nothing."""

    monday: str
    closed: str


class Why(TypedDict):
    """A week in which a lesson was not given: its Monday, the reason in words, and whether it is owed."""

    monday: str
    why: str
    owed: bool


class Cover(TypedDict):
    """A week in which somebody else gave the lesson (R7)."""

    monday: str
    by: str


class Heads(TypedDict):
    """How many took part: the average and the largest count, never a sum over weeks (P8)."""

    average: int
    largest: int
    class_size: int


class LessonRow(TypedDict):
    """A lesson's month. due = given + not given + missing; `extra` were given without being due. Minutes as given."""

    lesson: int
    title: str
    shape: str
    due: int
    given: int
    extra: int
    minutes: int
    not_given: list[Why]
    missing: list[str]
    covers: list[Cover]
    heads: Heads | None


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


class Cell(TypedDict):
    """One mark in the grid: a word and its kind (here, away, owed, missing, closed); empty where nothing is due."""

    word: str
    kind: str


class PupilRow(TypedDict):
    """A pupil's instrument: the month week by week, and since September lessons due, had, missed and owed (C4).

    What counts is had, also where the pupil missed it; `missed` says how many of those.
    """

    pupil: int
    name: str
    instrument: str
    cells: list[Cell]
    due: int
    had: int
    missed: int
    owed: int


class Totals(TypedDict):
    """The month's sums. `here` of `marked`: pupils' marks that mean that they had the lesson."""

    due: int
    given: int
    not_given: int
    missing: int
    extra: int
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
