"""How long each stage may take, who is late, and who is reminded of it (M7).

The report is due ten working days after the observation, which a service may change. Most limits are working days since
the stage began; where a day was agreed, that day and a few after it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from tutti.core.calendar import Day, after_working_days, today
from tutti.partners import letters
from tutti.partners.models.application import Application
from tutti.partners.models.application_rows import ApplicationQuerySet
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.observation import Observation
from tutti.partners.models.scheme import Scheme

LIMIT_OF = {
    Stage.RECEIVED: "received_days",
    Stage.OBSERVATION_DUE: "arranging_days",
    Stage.RECOMMENDED: "deciding_days",
    Stage.INDUCTION_DUE: "induction_days",
}
AFTER_A_DAY = 2  # working days after an agreed day until somebody should have said that it took place


def with_days(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """Each with the days that were agreed, of its observation, its induction and the end of its mentoring; whether its
    report was sent back; and how many referees have answered."""
    return applications.annotate(
        observed_on=Max("observations__on", filter=~Q(observations__took_place_at=None)),
        to_observe_on=Max(
            "observations__on", filter=Q(observations__called_off_at=None, observations__took_place_at=None)
        ),
        inducted_on=Max("inductions__on", filter=Q(inductions__called_off_at=None)),
        was_sent_back=Exists(
            Observation.objects.took_place().filter(application=OuterRef("pk"), sent_at=None).exclude(recommendation="")
        ),
        answered=Count("referees", filter=~Q(referees__answered_at=None), distinct=True),
        mentored_until=Max("programmes__until_day", filter=Q(programmes__ended_at=None)),
    )


def due_on(application: Any, scheme: Scheme) -> Day | None:
    """The day by which the next move is due, of one read by `with_days`; None where nothing is."""
    stage = application.stage
    began = timezone.localdate(application.moved_at)
    if stage in LIMIT_OF:
        return after_working_days(began, getattr(scheme, LIMIT_OF[stage]))
    if stage == Stage.OBSERVED:
        began = began if application.was_sent_back or not application.observed_on else application.observed_on
        return after_working_days(began, scheme.report_days)
    agreed = {
        Stage.OBSERVATION_ARRANGED: application.to_observe_on,
        Stage.INDUCTION_ARRANGED: application.inducted_on,
        Stage.MENTORING: application.mentored_until,
    }.get(stage)
    return after_working_days(agreed, AFTER_A_DAY) if agreed else None


def is_late(due: Day | None, on: Day) -> bool:
    return due is not None and due < on


def remind_the_late(service: Any) -> int:
    """Write to whoever holds an application up, once a week for each. Returns how many letters were written."""
    scheme = Scheme.objects.of(service)
    if scheme is None:
        return 0
    running = with_days(Application.objects.filter(service=service).running())
    late = [(one, due_on(one, scheme)) for one in running.select_related("service", "mentor__person")]
    return sum(letters.late(one, due) for one, due in late if due and is_late(due, today()))
