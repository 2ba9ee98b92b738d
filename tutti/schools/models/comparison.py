"""The national list against the service's schools: what is new, what changed, what closed, and taking it in.

What the list does not say changes nothing: no value is blanked and no school closed because a column, a row or a value
is absent. Taking in the same list twice changes nothing the second time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q

from tutti.core import history
from tutti.schools.models.columns import WORDS
from tutti.schools.models.national import Listed
from tutti.schools.models.school import School, SchoolQuerySet, Status

TAKEN = ["urn", "name", "dfe_number", "type", "phase", "authority", "street", "locality", "address3", "town", "county"]
TAKEN += ["postcode", "phone", "website", "status", "opened_on", "closed_on"]


class Kind(StrEnum):
    """What the list means for one school. CLOSED is a change that closes it; UNNAMED is new but has no name."""

    NEW = "new"
    CHANGED = "changed"
    CLOSED = "closed"
    UNCHANGED = "unchanged"
    UNNAMED = "unnamed"


@dataclass(slots=True)
class Difference:
    """One school of the list beside ours, if we have it; `changes` are field by field from what to what."""

    listed: Listed
    school: School | None
    kind: Kind
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.listed.name or str(self.school)

    @property
    def place_name(self) -> str:
        """Where the list says it is."""
        return ", ".join(self.listed.values[word] for word in ("town", "postcode") if word in self.listed.values)

    @property
    def type_name(self) -> str:
        """What kind of school the list says it is."""
        return str(self.listed.values.get("type") or self.listed.values.get("phase") or "–")

    @property
    def spelled(self) -> list[tuple[str, str, str]]:
        """What changes, for people: the field, what was, what will be."""
        return [(WORDS[name], _spell(before), _spell(after)) for name, (before, after) in self.changes.items()]


@dataclass(frozen=True, slots=True)
class Succession:
    """A school that was succeeded by another, both known by now or coming in."""

    urn: int
    name: str
    successor_urn: int
    successor: str


def compare(service: Any, rows: Sequence[Listed], *, lock: bool = False) -> list[Difference]:
    """Each school of the list against ours: by URN, else one typed by hand with the same name and postcode.

    One query, however many they are.
    """
    if not rows:
        return []
    ours = _within(service, [listed.urn for listed in rows], or_typed=True)
    by_urn: dict[int, School] = {}
    typed: dict[tuple[str, str], School] = {}
    for school in ours.select_for_update() if lock else ours:
        if school.urn is not None:
            by_urn[school.urn] = school
        elif school.postcode:
            typed[_key(school.name, school.postcode)] = school
    return [_difference(listed, by_urn.get(listed.urn) or _typed_by_hand(listed, typed)) for listed in rows]


@transaction.atomic
def take_in(service: Any, rows: Sequence[Listed], by: Any) -> list[Difference]:
    """Add what is new and change what changed, with history. Returns what the list meant for each school."""
    found = compare(service, rows, lock=True)
    new = [d for d in found if d.kind == Kind.NEW]
    for d in new:
        d.school = School(service=service, urn=d.listed.urn, **d.listed.values)
    School.objects.bulk_create([d.school for d in new if d.school])
    changed = [d for d in found if d.changes]
    for d in changed:
        for name, (_, after) in d.changes.items():
            setattr(d.school, name, after)
    _write([d.school for d in changed if d.school], {name for d in changed for name in d.changes})
    history.record_all(_event(d, by) for d in [*new, *changed])
    return found


def successions(service: Any, links: Mapping[int, int], coming: Iterable[Listed] = ()) -> list[Succession]:
    """Schools that the links say were succeeded, where both are ours or `coming`, and we do not know it yet."""
    names = {listed.urn: listed.name for listed in coming}
    known: dict[int, int | None] = {}
    for school in _within(service, [*links, *links.values()]).select_related("succeeded_by") if links else ():
        urn = school.urn or 0
        names[urn] = names.get(urn) or school.name
        known[urn] = school.succeeded_by.urn if school.succeeded_by else None
    return [
        Succession(urn, names[urn], successor, names[successor])
        for urn, successor in sorted(links.items())
        if urn in names and successor in names and known.get(urn) != successor
    ]


@transaction.atomic
def link_successors(service: Any, links: Mapping[int, int], by: Any) -> int:
    """Say of each school which other succeeded it, where both are ours, with history. Returns how many changed."""
    found = successions(service, links)
    urns = [urn for s in found for urn in (s.urn, s.successor_urn)]
    ours = {school.urn: school for school in _within(service, urns).select_for_update()} if found else {}
    for s in found:
        ours[s.urn].succeeded_by = ours[s.successor_urn]
    changed = [ours[s.urn] for s in found]
    School.objects.bulk_update(changed, ["succeeded_by"], batch_size=300)
    words = "succeeded by another school"
    history.record_all(
        history.make_event(words, ours[s.urn], by, after={"succeeded_by": s.successor, "urn": s.successor_urn})
        for s in found
    )
    return len(changed)


def _within(service: Any, urns: Iterable[int], *, or_typed: bool = False) -> SchoolQuerySet:
    """The service's schools whose URN lies between the smallest and the largest: one short query for any number."""
    urns = list(urns)
    between = Q(urn__range=(min(urns), max(urns)))
    return School.objects.filter(between | Q(urn=None) if or_typed else between, service=service).order_by()


def _difference(listed: Listed, school: School | None) -> Difference:
    if school is None:
        return Difference(listed, None, Kind.NEW if listed.name else Kind.UNNAMED)
    said = {"urn": listed.urn, **listed.values}
    changes = {
        name: (before, after)
        for name, after in said.items()
        if (before := getattr(school, name)) != after and not _is_worse_spelling(before, after)
    }
    if not changes:
        return Difference(listed, school, Kind.UNCHANGED)
    closes = "status" in changes and listed.is_closed
    return Difference(listed, school, Kind.CLOSED if closes else Kind.CHANGED, changes)


def _is_worse_spelling(before: Any, after: Any) -> bool:
    """HARPENDEN and harpenden never replace Harpenden: one file of the list writes towns so, the other so."""
    return (
        isinstance(after, str)
        and isinstance(before, str)
        and before.casefold() == after.casefold()
        and (after.isupper() or after.islower())
    )


def _typed_by_hand(listed: Listed, typed: dict[tuple[str, str], School]) -> School | None:
    """The school that the office had typed before it came with the list; each is met once."""
    return typed.pop(_key(listed.name, listed.values.get("postcode", "")), None)


def _key(name: str, postcode: str) -> tuple[str, str]:
    return name.casefold(), postcode.replace(" ", "").upper()


def _write(schools: list[School], fields: set[str]) -> None:
    """One insert-or-update for many rows: several times quicker than an update with a case a row."""
    if schools:
        School.objects.bulk_create(
            schools, update_conflicts=True, unique_fields=["id"], update_fields=[f for f in TAKEN if f in fields]
        )


def _event(difference: Difference, by: Any) -> history.Event:
    school = difference.school
    assert school is not None
    if difference.kind == Kind.NEW:
        after = {"name": school.name, "urn": school.urn}
        return history.make_event("added from the national list", school, by, after=after)
    verb = "closed in the national list" if difference.kind == Kind.CLOSED else "changed by the national list"
    before = {name: _plain(value) for name, (value, _) in difference.changes.items()}
    after = {name: _plain(value) for name, (_, value) in difference.changes.items()}
    return history.make_event(verb, school, by, before=before, after=after)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Status) else value


def _spell(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    return Status(value).label if value in Status.values else str(value or "nothing")
