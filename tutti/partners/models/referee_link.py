"""A referee's way to their page: a link by e-mail, for sixty days. A reminder brings another; both work (A2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from tutti.core.sent_links import SentLink, SentLinkQuerySet, send_link

LIVES = timedelta(days=60)


class RefereeLink(SentLink):
    """One link that was sent."""

    referee = models.ForeignKey("partners.Referee", models.CASCADE, related_name="links")

    objects = SentLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"link of {self.referee}"

    @classmethod
    def make(cls, referee: Any) -> RefereeLink:
        return send_link(cls, LIVES, referee.service_id, referee=referee)

    @property
    def is_open(self) -> bool:
        """It still takes an answer."""
        return not self.is_over and self.referee.is_awaited
