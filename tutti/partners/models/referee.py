"""A referee: somebody who is asked by e-mail about an applicant, and answers on a page without an account (A2)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

NEEDED = 2


class RefereeQuerySet(models.QuerySet["Referee"]):
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
    keyed_in_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")

    objects = RefereeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""), name="referee_answered_with_an_answer"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_answered(self) -> bool:
        return self.answered_at is not None


def missing_of(application: Any) -> int:
    """How many answers are still missing of those that are required."""
    return max(0, NEEDED - application.referees.answered().count())
