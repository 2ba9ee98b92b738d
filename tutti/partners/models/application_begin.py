"""How an application begins: with a name and an address, to which a link goes (M2)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core import history
from tutti.partners import letters
from tutti.partners.models.application import Application
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.scheme import Scheme


@transaction.atomic
def begin_application(scheme: Scheme, *, name: str, email: str) -> Application:
    """Begin one, or go on with the one that this address has begun: its link goes there either way.

    ValidationError while the scheme takes no applications.
    """
    if not scheme.is_open:
        raise ValidationError("The scheme takes no applications at the moment.")
    own = Application.objects.filter(service=scheme.service_id, email__iexact=email.strip())
    known = own.exclude(stage__in=[Stage.NOT_PROCEEDING, Stage.UNSUCCESSFUL, Stage.WITHDRAWN]).last()
    if known is None:
        fields = {"name": " ".join(name.split()), "email": email.strip().lower(), "stage": Stage.DRAFT}
        known = Application.objects.create(service_id=scheme.service_id, **fields)
        history.record("began the application", known, None)
    letters.start(known)
    return known
