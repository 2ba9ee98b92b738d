"""How an application begins: with a name and an address, to which a link goes; or with a form on paper (M2).

What is begun and never sent in is gone after ninety days: by itself at night, and at the latest when the same address
begins again.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core import history
from tutti.core.calendar import today
from tutti.core.uploads import Upload
from tutti.partners import letters
from tutti.partners.models.application import Application
from tutti.partners.models.application_document import SCAN, add_document
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.scheme import Scheme

UNDER_WAY = "This address has an application under way, or is a partner already."


@transaction.atomic
def ask_to_begin(scheme: Scheme, *, name: str, email: str) -> None:
    """Begin one, or go on with the one that this address has: its link goes there either way.

    Who was refused not long ago gets a letter that says from when they may apply again, and nobody who is new gets one
    while the scheme takes no applications. Whoever asks is told none of it: anybody may type any address.
    """
    scheme = Scheme.objects.hold(scheme.service_id)  # of two that begin at once the second goes on with the first
    own = Application.objects.of_address(scheme.service_id, email)
    erase_drafts(own.abandoned())
    refused = own.refused_since(scheme.again_since(today())).last()
    if known := own.that_go_on(today()).last():
        letters.start(known)
    elif scheme.is_open and refused:
        letters.too_soon(refused, scheme.again_from(refused.ended_on or today()))
    elif scheme.is_open:
        begin_application(scheme, name=name, email=email)


@transaction.atomic
def begin_application(scheme: Scheme, *, name: str, email: str) -> Application:
    """Begin one of an address that has none, and send the link there."""
    begun = _begin(scheme, None, name, email)
    letters.start(begun)
    return begun


@transaction.atomic
def key_in_application(scheme: Scheme, by: Any, *, name: str, email: str, file_name: str, scan: Upload) -> Application:
    """Begin one that came on paper, with its scan. ValidationError for an address that has one under way, and for one's
    own."""
    if email.strip().casefold() == by.person.email.casefold():
        raise ValidationError({"email": "This is your own address. Ask a colleague to key your application in."})
    scheme = Scheme.objects.hold(scheme.service_id)
    if Application.objects.of_address(scheme.service_id, email).that_go_on(today()).exists():
        raise ValidationError({"email": UNDER_WAY})
    keyed_in = _begin(scheme, by, name, email)
    add_document(keyed_in, by, SCAN, file_name, scan)
    return keyed_in


@transaction.atomic
def erase_drafts(drafts: Any, by: Any = None) -> int:
    """Erase what was begun and never sent in, with everything in it: by itself, or because somebody wishes it. Returns
    how many."""
    found = list(drafts.filter(stage=Stage.DRAFT).select_for_update().prefetch_related("documents"))
    for draft in found:
        for document in draft.documents.all():
            document.throw_away()
        letters.forget(draft)
        history.Event.objects.about(draft).update(by_name="")
        history.record("erased what was never sent in", draft, by)
        draft.delete()
    return len(found)


def _begin(scheme: Scheme, by: Any, name: str, email: str) -> Application:
    fields = {"name": " ".join(name.split()), "email": email.strip().lower(), "stage": Stage.DRAFT, "keyed_in_by": by}
    begun = Application.objects.create(service_id=scheme.service_id, **fields)
    history.record("began the application", begun, by)
    return begun
