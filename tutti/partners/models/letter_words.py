"""The words of the letters to applicants, as a hub writes them: sentences with a few placeholders, and nothing else.

What somebody typed is never read as a program: only the placeholders of this file have a meaning.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

DRAFTS = {
    "received": "partners/letters/received.txt",
    "proceed": "partners/letters/proceed.txt",
    "decline": "partners/letters/decline.txt",
    "change_mentor": "partners/letters/change_mentor.txt",
    "arrange": "partners/letters/arrange.txt",
    "rearrange": "partners/letters/rearrange.txt",
    "call_off": "partners/letters/call_off.txt",
    "succeed": "partners/letters/succeed.txt",
    "mentor_first": "partners/letters/mentor_first.txt",
    "fail": "partners/letters/fail.txt",
    "extend": "partners/letters/extend.txt",
    "hand_over": "partners/letters/hand_over.txt",
    "end_mentoring": "partners/letters/end_mentoring.txt",
    "arrange_induction": "partners/letters/arrange_induction.txt",
    "call_off_induction": "partners/letters/call_off_induction.txt",
    "complete": "partners/letters/complete.txt",
    "withdraw": "partners/letters/withdraw.txt",
}
TITLES = {
    "received": "Your application is here",
    "proceed": "Your application goes on",
    "decline": "Your application does not go on",
    "change_mentor": "Another mentor will observe",
    "arrange": "The observation is arranged",
    "rearrange": "The observation is rearranged",
    "call_off": "The observation is called off",
    "succeed": "You were successful",
    "mentor_first": "Mentoring first",
    "fail": "Not successful after mentoring",
    "extend": "The mentoring goes on for longer",
    "hand_over": "The mentoring goes on with another mentor",
    "end_mentoring": "The mentoring is over",
    "arrange_induction": "The induction is arranged",
    "call_off_induction": "The induction is called off",
    "complete": "You are a partner",
    "withdraw": "You have withdrawn",
}
IN_LETTERS = ("applicant", "reference", "by", "mentor", "scheme", "partner", "hub", "again")
NOT_YET_KNOWN = {
    "received": ("by", "mentor"),
    "proceed": ("mentor",),
    "decline": ("mentor",),
    "withdraw": ("by", "mentor"),
}
ENDS = ("decline", "fail")  # the only ones that say from when somebody may apply again
IN_OFFICIAL_LETTER = ("name", "partner", "hub", "since")
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def fill(text: str, words: dict[str, str]) -> str:
    """Put words in for their {placeholders}, each once; what is put in is not looked at again."""
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def check_words(text: str, allowed: tuple[str, ...]) -> None:
    """ValidationError for a placeholder that nothing stands for."""
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in allowed]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in allowed)
        raise ValidationError(f"Nothing stands for {{{unknown[0]}}}. You can write {known}.")


def tidy_letter(text: str) -> str:
    """A letter as it was typed, with plain line ends. ValidationError for a subject with nothing below it."""
    tidy = text.replace("\r\n", "\n").strip()
    if tidy and not tidy.partition("\n")[2].strip():
        raise ValidationError("The first line is the subject. Write the letter below it.")
    return tidy


def placeholders_of(move: str) -> tuple[str, ...]:
    """What stands for something in the letter of a move."""
    unknown = (*NOT_YET_KNOWN.get(move, ()), *(() if move in ENDS else ("again",)))
    return tuple(name for name in IN_LETTERS if name not in unknown)


def words_of(scheme: Any, move: str) -> str:
    """The letter of a move with its placeholders: the hub's own words, else ours. Its subject stands first."""
    return scheme.drafts.get(move) or default_words(move)


def default_words(move: str) -> str:
    """Our words, with placeholders where a letter has names."""
    mentor = SimpleNamespace(name="{mentor}")
    application = SimpleNamespace(name="{applicant}", reference="{reference}", mentor=mentor)
    scheme = SimpleNamespace(name="{scheme}", hub_name="{hub}", partner_word="{partner}")
    by = SimpleNamespace(name="{by}")
    return render_to_string(
        DRAFTS[move], {"application": application, "scheme": scheme, "by": by, "again": "{again}"}
    ).strip()
