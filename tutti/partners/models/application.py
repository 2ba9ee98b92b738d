"""An application to be a partner: the chart of the scheme, as it runs (M1 to M10, A2 to A4)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from tutti.core import history
from tutti.core.calendar import Day, today
from tutti.core.workflow import Case, Move, move
from tutti.partners import letters
from tutti.partners.models import application_chart as chart
from tutti.partners.models.application_again import end_with_feedback, refuse_again
from tutti.partners.models.application_chart import SENT
from tutti.partners.models.application_people import choose_mentor, is_theirs
from tutti.partners.models.application_questions import REFEREES
from tutti.partners.models.application_rows import ApplicationQuerySet
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.induction import Induction, tell_appointment
from tutti.partners.models.mentoring import MentoringProgramme, begin_mentoring
from tutti.partners.models.observation import Observation, Recommendation
from tutti.partners.models.partner import take_in
from tutti.partners.models.referee import missing_of
from tutti.partners.models.scheme import Scheme


class Application(Case):
    """One person's application. `answers` holds what was asked, by the key of the question. One that came on paper has
    who keyed it in, and no address where the applicant goes on by post.

    `feedback` is what the leader wrote to who does not proceed or was not successful; `without_references` why the
    leader proceeded with fewer answers of referees than are required (A2).
    """

    Stage = Stage

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    reference = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    answers = models.JSONField(default=dict)
    mentor = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="applications")
    begun_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    keyed_in_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    without_references = models.CharField(max_length=500, blank=True)
    feedback = models.TextField(blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["service", "stage"])]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="application_stage_known"),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.DRAFT, Stage.WITHDRAWN]) | Q(sent_at__isnull=False),
                name="application_sent_with_its_time",
            ),
            models.UniqueConstraint(
                "service",
                Lower("email"),
                condition=Q(stage__in=[Stage.DRAFT, *SENT]) & ~Q(email=""),
                name="application_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["service", "reference"], condition=~Q(reference=""), name="application_reference_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.stage in SENT

    @property
    def is_keyed_in(self) -> bool:
        return self.keyed_in_by_id is not None

    @property
    def observation(self) -> Observation | None:
        """The one arranged last that was not called off, whether it has been or not."""
        return self.observations.standing().order_by("pk").last()

    @property
    def programme(self) -> MentoringProgramme | None:
        """The mentoring that runs."""
        return self.programmes.filter(ended_at=None).first()

    @property
    def induction(self) -> Induction | None:
        return self.inductions.filter(called_off_at=None).order_by("pk").last()

    def may_make(self, move: Move, by: Any) -> bool:
        return is_theirs(self, move, by)

    # the applicant

    @move(chart.SEND)
    def send(self, by: Any) -> dict[str, Any]:
        """Send it in: it gets its reference number, and the referees are asked (A2)."""
        scheme = Scheme.objects.hold(self.service_id)
        refuse_again(self, scheme)
        if self.referees.of_others_than(self.email).count() < REFEREES:
            raise ValidationError("Name two referees. None of them can be you.")
        self.reference, self.sent_at = scheme.next_reference(today().year), timezone.now()
        letters.received(self)
        return {"reference": self.reference}

    @move(chart.WITHDRAW)
    def withdraw(self, by: Any, why: str = "") -> dict[str, Any]:
        """The applicant changes their mind: possible until the induction is completed (A4)."""
        letters.withdrawn(self, self._appointment)
        self._call_off()
        self.programmes.filter(ended_at=None).update(ended_at=timezone.now())
        return {"why": why}

    # the leader, at first

    @move(chart.PROCEED)
    def proceed(self, by: Any, mentor: Any, letter: str, without_references: str = "") -> dict[str, Any]:
        """Go on: this mentor will be in touch with the applicant (M5). ValidationError for a mentor who is the
        applicant, or fewer answers of referees than required without a reason (A2)."""
        choose_mentor(self, mentor)
        missing = missing_of(self)
        if missing and not without_references.strip():
            raise ValidationError(
                {"without_references": f"{missing} of 2 referees have not answered yet. Say why you proceed."}
            )
        self.without_references = without_references.strip() if missing else ""
        letters.to_applicant(self, "proceed", letter)
        letters.chosen_as_mentor(self)
        return {"mentor": mentor.name, "without_references": self.without_references}

    @move(chart.DECLINE)
    def decline(self, by: Any, feedback: str, letter: str) -> dict[str, Any]:
        """Do not go on; the feedback is required and sent (M4)."""
        end_with_feedback(self, feedback)
        letters.to_applicant(self, "decline", letter, feedback=self.feedback)
        return {"feedback": self.feedback}

    # the mentor

    @move(chart.CHANGE_MENTOR)
    def change_mentor(self, by: Any, mentor: Any, letter: str) -> dict[str, Any]:
        """Somebody else observes: what was arranged is called off, and they arrange it anew (M5)."""
        letters.mentor_changed(self, "change_mentor", letter, choose_mentor(self, mentor), self._appointment)
        self._call_off()
        return {"mentor": mentor.name}

    @move(chart.ARRANGE)
    def arrange(self, by: Any, letter: str, **appointment: Any) -> dict[str, Any]:
        """Agree on kind, day, time and place (M6)."""
        made = Observation.objects.create(service_id=self.service_id, application=self, mentor=by, **appointment)
        letters.appointed(self, "arrange", letter, made, by)
        return tell_appointment(made)

    @move(chart.REARRANGE)
    def rearrange(self, by: Any, letter: str, **appointment: Any) -> dict[str, Any]:
        """Another day, time or place."""
        was = self._seen.rearrange(**appointment)
        letters.appointed(self, "rearrange", letter, was, by)
        return tell_appointment(was)

    @move(chart.CALL_OFF)
    def call_off(self, by: Any, letter: str) -> None:
        """It does not take place; another is to be arranged."""
        letters.called_off(self, "call_off", letter, self._seen)
        self._call_off()

    @move(chart.OBSERVE)
    def observe(self, by: Any) -> None:
        """It took place. ValidationError before its day."""
        self._seen.take_place()

    @move(chart.TAKE_BACK)
    def take_back(self, by: Any) -> None:
        """It has not taken place after all. ValidationError once its report was sent."""
        self._seen.take_back()

    @move(chart.RECOMMEND)
    def recommend(self, by: Any, recommendation: str) -> dict[str, Any]:
        """Send the report and the recommendation to the leader in one step (M7). ValidationError while it is not
        complete."""
        self._seen.send(recommendation)
        letters.recommended(self)
        return {"recommendation": recommendation}

    # the leader, on the report

    @move(chart.SUCCEED)
    def succeed(self, by: Any, letter: str, why: str = "") -> dict[str, Any]:
        """Successful: an induction follows (M9). To differ from the mentor needs a reason (A3)."""
        self._seen.decide(Recommendation.SUCCESSFUL, why)
        letters.decided(self, "succeed", letter)
        return {"why": why}

    @move(chart.MENTOR_FIRST)
    def mentor_first(self, by: Any, aims: str, until_day: Day, letter: str, why: str = "") -> dict[str, Any]:
        """Unsuccessful: a mentoring programme is set up (M8), or repeated. ValidationError for an end that is over."""
        self._seen.decide(Recommendation.UNSUCCESSFUL, why)
        begin_mentoring(self, aims, until_day)
        letters.decided(self, "mentor_first", letter, aims=aims.strip())
        return {"aims": aims, "until": str(until_day), "why": why}

    @move(chart.FAIL)
    def fail(self, by: Any, feedback: str, letter: str, why: str = "") -> dict[str, Any]:
        """Unsuccessful for good, with feedback; only after a mentoring programme (M8)."""
        self._seen.decide(Recommendation.UNSUCCESSFUL, why)
        end_with_feedback(self, feedback)
        letters.decided(self, "fail", letter, feedback=self.feedback)
        return {"feedback": self.feedback, "why": why}

    @move(chart.SEND_BACK)
    def send_back(self, by: Any, why: str) -> dict[str, Any]:
        """The mentor is asked for more."""
        self._seen.send_back()
        letters.sent_back(self, why)
        return {"why": why}

    # mentoring

    @move(chart.EXTEND)
    def extend(self, by: Any, until_day: Day, letter: str) -> dict[str, Any]:
        """More time. ValidationError for a day that is not later."""
        assert self.programme
        self.programme.extend(until_day)
        letters.decided(self, "extend", letter, until=history.day_in_words(str(until_day)))
        return {"until": str(until_day)}

    @move(chart.HAND_OVER)
    def hand_over(self, by: Any, mentor: Any, letter: str) -> dict[str, Any]:
        """The programme goes on with somebody else (M8)."""
        letters.mentor_changed(self, "hand_over", letter, choose_mentor(self, mentor))
        self.programmes.filter(ended_at=None).update(mentor=mentor)
        return {"mentor": mentor.name}

    @move(chart.END_MENTORING)
    def end_mentoring(self, by: Any, letter: str) -> None:
        """The programme is over; a second observation follows, and a decision again (A3)."""
        self.programmes.filter(ended_at=None).update(ended_at=timezone.now())
        letters.decided(self, "end_mentoring", letter)

    # the induction

    @move(chart.ARRANGE_INDUCTION)
    def arrange_induction(self, by: Any, letter: str, **appointment: Any) -> dict[str, Any]:
        """Agree on day, time and place (M9)."""
        own = {"service_id": self.service_id, "application": self, "leader": by}
        made = Induction.objects.create(**own, **appointment)
        letters.appointed(self, "arrange_induction", letter, made, by)
        return tell_appointment(made)

    @move(chart.CALL_OFF_INDUCTION)
    def call_off_induction(self, by: Any, letter: str) -> None:
        """It does not take place; another is to be arranged."""
        letters.called_off(self, "call_off_induction", letter, self.induction)
        self._call_off()

    @move(chart.COMPLETE)
    def complete(self, by: Any, done: Collection[str], letter: str) -> dict[str, Any]:
        """The induction is completed, and with it they are a partner (M10, A4). ValidationError before its day, while
        something of the checklist is left, and for who is a partner already."""
        assert self.induction
        self.induction.complete(done, Scheme.objects.get(service=self.service_id).checklist)
        letters.welcome(self, letter, take_in(self, by))
        return {"since": str(today())}

    # small words

    @property
    def _seen(self) -> Observation:
        seen = self.observation
        assert seen
        return seen

    @property
    def _appointment(self) -> Observation | Induction | None:
        """What is arranged and has not been yet."""
        stages = {Stage.OBSERVATION_ARRANGED: self.observation, Stage.INDUCTION_ARRANGED: self.induction}
        return stages.get(Stage(self.stage))

    def _call_off(self) -> None:
        if arranged := self._appointment:
            arranged.call_off()
