"""The logo of a partner, with the year: one drawing as SVG and as PNG (M10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from tutti.core import documents

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "logo.typ"
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def logo_of(scheme: Any, year: int, kind: Literal["svg", "png"]) -> bytes:
    """The logo of a scheme for a year. `kind` is one of KINDS."""
    data = {
        "accent": scheme.service.palette.light.accent,
        "partner": scheme.partner_word,
        "hub": scheme.hub_name,
        "year": str(year),
    }
    return documents.picture(SOURCE, data, kind)
