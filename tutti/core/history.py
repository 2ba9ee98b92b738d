"""What changed, by whom, from what to what (B2): one table, written by the verbs themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, thing: models.Model) -> EventQuerySet:
        return self.filter(thing=thing._meta.label_lower, thing_id=thing.pk)

    def newest_first(self) -> EventQuerySet:
        return self.select_related("by").order_by("-at", "-pk")


class Event(models.Model):
    """One change of one thing. `before` and `after` hold the fields that changed. Rows are only ever added."""

    service = models.ForeignKey(settings.SERVICE_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=60)
    thing = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "thing", "thing_id", "at"])]


def day_in_words(value: str) -> str:
    """A day as the history keeps it, as people write it: "29 October 2026". Anything else as it is."""
    if not DAY.fullmatch(value):
        return value
    try:
        day = date.fromisoformat(value)
    except ValueError:  # it only looks like one
        return value
    return f"{day.day} {day:%B %Y}"


def moment_in_words(at: datetime) -> str:
    """ "29 October 2026, 14:30"."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y}, {local:%H:%M}"


def record(
    verb: str,
    thing: models.Model,
    by: Any,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Event:
    """Write one event. `by` is the member who did it, or None for what happens by itself."""
    event = make_event(verb, thing, by, before=before, after=after)
    event.save(force_insert=True)
    return event


def make_event(
    verb: str,
    thing: models.Model,
    by: Any,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Event:
    """An event not yet saved, for `record_all`."""
    return Event(
        service_id=thing.service_id,  # type: ignore[attr-defined]
        by_id=by.person_id if by else None,
        by_name=by.name if by else "",
        verb=verb,
        thing=thing._meta.label_lower,
        thing_id=thing.pk,
        before=before or {},
        after=after or {},
    )


def record_all(events: Iterable[Event]) -> None:
    Event.objects.bulk_create(events, batch_size=500)


def change(thing: models.Model, verb: str, by: Any, **fields: Any) -> bool:
    """Set the fields that differ, save only those and record before and after. False if nothing differed.

    Call it inside a transaction, on a row that was just read or locked.
    """
    before = {name: getattr(thing, name) for name in fields}
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(thing, name, value)
    thing.save(update_fields=list(changed))
    spell = {name: (_plain(before[name]), _plain(value)) for name, value in changed.items()}
    record(verb, thing, by, before={n: b for n, (b, _) in spell.items()}, after={n: a for n, (_, a) in spell.items()})
    return True


def _plain(value: Any) -> Any:
    """A value that JSON can hold: rows and weeks are written as people read them."""
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
