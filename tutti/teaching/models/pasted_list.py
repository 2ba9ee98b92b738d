"""A list of pupils, pasted or out of a file: read line by line, mended, saved all at once (H2, H3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from tutti.core.calendar import Day
from tutti.core.forms import DayField
from tutti.core.tables import Sheet, fold, read_pasted
from tutti.teaching.models.lesson import LONGEST, SHORTEST, Kind
from tutti.teaching.models.pupil import check_birthday, tidy_name

MOST_LINES = 2_000
HEADINGS = {
    "name": ["name", "pupil", "pupil name", "child", "student", "full name"],
    "forename": ["forename", "first name", "given name"],
    "surname": ["surname", "last name", "family name"],
    "date_of_birth": ["date of birth", "dob", "birthday", "birth date", "born", "d.o.b."],
    "instrument": ["instrument"],
    "kind": ["kind", "type", "lesson", "lesson type", "individual or group"],
    "group": ["group", "group name", "label"],
    "minutes": ["minutes", "mins", "length", "duration", "min"],
}
TELLING = ("name", "forename", "surname", "date_of_birth", "instrument")  # "group" can stand on any line
KINDS = {
    "individual": Kind.INDIVIDUAL,
    "ind": Kind.INDIVIDUAL,
    "individuallesson": Kind.INDIVIDUAL,
    "solo": Kind.INDIVIDUAL,
    "group": Kind.SMALL_GROUP,
    "smallgroup": Kind.SMALL_GROUP,
    "shared": Kind.SMALL_GROUP,
    "paired": Kind.SMALL_GROUP,
    "largegroup": Kind.LARGE_GROUP,
}
MIDNIGHT = re.compile(r"[ T]00:00(:00)?(\.0+)?$")


MENDABLE = ("name", "date_of_birth", "instrument", "kind", "group", "minutes")
LEAVE = "leave"  # a line that is left out has something under this name
Mended = Mapping[int, Mapping[str, str]]  # by the line's number what was typed in place of what it says


@dataclass(slots=True)
class PastedRow:
    """One line as it was understood. `problems` must be put right; `note` says what is there already, `is_there` that
    all of it is."""

    number: int
    name: str = ""
    date_of_birth: Day | None = None
    birthday_typed: str = ""
    instrument: str = ""
    kind: Kind = Kind.INDIVIDUAL
    group: str = ""
    group_typed: str = ""
    minutes: int = 0
    minutes_typed: str = ""
    is_left_out: bool = False
    problems: list[str] = field(default_factory=list)
    note: str = ""
    is_there: bool = False

    @property
    def child(self) -> tuple[str, Day | None]:
        """What makes two lines one child."""
        return (self.name.casefold(), self.date_of_birth)

    @property
    def group_key(self) -> tuple[str, str]:
        return (self.group.casefold(), self.instrument.casefold())


def read_list(text: str, *, instrument: str, minutes: int, mended: Mended | None = None) -> list[PastedRow]:
    """The rows of a pasted text; `instrument` and `minutes` stand where the list says nothing.

    `mended` is what was typed on the page since, and counts. Raises Unreadable for what is no list.
    """
    sheet = read_pasted(text, [name for key in TELLING for name in HEADINGS[key]])
    where = _columns(sheet)
    numbers = sheet.numbers or range(1, len(sheet.rows) + 1)
    lines = [(number, _said(cells, where)) for number, cells in zip(numbers, sheet.rows, strict=False)]
    rows = [_row(number, _mend(said, (mended or {}).get(number, {})), instrument, minutes) for number, said in lines]
    _compare(row for row in rows if not row.is_left_out)
    return rows


def _columns(sheet: Sheet) -> dict[str, int]:
    """Which column holds what: by its name, or in the order that the page asks for."""
    where = {key: n for key, names in HEADINGS.items() if (n := sheet.index(*names)) is not None}
    if where:
        return where
    return {"name": 0, "date_of_birth": 1, "instrument": 2, "rest": 3}


def _said(cells: Sequence[str], where: dict[str, int]) -> dict[str, str]:
    """What a line says, by the names of HEADINGS."""
    said = {key: cells[n].strip() for key, n in where.items() if key != "rest" and n < len(cells)}
    for cell in cells[where["rest"] :] if "rest" in where else []:
        said.setdefault(_kind_of_cell(cell.strip()), cell.strip())
    return said


def _mend(said: dict[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed on the page stands for what the line says; a name typed there is the whole name."""
    kept = {key: word for key, word in said.items() if key not in ("forename", "surname") or "name" not in typed}
    return {**kept, **typed}


def _row(number: int, said: Mapping[str, str], instrument: str, minutes: int) -> PastedRow:
    row = PastedRow(number, minutes=minutes, is_left_out=bool(said.get(LEAVE)))
    row.name = tidy_name(said.get("name") or f"{said.get('forename', '')} {said.get('surname', '')}")
    row.instrument = tidy_name(said.get("instrument", "")) or instrument
    row.instrument = row.instrument[:1].upper() + row.instrument[1:]
    row.group = row.group_typed = tidy_name(said.get("group", ""))
    _check_name(row)
    _read_birthday(row, said.get("date_of_birth", ""))
    _read_kind(row, said.get("kind", ""))
    _read_minutes(row, said.get("minutes", ""))
    return row


def _kind_of_cell(cell: str) -> str:
    """A cell after the first three says a length, a kind or a group."""
    if not cell:
        return "nothing"
    return "minutes" if cell[0].isdigit() else "kind" if fold(cell) in KINDS else "group"


def _check_name(row: PastedRow) -> None:
    if not any(letter.isalpha() for letter in row.name):
        row.problems.append("There is no name")
    if len(row.name) > 120:
        row.problems.append("The name is longer than 120 letters")
    if not row.instrument:
        row.problems.append("There is no instrument")
    if len(row.instrument) > 60 or len(row.group) > 60:
        row.problems.append("The instrument and the group may have 60 letters at most")


def _read_birthday(row: PastedRow, typed: str) -> None:
    row.birthday_typed = typed
    if not typed:
        row.problems.append("There is no date of birth")
        return
    try:
        row.date_of_birth = DayField(validators=[check_birthday]).clean(MIDNIGHT.sub("", typed))
    except ValidationError as error:
        message = error.messages[0]
        row.problems.append(
            f"“{typed[:40]}” is not a day like 14/3/2015" if message.startswith("Type") else message.rstrip(".")
        )


def _read_kind(row: PastedRow, typed: str) -> None:
    kind = KINDS.get(fold(typed)) if typed else None
    if typed and kind is None:
        row.problems.append(f"“{typed[:40]}” is neither individual nor group")
    row.kind = kind or (Kind.SMALL_GROUP if row.group else Kind.INDIVIDUAL)
    if row.kind == Kind.INDIVIDUAL:
        row.group = ""
    elif not row.group:
        row.problems.append("Say which group it is, with a letter or a name")


def _read_minutes(row: PastedRow, typed: str) -> None:
    row.minutes_typed = typed
    found = re.fullmatch(r"(\d{1,4})(?:\.0+)?\s*(?:m|min|mins|minutes)?\.?", typed, re.IGNORECASE) if typed else None
    if found:
        row.minutes = int(found[1])
    if typed and not (found and SHORTEST <= row.minutes <= LONGEST):
        row.problems.append(f"“{typed[:40]}”: minutes must be a number from {SHORTEST} to {LONGEST}")


def _compare(rows: Iterable[PastedRow]) -> None:
    """Between the lines: the same pupil twice, and a group of two lengths."""
    seen: dict[tuple[object, ...], int] = {}
    groups: dict[tuple[str, str], PastedRow] = {}
    for row in rows:
        key = (*row.child, *row.group_key)
        if row.name and row.date_of_birth and key in seen:
            row.problems.append(f"The same pupil is on line {seen[key]}")
        seen.setdefault(key, row.number)
        first = groups.setdefault(row.group_key, row) if row.group else row
        if (first.minutes, first.kind) != (row.minutes, row.kind):
            other = f"{first.minutes} minutes, {first.kind.label.lower()}"
            row.problems.append(f"Its group is a different one on line {first.number}: {other}")
