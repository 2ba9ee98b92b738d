"""How an applicant is called and reached, put right by the hub while the application is on its way (M2)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core import history
from tutti.core.calendar import today
from tutti.partners import letters
from tutti.partners.models.application import Application
from tutti.partners.models.application_begin import UNDER_WAY

ANSWERED = ("phone", "address")


@transaction.atomic
def change_contact(application: Application, by: Any, *, name: str, email: str, **answers: str) -> bool:
    """Put name, addresses and telephone right. Another e-mail address gets a link, and the links of before end.

    False if nothing differed. ValidationError for an application that is over, an address that is somebody else's in
    it or has an application of its own, and for none at all.
    """
    held = Application.objects.select_for_update(of=("self",)).select_related("service__scheme", "mentor__person")
    case = held.get(pk=application.pk)
    email, before = email.strip().lower(), case.email
    if not case.is_running:
        raise ValidationError("This application is over.")
    if not email and not answers["address"].strip():
        raise ValidationError({"address": "Without an e-mail address they need a postal one."})
    if email and email != before:
        _refuse(case, email)
    said = {**case.answers, **{key: answers[key].strip() for key in ANSWERED}}
    fields = {"name": " ".join(name.split()), "email": email, "answers": said}
    if not history.change(case, "put the contact right", by, **fields):
        return False
    if email != before:
        case.links.all().delete()
        if email:
            letters.start(case)
    return True


def _refuse(case: Application, email: str) -> None:
    others = Application.objects.of_address(case.service_id, email).that_go_on(today())
    if others.exclude(pk=case.pk).exists():
        raise ValidationError({"email": UNDER_WAY})
    if case.mentor and case.mentor.person.email.casefold() == email:
        raise ValidationError({"email": "This is the address of the mentor."})
    if case.referees.filter(email__iexact=email).exists():
        raise ValidationError({"email": "This is the address of a referee."})
