"""A meeting of a mentoring programme (M8)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import DayField, VerbForm
from tutti.partners.models import MentoringProgramme


class MeetingForm(VerbForm):
    """When, and what was said and agreed."""

    on = DayField(label="Day", help_text="For example, 24 11 2026")
    notes = forms.CharField(label="Notes", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, data: Any, programme: MentoringProgramme | None) -> None:
        """Nothing typed yet."""
        super().__init__(data)
        self.programme = programme

    def save(self, by: Any) -> None:
        assert self.programme
        self.programme.met(by, **self.cleaned_data)
