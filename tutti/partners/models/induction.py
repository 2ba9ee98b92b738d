"""The induction: an appointment with a checklist, after which a teacher is a partner (M9, M10)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tutti.core.calendar import Day, today


class Induction(models.Model):
    """One appointment. `done` are the items of the scheme's checklist that were gone through."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="inductions")
    leader = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.TimeField()
    place = models.CharField(max_length=200)
    done = models.JSONField(default=list)
    called_off_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["on", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(called_off_at=None), name="induction_called_off_or_completed"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(called_off_at=None), name="induction_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"induction on {self.on}"

    @property
    def title(self) -> str:
        """In a calendar."""
        return "Induction"

    @property
    def words(self) -> str:
        """As a letter says it: the day, the time and the place."""
        return f"{spell_appointment(self.on, self.at)}, {self.place}"

    def call_off(self) -> None:
        """It does not take place."""
        self.called_off_at = timezone.now()
        self.save(update_fields=["called_off_at"])

    def complete(self, done: Collection[str], checklist: Sequence[str]) -> None:
        """All of it was gone through. ValidationError before its day, and while something of the checklist is left."""
        if self.on > today():
            raise ValidationError("That day is still to come.")
        left = [item for item in checklist if item not in done]
        if left:
            raise ValidationError({"done": f"Still to go through: {', '.join(left)}."})
        self.done, self.completed_at = list(done), timezone.now()
        self.save(update_fields=["done", "completed_at"])


def tell_appointment(appointment: Any) -> dict[str, str]:
    """As the history keeps it."""
    return {"on": str(appointment.on), "at": f"{appointment.at:%H:%M}", "place": appointment.place}


def spell_appointment(on: Day, at: time) -> str:
    """ "Monday 30 November 2026 at 14:30"."""
    return f"{on:%A} {on.day} {on:%B %Y} at {at:%H:%M}"
