"""A case with everything about it on one page: where it stands, the next moves, the answers, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tutti.core import history
from tutti.core.calendar import Day, today
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.core.workflow import Move
from tutti.partners.models.application import Application
from tutti.partners.models.application_answers import answers_of
from tutti.partners.models.application_check import CHECKED, ApplicationCheck
from tutti.partners.models.application_document import SCAN, ApplicationDocument
from tutti.partners.models.application_questions import Section, sections_of
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.letter_words import DRAFTS
from tutti.partners.models.mentoring import MentoringProgramme
from tutti.partners.models.observation import Observation
from tutti.partners.models.referee import Referee
from tutti.partners.models.time_limit import due_on, is_late, with_days
from tutti.partners.models.turn import waits_for, words_for

SHOWN = (
    "section",
    "mentor",
    "why",
    "feedback",
    "without_references",
    "on",
    "at",
    "place",
    "until",
    "recommendation",
    "aims",
)
DAYS = ("on", "until")
STEPS: list[tuple[str, tuple[Stage, ...]]] = [
    ("Received", (Stage.RECEIVED,)),
    ("Observation", (Stage.OBSERVATION_DUE, Stage.OBSERVATION_ARRANGED)),
    ("Report", (Stage.OBSERVED,)),
    ("Decision", (Stage.RECOMMENDED, Stage.MENTORING)),
    ("Induction", (Stage.INDUCTION_DUE, Stage.INDUCTION_ARRANGED)),
    ("Partner", (Stage.COMPLETED,)),
]
NOT_SHOWN = {"referees", "declarations"}
SENDS = {
    "recommend": "The leader gets the report.",
    "send_back": "The mentor is asked.",
    "observe": "Nobody is written to. You write the report next.",
    "take_back": "Nobody is written to. The appointment stands again: rearrange it or call it off.",
}
ASIDE = {
    *("rearrange", "call_off", "call_off_induction", "take_back", "change_mentor", "hand_over"),
    *("send_back", "extend", "decline"),
}  # what a case needs now and then; it stands behind what comes next
ON_A_DAY = {"observe", "complete"}
TELLS = {
    **dict.fromkeys(
        ("proceed", "succeed", "mentor_first", "fail", "extend", "end_mentoring"), "The mentor hears of it."
    ),
    **dict.fromkeys(("change_mentor", "hand_over"), "Both mentors hear of it."),
    **dict.fromkeys(("arrange", "rearrange", "arrange_induction"), "It goes into both calendars."),
    **dict.fromkeys(("call_off", "call_off_induction"), "Both calendars forget it."),
    "complete": "The official letter and the logo go with it.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One of the six on top of the page. `state` is done, now or to come."""

    number: int
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class NextMove:
    """A button, with what it sends. `is_main`: what would be done next, where nothing is out of the ordinary."""

    move: Move
    page: str
    is_main: bool

    @property
    def sends(self) -> str:
        return what_it_sends(self.move.name)


def what_it_sends(move: str) -> str:
    """What goes out with a move, in a sentence or two."""
    if move in DRAFTS:
        return f"Sends a letter to the applicant, which you see first. {TELLS.get(move, '')}".strip()
    return SENDS.get(move, "Nobody is written to.")


@dataclass(frozen=True, slots=True)
class CaseSection:
    """A part of the form as the hub reads it, with who has checked it."""

    section: Section
    rows: list[tuple[str, str]]
    documents: list[ApplicationDocument]
    check: ApplicationCheck | None

    @property
    def is_checkable(self) -> bool:
        return self.section.key in CHECKED


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a case as it is read."""

    what: str
    when: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """An application with everything that its page shows."""

    application: Application
    words: str
    steps: list[Step]
    moves: list[NextMove]
    is_mine: bool
    due: Day | None
    is_late: bool
    sections: list[CaseSection]
    scans: list[ApplicationDocument]
    referees: list[Referee]
    came_back: set[str]
    is_lost: bool
    observations: list[Observation]
    programmes: list[MentoringProgramme]
    to_post: list[Letter]
    events: list[Happened]


def read_case(application: Application, member: Any) -> CasePage:
    """One application for whoever may see it. A fixed number of queries."""
    dated = with_days(Application.objects.filter(pk=application.pk).select_related("mentor")).get()
    is_mine = waits_for(dated, member, today())
    due = due_on(dated, application.service.scheme)
    happened = Event.objects.about(application).filter(service_id=application.service_id)
    events = list(happened.newest_first()[:60])
    papers = list(application.documents.all())
    referees = list(application.referees.select_related("keyed_in_by"))
    letters_here = Letter.objects.about(application)
    came_back = letters_here.last_came_back([application.email, *(referee.email for referee in referees)])
    return CasePage(
        application,
        words_for(dated, member, today()),
        _steps(application, events),
        _moves(application, member, is_mine),
        is_mine,
        due,
        is_late(due, today()),
        _sections(application, papers),
        [paper for paper in papers if paper.section == SCAN],
        referees,
        set(came_back),
        application.email.lower() in came_back,
        list(application.observations.select_related("mentor")),
        list(application.programmes.select_related("mentor")),
        list(letters_here.filter(state=Letter.State.TO_POST).order_by("pk")),
        [_tell(event) for event in events],
    )


def _moves(application: Application, member: Any, is_due: bool) -> list[NextMove]:
    """What comes next first; before its day nothing has taken place."""
    found = [
        NextMove(move, f"application_{move.name}", move.name not in ASIDE and (is_due or move.name not in ON_A_DAY))
        for move in application.moves_open_to(member)
    ]
    return sorted(found, key=lambda one: not one.is_main)


def _steps(application: Application, events: list[Event]) -> list[Step]:
    """Where it is of the six; an application that ended without success stands where it ended."""
    stage = application.stage
    if stage in (Stage.UNSUCCESSFUL, Stage.NOT_PROCEEDING, Stage.WITHDRAWN):
        stage = next((event.before["stage"] for event in events if event.after.get("stage") == stage), stage)
    now = next((n for n, (_, stages) in enumerate(STEPS) if stage in stages), 0)
    last = len(STEPS) - 1
    states = ["done" if n < now or n == now == last else "now" if n == now else "to-come" for n in range(len(STEPS))]
    return [Step(n + 1, label, states[n]) for n, (label, _) in enumerate(STEPS)]


def _sections(application: Application, papers: list[ApplicationDocument]) -> list[CaseSection]:
    answers = answers_of(application)
    checks = {check.section: check for check in application.checks.select_related("by")}
    return [
        CaseSection(
            section,
            [(label, answer) for label, answer in section.rows(answers) if answer],
            [paper for paper in papers if paper.section == section.key],
            checks.get(section.key),
        )
        for section in sections_of(application.service.scheme)
        if section.key not in NOT_SHOWN
    ]


def _tell(event: Event) -> Happened:
    said = {name: str(event.after[name]) for name in SHOWN if event.after.get(name)}
    words = {name: history.day_in_words(value) if name in DAYS else value for name, value in said.items()}
    notes = [f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in words.items()]
    what = f"{event.verb[:1].upper()}{event.verb[1:]}"
    return Happened(what, history.moment_in_words(event.at), event.by_name or "Tutti", ". ".join(notes))
