"""`manage.py add_service NAME --slug SLUG --head NAME --email ADDRESS`: a real music service, and its head's way in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from tutti.people.models import SignInLink
from tutti.people.models.member import add_member
from tutti.people.models.music_service import add_service
from tutti.people.roles import HEAD
from tutti.teaching.models.reason import ship_defaults


class Command(BaseCommand):
    help = "Add a music service with its head, and print the link that signs the head in once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="as schools read it, such as “Northshire Music Service”")
        parser.add_argument("--slug", required=True, help="the first part of its address: small letters and hyphens")
        parser.add_argument("--head", required=True, help="the name of the head of service")
        parser.add_argument("--email", required=True, help="the head's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            service = add_service(options["name"], options["slug"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with service.entered():
            ship_defaults(service)
            head = add_member(service, None, name=options["head"], email=options["email"], roles=[HEAD.name])
            link = SignInLink.make(head.person, days=1)
        self.stdout.write(
            f"{service} is at /{service.slug}/. This link signs {head} in, once, within a day:\n{link.url}"
        )
