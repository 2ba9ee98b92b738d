"""Typing in what was kept on paper: a column a week, a row a pupil or class (H9).

What the page showed travels along in `was-…`, so that only what differs from it is a change (R9). A value that the
page filled in by itself stands there with a plus: it is recorded where nothing is marked yet, and never over a mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from tutti.core.calendar import Week, spell_weeks
from tutti.schools.models import TeachingWeek
from tutti.teaching.forms.paper_column import PaperColumn
from tutti.teaching.forms.typed_week import read_column, says_the_same
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.paper_register import MOST_WEEKS, PaperLine, lines_of, weeks_not_recorded, weeks_to_type
from tutti.teaching.models.sheet import Sheet

MEANWHILE = "This week was confirmed in the meantime. Open it and choose “Change it again” to change it."


class PaperSpanForm(forms.Form):
    """Which weeks to type in: those not yet recorded, unless others are chosen."""

    first = WeekChoice(label="From the week of")
    last = WeekChoice(label="To the week of")

    def __init__(self, data: Any, allocation: Allocation) -> None:
        self.begun = weeks_to_type(allocation)
        self.missing = weeks_not_recorded(allocation, self.begun)
        is_asked = "first" in data or "last" in data
        super().__init__(data if is_asked else None)
        for name, row in (("first", self.begun[:1]), ("last", self.begun[-1:])):
            field = self.fields[name]
            assert isinstance(field, WeekChoice)
            field.offer(self.begun, (self.missing or row)[0 if name == "first" else -1].week if row else None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last week must not be before the first one.")
        elif first and last and len(self._between(first, last)) > MOST_WEEKS:
            self.add_error("last", f"These are more than {MOST_WEEKS} weeks. Type in some of them first.")
        return cleaned

    @property
    def weeks(self) -> list[Week]:
        """None while something is wrong."""
        if not self.is_bound:
            return [row.week for row in self.missing[:MOST_WEEKS]]
        chosen = self._between(self.cleaned_data["first"], self.cleaned_data["last"]) if self.is_valid() else []
        return [row.week for row in chosen]

    def posted(self, data: QueryDict) -> list[Week]:
        """The weeks that a sent page was about, of those that may be typed in."""
        sent = set(data.getlist("week"))
        return [row.week for row in self.begun if str(row.week) in sent][:MOST_WEEKS]

    def _between(self, first: Week, last: Week) -> list[TeachingWeek]:
        return [row for row in self.begun if first <= row.week <= last]


@dataclass(slots=True)
class PaperRegisterForm:
    """Several weeks at once. Each is saved by itself: what is wrong in one holds up no other, and loses nothing."""

    member: Any
    allocation: Allocation
    weeks: list[Week]
    data: QueryDict | None = None
    errors: dict[str, str] = field(default_factory=dict)
    confirmed: list[Week] = field(default_factory=list)
    begun: list[Week] = field(default_factory=list)
    lines: list[PaperLine] = field(default_factory=list)
    columns: list[PaperColumn] = field(default_factory=list)

    def saved(self, by: Any) -> bool:
        """Whether the page was sent and all of it was in order; what was in order is saved in any case."""
        if self.data is None:
            return False
        wrong: set[Week] = set()
        for week in self.weeks:
            try:
                self._save(week, by)
            except ValidationError as error:
                wrong.add(week)
                self.errors |= _by_field(error, f"week-{week}")
        self.weeks = self.weeks if wrong else []
        return not wrong

    @transaction.atomic
    def _save(self, week: Week, by: Any) -> None:
        """One week, whole or not at all. ValidationError by field."""
        assert self.data is not None
        sheet = Sheet.open_to_write(by, self.allocation.pk, week)
        if sheet is None:
            raise ValidationError("This is no teaching week of this allocation.")
        if sheet.is_confirmed:
            if not says_the_same(sheet, self.data):
                raise ValidationError(MEANWHILE)
            self.confirmed.append(week)
            return
        typed = read_column(sheet, self.data)
        if typed is None:
            transaction.set_rollback(True)  # nothing is said of this week: no register is begun
            return
        typed.write(sheet, by)
        (self.confirmed if typed.confirm else self.begun).append(week)

    def lay_out(self) -> PaperRegisterForm:
        """Read the weeks again for the page; those with errors show what was typed."""
        sheets = [sheet for week in self.weeks if (sheet := Sheet.open(self.member, self.allocation.pk, week))]
        self.lines = lines_of(self.allocation, sheets)
        wrong = {week for week in self.weeks if any(name.endswith(str(week)) for name in self.errors)}
        self.columns = [
            PaperColumn(sheet, self.lines, self.data if sheet.week in wrong else None, self.errors) for sheet in sheets
        ]
        return self

    @property
    def is_open(self) -> bool:
        """There is something to type."""
        return any(column.is_open for column in self.columns)

    @property
    def saves(self) -> bool:
        """Something was saved."""
        return bool(self.confirmed or self.begun)

    @property
    def words(self) -> str:
        """What was saved, in a sentence or two."""
        told = [_told(self.confirmed, "recorded")] if self.confirmed else []
        told += [_told(self.begun, "saved, and not confirmed yet")] if self.begun else []
        return " ".join(told) or "Nothing was changed."

    @property
    def status(self) -> int:
        """Of the page: 422 once it was sent and could not all be taken."""
        return 422 if self.errors else 200


def _told(weeks: Iterable[Week], what: str) -> str:
    weeks = list(weeks)
    return f"{'Weeks' if len(weeks) > 1 else 'Week'} commencing {spell_weeks(weeks)}: {what}."


def _by_field(error: ValidationError, otherwise: str) -> dict[str, str]:
    if hasattr(error, "error_dict"):
        return {name: messages[0] for name, messages in error.message_dict.items()}
    return {otherwise: error.messages[0]}
