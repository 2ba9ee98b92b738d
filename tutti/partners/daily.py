"""What the room does by itself: what was never sent in or is old is forgotten (M2, M11), the silent are reminded."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tutti.partners import letters
from tutti.partners.models import Application, Referee
from tutti.partners.models.application_begin import erase_drafts
from tutti.partners.models.entry_message import forget_messages
from tutti.partners.models.time_limit import remind_the_late

MORNING = 7


def daily(service: Any) -> None:
    erase_drafts(Application.objects.filter(service=service).abandoned())
    forget_messages(service)


def reminders(service: Any) -> None:
    """From seven in the morning: no phone rings at night."""
    if timezone.localtime().hour >= MORNING:
        remind_referees(service)
        remind_the_late(service)


def remind_referees(service: Any) -> None:
    """Ask those who are silent again, with a new link (A2)."""
    for referee in Referee.objects.to_remind(service).select_for_update(of=("self",)):
        referee.count_reminder()
        letters.ask_referee(referee.application, referee, again=True)
