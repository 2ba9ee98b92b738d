"""The month before last in the demo world: told to the schools, locked, and two corrections of it since (R10, S3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tutti.core.calendar import Day, first_of_month, next_month, previous_month, working_day
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.schools.models import TeachingWeek
from tutti.teaching.letters import CORRECTION
from tutti.teaching.models import Correction, Mark, Reason, Register
from tutti.teaching.models.correction import propose
from tutti.teaching.models.lock import lock_month

SPARED = ("Larkrise Primary School",)  # the pages that are shown first stay as they are
NOT_HERE = ("absent", "ill", "forgot")


def lock_and_correct(service: Any, by: Any, today: Day) -> None:
    """Lock the month before last for all; one correction of it was accepted last month, another waits."""
    month = previous_month(previous_month(today))
    weeks = TeachingWeek.objects.filter(service=service, month=month).values("monday")
    if not weeks.exists():
        return
    lock_month(service, by, month)
    reasons = {reason.code: reason for reason in Reason.objects.filter(service=service)}
    marks = Mark.objects.confirmed().filter(service=service, line__register__week__in=weeks, line__given=True)
    marks = marks.exclude(line__register__allocation__school__name__in=SPARED).order_by("line__register", "pk")
    away = marks.filter(reason__code__in=NOT_HERE).first()
    if away is None:
        return
    here = marks.filter(reason=reasons["present"]).exclude(line__register=away.line.register_id)
    accepted = _propose(away, reasons["late"], "Came after break; I had marked it before.")
    accepted.accept(by, "Thank you, put right.")
    waiting = [_propose(mark, reasons["ill"], "Mixed up with a namesake.") for mark in _elsewhere(here, away)]
    _date_back(service, next_month(month), [accepted, *waiting])


def _elsewhere(marks: QuerySet[Mark], other: Mark) -> list[Mark]:
    """The first of these at another school than the other mark's."""
    school = other.line.register.allocation.school_id
    return list(marks.exclude(line__register__allocation__school=school)[:1])


def _propose(mark: Mark, reason: Reason, why: str) -> Correction:
    register = Register.objects.select_related("allocation__teacher").get(pk=mark.line.register_id)
    return propose(register, register.allocation.teacher, why, marks={mark.place_id: reason})


def _date_back(service: Any, month: Day, corrections: Iterable[Correction]) -> None:
    """Locked on the seventh working day, asked for on the ninth, decided on the tenth."""
    locked, asked, decided = (_morning(working_day(first_of_month(month), number)) for number in (7, 9, 10))
    own = Correction.objects.filter(pk__in=[one.pk for one in corrections])
    own.update(proposed_at=asked)
    own.exclude(decided_at=None).update(decided_at=decided)
    events = Event.objects.filter(service=service)
    events.filter(verb="locked the month").update(at=locked)
    events.filter(verb="proposed a correction").update(at=asked)
    events.filter(verb__in=["accepted the correction", "corrected"]).update(at=decided)
    letters = Letter.objects.filter(service=service, kind=CORRECTION)
    letters.update(state=Letter.State.KEPT, written_at=decided, sent_at=decided)


def _morning(day: Day) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9, 30), timezone.get_current_timezone())
