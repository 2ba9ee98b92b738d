"""A school to choose where there may be twenty thousand: part of its name, then one of those that match."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.schools.models import School

MOST_MATCHES = 20


class SchoolChoiceForm(VerbForm):
    """Asks for a school by its name, place, postcode or number; asks again which one where several match."""

    school = forms.CharField(
        label="School", max_length=200, help_text="Its name or part of it, its town, postcode or number"
    )
    which_school = forms.ChoiceField(label="Which of them?", required=False, widget=forms.RadioSelect)

    def __init__(self, data: Any, member: Any, **kwargs: Any) -> None:
        """`member`: whose schools may be chosen."""
        super().__init__(data, **kwargs)
        self.schools = School.objects.visible_to(member).open()
        self.several: list[School] = []
        chosen = (data or {}).get("which_school", "")
        field = self.fields["which_school"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(chosen, chosen)] if chosen.isdecimal() and len(chosen) < 19 else []

    def clean_school(self) -> School:
        words = self.cleaned_data["school"]
        matches = self.schools.named(words)
        chosen = str(self.data.get("which_school", ""))
        if chosen.isdecimal() and len(chosen) < 19 and (school := matches.filter(pk=chosen).first()):
            return school
        found = list(self.schools.filter(name__iexact=words.strip())[:2])
        if len(found) != 1:
            found = list(matches[: MOST_MATCHES + 1])
        if len(found) == 1:
            return found[0]
        self._offer(found)
        raise forms.ValidationError(self._why(len(found)))

    def _offer(self, found: list[School]) -> None:
        self.several = found[:MOST_MATCHES]
        field = self.fields["which_school"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(school.pk), f"{school.name}, {school.place_name}".rstrip(", ")) for school in self.several
        ]

    def _why(self, found: int) -> str:
        if not found:
            return "No open school of this name. Try a part of the name, the town or the postcode."
        if found > MOST_MATCHES:
            return f"More than {MOST_MATCHES} schools match. Choose one below, or type more of the name."
        return f"{found} schools match. Choose one below."
