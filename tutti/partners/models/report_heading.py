"""What stands in the report of an observation: our headings, and between them what the hub looks at (M7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutti.partners.models.application_questions import own_key

FIRST = {"focus": "What you agreed to look at", "context": "Who was taught, and where"}
LAST = {
    "strengths": "Strengths",
    "to_work_on": "What to work on",
    "training": "Training that would help",
}
NEEDED = {name: words for name, words in {**FIRST, **LAST}.items() if name != "training"}
ASKED = "asked"  # in a report: the hub's headings with which it was written, each with its key


def headings_of(scheme: Any, report: Mapping[str, Any]) -> dict[str, str]:
    """Key → heading of a report that is being written: those of today, and of older ones what was written under."""
    own = {own_key(line): line for line in scheme.looked_at}
    older = {key: words for key, words in report.get(ASKED, []) if report.get(key) and key not in own}
    return {**FIRST, **own, **older, **LAST}


def fill_report(scheme: Any, report: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The report with what was typed, and with the headings under which it was."""
    headings = headings_of(scheme, report)
    asked = [[key, words] for key, words in headings.items() if key not in {**FIRST, **LAST}]
    return {**report, **{name: said[name] for name in headings if name in said}, ASKED: asked}


def read_report(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each heading with what was written under it."""
    headings = {**FIRST, **dict(report.get(ASKED, [])), **LAST}
    return [(words, report[name]) for name, words in headings.items() if report.get(name)]
