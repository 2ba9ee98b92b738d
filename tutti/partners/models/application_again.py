"""Who may not apply now: a partner, somebody whose application is on its way, or who was refused not long ago."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from tutti.core.calendar import today
from tutti.partners.models.partner import partner_of
from tutti.partners.models.scheme import Scheme


def end_with_feedback(application: Any, feedback: str) -> None:
    """Not successful, from today on. ValidationError without feedback: they are to know what to work on (M4)."""
    if not feedback.strip():
        raise ValidationError({"feedback": "Say why, so that they know what to work on."})
    application.feedback, application.ended_on = feedback.strip(), today()


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
