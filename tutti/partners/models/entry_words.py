"""Words as a search compares them: without accents and case, the same in every database (M11)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

OTHERWISE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "‘": "'"})


def fold(text: str) -> str:
    """ "Ukulélé, Łódź" becomes "ukulele, lodz"."""
    split = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in split if not unicodedata.combining(letter))
    return " ".join(plain.translate(OTHERWISE).split())


def fold_all(texts: Iterable[str]) -> str:
    """Several texts as one, with a sign between them that nobody searches for."""
    return " | ".join(fold(text) for text in texts if text)


def split_list(text: str) -> list[str]:
    """ "Violin, viola and so on": what stands between the commas, each once."""
    words = [" ".join(word.split()) for word in text.replace("\n", ",").split(",")]
    return list({fold(word): word for word in reversed(words) if word}.values())[::-1]
