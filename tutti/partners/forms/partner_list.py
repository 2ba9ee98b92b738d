"""What is searched for in the list of partners (M11)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from tutti.core.calendar import Day
from tutti.partners.models import Entry, Partner
from tutti.partners.models.entry import SETTINGS, EntryQuerySet
from tutti.schools.models import Postcode
from tutti.schools.models.postcode import Written, read_postcode

MILES = [("5", "5 miles"), ("10", "10 miles"), ("20", "20 miles"), ("", "Any distance")]
KNOWN = [
    "Accordion", "Bagpipes", "Bassoon", "Cello", "Clarinet", "Composition", "Cornet", "Double bass", "Drum kit",
    "Euphonium", "Flute", "French horn", "Guitar", "Harp", "Keyboard", "Mandolin", "Music technology", "Music theory",
    "Oboe", "Organ", "Percussion", "Piano", "Recorder", "Saxophone", "Singing", "Tenor horn", "Trombone",
    "Trumpet", "Tuba", "Ukulele", "Viola", "Violin", "Voice",
]  # fmt: skip


class PartnerListForm(forms.Form):
    """Any of it, or nothing. What is wrong is said at its field, and the rest still counts."""

    instrument = forms.CharField(label="Instrument", required=False, max_length=60)
    place = forms.CharField(label="Town or postcode", required=False, max_length=60)
    miles = forms.ChoiceField(label="Within", required=False, choices=MILES)
    setting = forms.MultipleChoiceField(
        label="Where", required=False, choices=list(SETTINGS.items()), widget=forms.CheckboxSelectMultiple
    )
    style = forms.CharField(label="Style", required=False, max_length=60)
    words = forms.CharField(label="Name or other words", required=False, max_length=100)

    use_required_attribute = False

    def __init__(self, data: Any, service: Any, on: Day) -> None:
        """Of the partners of a service on a day."""
        super().__init__(data)
        self.listed = Entry.objects.of(Partner.objects.filter(service=service).listed(on))
        self.measures_from = ""
        self.fields["instrument"].widget.attrs = {"list": "instruments"}

    def clean_place(self) -> Written | str | None:
        """A postcode, or a town; ValidationError for a malformed postcode."""
        text = self.cleaned_data["place"]
        try:
            return read_postcode(text) or text
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def found(self) -> EntryQuerySet:
        """The entries, the nearest first where the place can be measured from. One query more for a postcode."""
        self.is_valid()
        asked = {name: self.cleaned_data.get(name, "") for name in ("instrument", "style", "words")}
        found = self.listed.saying(**asked).teaching_at(self.cleaned_data.get("setting", []))
        place = self.cleaned_data.get("place")
        if isinstance(place, Written):
            return self._near(found, place)
        return found.in_town(place) if place else found

    def _near(self, found: EntryQuerySet, place: Written) -> EntryQuerySet:
        point = Postcode.objects.of(place)
        if point is None:  # no file of postcodes was loaded (A6)
            return found.in_district(place.district)
        self.measures_from = str(place)
        miles = self.cleaned_data.get("miles")
        return found.near(point, int(miles) if miles else None)

    @property
    def querystring(self) -> str:
        return urlencode([(name, one) for name in self.fields for one in _said(self.data, name) if one])

    @property
    def cannot_measure(self) -> bool:
        """Miles were asked for, from a place whose map nobody has (A6)."""
        return bool(self.data.get("miles") and self.data.get("place")) and not self.measures_from

    @property
    def is_narrow(self) -> bool:
        """Whether more than an instrument and a place is asked for: the page opens those fields."""
        return any(self.data.get(name) for name in ("style", "words"))

    @property
    def known(self) -> list[str]:
        return KNOWN


def _said(data: Any, name: str) -> list[str]:
    """All that was chosen under a name in the address."""
    return data.getlist(name)  # type: ignore[no-any-return]
