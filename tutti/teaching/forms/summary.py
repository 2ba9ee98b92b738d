"""What may be typed about a summary: the month to look at, and the code out of an e-mail."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from tutti.core.calendar import Day
from tutti.teaching.models.school_month import SHOWN, month_of_the_day, months_taught
from tutti.teaching.models.summary_link import SummaryLink


class MonthForm(forms.Form):
    """Which month, and which of its schools. What makes no sense is the month that the office would look at."""

    month = forms.TypedChoiceField(coerce=Day.fromisoformat, required=False)
    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False)
    q = forms.CharField(required=False, max_length=80, label="School")

    def __init__(self, data: Any, *, service: Any) -> None:
        super().__init__(data)
        self.service = service
        self.fields["month"].choices = [(str(m), f"{m:%B %Y}") for m in months_taught(service)]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def chosen_month(self) -> Day | None:
        return self.cleaned_data.get("month") or month_of_the_day(self.service)

    @property
    def chosen_show(self) -> str:
        return self.cleaned_data.get("show") or "all"

    @property
    def as_query(self) -> str:
        """What was chosen, for the links to other pages of the list."""
        return urlencode({name: str(value) for name, value in self.cleaned_data.items() if value})


class CodeForm(forms.Form):
    """The six digits of the e-mail, spaces allowed."""

    code = forms.CharField(
        label="Code",
        help_text="Six digits, in the e-mail from us.",
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )

    def __init__(self, *args: Any, link: SummaryLink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.link = link

    def clean_code(self) -> str:
        code = re.sub(r"\D", "", self.cleaned_data["code"])
        if len(code) != 6:
            raise ValidationError("A code has six digits.")
        if not self.link.use_code(code):
            raise ValidationError("This code does not open it. Check it, or ask for a new one below.")
        return code
