"""`manage.py sign_in_link EMAIL`: a link for whoever runs the machine, or for somebody whose mail does not arrive."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tutti.people.models import Person, SignInLink


class Command(BaseCommand):
    help = "Print a link that signs one person in, once, within a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **_: Any) -> None:
        person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {email}. The office adds people on the page of teachers.")
        self.stdout.write(SignInLink.make(person, days=1).url)
