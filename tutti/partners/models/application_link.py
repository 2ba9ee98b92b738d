"""The applicant's way to their application: a link by e-mail, to that address only, for thirty days (M2)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from tutti.core.access import fingerprint

LIVES = timedelta(days=30)


class ApplicationLinkQuerySet(models.QuerySet["ApplicationLink"]):
    def with_secret(self, service: Any, secret: str) -> ApplicationLinkQuerySet:
        """The link of this secret in this service, with its application."""
        own = self.filter(service=service, fingerprint=fingerprint(secret))
        return own.select_related("application__service", "application__mentor")


class ApplicationLink(models.Model):
    """One link that was sent. Only the fingerprint of its secret is kept."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="links")
    fingerprint = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField()

    objects = ApplicationLinkQuerySet.as_manager()

    secret: str = ""  # known only to the object that `make` returned

    def __str__(self) -> str:
        return f"link to {self.application}"

    @classmethod
    def make(cls, application: Any) -> ApplicationLink:
        secret = secrets.token_urlsafe(32)
        link = cls.objects.create(
            service_id=application.service_id,
            application=application,
            fingerprint=fingerprint(secret),
            ends_at=timezone.now() + LIVES,
        )
        link.secret = secret
        return link

    @property
    def is_over(self) -> bool:
        return timezone.now() >= self.ends_at
