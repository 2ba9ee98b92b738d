"""Letters of the demo world beside the monthly ones: a teacher who was reminded by itself this week."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from tutti.core.calendar import Day, Week
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.front.demo.year import lesson_weeks_so_far
from tutti.people.models import Member, MusicService
from tutti.schools.models import AcademicYear
from tutti.teaching.letters import REMINDER
from tutti.teaching.models.chase import REMINDED, chases, remind
from tutti.teaching.models.expected import missing_registers

ON_MONDAYS = "Callum Dray"


def write(service: MusicService, today: Day) -> None:
    """Call it with the service entered, when all else has happened."""
    _remind(service, today)


def _remind(service: MusicService, today: Day) -> None:
    """He chose Mondays, and two registers of his are missing."""
    teacher = Member.objects.get(service=service, name=ON_MONDAYS)
    teacher.choose_reminders(0)
    weeks = [row for row in lesson_weeks_so_far(_year(service, today), today) if row.monday < Week.of(today)]
    late = chases(service, missing_registers(service, weeks, teacher.allocations.all()), weeks)
    remind(service, late, by=None)
    monday = dt.datetime.combine(Week.of(today).monday, dt.time(7), timezone.get_current_timezone())
    at = min(monday, timezone.now())
    Letter.objects.filter(service=service, kind=REMINDER).update(
        state=Letter.State.KEPT, slot=f"{teacher.pk}:{at.date()}", written_at=at, sent_at=at
    )
    Event.objects.about(teacher).filter(verb=REMINDED).update(at=at)
    chose = Event.objects.about(teacher).filter(verb="chose when to be reminded")
    chose.update(at=at - dt.timedelta(weeks=5))


def _year(service: MusicService, today: Day) -> AcademicYear:
    return AcademicYear.objects.get(service=service, first_day__lte=today, last_day__gte=today)
