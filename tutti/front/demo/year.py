"""The demo world's year: laid around a day, so that it is mid-term whenever the world is loaded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tutti.core.calendar import Day, TermDates, Week
from tutti.schools.models import AcademicYear, TeachingWeek

MODEL_WEEK = Week(dt.date(2026, 11, 16))  # the dates below make it teaching week 11 of 40, lesson 10 of 33
TERMS = [
    (dt.date(2026, 9, 1), dt.date(2026, 12, 18), (dt.date(2026, 10, 26), dt.date(2026, 10, 30))),
    (dt.date(2027, 1, 4), dt.date(2027, 3, 25), (dt.date(2027, 2, 15), dt.date(2027, 2, 19))),
    (dt.date(2027, 4, 12), dt.date(2027, 7, 21), (dt.date(2027, 5, 31), dt.date(2027, 6, 4))),
]
LESSONS = (12, 10, 11)


def add_year(service: Any, by: Any, today: Day) -> AcademicYear:
    """The academic year around today. The first week is spare: teachers meet their schools (W2)."""
    shift = Week.of(today).monday - MODEL_WEEK.monday
    first, last = TERMS[0][0] + shift, TERMS[-1][1] + shift
    name = f"{first.year}/{(first.year + 1) % 100:02}"
    year = AcademicYear.objects.create(service=service, name=name, first_day=first, last_day=last)
    year.set_terms(
        by, [(title, _shifted(term, shift)) for title, term in zip(_titles(shift), TERMS, strict=True)], LESSONS
    )
    autumn = [week.monday for week in year.weeks.all()]
    lessons = {row.monday for row in year.weeks.lesson_weeks()}
    year.mark_lesson_weeks(by, lessons - {autumn[0]} | {autumn[LESSONS[0]]})
    year.refresh_from_db()
    return year


def lesson_weeks_so_far(year: AcademicYear, today: Day) -> list[TeachingWeek]:
    """The lesson weeks that have begun, the running one last."""
    return list(year.weeks.lesson_weeks().begun(today))


def _shifted(term: tuple[Day, Day, tuple[Day, Day]], shift: dt.timedelta) -> TermDates:
    first, last, (half_from, half_until) = term
    return TermDates(first + shift, last + shift, (half_from + shift, half_until + shift))


def _titles(shift: dt.timedelta) -> tuple[str, str, str]:
    """The seasons' names where the shifted dates still fit them."""
    if abs(shift.days % 365 - 182) > 130:
        return ("Autumn", "Spring", "Summer")
    return ("First term", "Second term", "Third term")
