"""A letter to print and to post, for who has no e-mail address (M2): PDF/UA-1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from tutti.core import documents, history
from tutti.core.letters import Letter, LetterQuerySet

THING, REFERENCE = "partners.application", "reference"
SOURCE = Path(__file__).resolve().parent.parent / "documents" / "letter.typ"


def letters_to_post(service: Any) -> LetterQuerySet:
    """Those of applications that somebody has to print and post, the oldest first."""
    waiting = Letter.objects.filter(service=service, state=Letter.State.TO_POST, thing=THING)
    return waiting.order_by("written_at", "pk")


def letter_paper_of(letter: Letter, application: Any) -> bytes:
    """The letter under the hub's name and address. Same letter, same bytes."""
    scheme = application.service.scheme
    data = {
        "title": letter.subject or "Our letter",
        "hub": scheme.hub_name,
        "hub_address": scheme.hub_address,
        "hub_email": scheme.hub_email,
        "accent": application.service.palette.light.accent,
        "to": [letter.to_name, *_postal_address(letter, application)],
        "day": history.day_in_words(str(timezone.localdate(letter.written_at))),
        "reference": application.reference,
        "paragraphs": [part.splitlines() for part in letter.body.strip().split("\n\n")],
    }
    return documents.render(SOURCE, data, letter.written_at)


def _postal_address(letter: Letter, application: Any) -> list[str]:
    """The applicant's; nobody asked for that of a referee."""
    if letter.kind == REFERENCE:
        return []
    return str(application.answers.get("address", "")).splitlines()
