"""Who can be signed in as with one click, in a demo world and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from tutti.core import row_security
from tutti.front.demo import CAST
from tutti.front.demo.cast import PICK
from tutti.people.models import Member, MusicService


@dataclass(frozen=True, slots=True)
class Pick:
    """Somebody of the cast, and what whoever picks them will see."""

    key: str
    member: Member
    words: str


def picks() -> list[Pick]:
    """The cast to choose from, in the order of the house; empty without a demo service."""
    services = {service.slug: service for service in MusicService.objects.filter(is_demo=True)}
    found = []
    for slug, service in services.items():
        with service.entered():
            members = Member.objects.filter(service=service, is_active=True).select_related("person", "service")
            by_email = {member.person.email: member for member in members}
        found += [
            Pick(key, by_email[CAST[key]], words) for key, of, words in PICK if of == slug and CAST[key] in by_email
        ]
    row_security.enter(None)
    return found


def pick(key: str) -> Member | None:
    """The one picked, if they belong to demo services and to no real one."""
    chosen = next((one.member for one in picks() if one.key == key), None)
    if chosen is None:
        return None
    with chosen.service.entered():
        row_security.enter(chosen.service_id, chosen.person_id)
        elsewhere = Member.objects.filter(person_id=chosen.person_id, service__is_demo=False)
        return None if elsewhere.exists() else chosen
