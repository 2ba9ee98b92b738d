"""The answers of an application: kept section by section, and what is still missing of them (M1, A2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core import history
from tutti.partners.models.application import Application
from tutti.partners.models.application_questions import REFEREES, Section, sections_of
from tutti.partners.models.application_stage import Stage

PARTS = ("name", "email", "relation")


@transaction.atomic
def write_section(
    application: Application, by: Any, section: Section, said: Mapping[str, Any], *, is_told: bool = True
) -> None:
    """Keep what was typed in a section. ValidationError once it was sent in, and for a referee who is the applicant.

    What is saved while it is typed is not told in the history each time.
    """
    held = hold_draft(application)
    if section.key == "referees":
        _name_referees(held, said)
    else:
        answers = {one.key: said[one.key] for one in section.questions}
        held.name = " ".join(str(answers.pop("name", "")).split()) or held.name
        held.answers = {**held.answers, **answers}
    if section.key == "instruments":
        held.answers["instruments"] = _instruments(said)
    held.save(update_fields=["answers", "name"])
    if is_told:
        history.record("wrote the application", held, by, after={"section": section.title})
    application.answers, application.name = held.answers, held.name


def hold_draft(application: Application) -> Application:
    """Lock one that is not sent in yet, inside a transaction. ValidationError once it was."""
    held = Application.objects.select_for_update().get(pk=application.pk)
    if held.stage != Stage.DRAFT:
        raise ValidationError("This application was sent in already.")
    return held


def answers_of(application: Application) -> dict[str, Any]:
    """Every answer by the key of its question, the name and the referees' among them."""
    found = {**application.answers, "name": application.name}
    for number, referee in enumerate(application.referees.all(), 1):
        found |= {f"referee_{number}_{part}": getattr(referee, part) for part in PARTS}
    return found


def missing_answers(application: Application) -> list[str]:
    """What is still needed before it can be sent in, in the words of the questions."""
    answers, ways = answers_of(application), ways_of(application)
    sections = sections_of(application.service.scheme)
    return [words for section in sections for words in section.missing(answers, **ways)]


def ways_of(application: Application) -> dict[str, bool]:
    """How it came and how it goes on, which decides on what is needed."""
    return {"on_paper": application.is_keyed_in, "by_post": not application.email}


def _instruments(said: Mapping[str, Any]) -> list[str]:
    others = (word.strip() for word in said["others"].split(","))
    return [word for word in (said["principal"].strip(), *others) if word]


def _name_referees(held: Application, said: Mapping[str, Any]) -> None:
    named = [{part: " ".join(said[f"referee_{n}_{part}"].split()) for part in PARTS} for n in range(1, REFEREES + 1)]
    for number, own in enumerate(named, 1):
        if own["email"] and own["email"].casefold() == held.email.casefold():
            raise ValidationError({f"referee_{number}_email": "A referee cannot be you."})
    addresses = [own["email"].casefold() for own in named if own["email"]]
    if len(set(addresses)) < len(addresses):
        raise ValidationError({"referee_2_email": "Name two different people."})
    held.referees.all().delete()
    for own in named:
        if own["name"] or own["email"]:
            held.referees.create(service_id=held.service_id, **own)
