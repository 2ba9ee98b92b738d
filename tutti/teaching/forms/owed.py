"""What the list of owed lessons shows: an area office, part of a school's or teacher's name."""

from __future__ import annotations

from django.http import HttpResponse

from tutti.core import tables
from tutti.teaching.forms.allocation import AllocationListForm
from tutti.teaching.models.owed import Owed, read_owed


class OwedForm(AllocationListForm):
    """The list's filters: those of the allocations whose lessons are owed."""

    def rows(self) -> list[Owed]:
        return read_owed(self.allocations)

    def download(self, kind: str) -> HttpResponse:
        """The list as a CSV file or an Excel file ("xlsx")."""
        columns = ["School", "Teacher", "Lesson", "Owed for the week of", "Why", "Minutes", "To whom"]
        response = tables.xlsx_response if kind == "xlsx" else tables.csv_response
        return response("owed", columns, map(_cells, self.rows()))


def _cells(row: Owed) -> list[object]:
    school, teacher = row.allocation.school.name, row.allocation.teacher.name
    return [school, teacher, str(row.lesson), row.week.monday, row.why, row.minutes, row.names]
