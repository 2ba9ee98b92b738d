"""The chart as a drawing: stages and moves as they stand in the code, for docs/workflows.md."""

from __future__ import annotations

from collections.abc import Iterator

from tutti.core.workflow import Move
from tutti.partners.models.application import Application
from tutti.partners.models.application_chart import APPLICANT, LEADER, MENTOR, SENT
from tutti.partners.models.application_stage import AUDIENCES, FINISHED, Stage

WHO = {APPLICANT: "applicant", LEADER: "leader", MENTOR: "mentor"}
HEAD = """# Workflows

Drawn from the code by `manage.py draw`; a test holds the two together. Change `partners/models/application_chart.py`
and `application_stage.py`, and draw again.

## An application to the partners scheme
"""


def draw_workflows() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_chart(), "", *_moves(), "", *_words(), ""])


def _chart() -> Iterator[str]:
    """A state diagram; withdrawing, which is possible everywhere, is left to the table."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f"    {stage.value} : {stage.label}" for stage in Stage)
    yield f"    [*] --> {Stage.DRAFT.value}"
    for move in Application.moves():
        if move.to != Stage.WITHDRAWN:
            yield from (
                f"    {stage} --> {move.to} : {WHO[move.permission]}, {move.label.lower()}" for stage in move.stages
            )
    yield from (f"    {stage.value} --> [*]" for stage in FINISHED)
    yield "```"


def _moves() -> Iterator[str]:
    yield "| move | whose | from | to |"
    yield "|---|---|---|---|"
    yield from (
        f"| {move.label} | {WHO[move.permission]} | {_from(move)} | {Stage(move.to).label} |"
        for move in Application.moves()
    )


def _from(move: Move) -> str:
    if list(move.stages) == SENT:
        return "every stage on the way"
    return ", ".join(Stage(one).label for one in move.stages)


def _words() -> Iterator[str]:
    """What each reader is told at each stage."""
    yield f"| stage | {' | '.join(AUDIENCES)} |"
    yield f"|---|{'---|' * len(AUDIENCES)}"
    yield from (f"| {stage.label} | {' | '.join(words[stage] for words in AUDIENCES.values())} |" for stage in Stage)
