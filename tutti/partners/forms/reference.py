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
        """As far as they have written it."""
        super().__init__(data, initial={"answer": referee.typed})
        self.referee = referee

    def save(self, by: Any) -> bool:
        return self.referee.write(self.cleaned_data["answer"])


class KeyInReferenceForm(ReferenceForm):
    """What came in a letter, or was said on the telephone."""

    answer = forms.CharField(
        label="What they wrote",
        max_length=5000,
        help_text="As it stands there",
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, data: Any, referee: Referee) -> None:
        """An empty box: what a referee has not sent is theirs alone."""
        super().__init__(data, referee)
        self.initial = {}

    def save(self, by: Any) -> bool:
        self.referee.key_in(by, self.cleaned_data["answer"])
        return True
