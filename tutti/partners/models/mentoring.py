"""A mentoring programme: what is set up for a teacher who was not successful yet (M8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from tutti.core import history
from tutti.core.calendar import Day, today

LONGEST = timedelta(days=731)


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
        _refuse_end(until_day)
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


def begin_mentoring(application: Any, aims: str, until_day: Day) -> MentoringProgramme:
    """Set a programme up with the mentor of the application, from today on. ValidationError for an end that is not to
    come."""
    if until_day <= today():
        raise ValidationError({"until_day": "Choose a day to come."})
    _refuse_end(until_day)
    own = {"service_id": application.service_id, "application": application, "mentor": application.mentor}
    return MentoringProgramme.objects.create(**own, aims=aims.strip(), from_day=today(), until_day=until_day)


def _refuse_end(until_day: Day) -> None:
    if until_day > today() + LONGEST:
        raise ValidationError({"until_day": "That day is more than two years away."})
