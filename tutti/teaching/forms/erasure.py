"""What may be typed when a pupil is erased: why (S6)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.teaching.models.erasure import erase
from tutti.teaching.models.pupil import Pupil


class ErasureForm(VerbForm):
    """Why, without the name: it stays in the history."""

    why = forms.CharField(
        label="Why?", max_length=200, help_text="It is kept. For example, “The family asked for it in writing.”"
    )

    def __init__(self, data: Any, pupil: Pupil) -> None:
        super().__init__(data)
        self.pupil = pupil

    def save(self, by: Any) -> bool:
        return erase(self.pupil, by, self.cleaned_data["why"])
