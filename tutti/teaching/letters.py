"""Every letter of the room, a function each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string

from tutti.core import letters
from tutti.core.calendar import today
from tutti.core.letters import Letter, address

SUMMARY, CODE, REMINDER, CORRECTION = "summary", "summary_code", "reminder", "correction"
QUESTION, ANSWER = "question", "answer"
REMINDER_TEMPLATE = "teaching/letters/reminder.txt"
SUMMARY_TEXT = "teaching/letters/summary.txt"
ANSWER_TEXT = "teaching/letters/answer.txt"


def summary_of_month(summary: Any, link: Any, slot: str = "") -> Letter | None:
    """The month's totals and a private link; never a pupil's name (H8, S4)."""
    return letters.write(
        summary.school.service,
        SUMMARY,
        SUMMARY_TEXT,
        _summary_words(summary, address(summary.school.service, "shared_summary", link.secret), link.ends_at),
        to_name=link.name,
        to_email=link.email,
        slot=slot,
        about=summary,
        is_secret=True,
    )


def read_summary(summary: Any, to_name: str, url: str, ends_at: Any) -> str:
    """The letter as it would read, its subject first: for whoever looks before it goes out."""
    words = _summary_words(summary, url, ends_at)
    return render_to_string(SUMMARY_TEXT, {**words, "service": summary.school.service, "to_name": to_name}).strip()


def _summary_words(summary: Any, url: str, ends_at: Any) -> dict[str, Any]:
    told = {"words": summary.in_a_sentence, "url": url, "ends_at": ends_at}
    return {"summary": summary, "school": summary.school, **told}


def summary_code(link: Any, code: str) -> Letter | None:
    """The code that opens the pupils' names behind a link older than a day (S4)."""
    return letters.write(
        link.service,
        CODE,
        "teaching/letters/summary_code.txt",
        {"code": code, "school": link.summary.school},
        to_name=link.contact.name,
        to_email=link.contact.email,
        about=link,
        is_secret=True,
    )


def reminders(service: Any, chases: Iterable[Any]) -> list[Letter]:
    """Which registers each teacher has not recorded; once a teacher and day. Returns those written."""
    return letters.write_all(service, [_reminder(chase) for chase in chases])


def _reminder(chase: Any) -> Letter:
    return letters.compose(
        chase.teacher.service,
        REMINDER,
        REMINDER_TEMPLATE,
        reminder_context(chase),
        to_name=chase.teacher.name,
        to_email=chase.teacher.person.email,
        slot=f"{chase.teacher.pk}:{today()}",
        about=chase.teacher,
    )


def reminder_as_text(chase: Any) -> str:
    """The same letter as it would go out, to be read before: its first line is the subject."""
    service = chase.teacher.service
    context = {**reminder_context(chase), "service": service, "to_name": chase.teacher.name}
    return render_to_string(REMINDER_TEMPLATE, context).strip()


def reminder_context(chase: Any) -> dict[str, Any]:
    teacher = chase.teacher
    urls = {"url": address(teacher.service, "home"), "me_url": address(teacher.service, "me")}
    return {"chase": chase, "teacher": teacher, "office": teacher.office, **urls}


def question_came(question: Any, slot: str) -> Letter | None:
    """To the area office, or the service where it has no address: somebody asks. What they ask stands behind the
    link, for there may be pupils in it (S5, H16). None where there is no address at all."""
    office, service = question.office, question.service
    whom = office if office and office.email else service
    if not whom.email:
        return None
    return letters.write(
        service,
        QUESTION,
        "teaching/letters/question.txt",
        {"question": question, "url": address(service, "question", question.pk)},
        to_name=whom.name,
        to_email=whom.email,
        slot=slot,
        about=question,
    )


def question_answered(question: Any, slot: str, secret: str) -> Letter | None:
    """To who asked: there is an answer, behind a link (S5). `secret` opens the school's page; a teacher signs in."""
    reader = question.reader
    if reader is None:
        return None
    page = ("shared_summary", secret) if secret else ("question", question.pk)
    return letters.write(
        question.service,
        ANSWER,
        ANSWER_TEXT,
        {"question": question, "url": address(question.service, *page)},
        to_name=reader.name,
        to_email=_email(reader),
        slot=slot,
        about=question,
        is_secret=bool(secret),
    )


def read_answer(question: Any) -> str:
    """The letter that an answer sends, as it would read; empty where nobody is written to."""
    if question.reader is None:
        return ""
    url = address(question.service, "question", question.pk) if question.asked_by else "(a private link, made for them)"
    words = {"question": question, "url": url, "service": question.service, "to_name": question.reader.name}
    return render_to_string(ANSWER_TEXT, words).strip()


def _email(reader: Any) -> str:
    return str(reader.person.email if hasattr(reader, "person") else reader.email)


def correction_decided(correction: Any) -> Letter | None:
    """What became of a proposed correction, to the teacher whose register it is; once, and no pupil's name (R10)."""
    teacher = correction.register.allocation.teacher
    return letters.write(
        teacher.service,
        CORRECTION,
        "teaching/letters/correction.txt",
        {
            "correction": correction,
            "register": correction.register,
            "school": correction.register.allocation.school,
            "url": address(teacher.service, "correction", correction.pk),
        },
        to_name=teacher.name,
        to_email=teacher.person.email,
        slot=str(correction.pk),
        about=correction,
    )


COVER = {
    "cover_arranged": "teaching/letters/cover_arranged.txt",
    "cover_told": "teaching/letters/cover_told.txt",
    "cover_called_off": "teaching/letters/cover_called_off.txt",
}


def cover_news(news: Any) -> Letter | None:
    """Tell one of the two teachers that cover is arranged, or called off (R7)."""
    service, words = news.to.service, _cover_words(news)
    to = {"to_name": news.to.name, "to_email": news.to.person.email}
    return letters.write(service, news.kind, COVER[news.kind], words, about=news.to, **to)


def read_cover_news(news: Any) -> str:
    """The same letter as it would go out, its subject first."""
    words = {**_cover_words(news), "service": news.to.service, "to_name": news.to.name}
    return render_to_string(COVER[news.kind], words).strip()


def _cover_words(news: Any) -> dict[str, Any]:
    """Each visit with the address of its register."""
    service = news.to.service
    visits = [(one, address(service, "register", one.allocation.pk, one.week)) for one in news.visits]
    covers = news.to.pk == news.teacher.pk
    return {"news": news, "visits": visits, "covers": covers, "office": news.to.office}
