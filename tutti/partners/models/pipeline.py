"""All applications of the hub for whoever works on them: what waits for them, how many stand where, who is late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tutti.core.calendar import Day, today
from tutti.partners.models.application import Application
from tutti.partners.models.application_chart import LEADER, SENT
from tutti.partners.models.application_rows import ApplicationQuerySet
from tutti.partners.models.application_stage import FINISHED, Stage
from tutti.partners.models.entry_change import EntryChange
from tutti.partners.models.referee import NEEDED
from tutti.partners.models.time_limit import due_on, is_late, with_days
from tutti.partners.models.turn import waits_for, words_for

LAST_ENDED = 5  # named on the first page; all of them are in the list


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application in a list: where it stands in the reader's words, whether the next move is theirs, and when it is
    due."""

    application: Application
    words: str
    is_mine: bool
    due: Day | None
    is_late: bool

    @property
    def references(self) -> str:
        """How many are in, while that is what a decision waits for."""
        case = self.application
        if case.stage != Stage.RECEIVED:
            return ""
        return f"{getattr(case, 'answered', 0)} of {NEEDED} references are in"

    @property
    def days(self) -> int:
        """Since it was sent in."""
        sent = self.application.sent_at
        return (timezone.now() - sent).days if sent else 0


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many stand at a stage, and how many of them are late."""

    stage: Stage
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The applications that run, the late and the oldest first, those that wait for the reader before the others; how
    many stand at each stage; those that ended last; and the texts of entries that wait for the leader."""

    mine: list[Waiting]
    others: list[Waiting]
    stages: list[StageCount]
    ended: list[Waiting]
    entries: list[EntryChange]

    @property
    def most(self) -> int:
        """At one stage: how long the longest bar is."""
        return max([1, *(stage.count for stage in self.stages)])

    @property
    def late(self) -> int:
        return sum(stage.late for stage in self.stages)


def read_pipeline(member: Any) -> Pipeline:
    """All that the member may see; for the leader also the texts that partners wrote. Two queries."""
    over = Application.objects.visible_to(member).filter(stage__in=FINISHED).order_by("-moved_at", "-pk")
    shown = sent_in_for(member).filter(Q(stage__in=SENT) | Q(pk__in=over.values("pk")[:LAST_ENDED]))
    found = [read_waiting(one, member) for one in shown.oldest_first()]
    running = sorted((one for one in found if one.application.is_running), key=lambda one: not one.is_late)
    ended = [one for one in found if not one.application.is_running]
    return Pipeline(
        [one for one in running if one.is_mine],
        [one for one in running if not one.is_mine],
        [_count(Stage(stage), running) for stage in SENT],
        sorted(ended, key=lambda one: (one.application.moved_at, one.application.pk), reverse=True),
        list(EntryChange.objects.visible_to(member).waiting()) if member.may(LEADER) else [],
    )


def sent_in_for(member: Any) -> ApplicationQuerySet:
    """What the member may see of what was sent in, with all that a list says of it."""
    seen = Application.objects.visible_to(member).exclude(stage=Stage.DRAFT)
    return with_days(seen).select_related("mentor", "service__scheme")


def read_waiting(application: Application, member: Any) -> Waiting:
    """One in a list, as this member reads it."""
    due = due_on(application, application.service.scheme)
    words, is_mine = words_for(application, member, today()), waits_for(application, member, today())
    return Waiting(application, words, is_mine, due, is_late(due, today()))


def _count(stage: Stage, running: list[Waiting]) -> StageCount:
    own = [one for one in running if one.application.stage == stage]
    return StageCount(stage, len(own), sum(one.is_late for one in own))
