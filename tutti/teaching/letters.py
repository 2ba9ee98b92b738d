"""Every letter of the room, a function each."""

from __future__ import annotations

from typing import Any

from tutti.core import letters
from tutti.core.letters import Letter, address

SUMMARY, CODE = "summary", "summary_code"


def summary_of_month(summary: Any, link: Any, slot: str = "") -> Letter | None:
    """The month's totals and a private link; never a pupil's name (H8, S4)."""
    return letters.write(
        summary.school.service,
        SUMMARY,
        "teaching/letters/summary.txt",
        summary_context(summary, address(summary.school.service, "shared_summary", link.secret), link.ends_at),
        to_name=link.name,
        to_email=link.email,
        slot=slot,
        about=summary,
        is_secret=True,
    )


def summary_context(summary: Any, url: str, ends_at: Any) -> dict[str, Any]:
    """What the summary's letter says, for writing it and for showing it beforehand."""
    return {"summary": summary, "school": summary.school, "words": summary.in_a_sentence, "url": url, "ends_at": ends_at}


def summary_code(link: Any, code: str) -> Letter | None:
    """The code that opens the pupils' names behind a link older than a day (S4)."""
    return letters.write(
        link.service,
        CODE,
        "teaching/letters/summary_code.txt",
        {"code": code, "school": link.summary.school},
        to_name=link.contact.name,
        to_email=link.contact.email,
        about=link,
        is_secret=True,
    )
