"""What the partners of the demo world say of themselves on the public list; towns and postcodes are invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from tutti.core import uploads
from tutti.core.calendar import Day
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.partners.models import Entry, Partner
from tutti.partners.models.entry_change import propose_texts
from tutti.partners.models.official_letter import issue_letter
from tutti.people.models import Member, MusicService
from tutti.schools.models import Postcode


@dataclass(frozen=True, slots=True)
class Says:
    """One partner: town and postcode, styles, a few words, where they teach, and what else is shown."""

    town: str
    postcode: str
    styles: list[str]
    about: str
    settings: tuple[str, ...]
    phone: str = ""
    website: str = ""
    takes_pupils: bool = True


SAY = {
    "Una Merrow": Says(
        "Otterbridge", "NX1 4QU", ["Classical", "Folk"],
        "I like a lesson to end with something the pupil can play to somebody that evening.",
        ("at_school", "at_home"), "01632 960311", "https://merrow.example",
    ),
    "Linus Hext": Says(
        "Hexley", "NX4 2LH", ["Pop", "Jazz"], "Songs from the first week, notes when they help.",
        ("at_school", "at_studio", "online"), "01632 960312",
    ),
    "Fenella Bray": Says(
        "Upper Tarn", "NX4 7FB", ["Baroque", "Folk"], "Small groups, lots of playing, very little talking.",
        ("at_school",), "", "https://bray-recorders.example",
    ),
    "Osric Lunn": Says(
        "Saltwick", "NX7 1OL", ["Jazz", "Blues"], "Jazz from the first term, exams if you want them.",
        ("at_studio", "online"), "01632 960314", "", False,
    ),
    "Isolde Penn": Says("Zennick", "SX1 3IP", ["Classical"], "Slow practice, good tone.", ("at_home",), "01632 960915"),
}  # fmt: skip
NEW_WORDS = "Songs from the first week, notes when they help, and a concert every term."
# where the invented postcodes lie: out at sea
LIE = {
    "NX11AA": (55.000, 0.500), "NX14QU": (55.020, 0.520), "NX42LH": (55.060, 0.610), "NX47FB": (55.100, 0.560),
    "NX71OL": (55.150, 0.850), "SX11AA": (54.000, 1.500), "SX13IP": (54.010, 1.520),
}  # fmt: skip


def let_partners_be_found(service: MusicService, today: Day) -> None:
    """Each partner has joined and filled in their entry; in the first service one text waits for the leader."""
    rows = [
        Postcode(code=code, district=code[:-3], latitude=north, longitude=east) for code, (north, east) in LIE.items()
    ]
    Postcode.objects.bulk_create(rows, ignore_conflicts=True)
    partners = list(Partner.objects.filter(service=service).select_related("application", "member", "entry"))
    for partner in partners:
        _write(partner.entry, SAY[partner.name])
        partner.since = partner.application.inductions.get(completed_at__isnull=False).on
        partner.save(update_fields=["since"])
        _date_back(partner, partner.since)
        uploads.throw_away(partner.letter.kept_as)
        partner.letter.delete()
        issue_letter(partner, dt.datetime.combine(partner.since, dt.time(16), dt.UTC))
        if partner.name == "Linus Hext":
            propose_texts(partner.entry, partner.member, {"about": NEW_WORDS})
    about = {"service": service, "state": Letter.State.WAITING, "kind": "entry_waits"}
    now = timezone.now()
    Letter.objects.filter(**about).update(state=Letter.State.KEPT, written_at=now, sent_at=now)


def _write(entry: Entry, says: Says) -> None:
    for name in ("town", "styles", "about", "phone", "website", "postcode", "takes_pupils"):
        setattr(entry, name, getattr(says, name))
    for name in ("at_school", "at_home", "at_studio", "online"):
        setattr(entry, name, name in says.settings)
    entry.shows_phone = bool(says.phone)
    entry.write_words()


def _date_back(partner: Partner, day: Day) -> None:
    """Invited on the day of the induction, and joined the day after."""
    at = dt.datetime.combine(day, dt.time(16), timezone.get_current_timezone())
    assert partner.member
    members = Member.objects.filter(pk=partner.member.pk)
    members.update(invited_at=at, joined_at=at + dt.timedelta(days=1))
    Letter.objects.about(partner.member).update(state=Letter.State.KEPT, written_at=at, sent_at=at)
    Event.objects.about(partner.member).update(at=at)
