"""A service's one colour, and the five of each scheme that follow from it, with contrast seen to.

Colour is worked in OKLCH (Björn Ottosson's space), keeping the hue; ratios are those of WCAG 2.2.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

PAPER, SURFACE_DARK = "#f6f4f0", "#1c1b21"
TEXT_ON_DARK_ACCENT = "#17151c"
HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of one scheme, as hex."""

    accent: str
    hover: str
    soft: str
    mid: str
    text: str

    def as_properties(self) -> str:
        names = {"accent": "", "hover": "-hover", "soft": "-soft", "mid": "-mid", "text": "-text"}
        return "".join(f"--accent{end}:{getattr(self, name)};" for name, end in names.items())


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of both schemes."""

    light: Shades
    dark: Shades

    def as_css(self) -> str:
        """A style sheet of custom properties; paper is always light."""
        dark = "@media screen and (prefers-color-scheme:dark){:root{" + self.dark.as_properties() + "}}"
        return ":root{" + self.light.as_properties() + "}" + dark + "\n"


@lru_cache(maxsize=256)
def palette_of(accent: str) -> Palette:
    """Both schemes for an accent such as "#34409c". A colour too light for text is darkened, never refused.

    Raises ValueError for anything that is not a hex colour.
    """
    if not HEX.fullmatch(accent):
        raise ValueError(f"{accent!r} is not a colour")
    lightness, chroma, hue = _to_oklch(accent)
    return Palette(_light(lightness, chroma, hue), _dark(lightness, chroma, hue))


def _light(lightness: float, chroma: float, hue: float) -> Shades:
    while contrast(_hex(lightness, chroma, hue), PAPER) < 6 and lightness > 0:
        lightness -= 0.005
    return Shades(
        accent=_hex(lightness, chroma, hue),
        hover=_hex(max(0, lightness - 0.08), chroma * 0.9, hue),
        soft=_hex(0.952, min(chroma, 0.018), hue),
        mid=_hex(0.80, min(chroma, 0.09), hue),
        text="#ffffff",
    )


def _dark(lightness: float, chroma: float, hue: float) -> Shades:
    lightness, chroma_on_dark = max(lightness, 0.74), min(chroma, 0.13)
    while contrast(_hex(lightness, chroma_on_dark, hue), SURFACE_DARK) < 7 and lightness < 1:
        lightness += 0.005
    return Shades(
        accent=_hex(lightness, chroma_on_dark, hue),
        hover=_hex(min(1, lightness + 0.08), chroma_on_dark, hue),
        soft=_hex(0.29, min(chroma, 0.06), hue),
        mid=_hex(0.45, chroma_on_dark, hue),
        text=TEXT_ON_DARK_ACCENT,
    )


def contrast(one: str, other: str) -> float:
    """The ratio of two hex colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return _unbend(red), _unbend(green), _unbend(blue)


def _unbend(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _bend(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _to_oklch(colour: str) -> tuple[float, float, float]:
    r, g, b = _linear(colour)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour a screen can show: chroma gives way, lightness and hue stay."""
    while chroma > 0 and not all(-0.0005 <= part <= 1.0005 for part in _to_linear(lightness, chroma, hue)):
        chroma -= 0.002
    parts = (_bend(min(1, max(0, part))) for part in _to_linear(lightness, max(0, chroma), hue))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
