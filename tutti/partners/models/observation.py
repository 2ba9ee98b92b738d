"""An observation or interview: a real appointment, unlike a lesson, and the report that follows (M6, M7, A4)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tutti.core.calendar import today
from tutti.partners.models.induction import spell_appointment
from tutti.partners.models.report_heading import NEEDED, fill_report, read_report


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
    """One appointment of an application. `report` holds what the mentor wrote, by the keys of its headings. Since
    `decided_at` the leader has decided on it, and its teacher may read it."""

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
    decided_at = models.DateTimeField(null=True)

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
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(took_place_at=None, called_off_at=None),
                name="observation_one_to_come",
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
        return [words for name, words in NEEDED.items() if not str(self.report.get(name, "")).strip()]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The report as it reads: each heading with what was written under it."""
        return read_report(self.report)

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

    def take_back(self) -> None:
        """It has not taken place after all. ValidationError once its report was sent."""
        if self.recommendation:
            raise ValidationError("Its report was sent already, so it took place.")
        self.took_place_at = None
        self.save(update_fields=["took_place_at"])

    def send(self, recommendation: str) -> None:
        """Hand report and recommendation over. ValidationError while the report is not complete."""
        if self.missing:
            raise ValidationError(f"The report still needs: {', '.join(self.missing)}.")
        self.recommendation, self.sent_at = Recommendation(recommendation), timezone.now()
        self.save(update_fields=["recommendation", "sent_at"])

    def decide(self, decision: str, why: str) -> None:
        """Decide on the report. ValidationError for who decides otherwise than the mentor recommends and does not say
        why (A3)."""
        if self.recommendation != decision and not why.strip():
            raise ValidationError({"why": "The mentor recommends otherwise. Say why you decide as you do."})
        self.decided_at = timezone.now()
        self.save(update_fields=["decided_at"])

    def send_back(self) -> None:
        """The mentor has it again."""
        self.sent_at = None
        self.save(update_fields=["sent_at"])

    @transaction.atomic
    def write(self, said: dict[str, Any]) -> None:
        """Keep what was typed of the report; it is a draft until it is sent. ValidationError once it was."""
        type(self.application).objects.select_for_update().get(pk=self.application_id)  # which a move holds
        held = Observation.objects.get(pk=self.pk)
        if held.sent_at:
            raise ValidationError("This report was sent in the meantime.")
        self.report = fill_report(self.application.service.scheme, held.report, said)
        self.save(update_fields=["report"])


def shared_reports(application: Any) -> list[Observation]:
    """What its teacher may read: the reports that were decided on. They hear the leader's decision first (A3)."""
    return list(application.observations.exclude(decided_at=None).select_related("mentor"))
