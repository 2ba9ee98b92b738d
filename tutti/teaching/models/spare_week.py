"""A lesson week of the service that is spare for one allocation (W2)."""

from __future__ import annotations

from typing import Any

from django.db import models

from tutti.core.calendar import WeekField
from tutti.people.roles import Permission


class SpareWeekQuerySet(models.QuerySet["SpareWeek"]):
    def visible_to(self, member: Any) -> SpareWeekQuerySet:
        """A teacher's own; all of the service for those who see registers."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_REGISTERS) else own.filter(allocation__teacher=member)


class SpareWeek(models.Model):
    """A week in which no lesson of the allocation is due though it is a lesson week of the service: a school that buys
    30 lessons of 33 (W2). A register may be taken there, none is expected, none is missing."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    allocation = models.ForeignKey("teaching.Allocation", models.CASCADE, related_name="spare_weeks")
    week = WeekField()

    objects = SpareWeekQuerySet.as_manager()

    class Meta:
        ordering = ["week"]
        constraints = [models.UniqueConstraint(fields=["allocation", "week"], name="spare_week_once")]

    def __str__(self) -> str:
        return f"spare week commencing {self.week}"
