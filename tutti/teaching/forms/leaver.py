"""What may be typed when a teacher leaves: the last week, and who comes after them at each school (P2)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.people.models import Member
from tutti.schools.models import AcademicYear
from tutti.teaching.forms.allocation import teachers_of
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.leaver import Leaver, read_leaver


class LastWeekForm(forms.Form):
    """The last week of all."""

    until_week = WeekChoice(label="Last week")

    def __init__(self, data: Any, year: AcademicYear, week: Week) -> None:
        """The year's teaching weeks."""
        super().__init__(data)
        field = self.fields["until_week"]
        assert isinstance(field, WeekChoice)
        field.offer(year.weeks.select_related("term"), week)


class LeaverForm(VerbForm):
    """Who comes after a teacher at each school; nobody, unless somebody is chosen."""

    def __init__(self, data: Any, teacher: Member, until_week: Week, member: Any) -> None:
        """A choice for each allocation that ends."""
        super().__init__(data)
        self.leaver: Leaver = read_leaver(teacher, until_week)
        others = teachers_of(member).exclude(pk=teacher.pk)
        for row in self.leaver.ends:
            self.fields[f"heir-{row.pk}"] = forms.ModelChoiceField(
                label=f"After them at {row.school}", queryset=others, required=False, empty_label="Nobody yet"
            )

    def save(self, by: Any) -> list[Allocation]:
        chosen = {row.pk: self.cleaned_data[f"heir-{row.pk}"] for row in self.leaver.ends}
        return self.leaver.leave(by, {pk: heir for pk, heir in chosen.items() if heir})
