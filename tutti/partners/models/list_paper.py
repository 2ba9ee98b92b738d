"""The list of partners on paper for a school's office: by instrument, then by name (M11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from tutti.core import documents, history
from tutti.partners.models.entry_shown import Shown
from tutti.partners.models.entry_words import fold
from tutti.partners.models.scheme import Scheme

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "list.typ"


def as_pdf(scheme: Scheme, shown: Sequence[Shown], issued_at: datetime) -> bytes:
    """PDF/UA-1. Who teaches two instruments stands under both."""
    return documents.render(SOURCE, _data(scheme, shown, issued_at), issued_at)


def _data(scheme: Scheme, shown: Sequence[Shown], issued_at: datetime) -> dict[str, Any]:
    day = timezone.localdate(issued_at)
    groups: dict[str, tuple[str, list[Shown]]] = {}
    for one in shown:
        for instrument in one.entry.instruments:
            groups.setdefault(fold(instrument), (instrument, []))[1].append(one)
    return {
        "title": f"Music teachers of {scheme.hub_name}",
        "hub": scheme.hub_name,
        "scheme": scheme.name,
        "accent": scheme.service.palette.light.accent,
        "many": len(shown),
        "issued": history.day_in_words(str(day)),
        "reach": " · ".join(filter(None, [scheme.hub_name, scheme.hub_email or scheme.service.email])),
        "groups": [
            {"instrument": name, "teachers": [_line(one) for one in ones]}
            for _, (name, ones) in sorted(groups.items(), key=lambda group: group[0])
        ],
    }


def _line(one: Shown) -> dict[str, Any]:
    reach = [one.phone, one.email, one.website.removeprefix("https://")]
    return {
        "name": one.name,
        "more": one.styles,
        "place": one.place,
        "settings": ", ".join(one.settings) + ("" if one.takes_pupils else ". No new pupils now"),
        "reach": [way for way in reach if way] or [f"Through {one.page.removeprefix('https://')}"],
    }
