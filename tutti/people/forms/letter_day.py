"""The working day on which letters come, or never: of a teacher, and of the service for teachers to come."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.people.models.member import LETTER_DAYS

NEVER = "never"


class LetterDayField(forms.TypedChoiceField):
    """A day from 0 for Monday to 4, or None for never."""

    def __init__(self, **kwargs: Any) -> None:
        days = [(str(day), f"On {name}s") for day, name in enumerate(LETTER_DAYS)]
        wrong = "Choose a day, or never."
        super().__init__(
            choices=[*days, (NEVER, "Never")],
            coerce=lambda day: None if day == NEVER else int(day),
            error_messages={"required": wrong, "invalid_choice": wrong},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return NEVER if value is None else value
