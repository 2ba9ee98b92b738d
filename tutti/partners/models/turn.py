"""Whose turn it is: whom an application waits for today, and what the reader is told of it (screens, A3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tutti.core.calendar import Day
from tutti.partners.models.application_chart import LEADER, MENTOR
from tutti.partners.models.application_stage import AUDIENCES, Stage

WITH_THE_MENTOR = (Stage.OBSERVATION_DUE, Stage.OBSERVATION_ARRANGED, Stage.OBSERVED)
NEEDS_MENTOR = (*WITH_THE_MENTOR, Stage.MENTORING)
LEADERS = (Stage.RECEIVED, Stage.RECOMMENDED, Stage.INDUCTION_DUE)
MENTORS = (Stage.OBSERVATION_DUE, Stage.OBSERVED)
NO_MENTOR = "Waits for you: its mentor cannot act any more, choose another"


@dataclass(frozen=True, slots=True)
class AgreedDay:
    """Once the day that was agreed has come, somebody has to say what became of it. `day` is a name of `with_days`."""

    day: str
    permission: Any
    words: str


ON_ITS_DAY = {
    Stage.OBSERVATION_ARRANGED: AgreedDay("to_observe_on", MENTOR, "Waits for you: has it taken place?"),
    Stage.INDUCTION_ARRANGED: AgreedDay("inducted_on", LEADER, "Waits for you: has the induction taken place?"),
    Stage.MENTORING: AgreedDay("mentored_until", LEADER, "Waits for you: the mentoring is over, end it or extend it"),
}


def words_for(application: Any, member: Any, on: Day) -> str:
    """Where an application read by `with_days` stands, for a leader or a mentor."""
    stage = Stage(application.stage)
    agreed = ON_ITS_DAY.get(stage)
    if agreed and _has_come(application, agreed, on) and _is_theirs(application, member, agreed.permission):
        return agreed.words
    if _lacks_mentor(application) and member.may(LEADER):
        return NO_MENTOR
    return AUDIENCES["mentor" if _reads_as_mentor(application, member) else "leader"][stage]


def waits_for(application: Any, member: Any, on: Day) -> bool:
    """Whether the next move of an application read by `with_days` is theirs, and due."""
    stage = Stage(application.stage)
    if _lacks_mentor(application):
        return bool(member.may(LEADER))
    if agreed := ON_ITS_DAY.get(stage):
        return _has_come(application, agreed, on) and _is_theirs(application, member, agreed.permission)
    if stage in LEADERS:
        return bool(member.may(LEADER))
    return stage in MENTORS and _is_theirs(application, member, MENTOR)


def _has_come(application: Any, agreed: AgreedDay, on: Day) -> bool:
    day = getattr(application, agreed.day)
    return day is not None and day <= on


def _is_theirs(application: Any, member: Any, permission: Any) -> bool:
    return bool(member.may(permission)) and (permission != MENTOR or application.mentor_id == member.pk)


def _lacks_mentor(application: Any) -> bool:
    """The mentor has left, or is none any more, in the middle of it."""
    mentor = application.mentor
    return application.stage in NEEDS_MENTOR and mentor is not None and not mentor.may(MENTOR)


def _reads_as_mentor(application: Any, member: Any) -> bool:
    """Somebody who is both reads their own cases as the mentor while that is what they do in them."""
    if not member.may(LEADER):
        return True
    return application.mentor_id == member.pk and application.stage not in LEADERS
