"""What happens by itself. Safe to run every ten minutes, and twice at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tutti.core import letters, runs
from tutti.core.calendar import today
from tutti.partners import daily as partners
from tutti.people.models import MusicService
from tutti.teaching import daily as teaching

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does what happens by itself: summaries and reminders go out, what a killed worker left is taken up again."

    def handle(self, *args: Any, **options: Any) -> None:
        rounds: list[tuple[str, Callable[[Any], Any]]] = [
            ("letters left waiting", letters.send_waiting),
            ("runs left behind", runs.revive),
            ("summaries", lambda service: teaching.daily(service, today())),
            ("reminders", teaching.reminders),
            ("forms never sent in, messages to partners", partners.daily),
            ("reminders of applications", partners.reminders),
        ]
        failed = [
            f"{service.slug}: {name}"
            for service in MusicService.objects.order_by("pk")
            for name, work in rounds
            if not _does(service, name, work)
        ]
        if failed:
            raise CommandError("Failed: " + "; ".join(failed))


def _does(service: MusicService, name: str, work: Callable[[Any], Any]) -> bool:
    """One thing of one service in a transaction of its own; what fails holds nobody else back."""
    try:
        with service.entered():
            work(service)
    except Exception:
        log.exception("%s of %s failed", name, service.slug)
        return False
    return True
