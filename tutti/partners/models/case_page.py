"""What the pages of the leader and the mentors show: the pipeline, and a case with all about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tutti.core import history
from tutti.core.history import Event
from tutti.core.workflow import Move
from tutti.partners.models.application import SENT, Application
from tutti.partners.models.application_chart import LEADER
from tutti.partners.models.application_stage import AUDIENCES, Stage
from tutti.partners.models.observation import Observation

SHOWN = ("mentor", "why", "feedback", "without_references", "on", "at", "place", "recommendation", "aims", "until")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application in a list: where it stands in the reader's words, and whether the next move is theirs."""

    application: Application
    words: str
    is_mine: bool

    @property
    def days(self) -> int:
        """Since it was sent in."""
        sent = self.application.sent_at
        return (timezone.now() - sent).days if sent else 0


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The applications that run, those that wait for the reader first; how many stand at each stage; and the ended."""

    mine: list[Waiting]
    others: list[Waiting]
    stages: list[tuple[str, int]]
    ended: list[Waiting]


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a case as it is read."""

    what: str
    when: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """An application with everything that its page shows."""

    application: Application
    words: str
    moves: list[tuple[Move, str]]
    events: list[Happened]
    observations: list[Observation]


def read_pipeline(member: Any) -> Pipeline:
    """All that the member may see. One query."""
    rows = list(Application.objects.visible_to(member).oldest_first())
    found = [_waiting(one, member) for one in rows]
    running = [one for one in found if one.application.is_running]
    counts = Counter(one.application.stage for one in running)
    stages = [(Stage(stage).label, counts[stage]) for stage in SENT]
    return Pipeline(
        [one for one in running if one.is_mine],
        [one for one in running if not one.is_mine],
        stages,
        [one for one in found if not one.application.is_running],
    )


def read_case(application: Application, member: Any) -> CasePage:
    """One application for whoever may see it."""
    events = Event.objects.about(application).filter(service_id=application.service_id)
    return CasePage(
        application,
        _words(application, member),
        [(move, f"application_{move.name}") for move in application.moves_open_to(member)],
        [_tell(event) for event in events.newest_first()[:60]],
        list(application.observations.select_related("mentor")),
    )


def _waiting(application: Application, member: Any) -> Waiting:
    words = _words(application, member)
    return Waiting(application, words, words.startswith("Waits for you"))


def _words(application: Application, member: Any) -> str:
    audience = "leader" if member.may(LEADER) else "mentor"
    return AUDIENCES[audience][Stage(application.stage)]


def _tell(event: Event) -> Happened:
    said = [(name.replace("_", " ").capitalize(), event.after[name]) for name in SHOWN if event.after.get(name)]
    notes = [f"{name}: {history.day_in_words(value)}" for name, value in said]
    what = f"{event.verb[:1].upper()}{event.verb[1:]}"
    return Happened(what, history.moment_in_words(event.at), event.by_name or "Tutti", ". ".join(notes))
