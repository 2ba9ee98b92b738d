"""What may be typed when a school is closed for a whole week."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from tutti.core.calendar import Week
from tutti.schools.models.school import School
from tutti.schools.models.term import AcademicYear


class ClosureForm(forms.Form):
    """Which teaching week, and why. Weeks of the year in which the school is closed already are not offered."""

    week = forms.ChoiceField(error_messages={"required": "Say which week.", "invalid_choice": "Choose a week."})
    why = forms.CharField(
        label="Why",
        max_length=200,
        help_text="The school and the teachers read it: boiler broken, building works.",
        error_messages={"required": "Say why, in a few words."},
    )

    def __init__(self, *args: Any, school: School, year: AcademicYear | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closed = {closure.week for closure in school.closures.all()}
        weeks = [row for row in year.weeks.all() if row.monday not in closed] if year else []
        choices = [(str(row.monday), f"{spell_day(row.week.monday)}, week {row.number}") for row in weeks]
        self.fields["week"].choices = [("", "Choose a week"), *choices]  # type: ignore[attr-defined]
        current = Week.current()
        self.fields["week"].initial = next((str(row.monday) for row in weeks if row.week >= current), "")

    def clean_week(self) -> Week:
        return Week.parse(self.cleaned_data["week"])


def spell_day(day: date) -> str:
    """A day as people here write it: 9 November 2026."""
    return f"{day.day} {day:%B %Y}"
