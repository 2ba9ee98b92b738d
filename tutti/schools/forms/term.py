"""What may be typed about an academic year: its terms, half terms and how many lesson weeks each has (W1, W2)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tutti.core.calendar import Day, TermDates, Week
from tutti.core.forms import DayField
from tutti.schools.forms.closure import spell_day
from tutti.schools.models.term import AcademicYear, Term, year_name

USUAL = {"Autumn": 12, "Spring": 10, "Summer": 11}  # 33 lessons a year
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
LONGEST = dt.timedelta(days=180)  # a term that is longer is a slip of the finger
A_YEAR = dt.timedelta(weeks=52)


class DatesForm(forms.Form):
    """The dates of a term. Its first and last day are school days."""

    name = forms.CharField(max_length=40, widget=forms.HiddenInput)
    first_day = DayField(label="First school day")
    last_day = DayField(label="Last school day")
    half_term_from = DayField(label="Half term from", required=False)
    half_term_until = DayField(label="Half term until", required=False)

    def clean_first_day(self) -> Day:
        return check_day(self.cleaned_data["first_day"])

    def clean_last_day(self) -> Day:
        return check_day(self.cleaned_data["last_day"])

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if not first or not last:
            return
        if last <= first:
            self.add_error("last_day", "The last day must be after the first day.")
        elif last - first > LONGEST:
            self.add_error("last_day", "This term would be longer than half a year. Is the year of each day right?")
        else:
            self._check_half_term(first, last)

    def _check_half_term(self, first: Day, last: Day) -> None:
        begin, end = self.cleaned_data.get("half_term_from"), self.cleaned_data.get("half_term_until")
        if begin and not end and "half_term_until" not in self.errors:
            self.add_error("half_term_until", "Say when half term ends too.")
        elif end and not begin and "half_term_from" not in self.errors:
            self.add_error("half_term_from", "Say when half term begins too.")
        elif begin and end and end < begin:
            self.add_error("half_term_until", "Half term cannot end before it begins.")
        elif begin and not first < begin < last:
            self.add_error("half_term_from", "Half term must lie within its term.")
        elif end and not first < end < last:
            self.add_error("half_term_until", "Half term must lie within its term.")

    @property
    def dates(self) -> TermDates:
        asked = self.cleaned_data
        half = (asked["half_term_from"], asked["half_term_until"]) if asked["half_term_from"] else None
        return TermDates(asked["first_day"], asked["last_day"], half)


class TermForm(DatesForm):
    """One term of the service."""

    lessons = forms.IntegerField(
        label="Lesson weeks",
        min_value=0,
        max_value=30,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2", "inputmode": "numeric"}),
        error_messages={"invalid": "Type a number.", "required": "Say how many lesson weeks this term has."},
    )


class BaseDates(forms.BaseFormSet):
    """Terms one after the other."""

    def clean(self) -> None:
        """Each term after the one before it, and the whole no longer than a year."""
        if not self.forms or not all(form.is_valid() for form in self.forms):
            return
        dates = [form.dates for form in self.forms]  # what is found wrong takes the days out of a form
        self.check_all(dates)
        for (before, after), form in zip(pairwise(dates), self.forms[1:], strict=True):
            if after.first_day <= before.last_day:
                last = spell_day(before.last_day)
                form.add_error("first_day", f"The term before it ends on {last}. This one must begin after that.")

    def check_all(self, dates: list[TermDates]) -> None:
        """What else must be true of the terms together."""
        if dates[-1].last_day - dates[0].first_day > A_YEAR:
            self.say_last("The year would be longer than 52 weeks. Is the year of each day right?")

    def say_first(self, words: str) -> None:
        self.forms[0].add_error("first_day", words)

    def say_last(self, words: str) -> None:
        self.forms[-1].add_error("last_day", words)


class BaseTerms(BaseDates):
    """The terms of a year, checked against each other and against the service's other years."""

    def __init__(self, *args: Any, service_id: int, year: AcademicYear | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service_id, self.year = service_id, year

    def check_all(self, dates: list[TermDates]) -> None:
        """Enough weeks for the lessons of each, and the whole a year of its own."""
        self._check_lessons(dates)
        super().check_all(dates)
        if dates[-1].last_day - dates[0].first_day <= A_YEAR:
            self._check_other_years(dates[0].first_day, dates[-1].last_day)

    def _check_lessons(self, dates: list[TermDates]) -> None:
        taken: set[Week] = set()
        for form, term in zip(self.forms, dates, strict=True):
            weeks = [week for week in term.weeks if week not in taken]
            taken.update(weeks)
            if form.cleaned_data["lessons"] > len(weeks):
                form.add_error(
                    "lessons", f"This term has {len(weeks)} teaching weeks. There cannot be more lesson weeks."
                )

    def _check_other_years(self, begin: Day, end: Day) -> None:
        """A week belongs to one year, and a year's name to one as well."""
        years = AcademicYear.objects.filter(service_id=self.service_id)
        for other in years.exclude(pk=self.year.pk) if self.year else years:
            words = f"These dates reach into the academic year {other.name}."
            if other.first_day <= Week.of(end).sunday and other.last_day >= Week.of(begin).monday:
                self.say_first(words) if other.first_day < begin else self.say_last(words)
            elif not self.year and other.name == year_name(begin, end):
                self.say_first(f"The academic year {other.name} is there already.")

    def save(self, year: AcademicYear, by: Any) -> bool:
        """Set the year's terms. False, with the reason at the first field, if recorded weeks stand in the way."""
        try:
            year.set_terms(by, self.terms, self.lessons)
        except ValidationError as error:
            self.say_first(error.messages[0])
            return False
        return True

    @property
    def terms(self) -> list[tuple[str, TermDates]]:
        return [(form.cleaned_data["name"], form.dates) for form in self.forms]

    @property
    def lessons(self) -> list[int]:
        return [form.cleaned_data["lessons"] for form in self.forms]


TermsForm = forms.formset_factory(
    TermForm, formset=BaseTerms, extra=0, min_num=1, max_num=8, validate_min=True, validate_max=True
)


def terms_form(
    data: Any, *, service_id: int, year: AcademicYear | None = None, like: AcademicYear | None = None
) -> BaseTerms:
    """The form of a year as it stands; or of one to come, `like` the last one 52 weeks on, else the usual terms."""
    initial: list[dict[str, Any]] = [{"name": name, "lessons": number} for name, number in USUAL.items()]
    if year or like:
        shift = dt.timedelta() if year else A_YEAR
        terms = (year or like).terms.prefetch_related("weeks")  # type: ignore[union-attr]
        initial = [_initial(term, shift) for term in terms] or initial
    form: Any = TermsForm(data, initial=initial, service_id=service_id, year=year)  # type: ignore[call-arg]
    return form  # type: ignore[no-any-return]


def _initial(term: Term, shift: dt.timedelta) -> dict[str, Any]:
    days = {name: getattr(term, name) for name in ("first_day", "last_day", "half_term_from", "half_term_until")}
    lessons = sum(1 for week in term.weeks.all() if week.lesson_number)
    return {"name": term.name, "lessons": lessons, **{name: day and day + shift for name, day in days.items()}}


class LessonWeeksForm(forms.Form):
    """Which teaching weeks of a year are lesson weeks."""

    week = forms.TypedMultipleChoiceField(coerce=Week.parse, required=False)

    def __init__(self, data: Any, *, year: AcademicYear) -> None:
        super().__init__(data)
        self.year, self.refusal = year, ""
        mondays = [str(row.monday) for row in year.weeks.all()]
        self.fields["week"].choices = [(monday, monday) for monday in mondays]  # type: ignore[attr-defined]

    def save(self, by: Any) -> bool:
        """Mark them. False, with the reason in `refusal`, if recorded weeks stand in the way."""
        try:
            self.year.mark_lesson_weeks(by, self.cleaned_data["week"])
        except ValidationError as error:
            self.refusal = error.messages[0]
        return not self.refusal


def check_day(day: Day) -> Day:
    """A term begins and ends on a weekday; a bank holiday at either end empties nothing (W1, W3)."""
    if not EARLIEST <= day <= LATEST:
        raise forms.ValidationError("Type a year between 2000 and 2100.")
    if day.weekday() > 4:
        raise forms.ValidationError(f"{spell_day(day)} is a {day:%A}. Type the school day.")
    return day
