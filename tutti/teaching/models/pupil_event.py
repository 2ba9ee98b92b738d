"""A pupil's history as people read it: one line an event (B2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tutti.core import history

JOINED = "joined with another pupil"


@dataclass(frozen=True, slots=True)
class PupilEvent:
    """One line of a pupil's history, in words."""

    what: str
    when: str
    who: str
    note: str = ""


def spell_event(event: history.Event, places: dict[int, str]) -> PupilEvent:
    """An event about a pupil or one of these places (their lessons by key)."""
    lesson = event.before.get("lesson") or event.after.get("lesson") or places.get(event.thing_id, "")
    notes = [lesson] if (lesson and event.thing == "teaching.place") or event.before.get("lesson") else []
    notes += [_change(name, event.before[name], after) for name, after in event.after.items() if name in event.before]
    notes += [event.before["name"]] if event.verb == JOINED else []
    return PupilEvent(
        event.verb.capitalize(), history.moment_in_words(event.at), event.by_name or "Tutti", ". ".join(notes)
    )


def _change(field: str, before: Any, after: Any) -> str:
    word = {"until_week": "Last week", "name": "Name", "date_of_birth": "Date of birth", "school": "School"}.get(
        field, field
    )
    return f"{word}: {_day(after)}, before that {_day(before)}" if before else f"{word}: {_day(after)}"


def _day(value: Any) -> str:
    return history.day_in_words(str(value)) if value else "none"
