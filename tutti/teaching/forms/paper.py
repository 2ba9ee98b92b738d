"""What to print: which sheet, for which weeks, of which schools (H9)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from tutti.core.calendar import Week
from tutti.people.models import Office
from tutti.schools.models import School, TeachingWeek
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.paper import Paper, PaperKind, coming_weeks, read_papers, schools_on_paper

MOST_SCHOOLS = 250  # in one PDF: some seconds of work, and more paper than a tray holds


class PaperForm(forms.Form):
    """A kind and a span of weeks; without a choice the register of the coming half term."""

    kind = forms.ChoiceField(label="Sheet", choices=PaperKind.choices)
    first = WeekChoice(label="From the week of")
    last = WeekChoice(label="To the week of")

    def __init__(self, data: Any, year: Any, is_asked: bool = True) -> None:
        """What is not in `data` is filled in. `is_asked`: this is an answer, so say what is wrong with it."""
        self.weeks: list[TeachingWeek] = list(year.weeks.select_related("term"))
        coming = coming_weeks(self.weeks, Week.current())
        filled = {"kind": PaperKind.REGISTER.value}
        filled |= {"first": str(coming[0].week), "last": str(coming[-1].week)} if coming else {}
        filled |= {name: value for name, value in data.items() if value}
        super().__init__(filled if is_asked else None, initial=filled)
        for name in ("first", "last"):
            field = self.fields[name]
            assert isinstance(field, WeekChoice)
            field.offer(self.weeks)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last week must not be before the first one.")
        return cleaned

    @property
    def kind_chosen(self) -> PaperKind:
        return PaperKind(self.cleaned_data["kind"])

    @property
    def span(self) -> list[TeachingWeek]:
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return [row for row in self.weeks if first <= row.week <= last]

    @property
    def status(self) -> int:
        """Of the page that shows it."""
        return 422 if self.is_bound and self.errors else 200


class OfficePaperForm(PaperForm):
    """Of one school, or without one of an area's or of all."""

    office = forms.ModelChoiceField(Office.objects.none(), label="Area office", required=False, empty_label="All")

    def __init__(self, data: Any, member: Any, year: Any, school: School | None) -> None:
        super().__init__(data, year, is_asked="make" in data)
        self.school = school
        visible = School.objects.visible_to(member)
        self.schools = visible.filter(pk=school.pk) if school else visible
        self.fields["office"].queryset = Office.objects.visible_to(member)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        many = self._chosen().count()
        if not many:
            raise forms.ValidationError("No lessons are set up there in these weeks.")
        if many > MOST_SCHOOLS:
            words = f"These are {many:,} schools, and {MOST_SCHOOLS} fit into one PDF. Choose an area office."
            self.add_error("office", words)
        return cleaned

    def _chosen(self) -> QuerySet[School]:
        office = self.cleaned_data.get("office")
        return schools_on_paper(self.schools.filter(office=office) if office else self.schools, self.span)

    def papers(self) -> list[Paper]:
        return read_papers(self._chosen(), self.span)


class MyPaperForm(PaperForm):
    """A teacher's own lessons, in one of their schools or all."""

    school = forms.ModelChoiceField(School.objects.none(), required=False, empty_label="All my schools")

    def __init__(self, data: Any, member: Any, year: Any) -> None:
        super().__init__(data, year)
        self.member = member
        own = School.objects.filter(service_id=member.service_id, allocations__teacher=member, allocations__year=year)
        self.schools = own.distinct()
        self.fields["school"].queryset = self.schools  # type: ignore[attr-defined]

    def papers(self) -> list[Paper]:
        """None while something is wrong."""
        if not self.is_valid():
            return []
        school = self.cleaned_data["school"]
        schools = self.schools.filter(pk=school.pk) if school else self.schools
        papers = read_papers(schools.select_related("office"), self.span, self.member)
        return [paper for paper in papers if paper.teachers]
