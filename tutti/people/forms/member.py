"""What may be typed about somebody who works in the service, and about oneself."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from tutti.people.forms.teacher import TeacherForm
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


class MeForm(forms.Form):
    """What people may change about themselves."""

    name = forms.CharField(
        max_length=200,
        label="Your name",
        help_text="As schools read it.",
        error_messages={"required": "Type your name."},
    )
    phone = forms.CharField(max_length=40, required=False, label="Phone")
