"""The logo of a partner, with the year: one drawing as SVG and as PNG (M10)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from tutti.core import documents

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "logo.typ"
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def logo_of(scheme: Any, year: int, kind: Literal["svg", "png"]) -> bytes:
    """The logo of a scheme for a year. `kind` is one of KINDS."""
    return _drawn(scheme.service.palette.light.accent, scheme.partner_word, scheme.hub_name, str(year), kind)


@lru_cache(maxsize=64)
def _drawn(accent: str, partner: str, hub: str, year: str, kind: Literal["svg", "png"]) -> bytes:
    """Drawn once for all partners of a hub: a picture of that size takes its time."""
    data = {"accent": accent, "partner": partner, "hub": hub, "year": year}
    return documents.picture(SOURCE, data, kind)
