"""A referee: somebody who is asked by e-mail about an applicant, and answers on a page without an account (A2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tutti.core import history
from tutti.partners import letters
from tutti.partners.models.application_stage import Stage

NEEDED = 2
LONGEST = 5000  # characters of an answer
REMINDED_AFTER = timedelta(days=14)
MOST_REMINDERS = 2


class RefereeQuerySet(models.QuerySet["Referee"]):
    def of_others_than(self, email: str) -> RefereeQuerySet:
        """Without whoever has the applicant's address."""
        return self.exclude(email__iexact=email) if email else self

    def to_remind(self, service: Any) -> RefereeQuerySet:
        """Asked a fortnight ago and silent, while their answer can still matter: nobody is reminded more than twice."""
        silent = self.filter(service=service, answered_at=None, reminders__lt=MOST_REMINDERS).exclude(email="")
        own = silent.filter(application__stage=Stage.RECEIVED, asked_at__lt=timezone.now() - REMINDED_AFTER)
        return own.select_related("application__service")

    def answered(self) -> RefereeQuerySet:
        return self.exclude(answered_at=None)


class Referee(models.Model):
    """One of the two who are required. `answer` is what they sent, `typed` what they have written so far and
    nobody else reads; `keyed_in_by` typed it in from a letter."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="referees")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    relation = models.CharField(max_length=200, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    typed = models.TextField(blank=True)
    keyed_in_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")

    objects = RefereeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="referee_answered_with_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def is_awaited(self) -> bool:
        """Their answer can still matter."""
        return not self.has_answered and self.application.is_running

    @property
    def way(self) -> str:
        """How the answer came."""
        return f"Keyed in by {self.keyed_in_by.name}" if self.keyed_in_by else "On line"

    def ask(self) -> None:
        """Note that a letter goes out."""
        self.asked_at = timezone.now()
        self.save(update_fields=["asked_at"])

    def count_reminder(self) -> None:
        self.reminders += 1
        self.save(update_fields=["reminders"])

    @transaction.atomic
    def key_in(self, by: Any, answer: str) -> None:
        """Keep what came in a letter or was said. ValidationError for one who has answered."""
        held = Referee.objects.select_for_update().get(pk=self.pk)
        if held.has_answered:
            raise ValidationError("This referee has answered already.")
        held.answer, held.typed, held.answered_at, held.keyed_in_by = answer.strip(), "", timezone.now(), by
        held.save(update_fields=["answer", "typed", "answered_at", "keyed_in_by"])
        history.record("keyed a reference in", held.application, by, after={"referee": held.pk})

    @transaction.atomic
    def correct(self, by: Any, *, name: str, email: str, relation: str) -> None:
        """Another address, or somebody else, who is asked now; links of before end. ValidationError for one who has
        answered, the applicant, and the other referee."""
        held = Referee.objects.select_for_update().get(pk=self.pk)
        if not held.is_awaited:
            raise ValidationError("Nobody waits for this reference any more.")
        refuse_referee(held, email.strip())
        held.links.all().delete()
        fields = {"name": " ".join(name.split()), "email": email.strip(), "relation": relation.strip()}
        for what, value in {**fields, "typed": "", "reminders": 0}.items():
            setattr(held, what, value)
        held.save()
        history.record("asked a referee anew", held.application, by, after={"referee": held.name})
        letters.ask_referee(held.application, held)

    @transaction.atomic
    def keep_typed(self, answer: str) -> None:
        """What is typed so far; nobody reads it before it is sent."""
        silent = Referee.objects.filter(pk=self.pk, answered_at=None)
        silent.update(typed=answer.replace("\0", "")[:LONGEST])

    @transaction.atomic
    def write(self, answer: str) -> bool:
        """Keep what they wrote, once; the leaders hear when it was the last that was missing. False if nobody waits for
        it any more."""
        held = Referee.objects.select_for_update().get(pk=self.pk)
        if not held.is_awaited:
            return False
        held.answer, held.typed, held.answered_at = answer.strip(), "", timezone.now()
        held.save(update_fields=["answer", "typed", "answered_at"])
        history.record("got a reference", held.application, None, after={"referee": held.pk})
        if held.application.stage == Stage.RECEIVED and not missing_of(held.application):
            letters.references_in(held.application)
        return True


def refuse_referee(referee: Referee, email: str) -> None:
    """ValidationError for an address that is the applicant's, or that of the other referee."""
    if email and email.casefold() == referee.application.email.casefold():
        raise ValidationError({"email": "A referee cannot be the applicant."})
    if email and referee.application.referees.exclude(pk=referee.pk).filter(email__iexact=email).exists():
        raise ValidationError({"email": "The other referee has this address. Name two different people."})


def missing_of(application: Any) -> int:
    """How many answers are still missing of those that are required."""
    return max(0, NEEDED - application.referees.answered().count())
