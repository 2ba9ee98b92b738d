"""What the list of owed lessons shows: an area office, part of a school's or teacher's name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse

from tutti.core import tables
from tutti.people.models import Office
from tutti.schools.models import AcademicYear
from tutti.teaching.models.allocation import Allocation, AllocationQuerySet
from tutti.teaching.models.owed import Owed, read_owed


class OwedForm(forms.Form):
    """The list's filters."""

    teacher = forms.CharField(required=False, max_length=100)
    school = forms.CharField(required=False, max_length=100)
    office = forms.ModelChoiceField(
        queryset=Office.objects.none(), required=False, empty_label="All offices", label="Area office"
    )

    def __init__(self, data: Any, member: Any, year: AcademicYear | None) -> None:
        """Allocations of the year that the member may see."""
        super().__init__(data)
        self.member, self.year = member, year
        office = self.fields["office"]
        assert isinstance(office, forms.ModelChoiceField)
        office.queryset = Office.objects.visible_to(member)

    @property
    def allocations(self) -> AllocationQuerySet:
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        asked = {name: value.pk if name == "office" else value for name, value in asked.items()}
        return Allocation.objects.visible_to(self.member).of_year(self.year).like(**asked)

    def found(self) -> list[Owed]:
        return read_owed(self.allocations)

    def download(self, kind: str) -> HttpResponse:
        """The list as a CSV file or an Excel file ("xlsx")."""
        columns = ["School", "Teacher", "Lesson", "Owed for the week of", "Why", "Minutes", "To whom"]
        rows = [
            [
                row.allocation.school.name,
                row.allocation.teacher.name,
                str(row.lesson),
                row.week.monday,
                row.why,
                row.minutes,
                row.names,
            ]
            for row in self.found()
        ]
        response = tables.xlsx_response if kind == "xlsx" else tables.csv_response
        return response("owed", columns, rows)
