"""The summary on paper: a PDF with the same words in the same order as the page (H8, S1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from tutti.core import documents

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "summary.typ"
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 30"><rect width="30" height="30" rx="8" fill="{accent}"/>'
    '<path d="m7.5 21.5 4.5-13v13m4.5 0v-9m4.5 9v-6" fill="none" stroke="#fff" stroke-width="2.6" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def paper_of(summary: Any, link_url: str = "", link_ends_at: Any = None) -> bytes:
    """The summary as PDF/UA-1. With a contact's link its address stands there as a code to scan."""
    school, service, told = summary.school, summary.school.service, summary.told()
    accent = service.palette.light.accent
    until = timezone.localtime(link_ends_at) if link_ends_at else None
    data = {
        **told,
        "title": f"Music lessons at {school.name}, {told['month']}",
        "school": school.name,
        "service": service.name,
        "accent": accent,
        "mark": MARK.format(accent=accent),
        "issued": f"{summary.get_kind_display()} of {_day(timezone.localtime(summary.made_at))}",
        "ask": _ask(school, service),
        "foot": f"{service.name}. {_reach(school.office or service)}",
        "qr": documents.qr(link_url) if link_url else "",
        "qr_alt": f"A code to scan: it leads to the private page of {school.name} for {told['month']}.",
        "qr_words": f"This month on a screen. Scan to open it until {_day(until)}." if until else "",
    }
    return documents.render(SOURCE, data, summary.made_at)


def _ask(school: Any, service: Any) -> str:
    return f"Ask the {_reach(school.office)}." if school.office else f"Ask {_reach(service)}."


def _reach(whom: Any) -> str:
    """An area office or the service with the ways to reach it."""
    return ", ".join(part for part in (whom.name, whom.phone, whom.email) if part)


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"
