"""What may be pasted or sent: a list of pupils out of a spreadsheet, mended on the page where it is wrong (H2)."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cached_property
from typing import Any
from uuid import uuid4

from django import forms

from tutti.core import tables
from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.teaching.forms.lesson import KINDS
from tutti.teaching.forms.pupil import MinutesField, spell_instrument
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.dated_back import Touched, touched_by_start
from tutti.teaching.models.list_writing import ListWriter, summary_of
from tutti.teaching.models.pasted_list import LEAVE, MENDABLE, MOST_LINES, PastedRow, read_list

SHOWN = 200  # rows of the preview; the rest is counted
SHOWN_TO_MEND = 100  # rows that can be mended at a time
LONGEST_TEXT = 500_000
TYPED = re.compile(rf"row-(\d{{1,6}})-({'|'.join(MENDABLE)}|{LEAVE}|shown)")
EXAMPLE = "Amelia Thorne, 14/3/2015, violin, individual, 20"


class PastedListForm(VerbForm):
    """The list, and what holds where it says nothing. It is shown line by line before it is saved.

    Nothing of it is kept here: the list and what was mended travel in the form itself. `mended` holds what was typed
    on earlier pages, and counts only for the list of which `read` is the mark.
    """

    file = forms.FileField(
        label="Or a file",
        required=False,
        allow_empty_file=True,
        help_text="CSV, Excel or OpenDocument. It is not kept.",
    )
    text = forms.CharField(
        label="The list",
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text="One pupil a line: name, date of birth, instrument. After these, if you like, individual or the name "
        f"of a group, and the minutes. For example:<br>{EXAMPLE}",
    )
    instrument = forms.CharField(label="Instrument, where the list has none", max_length=60, required=False)
    minutes = MinutesField(label="Minutes, where the list has none", initial=20)
    from_week = WeekChoice(label="First lesson in the week of")
    once = forms.UUIDField(widget=forms.HiddenInput)
    mended = forms.CharField(required=False, widget=forms.HiddenInput)
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, files: Any, allocation: Allocation, week: Week) -> None:
        """Nothing read yet."""
        super().__init__(data.copy() if data else None, files)
        self.allocation = allocation
        self.all_rows: list[PastedRow] = []
        self.typed: dict[int, dict[str, str]] = {}
        field = self.fields["from_week"]
        assert isinstance(field, WeekChoice)
        field.offer(allocation.teaching_weeks(), week)
        self.fields["once"].initial = uuid4()
        self.fields["text"].required = not files

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._read_file(data)
        text = data.get("text", "").replace("\r\n", "\n").strip("\n")
        mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]
        self.typed = self._typed_so_far() if self.data.get("read") == mark else {}
        for name, value in (("text", text), ("read", mark), ("mended", json.dumps(self.typed))):
            self.data[name] = value  # type: ignore[index]  # a copy of what was sent
        if not self.errors:
            self._read(data, text)
        return data

    def _read_file(self, data: dict[str, Any]) -> None:
        """A file stands for whatever was pasted."""
        if not data.get("file"):
            return
        try:
            data["text"] = tables.as_text(data["file"])
        except tables.Unreadable as error:
            self.add_error("file", str(error))
        if len(data.get("text", "")) > LONGEST_TEXT:
            self.add_error("file", "This file is too long. Send it in parts.")
            data["text"] = ""

    def _typed_so_far(self) -> dict[int, dict[str, str]]:
        """What was typed over the list on earlier pages, and on this one."""
        typed = _read_mended(self.data.get("mended", ""))
        for name in self.data:
            found = TYPED.fullmatch(name)
            if found and found[2] == "shown":
                row = typed.setdefault(int(found[1]), {})
                row |= {key: self.data.get(f"row-{found[1]}-{key}", "")[:200] for key in (*MENDABLE, LEAVE)}
        return typed

    def _read(self, data: dict[str, Any], text: str) -> None:
        try:
            instrument = spell_instrument(data["instrument"])
            rows = read_list(text, instrument=instrument, minutes=data["minutes"], mended=self.typed)
        except tables.Unreadable as error:
            words = str(error) if text.strip() else "This file is empty."
            self.add_error("file" if data.get("file") else "text", words)
            return
        if len(rows) > MOST_LINES:
            self.add_error("text", f"These are {len(rows):,} lines. Paste at most {MOST_LINES:,} at a time.")
        elif not rows:
            self.add_error("text", "There is no pupil in this list.")
        else:
            self.all_rows = rows
            ListWriter(self.allocation, self.rows, data["from_week"]).note()

    @property
    def rows(self) -> list[PastedRow]:
        """The lines that are in order."""
        return [row for row in self.all_rows if not row.problems and not row.is_left_out]

    @property
    def wrong(self) -> list[PastedRow]:
        return [row for row in self.all_rows if row.problems and not row.is_left_out]

    @property
    def left_out(self) -> list[PastedRow]:
        return [row for row in self.all_rows if row.is_left_out]

    @property
    def to_mend(self) -> list[PastedRow]:
        """The lines whose fields the page shows: the first that are wrong, and those that were left out."""
        return self.wrong[:SHOWN_TO_MEND]

    @property
    def more_to_mend(self) -> int:
        return len(self.wrong) - len(self.to_mend)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return KINDS

    @property
    def shown(self) -> list[PastedRow]:
        """The first lines that are in order."""
        return self.rows[:SHOWN]

    @property
    def not_shown(self) -> int:
        return len(self.rows) - len(self.shown)

    @property
    def summary(self) -> str:
        return summary_of(self.rows) if self.rows else "No line is in order yet"

    @cached_property
    def touched(self) -> Touched:
        """The recorded weeks in which those who are new are to be marked (P9)."""
        if all(row.is_there for row in self.rows):
            return Touched()
        return touched_by_start(self.allocation, self.cleaned_data["from_week"])

    def is_ready(self) -> bool:
        """Looked at, and nothing wrong."""
        return self.is_valid() and not self.wrong and bool(self.rows) and self.data.get("move") == "save"

    @property
    def status(self) -> int:
        """422 while something has to be put right."""
        return 422 if self.is_bound and (self.errors or self.wrong) else 200

    def save(self, by: Any) -> int:
        writer = ListWriter(self.allocation, self.rows, self.cleaned_data["from_week"])
        return writer.save(by, self.cleaned_data["once"])


def _read_mended(text: str) -> dict[int, dict[str, str]]:
    """What an earlier page sent along; nothing where somebody has meddled with it."""
    try:
        said = json.loads(text)
        return {
            int(number): {key: str(row[key])[:200] for key in (*MENDABLE, LEAVE) if key in row}
            for number, row in said.items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}
