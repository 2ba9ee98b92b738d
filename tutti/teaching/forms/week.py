"""A week to choose: the teaching weeks of a year, by term (W1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.template.defaultfilters import date as written_date

from tutti.core.calendar import Week
from tutti.schools.models import TeachingWeek

OUT_OF_TERM = "That week is not in term, or the teacher is not at this school then. Choose one from the list."


class WeekChoice(forms.TypedChoiceField):
    """One of the weeks it was given; any other is refused. Its value is a Week."""

    def __init__(self, **kwargs: Any) -> None:
        """Choices come with `offer`."""
        kwargs.setdefault("error_messages", {"invalid_choice": OUT_OF_TERM})
        super().__init__(coerce=Week.parse, empty_value=None, **kwargs)

    def offer(self, weeks: Iterable[TeachingWeek], chosen: Week | None = None, nothing: str = "") -> None:
        """Offer these weeks under their terms, `chosen` (or the first week after it) filled in."""
        rows = list(weeks)
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in rows:
            groups.setdefault(row.term.name, []).append((str(row.monday), spell_week(row)))
        self.choices = [*([("", nothing)] if nothing else []), *groups.items()]
        if chosen and rows:
            self.initial = str(next((row.monday for row in rows if row.monday >= chosen), rows[-1].monday))


class WeekChoices(forms.TypedMultipleChoiceField):
    """Some of the weeks it was given, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        """Choices come with `offer`."""
        super().__init__(coerce=Week.parse, error_messages={"invalid_choice": OUT_OF_TERM}, **kwargs)

    def offer(self, weeks: Iterable[TeachingWeek], chosen: Iterable[Week] = ()) -> None:
        """Offer these weeks in order, the chosen ones ticked."""
        self.choices = [(str(row.monday), spell_week(row)) for row in weeks]
        self.initial = [str(week) for week in chosen]


def spell_week(row: TeachingWeek) -> str:
    """A week as a line to choose, under the name of its term: "16 November, lesson 10"."""
    kind = f"lesson {row.lesson_number}" if row.lesson_number else "spare week"
    return f"{written_date(row.monday.monday, 'j F')}, {kind}"
