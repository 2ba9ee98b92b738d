"""The history in people's words, for the timeline of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tutti.core.history import Event, day_in_words, moment_in_words


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it is read: what, when, who, and what was and is."""

    what: str
    when: str
    who: str
    note: str


def timeline(events: Iterable[Event]) -> list[Told]:
    """Events as sentences; what happened by itself has nobody."""
    return [_tell(event) for event in events]


def _tell(event: Event) -> Told:
    what = event.verb[:1].upper() + event.verb[1:]
    return Told(what, moment_in_words(event.at), event.by_name, _note(event))


def _note(event: Event) -> str:
    """Field by field: "Town: London, now Leeds"; only what is said for what is new or gone."""
    parts = []
    for name in {**event.before, **event.after}:
        before, after = event.before.get(name), event.after.get(name)
        words = "E-mail" if name == "email" else name.replace("_", " ").capitalize()
        if name in event.before and name in event.after:
            parts.append(f"{words}: {_spell(before)}, now {_spell(after)}")
        elif shown := _spell(after if name in event.after else before):
            parts.append(f"{words}: {shown}")
    return ". ".join(parts)


def _spell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "nothing" if value in (None, "") else day_in_words(str(value))
