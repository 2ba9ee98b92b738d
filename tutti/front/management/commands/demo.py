"""`manage.py demo`: load the demo world."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tutti.core import calendar
from tutti.front.demo import load_world
from tutti.people.models import MusicService


class Command(BaseCommand):
    help = "Load the demo world: two invented music services in mid-term. Refuses where a real one exists."

    def handle(self, *args: Any, **options: Any) -> None:
        if MusicService.objects.filter(is_demo=False).exists():
            raise CommandError("There is a real music service in this database. The demo world stays out of it.")
        if MusicService.objects.exists():
            self.stdout.write("The demo world is here already.")
            return
        with transaction.atomic():
            services = load_world(calendar.today())
        for service in services:
            self.stdout.write(_in_words(service))


def _in_words(service: MusicService) -> str:
    with service.entered():
        schools, members, pupils = service.schools.count(), service.members.count(), service.pupils.count()
    return f"{service.name}: {schools} schools, {members} members, {pupils} pupils at /{service.slug}/"
