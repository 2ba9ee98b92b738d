"""What may be typed about a teacher, and about the list that many of them come in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tutti.core import tables
from tutti.core.tables import Sheet, Unreadable
from tutti.people.models import Member, Office

EMAIL_ERRORS = {
    "required": "Type the e-mail address.",
    "invalid": "Type an e-mail address, like name@example.org.",
}
ROW_FIELD = re.compile(r"(name|email|phone|teaches|office)-(\d{1,6})")
WIDE = {"class": "govuk-input--width-20"}


class PersonForm(forms.Form):
    """Name, address and phone of somebody who works here. `member` is who is being changed, if anybody."""

    name = forms.CharField(max_length=200, label="Name", error_messages={"required": "Type the name."})
    email = forms.EmailField(
        label="E-mail address",
        help_text="They sign in with it.",
        error_messages=EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(max_length=40, required=False, label="Phone", widget=forms.TextInput(attrs=WIDE))

    def __init__(self, *args: Any, by: Member, member: Member | None = None, **kwargs: Any) -> None:
        self.by, self.member = by, member
        if member:
            kwargs["initial"] = {**_known_of(member), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        own = Member.objects.filter(service_id=self.by.service_id, person__email=email)
        found = own.exclude(pk=self.member.pk if self.member else 0).first()
        if found:
            gone = "" if found.is_active else ", whose access was taken away"
            raise ValidationError(f"This address belongs to {found.name}{gone}, who is in your list already.")
        return email


class TeacherForm(PersonForm):
    """A teacher, with what they teach and the area office that looks after them."""

    teaches = forms.CharField(
        max_length=120,
        required=False,
        label="What they teach",
        help_text="As people would say it, like “upper strings” or “brass and First Access”.",
    )
    office = forms.ModelChoiceField(Office.objects.none(), required=False, label="Area office", empty_label="None yet")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.visible_to(self.by)  # type: ignore[attr-defined]


class NewTeacherForm(TeacherForm):
    invite = forms.BooleanField(required=False, initial=True, label="Send the invitation now")


class TeachersFilterForm(forms.Form):
    """Which teachers to show."""

    STATES = [("", "Working here"), ("waiting", "Not yet joined"), ("gone", "Access taken away")]

    q = forms.CharField(required=False)
    office = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    state = forms.ChoiceField(choices=STATES, required=False)

    @property
    def querystring(self) -> str:
        """The filters as they go into the address of another page of the list."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class TeacherListForm(forms.Form):
    """A file or text from a spreadsheet; `sheet` holds what was read of it."""

    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label="File",
        help_text="CSV, Excel or OpenDocument. The first row says name, e-mail, phone, teaches, area office.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
    )
    text = forms.CharField(
        required=False,
        label="Or paste rows from a spreadsheet",
        help_text="With the row that names the columns, or in this order: name, e-mail, phone, teaches, area office.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    HEADINGS = ("name", "e-mail", "phone", "teaches", "area office")

    def clean(self) -> dict[str, Any]:
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text")
        if not file and not text:
            raise ValidationError("Choose a file, or paste rows from a spreadsheet.")
        try:
            self.sheet: Sheet = (
                tables.read_table(file, most_rows=2_000)
                if file
                else tables.read_pasted(text or "", self.HEADINGS, most_rows=2_000)
            )
        except Unreadable as error:
            raise ValidationError({"file" if file else "text": str(error)}) from error
        return self.cleaned_data


def rows_typed(data: QueryDict) -> dict[int, dict[str, str]]:
    """The rows of a list that were typed anew, by line: fields are called "email-12"."""
    typed: dict[int, dict[str, str]] = {}
    for key, value in data.items():
        if found := ROW_FIELD.fullmatch(key):
            typed.setdefault(int(found[2]), {})[found[1]] = str(value)
    return typed


def _known_of(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "email": member.person.email,
        "phone": member.phone,
        "teaches": member.teaches,
        "office": member.office_id,
        "roles": member.roles,
    }
