"""The applicant's way to their application: a link by e-mail, to that address only, for thirty days (M2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from tutti.core.sent_links import SentLink, SentLinkQuerySet, send_link

LIVES = timedelta(days=30)


class ApplicationLink(SentLink):
    """One link that was sent."""

    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="links")

    objects = SentLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"link to {self.application}"

    @classmethod
    def make(cls, application: Any) -> ApplicationLink:
        return send_link(cls, LIVES, application.service_id, application=application)
