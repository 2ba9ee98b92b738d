"""What a school may say about whom we write to (H9)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.schools.models.contact import Contact, ContactRole
from tutti.schools.models.contact_change import ContactChange, Kind, propose_change


class ContactChangeForm(forms.Form):
    """What has changed, and who is to be written to from now on."""

    kind = forms.ChoiceField(label="What should we know?", choices=Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name from now on",
        max_length=200,
        required=False,
        help_text="If somebody has left and you do not know who follows, leave this and the rest empty.",
    )
    email = forms.EmailField(label="E-mail from now on", required=False)
    role = forms.ChoiceField(
        label="Role at the school", choices=ContactRole.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, contact: Contact | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact

    def clean(self) -> dict[str, Any]:
        """Whoever leaves may name a successor; all else needs somebody."""
        data = super().clean() or self.cleaned_data
        words = {"name": "Type the name.", "email": "Type the e-mail address.", "role": "Choose a role."}
        typed = {name for name in words if data.get(name) or name in self.errors}
        if data.get("kind") != Kind.GONE or typed:
            for name in words.keys() - typed:
                self.add_error(name, words[name])
        return data

    def propose(self) -> ContactChange | None:
        """Keep it for the office; None where the contact has gone since."""
        return propose_change(self.contact, **self.cleaned_data) if self.contact else None
