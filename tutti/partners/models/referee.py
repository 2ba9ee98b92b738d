"""A referee: somebody who is asked by e-mail about an applicant, and answers on a page without an account (A2)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tutti.core import history
from tutti.core.access import fingerprint
from tutti.partners.models.application_stage import Stage

NEEDED = 2
LIVES = timedelta(days=60)
LONGEST = 5000  # characters of an answer
REMINDED_AFTER = timedelta(days=14)
MOST_REMINDERS = 2


class RefereeQuerySet(models.QuerySet["Referee"]):
    def with_secret(self, service: Any, secret: str) -> RefereeQuerySet:
        """The referee of this link in this service."""
        own = self.filter(service=service, fingerprint=fingerprint(secret))
        return own.select_related("application", "service")

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
    """One of the two who are required. `answer` is what they wrote; `keyed_in_by` typed it in from a letter."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="referees")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    relation = models.CharField(max_length=200, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    ends_at = models.DateTimeField(null=True)
    keyed_in_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")

    objects = RefereeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""), name="referee_answered_with_an_answer"
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(fingerprint=""), name="referee_link_of_one_only"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """The link still takes an answer."""
        return not self.has_answered and self.ends_at is not None and timezone.now() < self.ends_at

    @transaction.atomic
    def ask(self) -> str:
        """Make a link for the letter that asks; gives its secret, which is nowhere kept."""
        secret = secrets.token_urlsafe(32)
        self.fingerprint, self.asked_at = fingerprint(secret), timezone.now()
        self.ends_at = self.asked_at + LIVES
        self.save(update_fields=["fingerprint", "asked_at", "ends_at"])
        return secret

    def count_reminder(self) -> None:
        self.reminders += 1
        self.save(update_fields=["reminders"])

    @transaction.atomic
    def key_in(self, by: Any, answer: str) -> None:
        """Keep what came in a letter or was said. ValidationError for one who has answered."""
        held = Referee.objects.select_for_update().get(pk=self.pk)
        if held.has_answered:
            raise ValidationError("This referee has answered already.")
        held.answer, held.answered_at, held.keyed_in_by = answer.strip(), timezone.now(), by
        held.save(update_fields=["answer", "answered_at", "keyed_in_by"])
        history.record("keyed a reference in", held.application, by, after={"referee": held.pk})

    @transaction.atomic
    def keep_draft(self, answer: str) -> None:
        """What is typed so far; nobody reads it before it is sent."""
        silent = Referee.objects.filter(pk=self.pk, answered_at=None)
        silent.update(answer=answer[:LONGEST])

    @transaction.atomic
    def write(self, answer: str) -> bool:
        """Keep what they wrote, once. False if the link takes no answer any more."""
        held = Referee.objects.select_for_update().get(pk=self.pk)
        if not held.is_open:
            return False
        held.answer, held.answered_at = answer.strip(), timezone.now()
        held.save(update_fields=["answer", "answered_at"])
        history.record("got a reference", held.application, None, after={"referee": held.pk})
        return True

    @property
    def way(self) -> str:
        """How the answer came."""
        return f"Keyed in by {self.keyed_in_by.name}" if self.keyed_in_by else "On line"

    @property
    def has_answered(self) -> bool:
        return self.answered_at is not None


def missing_of(application: Any) -> int:
    """How many answers are still missing of those that are required."""
    return max(0, NEEDED - application.referees.answered().count())
