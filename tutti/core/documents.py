"""PDF documents by Typst, as PDF/UA-1: tagged, titled, with a language, readable to everybody (B5).

A character that no font of ours has is shown as □ and named in the log; it never stops a document.
"""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import qrcode
import typst
from django.http import HttpResponse
from qrcode.image.svg import SvgPathImage

log = logging.getLogger(__name__)
FONTS = Path(__file__).parent / "fonts"
STAND_IN = "□"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NO_GLYPH = re.compile(r"the text `\"(.+?)\"` could not be displayed")
ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def render(source: Path, data: dict[str, Any], issued_at: datetime) -> bytes:
    """The document of a Typst file, which reads `data` as JSON from sys.inputs. Same data, same bytes."""
    text = _as_json(data)
    for _ in range(4):  # what replaces a character always has a glyph; more rounds only if Typst names them bit by bit
        try:
            return _compile(source, text, issued_at)
        except typst.TypstError as error:
            unknown = _without_glyph(error)
            if not unknown:
                raise
            log.warning("%s: no font has %s", source.name, ", ".join(f"U+{ord(char):04X}" for char in sorted(unknown)))
            text = "".join(STAND_IN if char in unknown else char for char in text)
    return _compile(source, text.encode("ascii", "replace").decode(), issued_at)


def picture(source: Path, data: dict[str, Any], kind: Literal["svg", "png"], width: int = 1200) -> bytes:
    """The one page of a Typst file, 100 mm wide, as a picture; a PNG has so many pixels across."""
    made = typst.compile(
        source,
        root=source.parent,
        format=kind,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": _as_json(data)},
        ppi=width * 25.4 / 100 if kind == "png" else None,
    )
    return made[0] if isinstance(made, list) else made


def qr(url: str) -> str:
    """A code to scan, as SVG."""
    out = io.BytesIO()
    qrcode.make(url, image_factory=SvgPathImage, box_size=10, border=0).save(out)
    return out.getvalue().decode()


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF to keep. `name` is the file's name without ending; it must not hold anybody's name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _as_json(data: dict[str, Any]) -> str:
    """As text for Typst. A mark of byte order is no character, and no page shows what rings a bell."""
    return json.dumps(_shown(data), ensure_ascii=False)


def _shown(said: Any) -> Any:
    if isinstance(said, str):
        return CONTROL.sub(STAND_IN, said.replace("\ufeff", ""))
    if isinstance(said, dict):
        return {name: _shown(value) for name, value in said.items()}
    return [_shown(value) for value in said] if isinstance(said, list | tuple) else said


def _compile(source: Path, text: str, issued_at: datetime) -> bytes:
    return typst.compile(
        source,
        root=source.parent,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        pdf_standards=["ua-1"],
        timestamp=issued_at.replace(microsecond=0),
    )


def _without_glyph(error: typst.TypstError) -> set[str]:
    """The characters that the compiler could not show; each is said once with its cluster."""
    clusters = NO_GLYPH.findall(str(getattr(error, "diagnostic", "") or error))
    written = "".join(ESCAPED.sub(lambda found: chr(int(found[1], 16)), cluster) for cluster in clusters)
    return set(written) - {STAND_IN, " "} - set(map(chr, range(32, 127)))
