"""What a place had, was due, is owed and was promised in a year (C4, C5): one reckoning for every page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tutti.core.calendar import Week
from tutti.teaching.models.shape import is_due

YearWeek = tuple[Week, int | None]  # a teaching week and its lesson number, None in a spare week
Span = tuple[Week, Week | None]


@dataclass(frozen=True, slots=True)
class Balance:
    """A place's sums for the year so far, in lessons (C4). `promise` is for the whole year."""

    due: int = 0
    had: int = 0
    owed: int = 0
    promise: int = 0

    def __add__(self, other: Balance) -> Balance:
        return Balance(self.due + other.due, self.had + other.had, self.owed + other.owed, self.promise + other.promise)


@dataclass(frozen=True, slots=True)
class PastMark:
    """A mark of a confirmed register: the week in which it was made, and the week that the lesson was due in."""

    week: Week
    for_week: Week
    is_here: bool
    counts: bool
    owed: bool
    word: str = ""

    @property
    def is_make_up(self) -> bool:
        return self.week != self.for_week

    @property
    def follows(self) -> bool:
        """Something follows from it; from a place that had not started or was left nothing does (C2)."""
        return self.counts or self.owed


def both(one: Span, other: Span) -> Span:
    """The weeks that two spans share."""
    lasts = [last for last in (one[1], other[1]) if last is not None]
    return max(one[0], other[0]), min(lasts) if lasts else None


def due_weeks(due: str, rota: Collection[Week], span: Span, weeks: Iterable[YearWeek]) -> set[Week]:
    """The weeks among these in which a place with this span was due (P6)."""
    return {week for week, number in weeks if is_due(due, rota, span, week, number)}


def owed_weeks(marks: Iterable[PastMark]) -> set[Week]:
    """The weeks still owed: a make-up that counts closes its week, once (C5)."""
    known = list(marks)
    made_up = {mark.for_week for mark in known if mark.is_make_up and mark.counts}
    return {mark.week for mark in known if mark.owed and not mark.is_make_up} - made_up


def reckon(
    due: Collection[Week], marks: Collection[PastMark], *, had_before: int = 0, owed_before: int = 0, promise: int = 0
) -> Balance:
    """The sums of one place. `due`: the weeks it was due in; `…_before`: brought along, due as well (P5, P10)."""
    nothing = sum(not mark.is_make_up and not mark.follows and mark.week in due for mark in marks)
    return Balance(
        due=len(due) - nothing + had_before + owed_before,
        had=sum(mark.counts for mark in marks) + had_before,
        owed=len(owed_weeks(marks)) + owed_before,
        promise=promise,
    )
