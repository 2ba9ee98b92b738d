"""What is searched for in the list of partners (M11)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms

from tutti.core.calendar import Day
from tutti.partners.models import Partner
from tutti.partners.models.partner import PartnerQuerySet


class PartnerListForm(forms.Form):
    """An instrument of those that are taught, and a part of a name."""

    instrument = forms.CharField(label="Instrument", required=False, max_length=60)
    name = forms.CharField(label="Name", required=False, max_length=100)

    def __init__(self, data: Any, service: Any, on: Day) -> None:
        """Of the partners of a service on a day."""
        super().__init__(data)
        self.listed = Partner.objects.filter(service=service).listed(on)

    def found(self) -> PartnerQuerySet:
        self.is_valid()
        return self.listed.teaching(self.cleaned_data.get("instrument", ""), self.cleaned_data.get("name", ""))

    @property
    def querystring(self) -> str:
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})
