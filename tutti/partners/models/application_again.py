"""Who may not apply now: a partner, somebody whose application is on its way, or was refused not long ago."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from tutti.core.calendar import today
from tutti.partners.models.partner import partner_of
from tutti.partners.models.scheme import Scheme


def refuse_again(application: Any, scheme: Scheme) -> None:
    """ValidationError that says why, and from when on."""
    if partner_of(application.service, application.email, today()):
        raise ValidationError("You are a partner already.")
    own = type(application).objects.of_address(application.service_id, application.email)
    others = own.exclude(pk=application.pk)
    if others.running().exists():
        raise ValidationError("Your application of before is still on its way. Its page says where it stands.")
    if refused := others.refused_since(scheme.again_since(today())).last():
        again = scheme.again_from(refused.ended_on)
        raise ValidationError(f"We answered your last application not long ago. Apply again from {again}.")
