"""How an application begins: with a name and an address, to which a link goes; or with a form on paper (M2).

What is begun and never sent in is gone after ninety days: by itself at night, and at the latest when the same address
begins again.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core import history
from tutti.core.uploads import Upload
from tutti.partners import letters
from tutti.partners.models.application import Application
from tutti.partners.models.application_document import SCAN, add_document
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.scheme import Scheme

OVER = [Stage.NOT_PROCEEDING, Stage.UNSUCCESSFUL, Stage.WITHDRAWN]


@transaction.atomic
def begin_application(scheme: Scheme, *, name: str, email: str) -> Application:
    """Begin one, or go on with the one that this address has begun: its link goes there either way.

    ValidationError while the scheme takes no applications.
    """
    if not scheme.is_open:
        raise ValidationError("The scheme takes no applications at the moment.")
    own = Application.objects.of_address(scheme.service_id, email)
    erase_drafts(own.abandoned())
    known = own.exclude(stage__in=OVER).last() or _begin(scheme, None, name, email)
    letters.start(known)
    return known


@transaction.atomic
def key_in_application(scheme: Scheme, by: Any, *, name: str, email: str, file_name: str, scan: Upload) -> Application:
    """Begin one that came on paper, with its scan. ValidationError for an address that has one under way."""
    own = Application.objects.of_address(scheme.service_id, email).exclude(stage__in=OVER)
    if own.exists():
        raise ValidationError({"email": "This address has an application under way, or is a partner already."})
    keyed_in = _begin(scheme, by, name, email)
    add_document(keyed_in, by, SCAN, file_name, scan)
    return keyed_in


@transaction.atomic
def erase_drafts(drafts: Any) -> int:
    """Erase what was begun and never sent in, with everything in it. Returns how many."""
    found = list(drafts.filter(stage=Stage.DRAFT).select_for_update().prefetch_related("documents"))
    for draft in found:
        for document in draft.documents.all():
            document.throw_away()
        letters.forget(draft)
        history.Event.objects.about(draft).update(by_name="")
        history.record("erased what was never sent in", draft, None)
        draft.delete()
    return len(found)


def _begin(scheme: Scheme, by: Any, name: str, email: str) -> Application:
    fields = {"name": " ".join(name.split()), "email": email.strip().lower(), "stage": Stage.DRAFT, "keyed_in_by": by}
    begun = Application.objects.create(service_id=scheme.service_id, **fields)
    history.record("began the application", begun, by)
    return begun
