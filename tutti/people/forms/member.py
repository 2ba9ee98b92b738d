"""What may be typed about somebody who works in the service, and about oneself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tutti.people.forms.letter_day import LetterDayField
from tutti.people.forms.teacher import TeacherForm
from tutti.people.models import Member
from tutti.people.roles import CHOICES, HEAD


class MemberForm(TeacherForm):
    """Somebody with one role or more."""

    roles = forms.MultipleChoiceField(
        choices=CHOICES,
        label="Roles",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )
    field_order = ["name", "email", "phone", "roles", "teaches", "office"]

    def clean_roles(self) -> list[str]:
        roles = self.cleaned_data["roles"]
        if self.member and self.member.is_last_head and HEAD.name not in roles:
            raise ValidationError("A service needs a head of service. Give the role to somebody else first.")
        return roles


class NewMemberForm(MemberForm):
    invite = forms.BooleanField(required=False, initial=True, label="Send the invitation now")


class RemindersForm(forms.Form):
    """The working day on which a teacher is reminded of registers that are missing, or none. A day for letters (W5)."""

    remind_on = LetterDayField(
        label="Remind me",
        help_text="While a register of an earlier week is missing, one e-mail a week says which. When all is recorded, "
        "none comes.",
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, initial={"remind_on": member.remind_on}, **kwargs)  # type: ignore[misc]


class MeForm(forms.Form):
    """What people may change about themselves."""

    name = forms.CharField(
        max_length=200,
        label="Your name",
        help_text="As schools read it.",
        error_messages={"required": "Type your name."},
    )
    phone = forms.CharField(max_length=40, required=False, label="Phone")
