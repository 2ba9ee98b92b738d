"""How an applicant or a referee is reached, as the hub puts it right."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.partners.models import Application, Referee
from tutti.partners.models.application_contact import ANSWERED, change_contact


class ContactForm(VerbForm):
    """Name, addresses and telephone of an applicant."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(
        label="E-mail address",
        help_text="A new one gets a link to the application. Without one we write letters that you print and post.",
        max_length=254,
        required=False,
    )
    phone = forms.CharField(label="Telephone number", max_length=300, required=False)
    address = forms.CharField(
        label="Postal address", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, application: Application) -> None:
        """As it stands."""
        answered = {key: application.answers.get(key, "") for key in ANSWERED}
        super().__init__(data, initial={"name": application.name, "email": application.email, **answered})
        self.application = application

    def save(self, by: Any) -> bool:
        return change_contact(self.application, by, **self.cleaned_data)


class RefereeForm(VerbForm):
    """Another address of a referee, or somebody else instead."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(
        label="E-mail address",
        help_text="They get a letter with a link. Without one we write a letter that you print and post.",
        max_length=254,
        required=False,
    )
    relation = forms.CharField(label="How they know the applicant", max_length=200, required=False)

    def __init__(self, data: Any, referee: Referee) -> None:
        """As it stands."""
        super().__init__(data, initial={name: getattr(referee, name) for name in self.base_fields})
        self.referee = referee

    def save(self, by: Any) -> None:
        self.referee.correct(by, **self.cleaned_data)
