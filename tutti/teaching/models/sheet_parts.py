"""The parts of a register as it lies open: a lesson's card and a pupil's row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tutti.core.calendar import Day, Week
from tutti.teaching.models.balance import Balance, PastMark
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.shape import Kind

Key = int | str  # a place's or lesson's number; with the week it makes up for behind it, "12-20261005", in a make-up

Marks = Mapping[Key, Reason]  # what is said of pupils


def read_year_groups(words: str) -> set[int]:
    """The school years that the office wrote of a class: "Year 4", "Years 5 and 6", "Reception" as 0."""
    found = {int(number) for number in re.findall(r"\d+", words)}
    return found | {0} if "reception" in words.lower() else found


def key_of(pk: int, week: Week, for_week: Week) -> Key:
    return pk if for_week == week else f"{pk}-{for_week.monday:%Y%m%d}"


@dataclass(slots=True)
class SheetPupil:
    """A pupil's row: the place, the reason marked (None until it is), and the year's sums.

    `known` is what was known beforehand (R6); `last` are the marks of the last weeks, the newest last; `owed` the
    weeks to be made up.
    """

    key: Key
    place_pk: int
    pupil_pk: int
    name: str
    born: Day
    reason: Reason | None
    is_filled: bool
    balance: Balance | None
    known: Reason | None = None
    last: list[PastMark] = field(default_factory=list)
    owed: set[Week] = field(default_factory=set)
    recorded: Reason | None = field(init=False)

    def __post_init__(self) -> None:
        self.recorded = self.reason  # what a page shows as it was, when what is typed lies above it

    @property
    def last_signs(self) -> str:
        """The last weeks in a sign each: here, not here, owed."""
        return "".join("✓" if mark.is_here else "↩" if mark.owed else "✗" for mark in self.last)

    @property
    def last_words(self) -> str:
        return ", ".join(mark.word.lower() for mark in self.last)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(slots=True)
class SheetLesson:
    """A lesson's card. `given` is None until it is settled; minutes are this week's.

    `for_week` is the register's week, or the one that it makes up for (C5). `covered_by` gives it instead of the
    register's teacher (R7), `second` teaches beside them for minutes of their own, unless `is_alone` (R8). `known` is
    what was known of the lesson beforehand (R6). `error` and `typed` hold what a page could not take, until it is put
    right; `was` and `was_count` what a page shows as it was: "yes", a reason's number or nothing, and the head count.
    """

    key: Key
    lesson_pk: int
    line_pk: int | None
    label: str
    kind: Kind
    minutes: int
    for_week: Week
    is_make_up: bool
    is_programme: bool
    class_size: int | None
    year_group: str
    is_due: bool
    given: bool | None
    reason: Reason | None
    head_count: int | None
    is_filled: bool
    pupils: list[SheetPupil] = field(default_factory=list)
    known: Reason | None = None
    covered_by: tuple[int, str] | None = None
    second: tuple[int, str, int] | None = None
    is_alone: bool = False
    error: str = ""
    typed: str = ""
    is_doubtful: bool = False
    was: str = field(init=False)
    was_count: str = field(init=False)

    def __post_init__(self) -> None:
        self.was = "yes" if self.given else str(self.struck_with or "")
        self.was_count = "" if self.head_count is None else str(self.head_count)

    @property
    def kind_words(self) -> str:
        """How the card names its kind: "Individual", "Group of 3", "First Access, whole class"."""
        if self.kind == Kind.FIRST_ACCESS:
            return "First Access, whole class"
        many = len(self.pupils)
        return f"Group of {many}" if self.kind in (Kind.SMALL_GROUP, Kind.LARGE_GROUP) and many else self.kind.label

    @property
    def year_groups(self) -> set[int]:
        """The school years of a programme's class."""
        return read_year_groups(self.year_group)

    @property
    def is_marked(self) -> bool:
        """Nothing is left to say about it."""
        if self.given is False:
            return True
        if self.is_programme:
            return self.given is True and self.head_count is not None
        return all(pupil.reason for pupil in self.pupils)

    @property
    def was_given(self) -> bool:
        """The teacher gave it: not struck out, and somebody's mark is payable (C3). One who is not marked, as after a
        start in a locked month (P9), takes nothing from it."""
        if self.given is False or self.is_programme:
            return self.given is not False and self.is_marked
        return not self.pupils or any(pupil.reason and pupil.reason.paid for pupil in self.pupils)

    @property
    def struck_with(self) -> int | None:
        """The reason it was struck out with, by number."""
        return self.reason.pk if self.given is False and self.reason else None

    def strike(self, reason: Reason | None) -> None:
        """Not given for a reason, which every pupil without one of their own gets too; or given after all (R3)."""
        old = self.reason
        self.given, self.reason, self.is_filled = (None if reason is None else False), reason, False
        self.head_count = None
        for pupil in self.pupils:
            if reason is None:
                pupil.reason = None if pupil.reason == old else pupil.reason
            elif pupil.reason is None or pupil.reason.is_here or pupil.reason == old:
                pupil.reason, pupil.is_filled = reason, False

    def mark(self, pupil: SheetPupil, reason: Reason) -> None:
        """One pupil's mark; who is here takes back that the lesson was struck out."""
        pupil.reason, pupil.is_filled = reason, False
        if reason.is_here and self.given is False:
            self.given, self.reason = None, None

    def fill(self, present: Reason) -> None:
        """As it was planned, or as it was known beforehand that it would be (R4, R6): of a pupil what was known of the
        pupil, before what was known of the lesson (R3)."""
        for pupil in self.pupils:
            if pupil.reason is None and pupil.known:
                pupil.reason, pupil.is_filled = pupil.known, True
        if self.known:
            self.strike(self.known)
        elif self.is_programme:
            self.given, self.head_count = True, self.class_size
        self.is_filled = self.known is not None or self.is_programme
        for pupil in self.pupils:
            if pupil.reason is None:
                pupil.reason, pupil.is_filled = present, True
            elif self.known and pupil.reason == self.known:
                pupil.is_filled = True
