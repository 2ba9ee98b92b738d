"""The report of an observation on paper: PDF/UA-1 with the same words as the page (M7)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tutti.core import documents, history

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "report.typ"


def report_paper_of(seen: Any, *, for_teacher: bool = False) -> bytes:
    """A report that was sent; its teacher reads no recommendation, but the leader's decision (A3). Same report, same
    bytes."""
    application = seen.application
    scheme = application.service.scheme
    assert seen.sent_at
    data = {
        "title": f"Report of the {str(seen).lower()}",
        "hub": scheme.hub_name,
        "scheme": scheme.name,
        "accent": application.service.palette.light.accent,
        "teacher": application.name,
        "reference": application.reference,
        "instruments": ", ".join(application.answers.get("instruments", [])),
        "when": seen.when,
        "mentor": seen.mentor.name,
        "sections": [{"title": title, "text": text} for title, text in seen.sections],
        "recommendation": "" if for_teacher else seen.get_recommendation_display(),
        "sent": history.moment_in_words(seen.sent_at),
    }
    return documents.render(SOURCE, data, seen.sent_at)
