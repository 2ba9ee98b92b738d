"""The office's list of things to do: what, the evidence, and one button each. One query or two a thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from tutti.core.calendar import Week, spell_weeks, today
from tutti.core.letters import Letter
from tutti.core.templatetags.tutti import counted
from tutti.front.progress import PlaceInYear
from tutti.front.waiting import Waiting
from tutti.partners.models.pipeline import read_pipeline
from tutti.people.models import Member
from tutti.people.roles import Permission
from tutti.schools.models import Contact, ContactChange, School
from tutti.teaching.models import Allocation, Kind, Lesson, LessonShape, Place, Question
from tutti.teaching.models.allocation import holds_in
from tutti.teaching.models.child import perhaps_one_child
from tutti.teaching.models.expected import Delivery
from tutti.teaching.models.notice_reach import visits_without_cover

GROUPS = [Kind.SMALL_GROUP, Kind.LARGE_GROUP]
NAMED = 3  # how many are named in a sentence before "and 4 more"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its sign, what it is, how we know, and where its button leads."""

    icon: str
    title: str
    text: str
    url: str
    move: str


def tasks(member: Any, place: PlaceInYear, delivery: Delivery, waiting: Waiting) -> list[Task]:
    """All that waits for the office, the most pressing first."""
    week = place.this_week
    kinds = [
        _away(member, place),
        _questions(member),
        _applications(member),
        _letters_to_post(member, waiting),
        _contact_changes(member),
        _lost_letters(waiting),
        _corrections(member, waiting),
        _schools(member, week),
        _newcomers(member, delivery),
        _perhaps_one_child(member),
        _groups_of_one(member, week),
        _idle(waiting),
    ]
    return [task for kind in kinds for task in kind]


def _questions(member: Any) -> Iterator[Task]:
    """What schools and teachers asked and nobody has answered yet (S5, H16)."""
    waiting = list(Question.objects.waiting_for(member))
    for word, asked in (
        ("schools", [question for question in waiting if not question.asked_by]),
        ("teachers", [question for question in waiting if question.asked_by]),
    ):
        if not asked:
            continue
        title = f"{counted(len(asked), 'question')} from {word} {'waits' if len(asked) == 1 else 'wait'} for an answer"
        title = title.replace(f"from {word}", f"from a {word[:-1]}") if len(asked) == 1 else title
        text = _named(dict.fromkeys(question.school or question.name for question in asked))
        url = reverse("question", args=[asked[0].pk]) if len(asked) == 1 else reverse("questions")
        yield Task("chat", title, f"{text}.", url, "Answer it" if len(asked) == 1 else "Answer them")


def _applications(member: Any) -> Iterator[Task]:
    """Applications to the partners scheme whose next move is theirs (M3)."""
    if not (member.may(Permission.DECIDE_APPLICATIONS) or member.may(Permission.OBSERVE_APPLICANTS)):
        return
    mine = read_pipeline(member).mine
    if mine:
        title = counted(len(mine), "application waits,applications wait") + " for you"
        url = reverse("application", args=[mine[0].application.pk]) if len(mine) == 1 else reverse("applications")
        yield Task("person", title, f"{_named(one.application for one in mine)}.", url, "Look at it")


def _letters_to_post(member: Any, waiting: Waiting) -> Iterator[Task]:
    """To applicants and referees without an e-mail address (M2)."""
    if waiting.to_post and member.may(Permission.KEY_IN_APPLICATIONS):
        title = f"{counted(waiting.to_post, 'letter')} to print and post"
        yield Task("letter", title, "Applicants and referees without e-mail.", reverse("post"), "Print them")


def _contact_changes(member: Any) -> Iterator[Task]:
    """Whom schools say that we should write to: approved with one button."""
    said = list(ContactChange.objects.visible_to(member).waiting())
    if said:
        title = f"{counted(len(said), 'school says,schools say')} whom to write to"
        yield Task(
            "person", title, f"{_named(change.school for change in said)}.", reverse("contact_changes"), "Look at it"
        )


def _away(member: Any, place: PlaceInYear) -> Iterator[Task]:
    """Teachers on leave from this week on, while a visit of theirs has no cover (R7)."""
    for notice, visits in visits_without_cover(member, place.this_week, place.weeks):
        first = spell_weeks([max(notice.from_week, place.this_week)])
        title = f"{notice.teacher} is away from {first}: {counted(len(visits), 'visit')} without cover"
        schools = dict.fromkeys(visit.allocation.school for visit in visits)
        yield Task("person", title, _named(schools), reverse("notice", args=[notice.pk]), "Find cover")


def _lost_letters(waiting: Waiting) -> Iterator[Task]:
    """Letters of the last weeks that did not arrive, or perhaps did (L1, L2)."""
    for state, words, many in (
        (Letter.State.BOUNCED, "came back", waiting.bounced),
        (Letter.State.CLAIMED, "perhaps not sent", waiting.unsure),
        (Letter.State.REFUSED, "refused by the mail server", waiting.refused),
    ):
        if many:
            url = f"{reverse('letters')}?state={state}"
            title = f"{counted(many, 'letter')} {words}"
            yield Task("letter", title, "Nothing is sent again by itself.", url, "See why")


def _corrections(member: Any, waiting: Waiting) -> Iterator[Task]:
    """Changes of locked months that teachers propose (R10)."""
    if waiting.corrections and member.may(Permission.DECIDE_CORRECTIONS):
        title = counted(waiting.corrections, "correction waits,corrections wait") + " for a decision"
        yield Task("undo", title, "Their months are locked.", reverse("corrections"), "Decide")


def _schools(member: Any, week: Week) -> Iterator[Task]:
    """Schools with teaching whose summary reaches nobody (S4), or that have closed."""
    contacts = Contact.objects.filter(school=OuterRef("pk")).for_summary()
    schools = _taught(member, week).annotate(is_told=Exists(contacts)).select_related("succeeded_by")
    found = list(schools.filter(Q(is_told=False) | Q(status=School.Status.CLOSED)).order_by("name"))
    yield from _not_told([school for school in found if not school.is_told])
    for school in [school for school in found if school.status == School.Status.CLOSED][:NAMED]:
        heir = f"Succeeded by {school.succeeded_by}. " if school.succeeded_by else ""
        text = f"{heir}Teachers are still allocated there."
        yield Task("warning", f"{school} has closed", text, school.get_absolute_url(), "Look at it")


def _not_told(schools: Sequence[School]) -> Iterator[Task]:
    if len(schools) == 1:
        url = reverse("contact_add", args=[schools[0].pk])
        yield Task("school", f"Nobody gets the summary of {schools[0]}", "It needs a contact.", url, "Add a contact")
    elif schools:
        title = f"{counted(len(schools), 'school has,schools have')} nobody who gets the summary"
        yield Task("school", title, _named(schools), schools[0].get_absolute_url(), "Look at it")


def _newcomers(member: Any, delivery: Delivery) -> Iterator[Task]:
    """Teachers who have not joined, or whose schools wait for pupils (H1, H2)."""
    empty: dict[int, list[str]] = {}
    for _, teacher_pk, _, school in delivery.not_set_up:
        empty.setdefault(teacher_pk, []).append(school)
    waiting = Q(pk__in=empty) | Q(joined_at=None)
    teachers = Member.objects.visible_to(member).teachers().filter(waiting, is_active=True)
    found = list(teachers.order_by("invited_at", "name"))
    for teacher in found[:NAMED]:
        schools = empty.get(teacher.pk, [])
        title = f"{teacher} {'has no pupils yet' if teacher.joined_at else 'has not joined yet'}"
        text = f"Nothing is set up at {_named(schools)}." if schools else _invited(teacher)
        yield Task("person", title, text, reverse("teacher", args=[teacher.pk]), "Look at it")
    if len(found) > NAMED:
        rest = len(found) - NAMED
        yield Task(
            "people",
            f"{counted(rest, 'more teacher')} to help in",
            "Not joined, or without pupils.",
            _list(),
            "See them",
        )


def _perhaps_one_child(member: Any) -> Iterator[Task]:
    """Two pupils of one school with one birthday and the same first name (P3)."""
    for one, other in perhaps_one_child(member):
        text = f"{one} and {other}, {one.school}, same birthday"
        url = reverse("pupil_compare", args=[one.pk])
        yield Task("people", "Two pupils may be one child", text, url, "Look at them")


def _groups_of_one(member: Any, week: Week) -> Iterator[Task]:
    """Groups in which one pupil is left: the office decides what becomes of them (P7)."""
    places = Place.objects.filter(holds_in(week), service=member.service).order_by().values("lesson")
    alone = places.annotate(many=Count("pk")).filter(many=1).values("lesson")
    groups = LessonShape.objects.filter(holds_in(week), service=member.service, kind__in=GROUPS, lesson__in=alone)
    lessons = Lesson.objects.visible_to(member).filter(holds_in(week), pk__in=groups.order_by().values("lesson"))
    lessons = lessons.filter(allocation__until_week__gte=week).order_by("pk")
    for lesson in lessons.select_related("allocation__teacher", "allocation__school")[:NAMED]:
        text = f"{lesson.allocation.school}, {lesson.allocation.teacher}. Shall it go on as it is?"
        url = reverse("teacher", args=[lesson.allocation.teacher_id])
        yield Task("person", f"One pupil is left in a {lesson.instrument.lower()} group", text, url, "Look at it")


def _idle(waiting: Waiting) -> Iterator[Task]:
    """Make-ups whose week is not owed any more (C5)."""
    if waiting.idle:
        title = f"{counted(waiting.idle, 'make-up makes,make-ups make')} up for nothing any more"
        yield Task("owed", title, "The mark that was owed was changed since.", reverse("owed"), "Look at it")


def _taught(member: Any, week: Week) -> Any:
    """Schools with a teacher this week or later."""
    to_come = Allocation.objects.filter(school=OuterRef("pk"), until_week__gte=week)
    return School.objects.visible_to(member).filter(Exists(to_come))


def _invited(teacher: Member) -> str:
    if teacher.invited_at is None:
        return "Not invited yet."
    days = (today() - teacher.invited_at.date()).days
    return "Invited today." if days < 1 else f"Invited {counted(days, 'day')} ago."


def _named(things: Iterable[Any]) -> str:
    """At most three by name: "A, B, C and 4 more"."""
    words = [str(thing) for thing in things]
    if len(words) > NAMED:
        return f"{', '.join(words[:NAMED])} and {len(words) - NAMED} more"
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def _list() -> str:
    return f"{reverse('teachers')}?state=waiting"
