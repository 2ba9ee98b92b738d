"""What may be said about a pupil who changes school (P5)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.calendar import Week
from tutti.schools.models import AcademicYear, School
from tutti.teaching.forms.dated_back import DatedBackForm
from tutti.teaching.forms.school_choice import SchoolChoiceForm
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.dated_back import Touched, touched_by_stop
from tutti.teaching.models.pupil import Pupil


class SchoolMoveForm(DatedBackForm, SchoolChoiceForm):
    """Another school from a week on. `asks_same` is set when that school has this very child already."""

    from_week = WeekChoice(label="First week at the new school")
    with_balance = forms.BooleanField(
        label="What was had and is owed this year moves along",
        required=False,
        help_text="Without this the pupil begins there with nothing had and nothing owed.",
    )

    def __init__(self, data: Any, member: Any, pupil: Pupil, year: AcademicYear, week: Week) -> None:
        """The weeks of the year, `week` chosen."""
        super().__init__(data, member)
        self.pupil = pupil
        self.asks_same: School | None = None
        field = self.fields["from_week"]
        assert isinstance(field, WeekChoice)
        field.offer(year.weeks.select_related("term"), week)
        self.fields["school"].label = "New school"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        school = data.get("school")
        if school and not self.errors and self.data.get("same") != "yes":
            same = Pupil.objects.same_child(school, self.pupil.name, self.pupil.date_of_birth)
            self.asks_same = school if same.exclude(pk=self.pupil.pk).exists() else None
        return data

    def is_ready(self) -> bool:
        """Nothing is wrong, and nothing is left to ask."""
        return self.is_valid() and self.asks_same is None and super().is_ready()

    def touches(self) -> Touched:
        week = self.cleaned_data["from_week"]
        return touched_by_stop(self.pupil.places.not_over(week), week - 1)

    def save(self, by: Any) -> Pupil:
        data = self.cleaned_data
        is_same = self.data.get("same") == "yes"
        return self.pupil.move_to(
            data["school"], data["from_week"], by, with_balance=data["with_balance"], join=is_same
        )
