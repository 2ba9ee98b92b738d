"""A letter to print and to post, for who has no e-mail address (M2): PDF/UA-1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tutti.core import documents, history
from tutti.core.letters import Letter

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "letter.typ"


def letter_paper_of(letter: Letter, application: Any) -> bytes:
    """The letter under the hub's name and address. Same letter, same bytes."""
    scheme = application.service.scheme
    data = {
        "title": letter.subject or "Our letter",
        "hub": scheme.hub_name,
        "hub_address": scheme.hub_address,
        "hub_email": scheme.hub_email,
        "accent": application.service.palette.light.accent,
        "to": [letter.to_name, *str(application.answers.get("address", "")).splitlines()],
        "day": history.day_in_words(str(letter.written_at.date())),
        "reference": application.reference,
        "paragraphs": [part.splitlines() for part in letter.body.strip().split("\n\n")],
    }
    return documents.render(SOURCE, data, letter.written_at)
