"""How many of each thing wait for the office: letters, corrections, make-ups, schools without pupils or contacts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from tutti.core.letters import Letter
from tutti.front.progress import PlaceInYear
from tutti.partners.models.letter_paper import letters_to_post
from tutti.people.models import MusicService
from tutti.schools.models import Contact
from tutti.teaching.models import Allocation, Correction, Line
from tutti.teaching.models.expected import Delivery
from tutti.teaching.models.owed import idle_make_ups
from tutti.teaching.models.set_up import with_nothing

LETTERS_FOR = dt.timedelta(days=42)  # how long a letter that did not arrive is something to do
UNSURE_AFTER = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Each a number. `schools_told` get the summary of the schools that are taught."""

    refused: int
    bounced: int
    unsure: int
    to_post: int
    corrections: int
    idle: int
    not_set_up: int
    schools_told: int


def count_waiting(member: Any, place: PlaceInYear, delivery: Delivery) -> Waiting:
    """One query."""
    now, state = timezone.now(), Letter.State
    letters = Letter.objects.visible_to(member).filter(written_at__gte=now - LETTERS_FOR)
    unsure = ~Q(refusal="") | Q(sent_at__lt=now - UNSURE_AFTER)
    rows: dict[str, QuerySet[Any]] = {
        "refused": letters.filter(state=state.REFUSED),
        "bounced": letters.filter(state=state.BOUNCED),
        "unsure": letters.filter(unsure, state=state.CLAIMED),
        "to_post": letters_to_post(member.service),
        "corrections": Correction.objects.visible_to(member).waiting(),
        "idle": idle_make_ups(Line.objects.visible_to(member)),
        "not_set_up": with_nothing(Allocation.objects.of_year(place.year).not_over(place.this_week)),
    }
    counts = {name: _many(of) for name, of in rows.items()}
    contacts = Contact.objects.for_summary().filter(school__in=delivery.schools_taught)
    counts["schools_told"] = _many(contacts, Count("school", distinct=True))
    found: dict[str, Any] = dict(MusicService.objects.filter(pk=member.service_id).values(**counts).get())
    return Waiting(**found)


def _many(rows: QuerySet[Any], of: Count | None = None) -> Coalesce:
    """How many rows, as a part of another statement."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(many=of or Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
