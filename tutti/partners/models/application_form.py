"""The form as its writer sees it: a list of sections, each done or not, and the answers to check (M2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tutti.partners.models.application import Application
from tutti.partners.models.application_answers import answers_of, ways_of
from tutti.partners.models.application_document import SCAN, ApplicationDocument
from tutti.partners.models.application_questions import Section, sections_of

DONE, BEGUN, NOT_BEGUN, MAY_WAIT = "Done", "Begun", "To do", "If you like"
SIGNS = {DONE: "done", BEGUN: "underway", NOT_BEGUN: "todo", MAY_WAIT: "waiting"}


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section with its answers, its papers and what it still needs."""

    section: Section
    is_begun: bool
    missing: list[str]
    rows: list[tuple[str, str]]
    documents: list[ApplicationDocument]
    url: str

    @property
    def state(self) -> str:
        """One of the words above."""
        if self.missing:
            return BEGUN if self.is_begun else NOT_BEGUN
        return DONE if self.is_begun else MAY_WAIT

    @property
    def is_done(self) -> bool:
        return self.state == DONE

    @property
    def sign(self) -> str:
        """Of the tag that says its state."""
        return SIGNS[self.state]


@dataclass(frozen=True, slots=True)
class FormPage:
    """The whole form. `base` is the address below which its pages lie."""

    application: Application
    sections: list[FormSection]
    scans: list[ApplicationDocument]
    base: str

    @property
    def missing(self) -> list[str]:
        """What is still needed before it can be sent in, in the words of the questions."""
        return [words for one in self.sections for words in one.missing]

    @property
    def parts(self) -> list[tuple[str, list[FormSection]]]:
        """The sections under their headings."""
        return [(part, list(own)) for part, own in groupby(self.sections, key=lambda one: one.section.part)]

    @property
    def first_open(self) -> FormSection | None:
        """What is to be done next: the first at first, then what is needed."""
        if all(one.state in (NOT_BEGUN, MAY_WAIT) for one in self.sections):
            return self.sections[0]
        return next((one for one in self.sections if one.state in (NOT_BEGUN, BEGUN)), None)

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.sections)

    def next_after(self, section: Section) -> str:
        """The address of the section after this one; the list of them after the last."""
        keys = [one.section.key for one in self.sections]
        after = keys.index(section.key) + 1
        return self.sections[after].url if after < len(keys) else self.base


def read_form(application: Application, base: str) -> FormPage:
    """The form of an application; a few queries, however much is in it."""
    answers, papers = answers_of(application), list(application.documents.all())
    asked = sections_of(application.service.scheme)
    sections = [_section(one, answers, papers, base, ways_of(application)) for one in asked]
    return FormPage(application, sections, [paper for paper in papers if paper.section == SCAN], base)


def find_section(application: Application, key: str) -> Section | None:
    """The section of this key, of those that this service asks."""
    return next((one for one in sections_of(application.service.scheme) if one.key == key), None)


def _section(
    section: Section, answers: dict[str, Any], papers: Sequence[ApplicationDocument], base: str, ways: dict[str, bool]
) -> FormSection:
    own = [paper for paper in papers if paper.section == section.key]
    missing = section.missing(answers, **ways)
    is_begun = section.is_begun(answers) or bool(own)
    return FormSection(section, is_begun, missing, section.rows(answers), own, f"{base}{section.key}/")
