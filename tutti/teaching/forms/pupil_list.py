"""What the office's list of pupils shows, and the list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse

from tutti.core import tables
from tutti.people.models import Member
from tutti.schools.models import School
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.lesson import Kind, Lesson
from tutti.teaching.models.pupil import Pupil, PupilQuerySet

NAMES = ("name", "school", "teacher", "instrument")
COLUMNS = ["Pupil", "Date of birth", "School", "Teacher", "Instrument", "Lesson", "Minutes", "First week", "Last week"]


class PupilListForm(forms.Form):
    """Search by name, school, teacher and instrument."""

    name = forms.CharField(required=False, max_length=120)
    school = forms.ModelChoiceField(queryset=School.objects.none(), required=False, empty_label="All schools")
    teacher = forms.ModelChoiceField(queryset=Member.objects.none(), required=False, empty_label="All teachers")
    instrument = forms.ChoiceField(required=False)

    def __init__(self, data: Mapping[str, str], member: Any) -> None:
        """Schools and teachers with pupils, and the instruments that are taught."""
        super().__init__(data)
        self.member = member
        school, teacher, instrument = (self.fields[name] for name in NAMES[1:])
        assert isinstance(school, forms.ModelChoiceField)
        assert isinstance(teacher, forms.ModelChoiceField)
        assert isinstance(instrument, forms.ChoiceField)
        schools = School.objects.visible_to(member)
        school.queryset = schools.filter(pk__in=Pupil.objects.visible_to(member).order_by().values("school"))
        lessons = Lesson.objects.visible_to(member).with_pupils()
        taught_by = Allocation.objects.filter(lessons__in=lessons).order_by().values("teacher")
        teacher.queryset = Member.objects.visible_to(member).filter(pk__in=taught_by)
        instruments = lessons.order_by("instrument").values_list("instrument", flat=True).distinct()
        instrument.choices = lambda: [("", "All instruments"), *((name, name) for name in instruments)]

    @staticmethod
    def keep(data: Mapping[str, str]) -> dict[str, str]:
        """What was asked, to be remembered until the next search."""
        return {name: data[name][:120] for name in NAMES if data.get(name)}

    def found(self) -> PupilQuerySet:
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return Pupil.objects.visible_to(self.member).like(**asked)

    @property
    def is_asked(self) -> bool:
        return any(self.data.get(name) for name in NAMES)

    def download(self, kind: str) -> HttpResponse:
        """The list as a CSV file or an Excel file ("xlsx"), a row a place."""
        response = tables.xlsx_response if kind == "xlsx" else tables.csv_response
        return response("pupils", COLUMNS, [row for pupil in self._all() for row in _rows(pupil)])

    def _all(self) -> QuerySet[Pupil]:
        return self.found().for_list()


def _rows(pupil: Any) -> list[list[Any]]:
    own = [pupil.name, None if pupil.erased_at else pupil.date_of_birth]
    if not pupil.now:
        return [[*own, pupil.school.name, "", "", "", "", "", ""]]
    return [[*own, place.lesson.allocation.school.name, *_place(place)] for place in pupil.now]


def _place(place: Any) -> list[Any]:
    lesson = place.lesson
    shape = list(lesson.shapes.all())[-1]
    last = place.until_week.monday if place.until_week else ""
    words = [lesson.allocation.teacher.name, lesson.instrument, Kind(shape.kind).label, shape.minutes]
    return [*words, place.from_week.monday, last]
