"""What a referee writes (A2)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.partners.models import Referee


class ReferenceForm(VerbForm):
    """One box: five minutes."""

    answer = forms.CharField(
        label="What you can tell us about their teaching",
        help_text="How you know them, for how long, how they teach, and whether you would choose them for a child.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, data: Any, referee: Referee) -> None:
        """Nothing typed yet."""
        super().__init__(data)
        self.referee = referee

    def save(self, by: Any) -> bool:
        return self.referee.write(self.cleaned_data["answer"])
