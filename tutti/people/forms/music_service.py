"""What the head of service may set."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tutti.people.forms.letter_day import LetterDayField
from tutti.people.models import MusicService

NARROW = {"class": "govuk-input--width-3", "inputmode": "numeric"}
FEWEST, MOST = 21, 39  # lessons a year
PROMISED = {"individual": "individual lessons", "small_group": "small groups", "large_group": "large groups"}
EMAIL_ERRORS = {"invalid": "Type an e-mail address, like name@example.org."}


class ServiceForm(forms.Form):
    """The service's name, colour, ways to reach it and numbers."""

    name = forms.CharField(max_length=120, label="Name", error_messages={"required": "Type the name of the service."})
    accent = forms.CharField(
        max_length=20,
        label="Colour",
        help_text="A hex colour like #34409c. Too light a colour is darkened until text in it can be read.",
        error_messages={"required": "Type a colour, like #34409c."},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        required=False,
        label="E-mail address",
        help_text="Answers to the service’s letters go there.",
        error_messages=EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(max_length=40, required=False, label="Phone")
    address = forms.CharField(
        max_length=500, required=False, label="Postal address", widget=forms.Textarea(attrs={"rows": 4})
    )
    lessons_a_year = forms.IntegerField(
        min_value=FEWEST,
        max_value=MOST,
        label="Lessons a year",
        help_text="How many lessons a full place is promised in a year, 21 to 39.",
        widget=forms.TextInput(attrs=NARROW),
    )
    summary_working_day = forms.IntegerField(
        min_value=1,
        max_value=15,
        label="Working day on which summaries are sent",
        help_text="1 is the first working day of the next month, 15 the last that can be chosen.",
        widget=forms.TextInput(attrs=NARROW),
    )
    remind_on = LetterDayField(
        label="Remind new teachers",
        help_text="Of registers of earlier weeks that are missing, once a week. Each teacher can choose another day.",
    )

    def __init__(self, *args: Any, service: MusicService, **kwargs: Any) -> None:
        """With a field for each kind of lesson that may be promised another number (C4)."""
        self.service = service
        own = {f"promise_{kind}": service.promises.get(kind) for kind in PROMISED}
        kwargs["initial"] = {name: getattr(service, name) for name in self.base_fields} | own
        super().__init__(*args, **kwargs)
        for kind, words in PROMISED.items():
            self.fields[f"promise_{kind}"] = forms.IntegerField(
                min_value=FEWEST,
                max_value=MOST,
                required=False,
                label=f"Lessons a year in {words}",
                help_text="Only if it is another number.",
                widget=forms.TextInput(attrs=NARROW),
            )

    @property
    def promise_fields(self) -> list[forms.BoundField]:
        return [self[f"promise_{kind}"] for kind in PROMISED]

    def clean(self) -> dict[str, Any]:
        """The kinds with a number of their own become one field of the service."""
        data = super().clean() or self.cleaned_data
        own = {kind: data.pop(f"promise_{kind}", None) for kind in PROMISED}
        data["promises"] = {kind: number for kind, number in own.items() if number}
        return data

    def clean_accent(self) -> str:
        """#34409C, 34409c and #39c are all colours; the last is short for #3399cc."""
        digits = self.cleaned_data["accent"].strip().lstrip("#").lower()
        if re.fullmatch(r"[0-9a-f]{3}", digits):
            digits = "".join(digit * 2 for digit in digits)
        if not re.fullmatch(r"[0-9a-f]{6}", digits):
            raise ValidationError("Type a colour as # and six figures or letters a to f, like #34409c.")
        return f"#{digits}"
