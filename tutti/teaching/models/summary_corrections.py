"""How the corrections to earlier months read: what the school was last told, and what is true now (S3, H17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, TypedDict

from tutti.core.calendar import Day, Week
from tutti.core.templatetags.tutti import counted
from tutti.teaching.models.figures import Change, Said


class CorrectionWords(TypedDict):
    """One thing told anew, in one week or several: of whom or what, what was told, and what is true."""

    name: str
    more: str
    weeks: str
    told: str
    now: str
    minutes: str


class MonthCorrected(TypedDict):
    """The corrections to one month, with the difference of its sums."""

    month: str
    sum: str
    rows: list[CorrectionWords]


def corrected(changes: Iterable[Change]) -> list[MonthCorrected]:
    """The corrections by the month that they are about, the same in several weeks as one row."""
    return [_month(month, list(of_month)) for month, of_month in groupby(changes, key=lambda one: one["month"])]


def count_corrections(changes: Sequence[Change]) -> int:
    """How many there are: each pupil's mark is one, and each lesson of which no pupil's mark changed with it."""
    marks = [one for one in changes if one["pupil"]]
    behind = {(one["lesson"], one["monday"]) for one in marks}
    lessons = [one for one in changes if not one["pupil"] and (one["lesson"], one["monday"]) not in behind]
    return len(marks) + len(lessons)


def correction_columns() -> list[str]:
    return ["Month", "Pupil or lesson", "Instrument or kind", "Week", "We told you", "Now", "Minutes"]


def correction_rows(changes: Iterable[Change]) -> list[list[Any]]:
    """The corrections as rows of a file, one a week."""
    return [
        [
            _month_words(one["month"]),
            one["name"],
            one["more"],
            one["monday"],
            _said(one["told"], one),
            _said(one["now"], one),
            one["now"]["minutes"] - one["told"]["minutes"],
        ]
        for one in changes
    ]


def _month(month: str, changes: list[Change]) -> MonthCorrected:
    rows = [_row(list(same)) for _, same in groupby(changes, key=_alike)]
    return {"month": _month_words(month), "sum": _difference(changes), "rows": rows}


def _alike(one: Change) -> tuple[Any, ...]:
    return one["name"], one["more"], _said(one["told"], one), _said(one["now"], one)


def _row(same: list[Change]) -> CorrectionWords:
    one = same[0]
    minutes = sum(each["now"]["minutes"] - each["told"]["minutes"] for each in same)
    return {
        "name": one["name"],
        "more": one["more"],
        "weeks": short_days(each["monday"] for each in same),
        "told": _said(one["told"], one),
        "now": _said(one["now"], one),
        "minutes": f"{minutes:+}".replace("-", "−") if minutes else "",
    }


def _said(said: Said, change: Change) -> str:
    word = said["word"].replace("✓", "Here") or ("Not due" if change["pupil"] else "No lesson")
    return f"{word}, {said['minutes']} minutes" if said["minutes"] else word


def _difference(changes: Iterable[Change]) -> str:
    """The sums' difference: "2 lessons more given, 40 minutes more, 1 more owed"."""
    sums = dict.fromkeys(("given", "minutes", "owed"), 0)
    for one in changes:
        for name in sums:
            sums[name] += one["now"][name] - one["told"][name]  # type: ignore[literal-required]
    given, minutes, owed = sums["given"], sums["minutes"], sums["owed"]
    words = [f"{counted(abs(given), 'lesson')} {_more(given)} given"] if given else []
    words += [f"{counted(abs(minutes), 'minute')} {_more(minutes)}"] if minutes else []
    words += [f"{abs(owed)} {_more(owed)} owed"] if owed else []
    return ", ".join(words) or "Its sums stay as they were"


def _more(difference: int) -> str:
    return "more" if difference > 0 else "fewer"


def _month_words(month: str) -> str:
    return f"{Day.fromisoformat(month):%B %Y}"


def short_day(monday: str) -> str:
    day = Week.parse(monday).monday
    return f"{day.day} {day:%b}"


def short_days(mondays: Iterable[str]) -> str:
    """Several weeks: "12 Oct", "5 and 12 Oct", "28 Sep, 5 and 12 Oct"; the month is said where it ends."""
    days = [Week.parse(monday).monday for monday in mondays]
    words = [
        str(day.day) if after and after.month == day.month else f"{day.day} {day:%b}"
        for day, after in zip(days, [*days[1:], None], strict=True)
    ]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
