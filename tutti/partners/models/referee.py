"""A referee: somebody who is asked by e-mail about an applicant, and answers on a page without an account (A2)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tutti.core import history
from tutti.core.access import fingerprint

NEEDED = 2
LIVES = timedelta(days=60)


class RefereeQuerySet(models.QuerySet["Referee"]):
    def with_secret(self, service: Any, secret: str) -> RefereeQuerySet:
        """The referee of this link in this service."""
        own = self.filter(service=service, fingerprint=fingerprint(secret))
        return own.select_related("application", "service")

    def answered(self) -> RefereeQuerySet:
        return self.exclude(answered_at=None)


class Referee(models.Model):
    """One of the two who are required. `answer` is what they wrote; `keyed_in_by` typed it in from a letter."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="referees")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    relation = models.CharField(max_length=200, blank=True)
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
    def has_answered(self) -> bool:
        return self.answered_at is not None


def missing_of(application: Any) -> int:
    """How many answers are still missing of those that are required."""
    return max(0, NEEDED - application.referees.answered().count())
