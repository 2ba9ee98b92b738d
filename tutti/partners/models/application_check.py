"""What the hub has looked at of an application and found in order: section by section, by whom and when (M1)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from tutti.core import history
from tutti.partners.models.application_questions import SECTIONS

CHECKED = {"instruments", "qualifications", "track-record", "profile", "checks"}  # the criteria, one by one (A2)


class ApplicationCheck(models.Model):
    """One section of the form that somebody of the hub has checked."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="checks")
    section = models.CharField(max_length=40)
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "section"], name="application_check_once")]

    def __str__(self) -> str:
        return f"{self.section}, checked"


@transaction.atomic
def check_section(application: Any, by: Any, section: str) -> None:
    """Say that a section was looked at and is in order. Twice is once.

    ValidationError for one that is empty: the public reads that it was checked.
    """
    if is_empty(application, section):
        raise ValidationError("Nothing was written there, so nothing can be in order.")
    own = {"service_id": application.service_id, "by": by}
    _, is_new = ApplicationCheck.objects.get_or_create(application=application, section=section, defaults=own)
    if is_new:
        history.record("checked", application, by, after={"section": section})


def is_empty(application: Any, section: str) -> bool:
    """Neither an answer nor a paper is there."""
    asked = next(one for one in SECTIONS if one.key == section)
    return not asked.is_begun(application.answers) and not application.documents.filter(section=section).exists()


@transaction.atomic
def uncheck_section(application: Any, by: Any, section: str) -> None:
    """Take it back."""
    if application.checks.filter(section=section).delete()[0]:
        history.record("took a check back", application, by, after={"section": section})
