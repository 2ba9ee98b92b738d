"""Teachers who apply to the partners scheme: one at every stage, and partners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from tutti.core.calendar import Day
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.core.uploads import keep
from tutti.front.demo.answers import answers_about, certificate_of, signature
from tutti.partners import letters
from tutti.partners.models import Application, Scheme
from tutti.partners.models.applicant import Applicant
from tutti.partners.models.application_begin import begin_application
from tutti.partners.models.application_check import check_section
from tutti.partners.models.application_document import add_document
from tutti.partners.models.application_questions import own_key
from tutti.partners.models.scheme import LOOKED_AT, run_scheme
from tutti.people.models import Member, MusicService
from tutti.people.roles import LEADER, MENTOR

MENTORED = ["send", "proceed", "arrange", "observe", "not yet", "mentor", "end_mentoring"]
INDUCTED = ["succeed", "induct", "complete"]
# who, instruments, the moves so far
NORTHSHIRE = [
    ("Una Merrow", ["Violin"], ["send", "proceed", "arrange", "observe", "recommend", "succeed", "induct", "complete"]),
    ("Linus Hext", ["Guitar", "Ukulele"], [*MENTORED, "arrange", "observe", "recommend", *INDUCTED]),
    ("Tobias Frayne", ["Trumpet"], ["send", "proceed", "arrange", "observe", "recommend", "succeed", "induct soon"]),
    ("Sable Quint", ["Flute"], ["send", "proceed", "arrange", "observe", "recommend", "succeed"]),
    ("Rufus Denholm", ["Drum kit"], ["send", "proceed", "arrange", "observe", "not yet", "mentor"]),
    ("Opal Wintle", ["Cello"], ["send", "proceed", "arrange", "observe", "recommend"]),
    ("Emrys Vane", ["Voice"], ["send", "proceed", "arrange", "observe"]),
    ("Juno Tallis", ["Piano"], ["send", "proceed", "arrange soon"]),
    ("Caspian Rowe", ["Saxophone"], ["send", "proceed"]),
    ("Verity Oakes", ["Viola"], ["send"]),
    ("Ottoline Marsh", ["Harp"], []),
    ("Barnaby Crewe", ["Recorder"], ["send", "decline"]),
    ("Phineas Holt", ["Clarinet"], [*MENTORED, "arrange", "observe", "not yet", "fail"]),
    ("Clemency Ware", ["Oboe"], ["send", "proceed", "arrange", "withdraw"]),
    ("Fenella Bray", ["Flute", "Recorder"], ["send", "proceed", "arrange", "observe", "recommend", *INDUCTED]),
    ("Osric Lunn", ["Saxophone", "Clarinet"], ["send", "proceed", "arrange", "observe", "recommend", *INDUCTED]),
]  # fmt: skip
SOUTHSHIRE = [
    ("Isolde Penn", ["Violin"], NORTHSHIRE[1][2]),
    ("Jago Tarrant", ["Piano"], ["send", "proceed", "arrange soon"]),
]
SIGNATORY = {"signatory_name": "Lorna Fairweather", "signatory_title": "Instrumental Leader"}
REPORT = {
    "focus": "How a new piece is begun",
    "context": "Two lessons of one pupil each, at the teacher’s own studio",
    "strengths": "Calm, clear, and heard everything",
    "to_work_on": "Let pupils find out more for themselves",
    "training": "A day on singing before playing",
}


def let_teachers_apply(service: MusicService, today: Day) -> Scheme:
    """The scheme of a service with its applicants."""
    head = Member.objects.filter(service=service).first()
    hub = service.name.replace("Music Service", "Music Hub")
    address = f"{service.name}, {service.address}"
    own = {"hub_name": hub, "hub_address": service.address, "signature": keep(signature(), "schemes"), **SIGNATORY}
    scheme = run_scheme(service, head, lead_name=f"{service.name} Music Faculty", lead_address=address, **own)
    for number, (name, instruments, steps) in enumerate(NORTHSHIRE if service.slug == "northshire" else SOUTHSHIRE):
        _Walk(scheme, name, instruments, today).go(steps, 30 + 9 * (16 - number))
    return scheme


class _Walk:
    """One application, walked through the chart by the verbs of the product."""

    def __init__(self, scheme: Scheme, name: str, instruments: list[str], today: Day) -> None:
        members = Member.objects.filter(service=scheme.service).select_related("person")
        self.leader = members.with_role(LEADER).first()
        self.mentor = members.with_role(MENTOR).first()
        self.today = self.then = today
        email = f"{name.lower().replace(' ', '.')}@studio.example"
        self.case = begin_application(scheme, name=name, email=email)
        self.case.answers = answers_about(name, instruments)
        self.case.save(update_fields=["answers"])
        for referee, said in (("Dorothea Blythe", "Taught for us for six years."), ("Hugo Lantern", "")):
            at = timezone.now() if said else None
            own = {
                "service": scheme.service,
                "email": f"{referee.split()[0].lower()}@{name.split()[0].lower()}.example",
            }
            self.case.referees.create(**own, name=referee, relation="Head teacher", answer=said, answered_at=at)

    def go(self, steps: list[str], days_ago: int) -> None:
        """One step after the other, each some days after the one before."""
        days = [
            self.today - dt.timedelta(days=days_ago - days_ago * n // (len(steps) + 1)) for n in range(len(steps) + 2)
        ]
        told = set(self._date([], days[0]))
        for number, step in enumerate(steps, 1):
            self.then = days[number + 1]
            getattr(self, f"_{step.replace(' ', '_')}")()
            told |= set(self._date(told, days[number]))
        sent = Event.objects.about(self.case).filter(verb="sent the application in").first()
        begun = Event.objects.about(self.case).order_by("pk").first()
        assert begun
        Application.objects.filter(pk=self.case.pk).update(begun_at=begun.at, sent_at=sent.at if sent else None)
        self.case.referees.update(asked_at=sent.at if sent else None)
        for check in self.case.checks.all():
            looked = Event.objects.about(self.case).filter(verb="checked", after__section=check.section).first()
            self.case.checks.filter(pk=check.pk).update(at=looked.at if looked else check.at)

    def _date(self, known: Collection[int], day: Day) -> list[int]:
        """What was just told and written was told and written that day."""
        at = dt.datetime.combine(day, dt.time(9 + len(known) % 7, 12), timezone.get_current_timezone())
        events = Event.objects.about(self.case).exclude(pk__in=known)
        found = list(events.values_list("pk", flat=True))
        Event.objects.filter(pk__in=found).update(at=at)
        letters_now = Letter.objects.about(self.case).filter(state=Letter.State.WAITING)
        letters_now.update(state=Letter.State.KEPT, written_at=at, sent_at=at)
        return found

    def _letter(self, move: str, by: Any) -> str:
        return letters.draft(self.case, move, by)

    def _send(self) -> None:
        self.case.send(Applicant(self.case.pk, self.case.name))

    def _withdraw(self) -> None:
        self.case.withdraw(Applicant(self.case.pk, self.case.name), why="I have moved away.")

    def _proceed(self) -> None:
        add_document(self.case, self.leader, "qualifications", "certificate.png", certificate_of(self.case.name))
        check_section(self.case, self.leader, "qualifications")
        letter = self._letter("proceed", self.leader)
        self.case.proceed(self.leader, self.mentor, letter, "The second referee is known to us and away until spring.")

    def _decline(self) -> None:
        feedback = "We ask for two years of teaching. Please come back then."
        self.case.decline(self.leader, feedback, self._letter("decline", self.leader))

    def _arrange(self, on: Day | None = None) -> None:
        when = {"on": on or _school_day(self.then), "at": dt.time(14, 30)}
        place = "Larkrise Primary School, music room"
        self.case.arrange(
            self.mentor, self._letter("arrange", self.mentor), kind="observation", minutes=45, place=place, **when
        )

    def _arrange_soon(self) -> None:
        self._arrange(_school_day(self.today + dt.timedelta(days=6)))

    def _observe(self) -> None:
        self.case.observe(self.mentor)

    def _recommend(self, recommendation: str = "successful") -> None:
        seen = self.case.observation
        assert seen
        seen.write({**REPORT, own_key(LOOKED_AT[1]): "Both pupils played the first line from memory by the end"})
        self.case.recommend(self.mentor, recommendation)

    def _not_yet(self) -> None:
        self._recommend("unsuccessful")

    def _succeed(self) -> None:
        self.case.succeed(self.leader, self._letter("succeed", self.leader))

    def _mentor(self) -> None:
        aims = "Planning a term, and letting pupils find out for themselves"
        until = self.today + dt.timedelta(days=40)
        self.case.mentor_first(self.leader, aims, until, self._letter("mentor_first", self.leader))
        programme = self.case.programme
        assert programme
        programme.met(self.mentor, self.today - dt.timedelta(days=9), "We planned the next half term.")

    def _end_mentoring(self) -> None:
        self.case.end_mentoring(self.leader, self._letter("end_mentoring", self.leader))

    def _fail(self) -> None:
        self.case.fail(self.leader, "Lessons are still not planned ahead.", self._letter("fail", self.leader))

    def _induct(self, on: Day | None = None) -> None:
        when = {"on": on or _school_day(self.then), "at": dt.time(10)}
        letter = self._letter("arrange_induction", self.leader)
        self.case.arrange_induction(self.leader, letter, place="The hub’s office", **when)

    def _induct_soon(self) -> None:
        self._induct(_school_day(self.today + dt.timedelta(days=9)))

    def _complete(self) -> None:
        check_section(self.case, self.leader, "checks")
        checklist = self.case.service.scheme.checklist
        self.case.complete(self.leader, checklist, self._letter("complete", self.leader))


def _school_day(day: Day) -> Day:
    """That day, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))
