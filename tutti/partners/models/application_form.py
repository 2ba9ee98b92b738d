"""The form as its writer sees it: a list of sections, each done or not, and the answers to check (M2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tutti.partners.models.application import Application
from tutti.partners.models.application_answers import answers_of, missing_answers
from tutti.partners.models.application_document import SCAN, ApplicationDocument
from tutti.partners.models.application_questions import Section, sections_of

DONE, BEGUN, NOT_BEGUN, MAY_WAIT = "Done", "Begun", "To do", "If you like"
SIGNS = {DONE: "done", BEGUN: "underway", NOT_BEGUN: "todo", MAY_WAIT: "waiting"}


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section with its answers and papers. `state` is one of the words above."""

    section: Section
    state: str
    rows: list[tuple[str, str]]
    documents: list[ApplicationDocument]
    url: str

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
    missing: list[str]
    scans: list[ApplicationDocument]
    base: str

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
    """The form of an application; five queries, however much is in it."""
    answers, papers = answers_of(application), list(application.documents.all())
    sections = [_section(one, answers, papers, base) for one in sections_of(application.service.scheme)]
    scans = [paper for paper in papers if paper.section == SCAN]
    return FormPage(application, sections, missing_answers(application), scans, base)


def find_section(application: Application, key: str) -> Section | None:
    """The section of this key, of those that this service asks."""
    return next((one for one in sections_of(application.service.scheme) if one.key == key), None)


def _section(
    section: Section, answers: dict[str, Any], papers: Sequence[ApplicationDocument], base: str
) -> FormSection:
    own = [paper for paper in papers if paper.section == section.key]
    is_begun = section.is_begun(answers) or bool(own)
    if section.is_needed and section.missing(answers):
        state = BEGUN if is_begun else NOT_BEGUN
    else:
        state = DONE if is_begun else MAY_WAIT
    return FormSection(section, state, section.rows(answers), own, f"{base}{section.key}/")
