"""What may be pasted: a list of pupils out of a spreadsheet (H2)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from tutti.core.calendar import Week
from tutti.core.tables import Unreadable
from tutti.teaching.forms.pupil import MinutesField, spell_instrument
from tutti.teaching.forms.verb import VerbForm
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.list_writing import ListWriter, summary_of
from tutti.teaching.models.pasted_list import MOST_LINES, PastedRow, read_list

SHOWN = 200  # rows of the preview; the rest is counted
EXAMPLE = "Amelia Thorne, 14/3/2015, violin, individual, 20"


class PastedListForm(VerbForm):
    """The list, and what holds where it says nothing. It is shown line by line before it is saved."""

    text = forms.CharField(
        label="The list",
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text="One pupil a line: name, date of birth, instrument. After these, if you like, individual or the name "
        f"of a group, and the minutes. For example:<br>{EXAMPLE}",
    )
    instrument = forms.CharField(label="Instrument, where the list has none", max_length=60, required=False)
    minutes = MinutesField(label="Minutes, where the list has none", initial=20)
    from_week = WeekChoice(label="First lesson in the week of")
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, allocation: Allocation, week: Week) -> None:
        """Nothing read yet."""
        super().__init__(data)
        self.allocation = allocation
        self.rows: list[PastedRow] = []
        field = self.fields["from_week"]
        assert isinstance(field, WeekChoice)
        field.offer(allocation.teaching_weeks(), week)
        self.fields["once"].initial = uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            self._read(data)
        return data

    def _read(self, data: dict[str, Any]) -> None:
        try:
            instrument = spell_instrument(data["instrument"])
            self.rows = read_list(data["text"], instrument=instrument, minutes=data["minutes"])
        except Unreadable as error:
            self.add_error("text", str(error))
            return
        if len(self.rows) > MOST_LINES:
            self.rows, lines = [], len(self.rows)
            self.add_error("text", f"These are {lines:,} lines. Paste at most {MOST_LINES:,} at a time.")
        elif not self.rows:
            self.add_error("text", "There is no pupil in this list.")
        elif self.wrong:
            many = len(self.wrong)
            words = "One line has" if many == 1 else f"{many:,} lines have"
            self.add_error("text", f"{words} to be put right. Nothing is saved yet.")
        else:
            ListWriter(self.allocation, self.rows, data["from_week"]).note()

    @property
    def wrong(self) -> list[PastedRow]:
        return [row for row in self.rows if row.problems]

    @property
    def shown(self) -> list[PastedRow]:
        """The rows of the preview: those that are wrong first of all."""
        return (self.wrong or self.rows)[:SHOWN]

    @property
    def not_shown(self) -> int:
        return len(self.wrong or self.rows) - len(self.shown)

    @property
    def summary(self) -> str:
        return summary_of(self.rows)

    def is_ready(self) -> bool:
        """Looked at, and nothing wrong."""
        return self.is_valid() and self.data.get("move") == "save"

    def save(self, by: Any) -> int:
        writer = ListWriter(self.allocation, self.rows, self.cleaned_data["from_week"])
        return writer.save(by, self.cleaned_data["once"])
