"""How the service stands: the year's place, registers by week and school, runs, and what goes out next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.utils import timezone

from tutti.core import charts
from tutti.core.calendar import Day, Week, first_of_month, next_month, previous_month, today, working_day
from tutti.core.runs import Run
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear, Closure, School, TeachingWeek
from tutti.schools.models.closing import Closing, read_closings
from tutti.teaching.models import Allocation, Lesson, Place
from tutti.teaching.models.expected import Delivery, Missing, WeekCount
from tutti.teaching.models.place_balances import Balances
from tutti.teaching.models.spare_week import read_not_due
from tutti.teaching.models.summary import was_started

WEEKS_SHOWN = 12
CLOSINGS_SHOWN = 5


@dataclass(slots=True)
class PlaceInYear:
    """The year's teaching weeks and where this week stands among them; no weeks where no year is set up."""

    service: Any
    year: AcademicYear | None
    weeks: list[TeachingWeek]
    this_week: Week

    @property
    def now(self) -> TeachingWeek | None:
        return next((row for row in self.weeks if row.monday == self.this_week), None)

    @property
    def lesson_weeks(self) -> int:
        return sum(1 for row in self.weeks if row.lesson_number)

    @property
    def begun(self) -> list[TeachingWeek]:
        """The lesson weeks so far, this one included."""
        return [row for row in self.weeks if row.lesson_number and row.monday <= self.this_week]

    @property
    def last_lesson_week(self) -> TeachingWeek | None:
        before = [row for row in self.begun if row.monday < self.this_week]
        return before[-1] if before else None

    def delivery(self, allocations: QuerySet[Allocation] | None = None) -> Delivery:
        return Delivery(self.service, self.begun, allocations)

    def taught(self, allocations: QuerySet[Allocation]) -> tuple[Delivery, Balances]:
        """Registers and sums of these allocations of the year. Six queries, however many."""
        within = allocations.values("pk")
        lessons = Lesson.objects.filter(allocation__in=within)
        not_due = read_not_due(allocations.values("school"), within, lessons.values("pk"))
        places = Place.objects.filter(lesson__allocation__in=within)
        balances = Balances(self.service, places, self.this_week, self.weeks, not_due)
        return Delivery(self.service, self.begun, allocations, not_due), balances

    def chart(self, delivery: Delivery, many: int = WEEKS_SHOWN) -> charts.WeekChart:
        """The last weeks as a picture, this one still running."""
        counts = delivery.by_week()[-many:]
        weeks = [
            charts.Week(one.week.monday, one.recorded, one.expected, is_running=one.week == self.this_week)
            for one in counts
        ]
        return charts.week_columns(weeks)

    def last_week_count(self, delivery: Delivery) -> WeekCount | None:
        last = self.last_lesson_week
        return next((one for one in delivery.by_week() if last and one.week == last.monday), None)


def place_in_year(service: Any) -> PlaceInYear:
    """One query; two where the year has no weeks yet."""
    years = AcademicYear.objects.filter(service=service)
    weeks = TeachingWeek.objects.filter(year=Subquery(years.nearest(today()).values("pk")[:1]))
    found = list(weeks.select_related("term", "year"))
    return PlaceInYear(service, found[0].year if found else years.on(today()), found, Week.current())


@dataclass(frozen=True, slots=True)
class Stand:
    """A school and its registers of the weeks before this one."""

    school: School
    expected: int
    recorded: int
    missing: list[Missing]

    @property
    def share(self) -> int:
        return charts.share(self.recorded, self.expected)


def stand_of_schools(member: Any, delivery: Delivery, until: Week) -> list[Stand]:
    """Each school with teaching, those that miss most first. `until`: this week, which is not over. One query."""
    missing: dict[int, list[Missing]] = {}
    for one in delivery.missing():
        if one.week < until:
            missing.setdefault(one.school_id, []).append(one)
    expected = delivery.expected_by_school(before=until)
    schools = School.objects.visible_to(member).filter(pk__in=[pk for pk, many in expected.items() if many])
    rows = [
        Stand(
            school,
            expected[school.pk],
            expected[school.pk] - len(missing.get(school.pk, [])),
            missing.get(school.pk, []),
        )
        for school in schools
    ]
    return sorted(rows, key=lambda row: (-len(row.missing), row.school.name))


def recent_runs(member: Any) -> list[Run]:
    """What runs now, and what ended since yesterday."""
    if not member.may(Permission.MANAGE_SCHOOLS):
        return []
    since = timezone.now() - dt.timedelta(days=1)
    found = Run.objects.visible_to(member).filter(Q(ended_at=None) | Q(ended_at__gte=since))
    return list(found.order_by("-started_at")[:4])


@dataclass(frozen=True, slots=True)
class NextSummaries:
    """The month whose summaries go out next, and the day they do."""

    month: Day
    day: Day


def next_summaries(service: Any) -> NextSummaries:
    """Last month's if they have not gone out yet, else this month's (H8, S4)."""
    month = previous_month(today())
    goes_out = working_day(next_month(month), service.summary_working_day)
    if goes_out < today() or was_started(service, month):
        month = first_of_month(today())
        goes_out = working_day(next_month(month), service.summary_working_day)
    return NextSummaries(month, goes_out)


def closings_to_come(member: Any, place: PlaceInYear) -> list[Closing]:
    """What is closed from this week on, as the office said it. One query."""
    closures = Closure.objects.visible_to(member).of_year(place.year).filter(week__gte=place.this_week)
    return read_closings(closures)[:CLOSINGS_SHOWN]


def total_of(rows: Iterable[Stand]) -> Stand | None:
    """The sum of these schools; None for none."""
    every = list(rows)
    if not every:
        return None
    missing = [one for row in every for one in row.missing]
    return Stand(every[0].school, sum(r.expected for r in every), sum(r.recorded for r in every), missing)
