"""A form that does something: what the verb refuses is said on the form, with all that was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class VerbForm(forms.Form):
    """Its `save` calls a verb of the model; `saved` tries that."""

    result: Any = None

    def save(self, by: Any) -> Any:
        """Call the verb. ValidationError where a rule stands against it."""
        raise NotImplementedError

    def saved(self, by: Any) -> bool:
        """Whether it was in order and is done; `result` is what the verb gave."""
        if not self.is_ready():
            return False
        try:
            self.result = self.save(by)
        except ValidationError as error:
            self.add_error(None, error)
            return False
        return True

    def is_ready(self) -> bool:
        """Nothing is wrong, and nothing is left to ask."""
        return self.is_valid()

    @property
    def status(self) -> int:
        """Of the page that shows it: 422 once it was sent and could not be taken."""
        return 422 if self.is_bound else 200
