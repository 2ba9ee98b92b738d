"""Which applications there are, and who sees which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tutti.core.calendar import Day
from tutti.partners.models.application_chart import LEADER, MENTOR, SENT
from tutti.partners.models.application_stage import ABANDONED_AFTER, Stage
from tutti.people.roles import Permission

if TYPE_CHECKING:
    from tutti.partners.models.application import Application  # noqa: F401 - the rows that these are


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, member: Any) -> ApplicationQuerySet:
        """All that were sent in for the leader; for a mentor those given to them; for who keys paper forms in, those
        until they are sent in. One's own is not there."""
        seen = Q(pk__in=[])
        if member.may(LEADER):
            seen |= ~Q(stage=Stage.DRAFT)
        if member.may(MENTOR):
            seen |= ~Q(stage=Stage.DRAFT) & Q(mentor=member)
        if member.may(Permission.KEY_IN_APPLICATIONS):
            seen |= Q(stage=Stage.DRAFT, keyed_in_by__isnull=False)
        return self.filter(seen, service_id=member.service_id).exclude(email__iexact=member.person.email)

    def running(self) -> ApplicationQuerySet:
        return self.filter(stage__in=SENT)

    def of_address(self, service: Any, email: str) -> ApplicationQuerySet:
        """Those of an address; none for who has none, and applies by post."""
        own = self.filter(service=service, email__iexact=email.strip())
        return own if email.strip() else own.none()

    def that_go_on(self, on: Day) -> ApplicationQuerySet:
        """Those that a link leads to: not ended, or of a partner of that day."""
        ended = Q(stage__in=[Stage.NOT_PROCEEDING, Stage.UNSUCCESSFUL, Stage.WITHDRAWN])
        return self.exclude(ended).exclude(stage=Stage.COMPLETED, partner__until__lt=on)

    def abandoned(self) -> ApplicationQuerySet:
        """Begun long ago and never sent in (M2)."""
        return self.filter(stage=Stage.DRAFT, begun_at__lt=timezone.now() - ABANDONED_AFTER)

    def refused_since(self, day: Day) -> ApplicationQuerySet:
        """Ended without success on that day or later."""
        return self.filter(stage__in=[Stage.NOT_PROCEEDING, Stage.UNSUCCESSFUL], ended_on__gte=day)

    def oldest_first(self) -> ApplicationQuerySet:
        return self.select_related("mentor").order_by("sent_at", "pk")
