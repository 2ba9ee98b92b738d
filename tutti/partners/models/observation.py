"""An observation or interview: a real appointment, unlike a lesson, and the report that follows (M6, M7, A4)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tutti.core.calendar import today
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.induction import spell_appointment

REPORT = {
    "focus": "What you agreed to look at",
    "context": "Who was taught, and where",
    "planning": "How the lesson was planned",
    "learning": "What the pupils learned, and how their playing improved",
    "relations": "How teacher and pupils were with each other",
    "strengths": "Strengths",
    "to_work_on": "What to work on",
    "training": "Training that would help",
}
NEEDED = ("focus", "context", "strengths", "to_work_on")


class Kind(models.TextChoices):
    OBSERVATION = "observation", "Observation"
    INTERVIEW = "interview", "Interview"
    BOTH = "both", "Observation and interview"


class Recommendation(models.TextChoices):
    SUCCESSFUL = "successful", "Successful"
    UNSUCCESSFUL = "unsuccessful", "Not yet: a mentoring programme"


class ObservationQuerySet(models.QuerySet["Observation"]):
    def standing(self) -> ObservationQuerySet:
        """Those that were not called off."""
        return self.filter(called_off_at=None)

    def took_place(self) -> ObservationQuerySet:
        return self.standing().exclude(took_place_at=None)


class Observation(models.Model):
    """One appointment of an application. `report` holds what the mentor wrote, by the names of `REPORT`."""

    Kind = Kind
    Recommendation = Recommendation

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="observations")
    mentor = models.ForeignKey("people.Member", models.PROTECT, related_name="observations")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OBSERVATION)
    on = models.DateField()
    at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=45, validators=[MinValueValidator(10), MaxValueValidator(240)])
    place = models.CharField(max_length=200)
    called_off_at = models.DateTimeField(null=True)
    took_place_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)
    recommendation = models.CharField(max_length=20, choices=Recommendation, blank=True)
    sent_at = models.DateTimeField(null=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["on", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(took_place_at=None) | Q(called_off_at=None), name="observation_called_off_or_took_place"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | ~Q(recommendation=""), name="observation_sent_with_a_recommendation"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def title(self) -> str:
        """In a calendar."""
        return str(self)

    @property
    def words(self) -> str:
        """As a letter says it: what, the day, the time and the place."""
        return f"{self.get_kind_display()}: {self.when}"

    @property
    def when(self) -> str:
        """The day, the time and the place."""
        return f"{spell_appointment(self.on, self.at)}, {self.place}"

    @property
    def missing(self) -> list[str]:
        """What the report still needs before it can be sent, in words."""
        return [REPORT[name] for name in NEEDED if not str(self.report.get(name, "")).strip()]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The report as it reads: each heading with what was written under it."""
        return [(words, self.report[name]) for name, words in REPORT.items() if self.report.get(name)]

    def rearrange(self, **appointment: Any) -> Observation:
        """Another day, time, place or kind."""
        for name, value in appointment.items():
            setattr(self, name, value)
        self.save(update_fields=list(appointment))
        return self

    def call_off(self) -> None:
        """It does not take place."""
        self.called_off_at = timezone.now()
        self.save(update_fields=["called_off_at"])

    def take_place(self) -> None:
        """Note that it took place. ValidationError before its day."""
        if self.on > today():
            raise ValidationError("That day is still to come.")
        self.took_place_at = timezone.now()
        self.save(update_fields=["took_place_at"])

    def send(self, recommendation: str) -> None:
        """Hand report and recommendation over. ValidationError while the report is not complete."""
        if self.missing:
            raise ValidationError(f"The report still needs: {', '.join(self.missing)}.")
        self.recommendation, self.sent_at = Recommendation(recommendation), timezone.now()
        self.save(update_fields=["recommendation", "sent_at"])

    def refuse_silence(self, decision: str, why: str) -> None:
        """ValidationError for who decides otherwise than the mentor recommends and does not say why (A3)."""
        if self.recommendation != decision and not why.strip():
            raise ValidationError({"why": "The mentor recommends otherwise. Say why you decide as you do."})

    def write(self, said: dict[str, Any]) -> None:
        """Keep what was typed of the report; it is a draft until it is sent."""
        self.report = {**self.report, **{name: said[name] for name in REPORT if name in said}}
        self.save(update_fields=["report"])


def shared_reports(application: Any) -> list[Observation]:
    """What its teacher may read: the reports that were decided on. They hear the leader's decision first (A3)."""
    sent = application.observations.exclude(sent_at=None).select_related("mentor")
    return list(sent.exclude(pk=application.observation.pk) if application.stage == Stage.RECOMMENDED else sent)
