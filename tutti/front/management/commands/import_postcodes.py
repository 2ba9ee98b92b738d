"""`manage.py import_postcodes FILE`: where each postcode lies, so that the list of partners knows distances (A6)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tutti.core.tables import Unreadable
from tutti.partners.models import Entry
from tutti.people.models import MusicService
from tutti.schools.models.postcode import take_in_postcodes

SAID_EVERY = 100_000


class Command(BaseCommand):
    """What is in use is added or moved, what has ended is taken out; then each entry finds its place again."""

    help = "Take in the ONS Postcode Directory or the National Statistics Postcode Lookup (CSV or zip). Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        kept = ended = said = 0
        try:
            for kept, ended in take_in_postcodes(options["file"]):
                if kept + ended - said >= SAID_EVERY:
                    said = kept + ended
                    self.stdout.write(f"{said:,} lines …")
        except (Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        for service in MusicService.objects.order_by("pk"):
            with service.entered():
                Entry.objects.filter(service=service).find_places()
        self.stdout.write(f"{kept:,} postcodes in use, {ended:,} that have ended left out.")
