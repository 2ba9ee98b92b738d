"""`manage.py import_schools FILE --service SLUG`: takes in the national list of schools."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tutti.core.tables import Unreadable
from tutti.people.models import MusicService
from tutti.schools.models.comparison import link_successors, take_in
from tutti.schools.models.national import NationalList, Pick, read_links, read_national
from tutti.schools.models.national_file import remarks_on, spell_tally


class Command(BaseCommand):
    """What is new is added, what changed is changed; nothing is blanked or closed because the file does not say it."""

    help = "Take in the national list of schools (CSV or Excel). Safe to repeat: the second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--service", required=True, metavar="SLUG", help="the service, as in its address")
        parser.add_argument("--links", type=Path, metavar="FILE", help="the links file: who succeeds whom")
        parser.add_argument("--authority", nargs="+", default=[], metavar="NAME", help="only these local authorities")
        parser.add_argument("--town", default="", help="only this town")
        parser.add_argument("--phase", default="", help="only this phase, such as Primary")
        parser.add_argument("--leave-out-closed", action="store_true", help="not those that are closed already")

    def handle(self, *args: Any, **options: Any) -> None:
        service = MusicService.objects.filter(slug=options["service"]).first()
        if service is None:
            raise CommandError(f"There is no service “{options['service']}”.")
        pick = Pick(tuple(options["authority"]), options["town"], options["phase"], options["leave_out_closed"])
        try:
            listed = NationalList.of(read_national(options["file"]))
            picked = listed.picked(pick)
            links = read_links(options["links"]) if options["links"] else {}
        except (Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        if listed.lacks_urn:
            raise CommandError("This file has no column URN.")
        self._say(service, listed, picked, links)

    def _say(self, service: MusicService, listed: NationalList, picked: list[Any], links: dict[int, int]) -> None:
        with service.entered():
            found = take_in(service, picked, None)
            tally = Counter(str(difference.kind) for difference in found)
            tally["succeeded"] = link_successors(service, links, None)
        for remark in remarks_on(listed, found):
            self.stdout.write(f"Line {remark.line}: {remark.reason}")
        self.stdout.write(spell_tally(tally))
