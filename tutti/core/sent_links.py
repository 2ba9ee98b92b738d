"""A link that was sent to somebody without an account: it opens one thing, until a day (S2, M2, A2)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tutti.core.access import fingerprint

LinkT = TypeVar("LinkT", bound="SentLink")


class SentLinkQuerySet(models.QuerySet[LinkT]):
    def with_secret(self, service: Any, secret: str) -> Self:
        """The link of this secret in this service."""
        return self.filter(service=service, fingerprint=fingerprint(secret))


class SentLink(models.Model):
    """One link. Only the fingerprint of its secret is kept."""

    service = models.ForeignKey(settings.SERVICE_MODEL, models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField()

    secret: str = ""  # known only to the object that `send_link` returned

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return timezone.now() >= self.ends_at


def send_link(model: type[LinkT], lives: timedelta, service_id: int, **about: Any) -> LinkT:
    """Make a link for a letter that goes out now: the only moment in which its secret is known."""
    secret = secrets.token_urlsafe(32)
    own = {"service_id": service_id, "fingerprint": fingerprint(secret), "ends_at": timezone.now() + lives}
    link = model._default_manager.create(**own, **about)
    link.secret = secret
    return link
