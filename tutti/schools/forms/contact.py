"""What may be typed about a contact at a school."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.schools.models.contact import Contact, ContactRole
from tutti.schools.models.school import School


class ContactForm(forms.Form):
    """A person at a school, or its office."""

    name = forms.CharField(max_length=200, help_text="A person, or “School office”.")
    role = forms.ChoiceField(choices=ContactRole.choices, widget=forms.RadioSelect)
    email = forms.EmailField(label="E-mail")
    phone = forms.CharField(
        label="Telephone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    gets_summary = forms.BooleanField(
        label="Gets the monthly summary",
        required=False,
        initial=True,
        help_text="It comes by e-mail with a link. No account is needed.",
    )

    def __init__(self, *args: Any, school: School, contact: Contact | None = None, **kwargs: Any) -> None:
        """For a new contact of the school, or for one that is there."""
        if contact:
            kwargs["initial"] = {name: getattr(contact, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.school, self.contact = school, contact

    def clean_email(self) -> str:
        """An address is in a school once."""
        email = str(self.cleaned_data["email"])
        same = self.school.contacts.filter(email__iexact=email).first()
        if same and same != self.contact:
            raise forms.ValidationError(f"{same.name} has this address at this school already.")
        return email
