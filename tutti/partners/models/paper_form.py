"""The application on paper: the same questions as on line, made from the same definition (M2, A1)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from tutti.core import documents, history
from tutti.core.calendar import Day
from tutti.partners.models.application_questions import Question, Section, sections_of

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "paper_form.typ"
BEFORE = [("Your e-mail address, if you have one", 1)]


def paper_form_of(scheme: Any, on: Day) -> bytes:
    """The blank form as PDF/UA-1, with the lead organisation's name and address, to which it returns (A1)."""
    service = scheme.service
    data = {
        "title": f"Application: {scheme.name}",
        "hub": scheme.hub_name,
        "accent": service.palette.light.accent,
        "scheme": scheme.name,
        "lead": scheme.lead_name,
        "lead_address": scheme.lead_address,
        "lead_email": scheme.lead_email,
        "criteria": scheme.criteria,
        "before": [{"label": label, "lines": lines} for label, lines in BEFORE],
        "sections": [_section(section) for section in sections_of(scheme)],
        "made": history.day_in_words(str(on)),
    }
    return documents.render(SOURCE, data, datetime.combine(on, time(), UTC))


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "words": section.words,
        "evidence": section.evidence,
        "questions": [_question(one) for one in section.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    own = {"label": question.label, "hint": question.hint, "kind": question.kind, "lines": question.lines}
    return {**own, "choices": list(question.choices)}
