"""What may be typed about a school's own term dates (W4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from tutti.core.calendar import TermDates
from tutti.schools.forms.closure import spell_day
from tutti.schools.forms.term import BaseDates, DatesForm
from tutti.schools.models.own_dates import SchoolYear, set_own_dates
from tutti.schools.models.term import Term

FAR = dt.timedelta(weeks=8)  # a school's term that begins further from the service's is a slip of the finger
FIELDS = ("first_day", "last_day", "half_term_from", "half_term_until")


class BaseOwnDates(BaseDates):
    """The terms of the year as one school keeps them."""

    def __init__(self, *args: Any, kept: SchoolYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def check_all(self, dates: list[TermDates]) -> None:
        """The terms that the service has now, each near the service's."""
        terms = self.kept.terms
        if [form.cleaned_data["name"] for form in self.forms] != [term.name for term in terms]:
            raise forms.ValidationError("The terms of the year have changed meanwhile. Open the page again.")
        super().check_all(dates)
        for form, own, term in zip(self.forms, dates, terms, strict=True):
            for name, day, usual in (
                ("first_day", own.first_day, term.first_day),
                ("last_day", own.last_day, term.last_day),
            ):
                if abs(day - usual) > FAR:
                    form.add_error(name, f"The service’s is {spell_day(usual)}. Is the month or year of this right?")

    def save(self, by: Any) -> bool:
        """Set the school's own dates. False if nothing differed."""
        dates: dict[Term, TermDates] = {
            term: form.dates for term, form in zip(self.kept.terms, self.forms, strict=True)
        }
        return set_own_dates(self.kept.school, self.kept.year, by, dates)


OwnDatesForm = forms.formset_factory(
    DatesForm, formset=BaseOwnDates, extra=0, min_num=1, max_num=8, validate_min=True, validate_max=True
)


def own_dates_form(data: Any, kept: SchoolYear) -> BaseOwnDates:
    """Filled in with the school's own dates, and with the service's where it has none."""
    rows = [(term.name, kept.own.get(term.pk, term)) for term in kept.terms]
    initial = [{"name": name, **{field: getattr(row, field) for field in FIELDS}} for name, row in rows]
    form: Any = OwnDatesForm(data, initial=initial, kept=kept)  # type: ignore[call-arg]
    return form  # type: ignore[no-any-return]
