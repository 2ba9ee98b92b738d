"""Every sum with dates: the week and its month, the teaching weeks of a year, working days (W1 to W4).

Values only; the rows of a service's year live in `schools`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, total_ordering
from typing import Any

import holidays
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils import timezone

Day = dt.date


def today() -> Day:
    """The day it is in the service's time zone."""
    return timezone.localdate()


@total_ordering
@dataclass(frozen=True, slots=True)
class Week:
    """A week, named by its Monday (W1). Raises ValueError for any other day."""

    monday: Day

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise ValueError(f"{self.monday} is not a Monday")

    @classmethod
    def of(cls, day: Day) -> Week:
        return cls(day - dt.timedelta(days=day.weekday()))

    @classmethod
    def current(cls) -> Week:
        return cls.of(today())

    @classmethod
    def parse(cls, text: str) -> Week:
        """The week of "2026-11-16"; ValueError if that is no Monday."""
        return cls(dt.date.fromisoformat(text))

    def __add__(self, weeks: int) -> Week:
        return Week(self.monday + dt.timedelta(weeks=weeks))

    def __sub__(self, weeks: int) -> Week:
        return self + -weeks

    def __lt__(self, other: Week) -> bool:
        return self.monday < other.monday

    def __str__(self) -> str:
        return self.monday.isoformat()

    @property
    def sunday(self) -> Day:
        return self.monday + dt.timedelta(days=6)

    @property
    def weekdays(self) -> list[Day]:
        return [self.monday + dt.timedelta(days=n) for n in range(5)]

    @property
    def is_future(self) -> bool:
        return self.monday > today()


class WeekField(models.DateField):
    """A column that holds a week by its Monday and nothing finer: no day of teaching is stored (H7, W5)."""

    description = "A week, named by its Monday"

    # for the type checker: what may be set, what is got, what may be looked up
    _pyi_private_set_type: Week | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Week  # type: ignore[assignment]
    _pyi_lookup_exact_type: Week | str  # type: ignore[assignment]

    def from_db_value(self, value: Day | None, *_: Any) -> Week | None:
        return None if value is None else Week(value)

    def to_python(self, value: Any) -> Week | None:
        if value is None or isinstance(value, Week):
            return value
        try:
            return Week.parse(value) if isinstance(value, str) else Week(value)
        except ValueError as error:
            raise ValidationError("This is not the Monday of a week.") from error

    def get_prep_value(self, value: Any) -> Any:
        week = self.to_python(value) if isinstance(value, str | dt.date) else value
        return week.monday if isinstance(week, Week) else super().get_prep_value(week)

    def value_to_string(self, obj: models.Model) -> str:
        week = self.value_from_object(obj)
        return "" if week is None else str(week)


@dataclass(frozen=True, slots=True)
class TermDates:
    """First and last school day of a term, and the days off within it (half term), both ends included."""

    first_day: Day
    last_day: Day
    half_term: tuple[Day, Day] | None = None

    def is_school_day(self, day: Day) -> bool:
        if not self.first_day <= day <= self.last_day or day.weekday() > 4 or day in bank_holidays(day.year):
            return False
        return self.half_term is None or not self.half_term[0] <= day <= self.half_term[1]

    @property
    def first_school_day(self) -> Day:
        """The first day on which there is school: where the dates begin on a bank holiday, a later one (W3)."""
        days = (day for week in self.weeks for day in week.weekdays if self.is_school_day(day))
        return next(days, self.first_day)

    @property
    def weeks(self) -> Iterator[Week]:
        """The weeks of the term with at least one school day (W1)."""
        week = Week.of(self.first_day)
        while week.monday <= self.last_day:
            if any(self.is_school_day(day) for day in week.weekdays):
                yield week
            week += 1


@cache
def bank_holidays(year: int) -> frozenset[Day]:
    """The observed bank holidays of England (W4); the true day is dropped where a substitute stands for it."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=[year])
    return frozenset(day for day in found if day.weekday() < 5)


def month_of(week: Week, term_first_day: Day) -> Day:
    """The month, by its first day, that a week belongs to: of its Monday, or of the term's first day (W3)."""
    return first_of_month(max(week.monday, term_first_day))


def first_of_month(day: Day) -> Day:
    return day.replace(day=1)


def next_month(month: Day) -> Day:
    return first_of_month(month + dt.timedelta(days=31))


def previous_month(month: Day) -> Day:
    return first_of_month(first_of_month(month) - dt.timedelta(days=1))


def is_working_day(day: Day) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_day(month: Day, number: int) -> Day:
    """The first, second … working day of a month."""
    day = first_of_month(month)
    while True:
        number -= is_working_day(day)
        if number <= 0:
            return day
        day += dt.timedelta(days=1)


def after_working_days(day: Day, number: int) -> Day:
    """The last day of a limit of so many working days that begins the day after `day`."""
    while number > 0:
        day += dt.timedelta(days=1)
        number -= is_working_day(day)
    return day


def spread_lesson_weeks(weeks: Sequence[Week], wanted: int) -> set[Week]:
    """The first `wanted` teaching weeks of a term: lessons come first, spare weeks are left at its end (W2)."""
    return set(weeks[:wanted])


def year_group(date_of_birth: Day, day: Day) -> int | None:
    """The year group in England on a day, by the age on 31 August before it: 0 is Reception, 13 the last (H2).

    None before and after those.
    """
    august = Day(day.year if day.month > 8 else day.year - 1, 8, 31)
    birthday_to_come = (date_of_birth.month, date_of_birth.day) > (8, 31)
    group = august.year - date_of_birth.year - birthday_to_come - 4
    return group if 0 <= group <= 13 else None


def spell_weeks(weeks: Iterable[Week]) -> str:
    """Mondays as people write them: "5, 12 and 19 October"; the month is said where it changes."""
    days = sorted(week.monday for week in weeks)
    words = [
        str(day.day) if after and after.month == day.month else f"{day.day} {day:%B}"
        for day, after in zip(days, [*days[1:], None], strict=False)
    ]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


class WeekConverter:
    """`<week:…>` in an address: the Monday of a week."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> Week:
        """ValueError, which is a page not found, for other days and for years in which nobody teaches here."""
        week = Week.parse(value)
        if not 2000 <= week.monday.year <= 2100:
            raise ValueError(f"{week} is too far away")
        return week

    def to_url(self, value: Week) -> str:
        return str(value)
