"""What may be typed when a correction is decided: an answer to the teacher, needed to decline (R10)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.teaching.models.correction import Correction

ACCEPT, DECLINE = "accept", "decline"


class DecideForm(VerbForm):
    """Accept or decline, by the button that was pressed."""

    answer = forms.CharField(
        label="Answer to the teacher",
        help_text="Needed to decline. It goes out in the letter.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    decision = forms.ChoiceField(choices=[(ACCEPT, "Accept"), (DECLINE, "Decline")], widget=forms.HiddenInput)

    def __init__(self, data: Any, correction: Correction) -> None:
        super().__init__(data)
        self.correction = correction

    def save(self, by: Any) -> bool:
        """Whether this decided it; False if somebody was quicker."""
        answer = self.cleaned_data["answer"]
        accepts = self.cleaned_data["decision"] == ACCEPT
        return self.correction.accept(by, answer) if accepts else self.correction.decline(by, answer)
