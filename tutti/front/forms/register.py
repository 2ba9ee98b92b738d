"""Which registers the office looks at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet

from tutti.people.models import Member, Office
from tutti.teaching.models import Allocation


class RegistersFilterForm(forms.Form):
    """By area office and teacher; a wrong choice filters nothing."""

    office = forms.ModelChoiceField(Office.objects.none(), required=False, empty_label="All")
    teacher = forms.ModelChoiceField(Member.objects.none(), required=False, empty_label="All")

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["office"].queryset = Office.objects.visible_to(by)  # type: ignore[attr-defined]
        self.fields["teacher"].queryset = Member.objects.visible_to(by).teachers()  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def allocations(self) -> QuerySet[Allocation]:
        """The allocations that the choice leaves."""
        ways = {"office": "school__office", "teacher": "teacher"}
        narrowed = {ways[name]: value for name, value in self.chosen.items()}
        return Allocation.objects.visible_to(self.by).filter(**narrowed)

    @property
    def querystring(self) -> str:
        return urlencode({name: value.pk for name, value in self.chosen.items()})
