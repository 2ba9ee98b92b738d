"""Whether two pupils are one child, as the office says it (P3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tutti.core.forms import VerbForm
from tutti.teaching.models.child import alike_to, are_two
from tutti.teaching.models.pupil import Pupil

ONE, TWO = "one", "two"


class CompareForm(VerbForm):
    """One child or two; if one, whose name and birthday stay."""

    other = forms.IntegerField(widget=forms.HiddenInput)
    keep = forms.IntegerField(required=False, widget=forms.HiddenInput)
    move = forms.ChoiceField(choices=[(ONE, ONE), (TWO, TWO)], widget=forms.HiddenInput)

    def __init__(self, data: Any, pupil: Pupil) -> None:
        """`others`: those who may be this child."""
        super().__init__(data)
        self.pupil, self.others = pupil, alike_to(pupil)

    def clean_other(self) -> Pupil:
        found = next((other for other in self.others if other.pk == self.cleaned_data["other"]), None)
        if found is None:
            raise forms.ValidationError("That pupil is not there any more, or is known to be another child.")
        return found

    @property
    def kept(self) -> Pupil:
        """Who stays: the one whose name was chosen."""
        other: Pupil = self.cleaned_data["other"]
        return other if self.cleaned_data.get("keep") == other.pk else self.pupil

    def save(self, by: Any) -> str:
        """What was done, in words. ValidationError where two places stand against it."""
        other: Pupil = self.cleaned_data["other"]
        if self.cleaned_data["move"] == TWO:
            are_two(self.pupil, other, by)
            return f"{self.pupil} and {other} are two children. You are not asked again."
        gone = other if self.kept is self.pupil else self.pupil
        name = str(gone)
        try:
            self.kept.join(gone, by)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return f"{name} is joined with {self.kept}: one pupil, with all places and marks."
