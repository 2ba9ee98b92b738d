"""What people ask in the demo world: a line that is wrong, a question with its answer, a concern, another contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.people.models import Member
from tutti.schools.models import ContactChange, School
from tutti.schools.models.contact_change import propose_change
from tutti.teaching.letters import ANSWER, QUESTION
from tutti.teaching.models import Question, QuestionReply, SummaryLink
from tutti.teaching.models.question import ask_by_link, ask_by_teacher
from tutti.teaching.models.told_line import line_of


def let_people_speak(schools: dict[str, School], members: dict[str, Member]) -> None:
    """One open question about a line, one answered, a teacher's concern, and a change of contact that waits."""
    service = members["Wren Ashby"].service
    office = Member.objects.get(service=service, name="Rosa Pike")
    link = _link(schools["Ashcombe Vale School"])
    told = link.summary.told()
    line = line_of(told, told["pupils"][0]["line"])
    asked = ask_by_link(link, "Our own list says that this pupil was in school every week. Could you check?", line=line)
    answered = ask_by_link(_link(schools["Saltwick Academy"]), "Can the singing move to the drama studio in January?")
    answered.answer(office, "Yes, gladly. The teacher knows, and nothing else changes for you.")
    concern = ask_by_teacher(
        members["Wren Ashby"],
        "The room at Dunmere has no heating, and nobody at the school knows whom to ask. Could you write to them?",
        school=schools["Dunmere Primary School"],
    )
    contact = schools["Pennock Primary School"].contacts.get()  # type: ignore[attr-defined]
    email = f"j.fairlie@{contact.email.partition('@')[2]}"
    change = propose_change(contact, ContactChange.Kind.OTHER, name="Jonah Fairlie", email=email, role="music")
    _date_back({asked: 2, answered: 7, concern: 1}, change)


def _link(school: School) -> SummaryLink:
    links = SummaryLink.objects.filter(summary__school=school)
    return links.select_related("contact", "summary__school__office", "summary__school__service").latest("pk")


def _date_back(asked: dict[Question, int], change: ContactChange) -> None:
    """They were asked so many days ago, and the answer came a day after."""
    now = timezone.now()
    for question, days in asked.items():
        at = now - timedelta(days=days, hours=1)
        Question.objects.filter(pk=question.pk).update(asked_at=at)
        Event.objects.about(question).update(at=at)
        _keep(question, at)
        QuestionReply.objects.filter(question=question).update(at=at + timedelta(days=1))
    ContactChange.objects.filter(pk=change.pk).update(said_at=now - timedelta(days=1))


def _keep(question: Question, at: Any) -> None:
    letters = Letter.objects.about(question).filter(kind__in=[QUESTION, ANSWER])
    letters.update(state=Letter.State.KEPT, written_at=at, sent_at=at)
