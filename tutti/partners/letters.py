"""Every letter of the room. What goes to an applicant is shown to whoever writes it, who may change it (M4 to M10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tutti.core import history, letters, uploads
from tutti.core.calendar import Week, today
from tutti.core.letters import Letter, address
from tutti.core.uploads import Upload
from tutti.partners.models.application_link import ApplicationLink
from tutti.partners.models.appointment import invitation
from tutti.partners.models.letter_words import fill, words_of
from tutti.partners.models.logo import logo_of
from tutti.partners.models.referee_link import RefereeLink
from tutti.partners.models.report_paper import report_paper_of
from tutti.partners.models.turn import NEEDS_MENTOR, WITH_THE_MENTOR
from tutti.people.models import Member
from tutti.people.roles import LEADER, Permission

START, MOST_LINKS_AN_HOUR = "application_start", 5
AS_WRITTEN = "partners/letters/as_written.txt"
ON_A_REPORT = ("succeed", "mentor_first", "fail")
Enclosed = Sequence[dict[str, str]]
TO_MEMBERS = {
    "waits": "partners/letters/case_waits.txt",
    "handed_over": "partners/letters/case_handed_over.txt",
    "references": "partners/letters/case_references.txt",
    "chosen": "partners/letters/case_chosen.txt",
    "report": "partners/letters/case_report.txt",
    "decided": "partners/letters/case_decided.txt",
    "sent_back": "partners/letters/case_sent_back.txt",
    "withdrawn": "partners/letters/case_withdrawn.txt",
    "late": "partners/letters/case_late.txt",
    "appointment": "partners/letters/case_appointment.txt",
    "called_off": "partners/letters/case_called_off.txt",
}


def draft(application: Any, move: str, by: Any) -> str:
    """The letter that a move sends to the applicant, as it would read: its subject first. The appointment and the
    feedback are put in when it goes out."""
    scheme = application.service.scheme
    words = {
        "applicant": application.name,
        "reference": application.reference,
        "by": by.name if by else "",
        "mentor": application.mentor.name if application.mentor else "",
        "scheme": scheme.name,
        "partner": scheme.partner_word,
        "hub": scheme.hub_name,
        "again": scheme.again_from(today()),
    }
    return fill(words_of(scheme, move), words)


def to_applicant(
    application: Any, move: str, text: str, calendar: str = "", enclosed: Enclosed = (), **said: str
) -> Letter | None:
    """Send what was written, with a link to where the application stands below it; by post where there is no address.

    `said` is put in where the text names it in capitals, such as [FEEDBACK]; where it does not, it stands at the end.
    """
    for name, words in said.items():
        mark = f"[{name.upper()}]"
        text = text.replace(mark, words) if mark in text else f"{text.strip()}\n\n{words}"
    own = {"text": text.strip(), "is_partner": move == "complete"}
    return _with_link(application, f"application_{move}", AS_WRITTEN, calendar, enclosed, **own)


def appointed(application: Any, move: str, text: str, appointment: Any, host: Any) -> None:
    """To the applicant and to the member who holds it, each with an entry for their calendar (M6, M9)."""
    calendar = invitation(appointment, application, host)
    to_applicant(application, move, text, calendar, appointment=appointment.words)
    _to_member(application, host, "appointment", calendar=calendar, appointment=appointment.words)


def called_off(application: Any, move: str, text: str, appointment: Any) -> None:
    """To both that it does not take place; their calendars forget it."""
    host = _host(appointment)
    calendar = invitation(appointment, application, host, is_off=True)
    to_applicant(application, move, text, calendar)
    _to_member(application, host, "called_off", calendar=calendar, appointment=appointment.words)


def received(application: Any) -> None:
    """To the applicant that it is here, to the leaders that it waits (M3), and to the referees (A2)."""
    to_applicant(application, "received", draft(application, "received", None))
    _to_leaders(application, "waits")
    _references(application)


def _references(application: Any) -> None:
    for referee in application.referees.filter(answered_at=None):
        ask_referee(application, referee)


def ask_referee(application: Any, referee: Any, *, again: bool = False) -> None:
    """To a referee, with a link on which they answer without an account (A2); by post where there is no address. A
    reminder brings another link."""
    referee.ask()
    secret = RefereeLink.make(referee).secret if referee.email else ""
    letters.write(
        application.service,
        "reference",
        "partners/letters/reference.txt",
        {
            "application": application,
            "scheme": application.service.scheme,
            "url": address(application.service, "reference", secret) if secret else "",
            "again": again,
        },
        to_name=referee.name,
        to_email=referee.email,
        about=application,
        is_secret=True,
    )


def references_in(application: Any) -> None:
    """To the leaders that both referees have answered."""
    _to_leaders(application, "references")


def late(application: Any, due: Any) -> int:
    """To whoever holds it up, once a week: the mentor where the next move is theirs and they are still one, else the
    leaders, who choose another."""
    words = {"due": history.day_in_words(str(due))}
    slot = f"{application.pk}-{application.moves_made}-{Week.current()}"
    mentor = application.mentor
    if application.stage in WITH_THE_MENTOR and mentor and mentor.may(Permission.OBSERVE_APPLICANTS):
        return int(_to_member(application, mentor, "late", slot=slot, **words) is not None)
    return _to_leaders(application, "late", slot=slot, **words)


def withdrawn(application: Any, appointment: Any) -> None:
    """To the applicant that we know, and to the mentor and whoever has it in hand; what was arranged goes from the
    calendars."""
    host = _host(appointment)
    known = invitation(appointment, application, host, is_off=True) if appointment else ""
    to_applicant(application, "withdraw", draft(application, "withdraw", None), known)
    leaders = [] if application.stage in NEEDS_MENTOR else leaders_of(application.service_id)
    for member in {one for one in (application.mentor, host, *leaders) if one}:
        _to_member(application, member, "withdrawn", calendar=known if member == host else "")


def _host(appointment: Any) -> Any:
    """The mentor or leader who holds it, if anything is arranged."""
    return getattr(appointment, "mentor", None) or getattr(appointment, "leader", None)


def chosen_as_mentor(application: Any) -> None:
    _to_member(application, application.mentor, "chosen")


def mentor_changed(application: Any, move: str, text: str, before: Any, appointment: Any = None) -> None:
    """To the applicant, to who hands it over and to who takes it on; what was arranged goes from both calendars."""
    off = invitation(appointment, application, before, is_off=True) if appointment else ""
    to_applicant(application, move, text, off)
    _to_member(application, before, "handed_over", calendar=off)
    chosen_as_mentor(application)


def decided(application: Any, move: str, text: str, **said: str) -> None:
    """To the applicant what the leader has decided, and to the mentor what follows for them (M8, M9)."""
    report = _report(application) if move in ON_A_REPORT and not application.email else ()
    to_applicant(application, move, text, enclosed=report, **said)
    _to_member(application, application.mentor, "decided", move=move)


def _report(application: Any) -> list[dict[str, str]]:
    """The report that was decided on, for who cannot open it on the page."""
    seen = application.observation
    kept_as = uploads.keep(Upload("pdf", report_paper_of(seen, for_teacher=True)), "letters")
    return [{"name": "report.pdf", "kept_as": kept_as}]


def welcome(application: Any, text: str, partner: Any) -> None:
    """To a new partner, with the official letter and the logo of the year (M10)."""
    logo = logo_of(application.service.scheme, today().year, "png")
    logo_kept_as = uploads.keep(Upload("png", logo), "letters")
    enclosed = [
        {"name": "official-letter.pdf", "kept_as": partner.letter.kept_as},
        {"name": f"logo-{today().year}.png", "kept_as": logo_kept_as},
    ]
    to_applicant(application, "complete", text, enclosed=enclosed)


def recommended(application: Any) -> None:
    """To the leaders that the report is here (M7)."""
    _to_leaders(application, "report")


def sent_back(application: Any, why: str) -> None:
    _to_member(application, application.mentor, "sent_back", why=why)


def start(application: Any) -> Letter | None:
    """The link with which an application is begun and resumed (M2). None if the address got enough of them this hour:
    anybody may ask for one, in anybody's name."""
    return _on_request(application, "partners/letters/start.txt")


def too_soon(application: Any, again: str) -> Letter | None:
    """To who was refused not long ago and begins again: from when they may. None if they got enough letters."""
    return _on_request(application, "partners/letters/too_soon.txt", again=again)


def _on_request(application: Any, template: str, **words: Any) -> Letter | None:
    hour_ago = timezone.now() - timedelta(hours=1)
    sent = Letter.objects.filter(service=application.service_id, kind=START, to_email=application.email)
    if sent.filter(written_at__gt=hour_ago).count() >= MOST_LINKS_AN_HOUR:
        return None
    return _with_link(application, START, template, **words)


def forget(application: Any) -> None:
    """Delete what was written to an applicant who never sent anything in."""
    Letter.objects.about(application).delete()


def _with_link(
    application: Any, kind: str, template: str, calendar: str = "", enclosed: Enclosed = (), **words: Any
) -> Letter | None:
    """To the applicant, with a link of its own to the application; to be posted where there is no address."""
    secret = ApplicationLink.make(application).secret if application.email else ""
    own = {"application": application, "scheme": application.service.scheme}
    return letters.write(
        application.service,
        kind,
        template,
        {**own, **words, "url": address(application.service, "application_status", secret) if secret else ""},
        to_name=application.name,
        to_email=application.email,
        about=application,
        is_secret=True,
        calendar=calendar if secret else "",
        enclosed=enclosed,
    )


def leaders_of(service: Any) -> Any:
    found = Member.objects.filter(service=service).active().with_role(LEADER)
    return found.select_related("person")


def _to_leaders(application: Any, kind: str, slot: str = "", **words: Any) -> int:
    written = [_to_member(application, one, kind, slot=slot, **words) for one in leaders_of(application.service_id)]
    return sum(letter is not None for letter in written)


def _to_member(
    application: Any, member: Any, kind: str, slot: str = "", calendar: str = "", **words: Any
) -> Letter | None:
    """To somebody of the hub: that a case waits, without anything about the applicant but the reference."""
    return letters.write(
        application.service,
        f"case_{kind}",
        TO_MEMBERS[kind],
        {"application": application, "url": address(application.service, "application", application.pk), **words},
        to_name=member.name,
        to_email=member.person.email,
        slot=f"{slot}-{member.pk}" if slot else "",
        calendar=calendar,
        about=application,
    )
