"""What the list of what is set up shows, and the list as a file."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import HttpResponse

from tutti.core import tables
from tutti.core.calendar import Week
from tutti.teaching.forms.allocation import AllocationListForm
from tutti.teaching.models.allocation import Allocation, AllocationQuerySet
from tutti.teaching.models.set_up import SetUp, read_set_up, with_nothing, with_something

COLUMNS = ["Teacher", "School", "Area office", "Lessons", "Pupils", "Minutes a week", "State", "Last changed"]
ORDERS = {"teacher": ["teacher__name", "school__name"], "school": ["school__name", "teacher__name"]}
NOTHING, BEGUN = "nothing", "begun"


class SetUpListForm(AllocationListForm):
    """By teacher, school, area office and state; in the order of teachers or of schools."""

    state = forms.ChoiceField(required=False, choices=[("", "All"), (NOTHING, "Nothing yet"), (BEGUN, "Begun")])
    by = forms.ChoiceField(
        required=False, choices=[("teacher", "Teachers"), ("school", "Schools")], label="In order of"
    )

    @property
    def chosen(self) -> AllocationQuerySet:
        """The allocations that are not over, and as one has asked, whatever their state."""
        self.is_valid()
        asked = {name: self.cleaned_data.get(name) for name in ("teacher", "school", "office")}
        narrowed = {name: value.pk if name == "office" else value for name, value in asked.items() if value}
        own = Allocation.objects.visible_to(self.member).of_year(self.year).not_over(Week.current())
        return own.like(**narrowed)

    def found(self) -> AllocationQuerySet:
        chosen, state = self.chosen, self.cleaned_data.get("state")
        chosen = with_nothing(chosen) if state == NOTHING else with_something(chosen) if state == BEGUN else chosen
        order = ORDERS[self.cleaned_data.get("by") or "teacher"]
        return chosen.select_related("teacher", "school__office").order_by(*order, "from_week")

    def download(self, kind: str) -> HttpResponse:
        """The list as a CSV file or an Excel file ("xlsx"); no pupil's name is in it."""
        response = tables.xlsx_response if kind == "xlsx" else tables.csv_response
        return response("set-up-so-far", COLUMNS, _cells(read_set_up(list(self.found()), Week.current())))


def _cells(rows: Sequence[SetUp]) -> list[list[object]]:
    return [
        [
            row.allocation.teacher.name,
            row.allocation.school.name,
            row.allocation.school.office.name if row.allocation.school.office else "",
            row.lessons,
            len(row.pupils),
            row.minutes,
            "Begun" if row.is_begun else "Nothing yet",
            row.changed_on or "",
        ]
        for row in rows
    ]
