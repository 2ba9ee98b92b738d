"""What may be typed about a reason and what follows from it (C1, C2)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.schools.models import TeachingWeek
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.figures import CLOSED
from tutti.teaching.models.pupil import tidy_name
from tutti.teaching.models.reason import Cause, Reason, add_reason

CONSEQUENCES = ("counts", "paid", "charged", "owed")
WHERE = ("for_pupil", "for_lesson")


class ReasonForm(VerbForm):
    """A reason: its words, whose cause it is, and the four consequences."""

    name = forms.CharField(label="What teachers read", max_length=60, help_text="For example, Concert rehearsal")
    short = forms.CharField(
        label="The word in the school’s grid",
        max_length=14,
        help_text="At most 14 letters",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    cause = forms.ChoiceField(label="Whose cause it is", choices=Cause, widget=forms.RadioSelect)
    counts = forms.BooleanField(label="It counts as a lesson that the pupil had", required=False)
    paid = forms.BooleanField(label="The teacher is paid", required=False)
    charged = forms.BooleanField(label="The school is charged", required=False)
    owed = forms.BooleanField(label="A lesson is owed to the pupil", required=False)
    for_pupil = forms.BooleanField(label="For one pupil", required=False, initial=True)
    for_lesson = forms.BooleanField(label="For a whole lesson", required=False)
    from_week = WeekChoice(label="From the week of")

    def __init__(self, data: Any, weeks: list[TeachingWeek], week: Week, reason: Reason | None = None) -> None:
        """A new reason, or the one that stands in the place of another."""
        names = ("name", "short", "cause", *CONSEQUENCES, *WHERE)
        super().__init__(data, initial={name: getattr(reason, name) for name in names} if reason else None)
        self.reason = reason
        field = self.fields["from_week"]
        assert isinstance(field, WeekChoice)
        field.offer(weeks, week)

    def clean_name(self) -> str:
        return tidy_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("counts") and data.get("owed"):
            self.add_error("owed", "A lesson that counts as had cannot be owed as well. Choose one of the two.")
        if data.get("short", "").casefold() == CLOSED.casefold() and not data.get("owed"):
            self.add_error("short", f"The grid says “{CLOSED}” where nothing was due. Choose another word.")
        if not data.get("for_pupil") and not data.get("for_lesson"):
            self.add_error("for_pupil", "Say where it is offered: for one pupil, for a whole lesson, or both.")
        return data

    @property
    def what_follows(self) -> list[forms.BoundField]:
        return [self[name] for name in CONSEQUENCES]

    @property
    def where(self) -> list[forms.BoundField]:
        return [self[name] for name in WHERE]

    def save(self, by: Any) -> Reason:
        data = dict(self.cleaned_data)
        if self.reason:
            return self.reason.replace(by, data.pop("from_week"), **data)
        return add_reason(by.service, by, **data)


class ReasonRetireForm(VerbForm):
    """From which week on a reason is not offered any more."""

    from_week = WeekChoice(label="Not offered from the week of")

    def __init__(self, data: Any, weeks: list[TeachingWeek], week: Week, reason: Reason) -> None:
        """The next week is offered."""
        super().__init__(data)
        self.reason = reason
        field = self.fields["from_week"]
        assert isinstance(field, WeekChoice)
        field.offer(weeks, week)

    def save(self, by: Any) -> bool:
        return self.reason.retire(by, self.cleaned_data["from_week"])
