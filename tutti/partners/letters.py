"""Every letter of the room. What goes to an applicant is shown to whoever writes it, who may change it (M4 to M10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tutti.core import history, letters
from tutti.core.calendar import Week
from tutti.core.letters import Letter, address
from tutti.partners.models.application_link import ApplicationLink
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.appointment import invitation
from tutti.partners.models.letter_words import fill, words_of
from tutti.people.models import Member
from tutti.people.roles import LEADER

START, MOST_LINKS_AN_HOUR = "application_start", 5
AS_WRITTEN = "partners/letters/as_written.txt"
MENTORS_TURN = (Stage.OBSERVATION_DUE, Stage.OBSERVATION_ARRANGED, Stage.OBSERVED)
MESSAGE, COPY = "partner_message", "partner_message_copy"
TO_MEMBERS = {
    "waits": "partners/letters/case_waits.txt",
    "handed_over": "partners/letters/case_handed_over.txt",
    "chosen": "partners/letters/case_chosen.txt",
    "report": "partners/letters/case_report.txt",
    "sent_back": "partners/letters/case_sent_back.txt",
    "withdrawn": "partners/letters/case_withdrawn.txt",
    "late": "partners/letters/case_late.txt",
    "appointment": "partners/letters/case_appointment.txt",
    "called_off": "partners/letters/case_called_off.txt",
    "entry": "partners/letters/entry_waits.txt",
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
    }
    return fill(words_of(scheme, move), words)


def to_applicant(application: Any, move: str, text: str, calendar: str = "", **said: str) -> Letter | None:
    """Send what was written, with a link to where the application stands below it; by post where there is no address.

    `said` is put in where the text names it in capitals, such as [FEEDBACK]; where it does not, it stands at the end.
    """
    for name, words in said.items():
        mark = f"[{name.upper()}]"
        text = text.replace(mark, words) if mark in text else f"{text.strip()}\n\n{words}"
    return _with_link(application, f"application_{move}", AS_WRITTEN, calendar, text=text.strip())


def appointed(application: Any, move: str, text: str, appointment: Any, host: Any) -> None:
    """To the applicant and to the member who holds it, each with an entry for their calendar (M6, M9)."""
    calendar = invitation(appointment, application, host)
    to_applicant(application, move, text, calendar, appointment=appointment.words)
    _to_member(application, host, "appointment", calendar=calendar, appointment=appointment.words)


def called_off(application: Any, move: str, text: str, appointment: Any, host: Any) -> None:
    """To both that it does not take place; their calendars forget it."""
    calendar = invitation(appointment, application, host, is_off=True)
    to_applicant(application, move, text, calendar)
    _to_member(application, host, "called_off", calendar=calendar, appointment=appointment.words)


def received(application: Any) -> None:
    """To the applicant that it is here, to the leaders that it waits (M3), and to the referees (A2)."""
    to_applicant(application, "received", draft(application, "received", None))
    _to_leaders(application, "waits")
    _references(application)


def _references(application: Any) -> None:
    for referee in application.referees.exclude(email="").filter(answered_at=None):
        ask_referee(application, referee)


def ask_referee(application: Any, referee: Any, *, again: bool = False) -> None:
    """To a referee, with a link on which they answer without an account (A2). A reminder brings a new link."""
    letters.write(
        application.service,
        "reference",
        "partners/letters/reference.txt",
        {
            "application": application,
            "scheme": application.service.scheme,
            "url": address(application.service, "reference", referee.ask()),
            "again": again,
        },
        to_name=referee.name,
        to_email=referee.email,
        about=application,
        is_secret=True,
    )


def late(application: Any, due: Any) -> int:
    """To whoever holds it up, once a week: the mentor where the next move is theirs, else the leaders."""
    words = {"due": history.day_in_words(str(due))}
    slot = f"{application.pk}-{application.moves_made}-{Week.current()}"
    if application.stage in MENTORS_TURN and application.mentor:
        return int(_to_member(application, application.mentor, "late", slot=slot, **words) is not None)
    return _to_leaders(application, "late", slot=slot, **words)


def withdrawn(application: Any, appointment: Any) -> None:
    """To the applicant that we know, and to whoever has it in hand; what was arranged goes from both calendars."""
    host = _host(appointment)
    known = invitation(appointment, application, host, is_off=True) if appointment else ""
    to_applicant(application, "withdraw", draft(application, "withdraw", None), known)
    for member in {one for one in (application.mentor, host) if one}:
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


def recommended(application: Any) -> None:
    """To the leaders that the report is here (M7)."""
    _to_leaders(application, "report")


def sent_back(application: Any, why: str) -> None:
    _to_member(application, application.mentor, "sent_back", why=why)


def start(application: Any) -> Letter | None:
    """The link with which an application is begun and resumed (M2). None if the address got enough of them this hour:
    anybody may ask for one, in anybody's name."""
    hour_ago = timezone.now() - timedelta(hours=1)
    sent = Letter.objects.filter(service=application.service_id, kind=START, to_email=application.email)
    if sent.filter(written_at__gt=hour_ago).count() >= MOST_LINKS_AN_HOUR:
        return None
    return _with_link(application, START, "partners/letters/start.txt", scheme=application.service.scheme)


def forget(application: Any) -> None:
    """Delete what was written to an applicant who never sent anything in."""
    Letter.objects.about(application).delete()


def _with_link(application: Any, kind: str, template: str, calendar: str = "", **words: Any) -> Letter | None:
    """To the applicant, with a link of its own to the application; to be posted where there is no address."""
    secret = ApplicationLink.make(application).secret if application.email else ""
    return letters.write(
        application.service,
        kind,
        template,
        {**words, "url": address(application.service, "application_status", secret) if secret else ""},
        to_name=application.name,
        to_email=application.email,
        about=application,
        is_secret=True,
        calendar=calendar if secret else "",
    )


def entry_waits(change: Any) -> None:
    """To the leaders that a partner wrote a text for the list (M11); never to the partner themselves."""
    url = address(change.entry.service, "entry_change", change.pk)
    for leader in _leaders(change.service).exclude(person__email__iexact=change.entry.partner.email):
        _write(change.entry, "entry_waits", TO_MEMBERS["entry"], leader.name, leader.person.email, url=url)


def entry_approved(change: Any) -> None:
    """To the partner that their text is public now."""
    _to_partner(change, "entry_approved", "partners/letters/entry_approved.txt")


def entry_refused(change: Any) -> None:
    """To the partner that it is not, and why."""
    _to_partner(change, "entry_refused", "partners/letters/entry_refused.txt")


def message(entry: Any, said: dict[str, str]) -> None:
    """What a school or parent writes goes to the partner, and a copy to whoever wrote; neither reads an address that
    they were not given (M11). The words are kept for `KEPT_FOR`."""
    partner, who = entry.partner, {"said": said, "partner": entry.partner}
    _write(entry, MESSAGE, "partners/letters/message.txt", partner.name, partner.reach, **who)
    _write(entry, COPY, "partners/letters/message_copy.txt", said["name"], said["email"], **who)


def _to_partner(change: Any, kind: str, template: str) -> None:
    partner, url = change.entry.partner, address(change.entry.service, "my_entry")
    _write(change.entry, kind, template, partner.name, partner.reach, change=change, url=url)


def _write(entry: Any, kind: str, template: str, name: str, email: str, **words: Any) -> None:
    letters.write(entry.service, kind, template, words, to_name=name, to_email=email, about=entry)


def _leaders(service: Any) -> Any:
    found = Member.objects.filter(service=service).active().with_role(LEADER)
    return found.select_related("person")


def _to_leaders(application: Any, kind: str, slot: str = "", **words: Any) -> int:
    written = [_to_member(application, one, kind, slot=slot, **words) for one in _leaders(application.service_id)]
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
