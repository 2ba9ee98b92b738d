"""A mentoring programme: what is set up for a teacher who was not successful yet (M8)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from tutti.core import history
from tutti.core.calendar import Day, today


class MentoringProgramme(models.Model):
    """Aims with a mentor until a day; its meetings, each a day and notes. The leader may extend or repeat it."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="programmes")
    mentor = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    aims = models.TextField()
    from_day = models.DateField()
    until_day = models.DateField()
    ended_at = models.DateTimeField(null=True)
    meetings = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_day__gte=F("from_day")), name="programme_ends_after_start"),
            models.UniqueConstraint(fields=["application"], condition=Q(ended_at=None), name="programme_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"mentoring until {self.until_day}"

    @property
    def diary(self) -> list[tuple[str, str]]:
        """Its meetings, each the day in words and what was noted."""
        return [(history.day_in_words(one["on"]), one["notes"]) for one in self.meetings]

    def extend(self, until_day: Day) -> None:
        """More time. ValidationError for a day that is not later."""
        if until_day <= self.until_day:
            raise ValidationError({"until_day": "Choose a later day than the one it ends on now."})
        self.until_day = until_day
        self.save(update_fields=["until_day"])

    @transaction.atomic
    def met(self, by: Any, on: Day, notes: str) -> None:
        """Note a meeting. ValidationError for a day to come."""
        if on > today():
            raise ValidationError({"on": "That day is still to come."})
        held = MentoringProgramme.objects.select_for_update().get(pk=self.pk)
        self.meetings = [*held.meetings, {"on": str(on), "notes": notes.strip(), "by": by.name}]
        self.save(update_fields=["meetings"])
        history.record("met for mentoring", self.application, by, after={"on": str(on)})
