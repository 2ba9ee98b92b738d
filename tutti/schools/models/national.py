"""The national list of schools as a file says it: read by the names of its columns, row by row, with what is wrong.

Nothing here changes a school; `comparison.py` does.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files import File

from tutti.core.tables import Sheet, Unreadable, fold, read_table
from tutti.schools.models.columns import Columns, is_not_kept
from tutti.schools.models.school import School, Status

MOST_BYTES = 80_000_000  # the whole list with every column is about 60 MB
MOST_ROWS = 150_000  # open and closed together are about 52,000
STATUS_CODES = {"1": Status.OPEN, "2": Status.CLOSED, "3": Status.CLOSING, "4": Status.PROPOSED}
STATUS_NAMES = {fold(status.label): status for status in Status}
DATE_FORMATS = ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y")
LENGTHS = {f.name: f.max_length for f in School._meta.local_fields if f.max_length}
LOST_LETTER = "\ufffd"


@dataclass(slots=True)
class Listed:
    """A school as the list says it: only what the file says, by the names of our fields. Nothing is empty here."""

    line: int
    urn: int
    values: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    @property
    def is_closed(self) -> bool:
        return self.values.get("status") == Status.CLOSED


@dataclass(frozen=True, slots=True)
class Remark:
    """What could not be taken from a line of the file, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Pick:
    """Which schools of the list are wanted; empty means all."""

    authorities: tuple[str, ...] = ()
    town: str = ""
    phase: str = ""
    leave_out_closed: bool = False

    def wants(self, listed: Listed) -> bool:
        if self.authorities and fold(listed.values.get("authority", "")) not in map(fold, self.authorities):
            return False
        if self.town and fold(listed.values.get("town", "")) != fold(self.town):
            return False
        if self.phase and fold(listed.values.get("phase", "")) != fold(self.phase):
            return False
        return not (self.leave_out_closed and listed.is_closed)


@dataclass(slots=True)
class NationalList:
    """A file of the national list as it was read: its columns, its schools in the order of their URN, and remarks."""

    columns: Columns
    schools: list[Listed] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @classmethod
    def of(cls, sheet: Sheet, mapping: Mapping[str, str] | None = None) -> NationalList:
        """Make the list of a sheet. A URN counts once and a wrong value is left out, both with a remark."""
        found = cls(Columns.of(sheet.columns, mapping))
        seen: dict[int, int] = {}
        for line, cells in zip(sheet.numbers, sheet.rows, strict=True):
            listed = found._read(line, cells)
            if listed and seen.setdefault(listed.urn, line) == line:
                found.schools.append(listed)
            elif listed:
                found._remark(
                    line, f"URN {listed.urn} stands in line {seen[listed.urn]} already. This line is left out."
                )
        found.schools.sort(key=lambda listed: listed.urn)
        return found

    @property
    def lacks_urn(self) -> bool:
        """Without a URN no school can be told from another."""
        return "urn" not in self.columns.fields

    def picked(self, pick: Pick) -> list[Listed]:
        """The schools that are wanted. Raises Unreadable where the file cannot say which those are."""
        for field_, wanted in {"authority": pick.authorities, "town": pick.town, "phase": pick.phase}.items():
            if wanted and field_ not in self.columns.fields:
                raise Unreadable(f"This file has no column for the {field_}, so it cannot be picked by it.")
        return [listed for listed in self.schools if pick.wants(listed)]

    def choices(self, field_: str) -> list[str]:
        """The different values of a field, each once whatever its case, in order."""
        return sorted({fold(v): v for s in self.schools if (v := s.values.get(field_))}.values(), key=str.casefold)

    def _read(self, line: int, cells: list[str]) -> Listed | None:
        texts = {name: " ".join(cells[place].split()) for name, place in self.columns.fields.items() if cells[place]}
        urn = texts.pop("urn", "")
        if not (re.fullmatch(r"\d{4,8}", urn, re.ASCII) and int(urn)):
            self._remark(
                line, f"“{urn[:30]}” is no URN. The line is left out." if urn else "No URN. The line is left out."
            )
            return None
        return Listed(line, int(urn), dict(self._values(line, texts)))

    def _values(self, line: int, texts: dict[str, str]) -> Iterator[tuple[str, Any]]:
        code, number = texts.pop("authority_code", ""), texts.pop("establishment_number", "")
        if re.fullmatch(r"\d{3}", code) and re.fullmatch(r"\d{4}", number):
            texts["dfe_number"] = f"{code}{number}"
        if dfe := re.fullmatch(r"(\d{3})/?(\d{4})", texts.pop("dfe_number", ""), re.ASCII):
            yield "dfe_number", f"{dfe[1]}/{dfe[2]}"
        if status := self._status(line, texts.pop("status", ""), texts.pop("status_code", "")):
            yield "status", status
        for name, text in texts.items():
            value = self._day(line, text) if name.endswith("_on") else self._text(line, name, text)
            if value:
                yield name, value

    def _status(self, line: int, name: str, code: str) -> Status | None:
        status = STATUS_NAMES.get(fold(name)) or STATUS_CODES.get(code)
        if not status and (name or code):
            self._remark(line, f"“{(name or code)[:40]}” is no status that we know. The rest of the line is taken.")
        return status

    def _day(self, line: int, text: str) -> dt.date | None:
        for form in DATE_FORMATS:
            try:
                return dt.datetime.strptime(text, form).date()
            except ValueError:
                continue
        self._remark(line, f"“{text[:30]}” is no day. The rest of the line is taken.")
        return None

    def _text(self, line: int, name: str, text: str) -> str:
        if LOST_LETTER in text:
            self._remark(line, f"“{text[:60]}” has letters that cannot be read. The rest of the line is taken.")
            return ""
        text = text.upper() if name == "postcode" else text
        if len(text) > LENGTHS[name]:
            self._remark(line, f"The {name} is longer than {LENGTHS[name]} letters. The rest of the line is taken.")
            return ""
        return text

    def _remark(self, line: int, reason: str) -> None:
        self.remarks.append(Remark(line, reason))


def read_national(source: File | Path | str) -> Sheet:
    """The columns of a file that may be of use: those we know and those nobody knows. Raises Unreadable."""
    headings = read_table(source, most_bytes=MOST_BYTES, first=0).columns
    wanted = [heading for heading in headings if not is_not_kept(heading)]
    return read_table(source, most_bytes=MOST_BYTES, most_rows=MOST_ROWS, only=wanted)


def read_links(source: File | Path | str) -> dict[int, int]:
    """Who succeeds whom, URN by URN, out of the links file; the first one of a school counts. Raises Unreadable."""
    names = ["URN", "LinkURN", "LinkType"]
    sheet = read_table(source, most_bytes=MOST_BYTES, most_rows=MOST_ROWS, only=names)
    places = [sheet.index(name) for name in names]
    if None in places:
        raise Unreadable("This is no links file: it needs the columns URN, LinkURN and LinkType.")
    found: dict[int, int] = {}
    for cells in sheet.rows:
        urn, other, kind = (cells[place] for place in places)  # type: ignore[index]
        if fold(kind).startswith("successor") and urn.isdecimal() and other.isdecimal() and urn != other:
            found.setdefault(int(urn), int(other))
    return found
