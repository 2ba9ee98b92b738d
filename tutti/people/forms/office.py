"""What may be typed about an area office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tutti.people.models import Member, Office


class OfficeForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name", error_messages={"required": "Type the name of the office."})
    phone = forms.CharField(max_length=40, required=False, label="Phone")
    email = forms.EmailField(
        required=False,
        label="E-mail address",
        error_messages={"invalid": "Type an e-mail address, like name@example.org."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by: Member, office: Office | None = None, **kwargs: Any) -> None:
        self.by, self.office = by, office
        if office:
            kwargs["initial"] = {"name": office.name, "phone": office.phone, "email": office.email}
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Office.objects.visible_to(self.by).exclude(pk=self.office.pk if self.office else 0)
        if others.filter(name__iexact=name).exists():
            raise ValidationError("There is an area office of this name already.")
        return name
