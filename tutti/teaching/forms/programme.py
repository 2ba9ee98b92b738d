"""What may be typed about a programme: which class, what, when and how long (H4, P8)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse

from tutti.core import tables
from tutti.core.calendar import Week
from tutti.people.models import Member
from tutti.schools.models import AcademicYear, TeachingWeek
from tutti.teaching.forms.allocation import teachers_of
from tutti.teaching.forms.dated_back import DatedBackForm
from tutti.teaching.forms.pupil import MinutesField, spell_instrument
from tutti.teaching.forms.school_choice import SchoolChoiceForm
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.dated_back import Touched
from tutti.teaching.models.lesson import PROGRAMMES, Kind, Lesson, LessonQuerySet
from tutti.teaching.models.programme import (
    add_programme,
    change_programme,
    find_programmes,
    touched_by_adding,
    touched_by_last_week,
)

KINDS = [(kind.value, kind.label) for kind in Kind if kind in PROGRAMMES]
SIZE = "Class size must be a number from 1 to 400."
WHAT_IT_IS = ("title", "class_name", "year_group", "instrument", "class_size", "is_continuation")


class ProgrammeForm(DatedBackForm):
    """What a programme is, without names of pupils."""

    kind = forms.ChoiceField(label="First Access or project", choices=KINDS, widget=forms.RadioSelect)
    title = forms.CharField(label="Title", max_length=120, help_text="As the school knows it, such as Year 4 strings")
    class_name = forms.CharField(
        label="Class", max_length=60, required=False, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )
    year_group = forms.CharField(
        label="Year group",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    instrument = forms.CharField(label="Instrument", max_length=60)
    class_size = forms.IntegerField(
        label="Class size",
        min_value=1,
        max_value=400,
        error_messages={"min_value": SIZE, "max_value": SIZE, "invalid": SIZE},
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    minutes = MinutesField(label="Minutes a week")
    is_continuation = forms.TypedChoiceField(
        label="First year or continuation",
        choices=[("no", "First year"), ("yes", "Continuation")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def clean_instrument(self) -> str:
        return spell_instrument(self.cleaned_data["instrument"])

    def offer_weeks(self, name: str, weeks: list[TeachingWeek], chosen: Week | None) -> None:
        field = self.fields[name]
        assert isinstance(field, WeekChoice)
        field.offer(weeks, chosen)

    def what_it_is(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WHAT_IT_IS}


class ProgrammeAddForm(ProgrammeForm, SchoolChoiceForm):
    """A new programme: whose, where and in which weeks."""

    teacher = forms.ModelChoiceField(queryset=Member.objects.none(), empty_label="Choose a teacher")
    from_week = WeekChoice(label="First week")
    until_week = WeekChoice(label="Last week")
    once = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("teacher", "school", "which_school", "kind", "title", "class_name", "year_group", "instrument")

    def __init__(self, data: Any, member: Any, year: AcademicYear) -> None:
        """The whole year, First Access, first year."""
        kept = {"kind": Kind.FIRST_ACCESS, "is_continuation": "no", "minutes": 45, "class_size": 30, "once": uuid4()}
        super().__init__(data, member, initial=kept)
        self.year = year
        teacher = self.fields["teacher"]
        assert isinstance(teacher, forms.ModelChoiceField)
        teacher.queryset = teachers_of(member)
        weeks = list(year.weeks.select_related("term"))
        self.offer_weeks("from_week", weeks, weeks[0].monday if weeks else None)
        self.offer_weeks("until_week", weeks, weeks[-1].monday if weeks else None)

    def touches(self) -> Touched:
        data = self.cleaned_data
        names = ("from_week", "until_week", "once")
        return touched_by_adding(data["teacher"], data["school"], **{name: data[name] for name in names})

    def save(self, by: Any) -> Lesson:
        data = self.cleaned_data
        names = ("kind", "minutes", "from_week", "until_week", "once")
        asked = {name: data[name] for name in names} | self.what_it_is()
        return add_programme(data["teacher"], data["school"], self.year, by, **asked)


class ProgrammeChangeForm(ProgrammeForm):
    """A programme that is there. Kind and minutes hold from a week on, the rest for all its weeks."""

    until_week = WeekChoice(label="Last week")
    change_from = WeekChoice(label="New minutes hold from the week of")

    def __init__(self, data: Any, lesson: Lesson, week: Week) -> None:
        """Filled in as it is."""
        week = max(week, lesson.from_week)
        shape = lesson.shapes.filter(from_week__lte=week).last()
        assert shape
        kept = {name: getattr(lesson, name) for name in WHAT_IT_IS} | {"kind": shape.kind, "minutes": shape.minutes}
        kept["is_continuation"] = "yes" if lesson.is_continuation else "no"
        super().__init__(data, initial=kept)
        self.lesson = lesson
        weeks = [row for row in lesson.allocation.teaching_weeks() if row.monday >= lesson.from_week]
        self.offer_weeks("until_week", weeks, lesson.until_week or lesson.allocation.until_week)
        self.offer_weeks("change_from", [row for row in weeks if lesson.holds(row.monday)], week)

    def touches(self) -> Touched:
        return touched_by_last_week(self.lesson, self.cleaned_data["until_week"])

    def save(self, by: Any) -> bool:
        data = self.cleaned_data
        asked = {name: data[name] for name in ("kind", "minutes", "until_week", "change_from")} | self.what_it_is()
        return change_programme(self.lesson, by, **asked)


class ProgrammeListForm(forms.Form):
    """What the list shows."""

    school = forms.CharField(required=False, max_length=100)
    teacher = forms.CharField(required=False, max_length=100)
    kind = forms.ChoiceField(choices=[("", "Both"), *KINDS], required=False)

    def __init__(self, data: Any, member: Any, year: AcademicYear | None) -> None:
        """Programmes of the year that the member may see."""
        super().__init__(data)
        self.member, self.year = member, year

    def found(self) -> LessonQuerySet:
        self.is_valid()
        return find_programmes(self.member, self.year, **self.cleaned_data)

    def download(self, kind: str) -> HttpResponse:
        """The list as a CSV file or an Excel file ("xlsx")."""
        columns = ["Programme", "Kind", "School", "Teacher", "Class", "Year group", "Instrument", "Year of programme"]
        columns += ["Minutes", "Class size", "First week", "Last week"]
        response = tables.xlsx_response if kind == "xlsx" else tables.csv_response
        return response("programmes", columns, [_cells(lesson) for lesson in self.found()])


def _cells(lesson: Any) -> list[Any]:
    allocation = lesson.allocation
    words = [lesson.title, Kind(lesson.kind).label, allocation.school.name, allocation.teacher.name]
    words += [lesson.class_name, lesson.year_group, lesson.instrument]
    words += ["Continuation" if lesson.is_continuation else "First year"]
    last = lesson.until_week or allocation.until_week
    return [*words, lesson.minutes, lesson.class_size, lesson.from_week.monday, last.monday]
