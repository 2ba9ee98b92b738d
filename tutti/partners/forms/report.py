"""The report of an observation, saved as far as it is typed (M7)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.partners.models.observation import NEEDED, REPORT, Observation


class ReportForm(VerbForm):
    """A box for each heading. Nothing is required until it is sent."""

    def __init__(self, data: Any, observation: Observation) -> None:
        """As it was last saved."""
        super().__init__(data, initial=observation.report)
        self.observation = observation
        for name, words in REPORT.items():
            area = forms.Textarea(attrs={"rows": 5})
            hint = "Needed before it is sent" if name in NEEDED else ""
            self.fields[name] = forms.CharField(
                label=words, required=False, max_length=5000, widget=area, help_text=hint
            )

    def save(self, by: Any) -> None:
        self.observation.write(self.cleaned_data)
