"""What an application asks, section by section: one definition for the form on line and the form on paper (M1, M2).

Both are made from SECTIONS and the service's own questions, so that they cannot differ.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tutti.core.history import day_in_words

REFEREES = 2
ADDRESS = "address"
ABOUT, BROUGHT, SPEAKING, SENDING = "About you", "What you bring", "Who and what speaks for you", "Before you send it"


class Kind(StrEnum):
    """What an answer is: a line, several lines, a day, a tick, one or some of a few choices."""

    LINE = "line"
    LINES = "lines"
    EMAIL = "e-mail"
    DAY = "day"
    TICK = "tick"
    ONE = "one"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked. `is_needed`: before the application can be sent in. `lines`: the room for the answer;
    `longest`: characters of one that is a line."""

    key: str
    label: str
    hint: str = ""
    kind: Kind = Kind.LINE
    is_needed: bool = False
    lines: int = 1
    choices: tuple[str, ...] = ()
    longest: int = 300

    def spell(self, answer: Any) -> str:
        """The answer as people read it; empty where there is none."""
        if self.kind == Kind.TICK:
            return "Yes" if answer else ""
        if self.kind == Kind.SOME:
            return ", ".join(answer or [])
        text = str(answer or "").strip()
        return day_in_words(text) if self.kind == Kind.DAY else text


@dataclass(frozen=True, slots=True)
class Section:
    """Questions on one page. Of those in `one_of` at least one is needed; `evidence` says which papers belong here.
    `part` is the heading under which it stands with others."""

    key: str
    title: str
    questions: tuple[Question, ...]
    words: str = ""
    evidence: str = ""
    one_of: tuple[str, ...] = ()
    part: str = ABOUT

    def missing(self, answers: dict[str, Any], *, on_paper: bool = False, by_post: bool = False) -> list[str]:
        """What is still needed here, in the words of the questions. On paper no referee needs an e-mail address: the
        office posts a letter and keys the answer in. Who goes on by post needs a postal address."""
        needed = [one for one in self.questions if one.is_needed and not (on_paper and one.kind == Kind.EMAIL)]
        needed += [one for one in self.questions if by_post and one.key == ADDRESS]
        missing = [one.label for one in needed if not one.spell(answers.get(one.key))]
        if self.one_of and not any(str(answers.get(key, "")).strip() for key in self.one_of):
            missing.append(" or ".join(f"“{one.label}”" for one in self.questions if one.key in self.one_of))
        return missing

    def is_begun(self, answers: dict[str, Any]) -> bool:
        """Something was written here; the name was, before there was a form."""
        return any(one.spell(answers.get(one.key)) for one in self.questions if one.key != "name")

    def rows(self, answers: dict[str, Any]) -> list[tuple[str, str]]:
        """Each question with its answer as it reads."""
        return [(one.label, one.spell(answers.get(one.key))) for one in self.questions]


def _long(key: str, label: str, hint: str = "", lines: int = 4, is_needed: bool = True) -> Question:
    return Question(key, label, hint, Kind.LINES, is_needed, lines)


def _referee(number: int, word: str) -> tuple[Question, ...]:
    return (
        Question(f"referee_{number}_name", f"Name of the {word} referee", is_needed=True, longest=200),
        Question(f"referee_{number}_email", f"E-mail address of the {word} referee", kind=Kind.EMAIL, is_needed=True),
        Question(f"referee_{number}_relation", f"How the {word} referee knows you", longest=200),
    )


YES_NO = ("Yes", "No")
SETTINGS = ("In schools", "At my home or studio", "At the pupil’s home", "On line")
SECTIONS = (
    Section(
        "about-you",
        "About you",
        (
            Question("name", "Your name", "As it stands on letters and on the list", is_needed=True, longest=200),
            Question("phone", "Your telephone number"),
            _long(ADDRESS, "Your postal address", "With the postcode", 3, is_needed=False),
            Question("website", "Your website"),
        ),
    ),
    Section(
        "instruments",
        "Instruments and repertoire",
        (
            Question("principal", "Your principal instrument", "One instrument or voice", is_needed=True),
            Question("others", "Other instruments that you teach", "With commas between them"),
            _long("repertoire", "The repertoire that you teach", "Styles, grades, what pupils play"),
        ),
    ),
    Section(
        "where",
        "Where and whom you teach",
        (
            Question("settings", "Where you teach", kind=Kind.SOME, choices=SETTINGS, is_needed=True),
            Question(
                "places",
                "Towns and villages where you teach",
                "With commas between them. They stand on the public list once you are a partner",
                is_needed=True,
            ),
            Question("pupils", "Whom you teach", "Ages, beginners or advanced, adults too"),
        ),
    ),
    Section(
        "qualifications",
        "Qualifications",
        (
            _long(
                "teaching_qualification", "Your teaching qualification", "Such as a PGCE or the CME, and the year", 2
            ),
            _long("principal_qualification", "Your qualification on the principal instrument", "And the year", 2),
        ),
        evidence="Certificates of both",
        part=BROUGHT,
    ),
    Section(
        "track-record",
        "Your record of teaching",
        (
            _long(
                "track_record", "Your record of successful teaching", "Where, for how long, what pupils went on to", 6
            ),
        ),
        part=BROUGHT,
    ),
    Section(
        "profile",
        "Teaching and performing now",
        (
            _long("teaching_profile", "What you teach now", "How many pupils, which ages, which ensembles", 4, False),
            _long("performing_profile", "Where and what you perform", "", 4, False),
        ),
        words="One of the two is needed.",
        one_of=("teaching_profile", "performing_profile"),
        part=BROUGHT,
    ),
    Section(
        "referees",
        "Two referees",
        (*_referee(1, "first"), *_referee(2, "second")),
        words="They know your teaching and are not you or your family. We write to them as soon as you send this in.",
        part=SPEAKING,
    ),
    Section(
        "checks",
        "DBS, insurance and safeguarding",
        (
            Question("dbs", "Do you have an enhanced DBS certificate?", kind=Kind.ONE, choices=YES_NO),
            Question("dbs_on", "The day of the DBS certificate", kind=Kind.DAY),
            Question("dbs_updates", "Are you on the DBS update service?", kind=Kind.ONE, choices=YES_NO),
            Question("insurance", "Your public liability insurance", "The insurer and the sum insured"),
            Question("insurance_until", "The day on which the insurance ends", kind=Kind.DAY),
            Question("safeguarding", "Your last safeguarding training", "Who gave it"),
            Question("safeguarding_on", "The day of the safeguarding training", kind=Kind.DAY),
        ),
        words="Tell us what you have. What you do not have yet is no reason not to apply.",
        evidence="Certificates of these, if you have them",
        part=SPEAKING,
    ),
    Section(
        "declarations",
        "Declarations",
        (
            Question("is_true", "What I have written is true", kind=Kind.TICK, is_needed=True),
            Question("knows_copyright", "I know and keep the law of copyright", kind=Kind.TICK, is_needed=True),
            Question(
                "may_be_kept", "You may keep this application and ask my referees", kind=Kind.TICK, is_needed=True
            ),
        ),
        part=SENDING,
    ),
)
OWN = "own-questions"


def sections_of(scheme: Any) -> list[Section]:
    """All that an application to this scheme asks: the criteria of the field, then the service's own questions.

    An answer belongs to the sentence that was asked: a service that changes its question asks anew.
    """
    own = tuple(_long(own_key(line), line, is_needed=False) for line in scheme.questions)
    asked = [Section(OWN, "More about your teaching", own, part=SENDING)] if own else []
    return [*SECTIONS[:-1], *asked, SECTIONS[-1]]


def own_key(line: str) -> str:
    return f"own_{hashlib.sha256(line.encode()).hexdigest()[:12]}"


def day_of(answer: Any) -> date | None:
    """A day as it is kept, as a day."""
    return date.fromisoformat(answer) if answer else None
