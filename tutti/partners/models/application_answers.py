"""What an application asks, and how the answers are kept; the criteria one by one (M1, A2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core import history
from tutti.partners.models.application import Application
from tutti.partners.models.application_stage import Stage

REFEREES = 2


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked. `is_needed`: before the application can be sent in."""

    key: str
    label: str
    hint: str = ""
    lines: int = 1
    is_needed: bool = True


QUESTIONS = [
    Question("phone", "Your telephone number", is_needed=False),
    Question("principal", "Your principal instrument", "One instrument or voice"),
    Question("others", "Other instruments that you teach", "With commas between them", is_needed=False),
    Question("repertoire", "The repertoire that you teach", "Styles, grades, what pupils play", lines=4),
    Question(
        "teaching_qualification", "Your teaching qualification", "Such as a PGCE or the CME, and the year", lines=2
    ),
    Question("principal_qualification", "Your qualification on the principal instrument", "And the year", lines=2),
    Question(
        "track_record", "Your record of successful teaching", "Where, for how long, what pupils went on to", lines=5
    ),
    Question("teaching_profile", "Where and whom you teach now", "This or the next one is needed", 4, is_needed=False),
    Question(
        "performing_profile", "Where and what you perform", "This or the one before is needed", 4, is_needed=False
    ),
]


@transaction.atomic
def write_answers(application: Application, by: Any, said: Mapping[str, Any]) -> None:
    """Keep what was typed. ValidationError once it was sent in."""
    held = Application.objects.select_for_update().get(pk=application.pk)
    if held.stage != Stage.DRAFT:
        raise ValidationError("This application was sent in already.")
    held.answers = {**held.answers, **{question.key: said[question.key] for question in QUESTIONS}}
    others = [word.strip() for word in said["others"].split(",")]
    held.answers["instruments"] = [word for word in [said["principal"].strip(), *others] if word]
    held.save(update_fields=["answers"])
    held.referees.all().delete()
    for number in range(1, REFEREES + 1):
        own = {key: said[f"referee_{number}_{key}"] for key in ("name", "email", "relation")}
        if own["name"].strip():
            held.referees.create(service_id=held.service_id, **own)
    history.record("wrote the application", held, by)
    application.answers = held.answers


def missing_answers(application: Application) -> list[str]:
    """What is still needed before it can be sent in, in the words of the questions."""
    answers = application.answers
    missing = [one.label for one in QUESTIONS if one.is_needed and not str(answers.get(one.key, "")).strip()]
    if not any(str(answers.get(key, "")).strip() for key in ("teaching_profile", "performing_profile")):
        missing.append("Where and whom you teach now, or where and what you perform")
    own = [referee for referee in application.referees.all() if referee.email]
    if len(own) < REFEREES:
        missing.append("Two referees, each with a name and an e-mail address")
    return missing
