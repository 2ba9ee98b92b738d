"""What is closed in the demo world: an area, and a school by its own dates; who buys fewer lessons (W2, W4)."""

from __future__ import annotations

from typing import Any

from tutti.core.calendar import Day, TermDates, Week
from tutti.front.demo.cast import EAST
from tutti.schools.models import AcademicYear, School
from tutti.schools.models.closing import close_schools
from tutti.schools.models.own_dates import set_own_dates
from tutti.teaching.models import Allocation


def close_some(service: Any, by: Any, year: AcademicYear, today: Day) -> None:
    """All in weeks to come: nothing that is recorded, and nothing that is missing, changes.

    The East's schools close in the term's last lesson week; a school of the West has half term a week early; and
    another one buys 30 lessons of 33.
    """
    autumn, spring = year.terms.all()[:2]
    schools = School.objects.filter(service=service)
    last = autumn.weeks.exclude(lesson_number=None).filter(monday__gt=Week.of(today)).last()
    if last:
        east = schools.open().filter(office__name=EAST)
        close_schools(year, by, east, [last.monday], "Training days of all East schools", EAST)
    week_early = _a_week_early(spring.dates)
    set_own_dates(schools.get(name="Ashcombe Vale School"), year, by, {spring: week_early})
    bought = Allocation.objects.get(teacher__name="Gareth Pym", school__name="Lowick Grange School", service=service)
    lessons = bought.teaching_weeks().exclude(lesson_number=None).filter(monday__gt=Week.of(today))
    bought.set_spare_weeks(by, [row.monday for row in lessons][-3:])


def _a_week_early(dates: TermDates) -> TermDates:
    assert dates.half_term
    begin, end = (Week.of(day) - 1 for day in dates.half_term)
    return TermDates(dates.first_day, dates.last_day, (begin.monday, end.weekdays[-1]))
