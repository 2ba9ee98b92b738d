"""What may be typed when schools are closed for whole weeks (W4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Count, Q

from tutti.core.calendar import Week, spell_weeks
from tutti.people.models import Office
from tutti.schools.models.closing import Recorded, close_schools, recorded_in
from tutti.schools.models.closure import Closure
from tutti.schools.models.school import OPEN, School, SchoolQuerySet
from tutti.schools.models.term import AcademicYear, TeachingWeek

ONE, ALL, OF_OFFICE = "one", "all", "office-"


class ClosureForm(forms.Form):
    """Which schools, which teaching weeks of the year, and why. From a school's page it is that school unless said."""

    who = forms.ChoiceField(
        label="Which schools",
        widget=forms.RadioSelect,
        error_messages={"required": "Say which schools.", "invalid_choice": "Choose one of these."},
    )
    week = forms.TypedMultipleChoiceField(
        label="Weeks commencing",
        coerce=Week.parse,
        error_messages={"required": "Say which week.", "invalid_choice": "Choose a week."},
    )
    why = forms.CharField(
        label="Why",
        max_length=200,
        help_text="The schools and the teachers read it: boiler broken, building works.",
        error_messages={"required": "Say why, in a few words."},
    )

    def __init__(self, data: Any, *, member: Any, year: AcademicYear | None, school: School | None = None) -> None:
        super().__init__(data)
        self.year, self.school = year, school
        self.open = School.objects.visible_to(member).open()
        self.weeks: list[TeachingWeek] = list(year.weeks.select_related("term")) if year else []
        self.closed = set(school.closures.values_list("week", flat=True)) if school else set()
        self._field("who").choices = self._whom(member)
        self.fields["who"].required, self.fields["who"].initial = school is None, ONE
        self._field("week").choices = [(str(row.monday), spell_day(row.week.monday)) for row in self.weeks]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def _whom(self, member: Any) -> Iterable[tuple[str, str]]:
        """The school, each area office and all, with how many schools that is."""
        here = Count("schools", filter=Q(schools__status__in=OPEN))
        self.offices = list(Office.objects.visible_to(member).annotate(many=here).filter(many__gt=0))
        own = [(ONE, str(self.school))] if self.school else []
        areas = [(f"{OF_OFFICE}{office.pk}", f"{office}: {_schools(office.many)}") for office in self.offices]  # type: ignore[attr-defined]
        return [*own, *areas, (ALL, f"All schools: {_schools(self.open.count())}")]

    @property
    def terms(self) -> list[tuple[str, list[tuple[TeachingWeek, bool, bool]]]]:
        """The weeks under their terms, each with whether it is ticked and whether the school is closed already."""
        ticked = set(self.data.getlist("week")) if self.is_bound else set()  # type: ignore[attr-defined]
        found: dict[str, list[tuple[TeachingWeek, bool, bool]]] = {}
        for row in self.weeks:
            shown = (row, str(row.monday) in ticked, row.monday in self.closed)
            found.setdefault(row.term.name, []).append(shown)
        return list(found.items())

    @property
    def chosen(self) -> str:
        return self.cleaned_data["who"] or ONE

    @property
    def is_of_one(self) -> bool:
        return self.chosen == ONE

    @cached_property
    def scope(self) -> str:
        """The schools in words; empty for one."""
        return "All schools" if self.chosen == ALL else str(self._office) if self._office else ""

    @property
    def title(self) -> str:
        """Whom it closes, as the page says it."""
        return self.scope or str(self.school)

    @cached_property
    def _office(self) -> Office | None:
        return next((office for office in self.offices if self.chosen == f"{OF_OFFICE}{office.pk}"), None)

    @cached_property
    def schools(self) -> SchoolQuerySet:
        """The schools that are meant: those that are open."""
        if self.is_of_one and self.school:
            return School.objects.filter(pk=self.school.pk)
        return self.open.filter(office=self._office) if self._office else self.open

    @property
    def week_words(self) -> str:
        """The Mondays as people write them: 5 and 12 October."""
        return spell_weeks(self.cleaned_data["week"])

    @cached_property
    def recorded(self) -> list[Recorded]:
        """What is recorded there in these weeks already, and stays."""
        return recorded_in(self.schools, self.cleaned_data["week"])

    @cached_property
    def closed_already(self) -> int:
        """How many of the schools are closed in one of these weeks, as was said before."""
        closures = Closure.objects.said().filter(school__in=self.schools, week__in=self.cleaned_data["week"])
        return closures.values("school").distinct().count()

    @property
    def needs_a_look(self) -> bool:
        """More than one school is closed, or something is recorded there: what it means is shown first."""
        return not self.is_of_one or bool(self.recorded)

    def save(self, by: Any) -> int:
        """Close them. Returns how many schools were not closed then already."""
        assert self.year
        return close_schools(
            self.year, by, self.schools, self.cleaned_data["week"], self.cleaned_data["why"], self.scope
        )


def spell_day(day: date) -> str:
    """A day as people here write it: 9 November 2026."""
    return f"{day.day} {day:%B %Y}"


def _schools(many: int) -> str:
    return f"{many:,} school{'' if many == 1 else 's'}"
