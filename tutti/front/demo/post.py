"""What became of letters in the demo world: a teacher was reminded by itself this week, a school's letter came back."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from tutti.core.calendar import Day, Week
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.front.demo.year import lesson_weeks_so_far
from tutti.people.models import Member, MusicService
from tutti.schools.models import AcademicYear
from tutti.teaching.letters import REMINDER, SUMMARY
from tutti.teaching.models.chase import REMINDED, chases, remind
from tutti.teaching.models.expected import missing_registers

ON_MONDAYS = "Callum Dray"
LEFT_THE_SCHOOL = "Keith Orwin"


def write(service: MusicService, today: Day) -> None:
    """Call it with the service entered, when all else has happened."""
    _remind(service, today)
    _bring_back(service)


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


def _bring_back(service: MusicService) -> None:
    """Last month's summary found nobody at the address, an hour after it went out."""
    letters = Letter.objects.filter(service=service, kind=SUMMARY, to_name=LEFT_THE_SCHOOL)
    letter = letters.latest("written_at", "pk")
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.SENT, message_id=f"<demo.{letter.pk}@localhost>")
    letter.come_back(None, "550 5.1.1 The e-mail account that you tried to reach does not exist")
    Event.objects.about(letter).update(at=letter.written_at + dt.timedelta(hours=1))


def _year(service: MusicService, today: Day) -> AcademicYear:
    return AcademicYear.objects.get(service=service, first_day__lte=today, last_day__gte=today)
