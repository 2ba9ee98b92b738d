"""The monthly summary: all teaching of a school in a month, as it was told to the school (H8, S1 to S4)."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, member: Any) -> SummaryQuerySet:
        return self.filter(service_id=member.service_id)


class Summary(models.Model):
    """What a school was told of a month. `month` is its first day; `figures` never change once written (S3)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="summaries")
    month = models.DateField()
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(default=timezone.now)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["school", "month"], name="summary_once_a_month")]

    def __str__(self) -> str:
        return f"{self.school}, {self.month:%B %Y}"


class SummaryLink(models.Model):
    """A private link to one summary for one contact. Only the fingerprint of its secret is kept (S4)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    summary = models.ForeignKey(Summary, models.CASCADE, related_name="links")
    contact = models.ForeignKey("schools.Contact", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    fingerprint = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
