"""The report of an observation on paper: PDF/UA-1 with the same words as the page (M7)."""

from __future__ import annotations

from pathlib import Path

from tutti.core import documents, history
from tutti.partners.models.observation import Observation

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "report.typ"


def report_paper_of(seen: Observation) -> bytes:
    """A report that was sent. Same report, same bytes."""
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
        "recommendation": seen.get_recommendation_display(),
        "sent": history.moment_in_words(seen.sent_at),
    }
    return documents.render(SOURCE, data, seen.sent_at)
