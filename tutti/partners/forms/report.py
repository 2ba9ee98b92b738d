"""The report of an observation, saved as far as it is typed (M7)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.partners.forms.answer_field import AnswerField
from tutti.partners.models.observation import Observation
from tutti.partners.models.report_heading import NEEDED, headings_of


class ReportForm(VerbForm):
    """A box for each heading. Nothing is required until it is sent."""

    use_required_attribute = False

    def __init__(self, data: Any, observation: Observation) -> None:
        """As it was last saved."""
        super().__init__(data, initial=observation.report)
        self.observation = observation
        headings = headings_of(observation.application.service.scheme, observation.report)
        for name, words in headings.items():
            area = forms.Textarea(attrs={"rows": 5})
            self.fields[name] = AnswerField(label=words, required=name in NEEDED, max_length=5000, widget=area)

    def save(self, by: Any) -> None:
        self.observation.write(self.cleaned_data)
