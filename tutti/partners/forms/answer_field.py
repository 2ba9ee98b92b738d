"""An answer that is kept as far as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms


class AnswerField(forms.CharField):
    """Needed before all is sent in, not before it is saved."""

    def validate(self, value: Any) -> None:
        """An empty one is kept as it is."""
