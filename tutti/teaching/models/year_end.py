"""The end of a year: after its last month what was corrected since is told once more, alone (S3)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Exists, Max, OuterRef

from tutti.core import runs
from tutti.core.calendar import Day, first_of_month, next_month, today, working_day
from tutti.core.runs import Run
from tutti.schools.models import AcademicYear, School, TeachingWeek
from tutti.teaching.models.month import corrections_alone
from tutti.teaching.models.summary import (
    Kind,
    Summary,
    ask_if_over,
    fields_of,
    months_of,
    send_once,
    told_anew,
    year_words,
)
from tutti.teaching.models.tuition import Tuition

YEAR_RUN = "year_corrections"
CORRECTIONS_DAY = 10  # working days after the year's last month


def make_corrections(school: Any, month: Day) -> Summary | None:
    """What is true now of the year that ends with this month, where the school was told otherwise: once (S3).

    None where nothing has changed since it was told.
    """
    known = Summary.objects.filter(school=school, month=month, kind=Kind.CORRECTIONS).first()
    if known:
        return known
    tuition = Tuition(school, month, today())
    is_told = Summary.objects.monthly().filter(school=school, month=month).exists()
    found = told_anew(tuition, [one for one in months_of(tuition) if one < month or is_told])
    if not found:
        return None
    fields = fields_of(school, corrections_alone(found))
    return Summary.objects.get_or_create(school=school, month=month, kind=Kind.CORRECTIONS, defaults=fields)[0]


def year_to_close(service: Any, month: Day) -> Day | None:
    """On which day the corrections of the year that ends with this month go out (S3): the tenth working day after it,
    or the day after that month's own summaries. None for any other month, or one that is not over."""
    year = AcademicYear.objects.filter(service=service, weeks__month=month).first()
    if year is None or year.weeks.aggregate(last=Max("month"))["last"] != month or month >= first_of_month(today()):
        return None
    return working_day(next_month(month), max(service.summary_working_day + 1, CORRECTIONS_DAY))


def was_told(service: Any, month: Day) -> bool:
    """Whether any school was told of any month of this month's year."""
    year = AcademicYear.objects.filter(service=service, weeks__month=month)
    months = TeachingWeek.objects.filter(year__in=year).values("month")
    return Summary.objects.monthly().filter(service=service, month__in=months).exists()


def start_corrections(service: Any, month: Day, by: Any = None) -> Run:
    """Tell all schools what was corrected in the year that ends with this month, in the background (S3, B6).

    ValidationError before the month is over.
    """
    ask_if_over(month, "Its corrections can be sent")
    title = f"Corrections {year_words(month)}"
    return runs.start(service, YEAR_RUN, title, by=by, slot=f"{month:%Y-%m}", month=str(month))


def corrections_started(service: Any, month: Day) -> bool:
    return Run.objects.filter(service=service, kind=YEAR_RUN, slot=f"{month:%Y-%m}").exists()


@runs.kind(YEAR_RUN)
def _send_corrections(run: Run) -> Iterator[runs.Step]:
    month = Day.fromisoformat(run.order["month"])
    year = AcademicYear.objects.filter(service=run.service, weeks__month=month)
    months = TeachingWeek.objects.filter(year__in=year, service=run.service).values("month")
    told = Summary.objects.monthly().filter(school=OuterRef("pk"), month__in=months)
    schools = School.objects.filter(Exists(told), service=run.service).order_by("name", "pk")
    for school_pk in schools.values_list("pk", flat=True):
        yield partial(_send_corrections_to, school_pk, month)


def _send_corrections_to(school_pk: int, month: Day) -> str | None:
    """One school, also one that has left: nothing where nothing was corrected."""
    school = School.objects.select_related("office", "service").get(pk=school_pk)
    made = make_corrections(school, month)
    return send_once(made, school) if made else None
