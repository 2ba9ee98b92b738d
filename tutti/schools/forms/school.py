"""What may be typed about a school, and what the list of schools can be narrowed to."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.http import urlencode

from tutti.people.models import Office
from tutti.schools.models.school import School, SchoolQuerySet, Status

NARROW = {"class": "govuk-input--width-10"}


class SchoolForm(forms.Form):
    """A school typed or changed by hand; a URN, once there, stays."""

    name = forms.CharField(max_length=200)
    urn = forms.IntegerField(
        label="URN",
        required=False,
        min_value=1000,
        max_value=99_999_999,
        help_text="Its number in the national list, if it has one. It cannot be changed later.",
        widget=forms.TextInput(attrs={**NARROW, "inputmode": "numeric"}),
        error_messages={"invalid": "A URN has digits only, like 110197."},
    )
    street = forms.CharField(max_length=200, required=False)
    locality = forms.CharField(max_length=200, required=False)
    town = forms.CharField(max_length=120, required=False)
    postcode = forms.CharField(max_length=10, required=False, widget=forms.TextInput(attrs=NARROW))
    phone = forms.CharField(label="Telephone", max_length=40, required=False, widget=forms.TextInput(attrs=NARROW))
    website = forms.CharField(max_length=300, required=False)
    office = forms.ModelChoiceField(
        Office.objects.none(),
        label="Area office",
        required=False,
        empty_label="None yet",
        help_text="The school reads its name, telephone and e-mail on every summary.",
    )
    authority = forms.CharField(label="Local authority", max_length=120, required=False)
    phase = forms.CharField(max_length=60, required=False, help_text="Primary, Secondary, Nursery and so on.")
    type = forms.CharField(max_length=120, required=False)
    status = forms.ChoiceField(choices=Status.choices, initial=Status.OPEN)

    def __init__(self, *args: Any, member: Any, school: School | None = None, **kwargs: Any) -> None:
        """With the offices that the member may see, and the school's own values to begin with."""
        if school:
            kwargs["initial"] = {name: getattr(school, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.member, self.school = member, school
        self.fields["office"].queryset = Office.objects.visible_to(member)  # type: ignore[attr-defined]
        if school and school.urn:
            del self.fields["urn"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_postcode(self) -> str:
        return " ".join(self.cleaned_data["postcode"].upper().split())

    def clean_website(self) -> str:
        website = str(self.cleaned_data["website"]).strip()
        if re.match(r"(?!https?://)[a-z][a-z0-9+.-]*:", website, re.IGNORECASE):
            raise forms.ValidationError("Type an address like www.larkrise.example.")
        return website

    def clean_urn(self) -> int | None:
        """A school is in a service once."""
        urn: int | None = self.cleaned_data["urn"]
        same = School.objects.filter(service_id=self.member.service_id, urn=urn).first() if urn else None
        if same:
            raise forms.ValidationError(f"This is the URN of {same.name}, which you have already.")
        return urn


class SchoolFilter(forms.Form):
    """What the list of schools is narrowed to. A value that makes no sense narrows nothing."""

    SHOW = [("ours", "Our schools"), ("all", "All schools"), ("no_contact", "Nobody gets the summary")]

    show = forms.ChoiceField(choices=SHOW, required=False)
    q = forms.CharField(label="Name, town, postcode or URN", max_length=100, required=False)
    office = forms.ModelChoiceField(Office.objects.none(), label="Area office", required=False, empty_label="Any")
    authority = forms.ChoiceField(label="Local authority", required=False)
    status = forms.ChoiceField(required=False, choices=[("", "Open"), *Status.choices[1:], ("any", "Any")])

    def __init__(self, data: Any, *, member: Any, year: Any) -> None:
        """`year` says which schools are ours: those with an allocation in it."""
        super().__init__(data, auto_id="%s")
        self.year = year
        self.schools = School.objects.visible_to(member)
        self.fields["office"].queryset = Office.objects.visible_to(member)  # type: ignore[attr-defined]
        names = self.schools.exclude(authority="").order_by("authority").values_list("authority", flat=True).distinct()
        self.fields["authority"].choices = [("", "Any"), *((n, n) for n in names)]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def querystring(self) -> str:
        """What was asked, for links to other pages and to the downloads."""
        return urlencode({name: value for name, value in self.data.items() if value and name in self.fields})

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "show")

    @property
    def show_now(self) -> str:
        return self.cleaned_data.get("show") or "ours"

    def shown(self, show: str) -> SchoolQuerySet:
        """The schools of one of the three lists, narrowed by nothing else."""
        if show == "all":
            return self.schools
        ours = self.schools.of_year(self.year)
        return ours.without_summary_contact() if show == "no_contact" else ours

    def narrowed(self) -> SchoolQuerySet:
        """The schools that were asked for."""
        asked = self.cleaned_data
        found = self.shown(self.show_now)
        status = asked.get("status")
        if status != "any":
            found = found.filter(status=status) if status else found.open()
        if asked.get("q"):
            found = found.named(asked["q"])
        if asked.get("office"):
            found = found.filter(office=asked["office"])
        return found.filter(authority=asked["authority"]) if asked.get("authority") else found
