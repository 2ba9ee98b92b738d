"""What the room does by itself: the summaries of a month on the working day that the service set (H8), after the last
month of a year what was corrected since (S3), and reminders on the day for letters that each teacher chose."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tutti.core.calendar import Day, first_of_month, previous_month, working_day
from tutti.people.models import MusicService
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.chase import remind_by_itself
from tutti.teaching.models.register import Register
from tutti.teaching.models.summary import start_sending, was_started
from tutti.teaching.models.year_end import corrections_started, start_corrections, was_told, year_to_close

MORNING = 7


def daily(service: Any, today: Day) -> None:
    send_month(service, today)
    send_corrections(service, today)


def send_month(service: Any, today: Day) -> None:
    """Start last month's summaries once, on their working day or as soon after it as this runs (S2).

    A month that anybody has begun to send is left alone, and so is one in which nothing was recorded: a service that
    has just begun with Tutti sends nobody an empty page.
    """
    month = previous_month(today)
    if today < working_day(first_of_month(today), service.summary_working_day):
        return
    MusicService.objects.select_for_update().get(pk=service.pk)  # two at once: the second finds it started
    if not was_started(service, month) and _was_recorded(service, month):
        start_sending(service, month)


def reminders(service: Any) -> None:
    """Remind each teacher who misses registers once a week, from seven in the morning: no phone rings at night."""
    if timezone.localtime().hour >= MORNING:
        remind_by_itself(service)


def send_corrections(service: Any, today: Day) -> None:
    """Start the corrections of the year that ended last month once, on their day or as soon after as this runs (S3).

    A service that told its schools nothing of that year has nothing to correct.
    """
    month = previous_month(today)
    day = year_to_close(service, month)
    if day is None or today < day or not was_told(service, month):
        return
    MusicService.objects.select_for_update().get(pk=service.pk)
    if not corrections_started(service, month):
        start_corrections(service, month)


def _was_recorded(service: Any, month: Day) -> bool:
    weeks = TeachingWeek.objects.filter(service=service, month=month).values("monday")
    return Register.objects.confirmed().filter(service=service, week__in=weeks).exists()
