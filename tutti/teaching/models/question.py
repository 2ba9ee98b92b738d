"""A question to the area office: about a line of a month, or anything else; answered, closed and kept (S5, H16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.people.models import Member
from tutti.people.roles import Permission
from tutti.schools.models import Contact
from tutti.teaching import letters
from tutti.teaching.models.summary_link import SummaryLink
from tutti.teaching.models.told_line import ToldLine

MOST_AN_HOUR = 20  # from one contact: a person does not write more, a program would
LONGEST_TEXT = 4000


class State(models.TextChoices):
    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, member: Any) -> QuestionQuerySet:
        """All for those who answer; a teacher's own, and those about their lessons."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.ANSWER_QUESTIONS):
            return own
        return own.filter(Q(asked_by=member) | Q(lesson__allocation__teacher=member))

    def answerable_by(self, member: Any) -> QuestionQuerySet:
        """All for the office; for a teacher those about a line of their own lessons."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.ANSWER_QUESTIONS):
            return own
        about_own = own.filter(lesson__allocation__teacher=member)
        return about_own if member.may(Permission.RECORD_REGISTERS) else own.none()

    def waiting_for(self, member: Any) -> QuestionQuerySet:
        """Open ones that the member may answer, the oldest first, with all that a list shows."""
        return self.answerable_by(member).filter(state=State.OPEN).for_list().order_by("asked_at", "pk")

    def by_schools(self) -> QuestionQuerySet:
        return self.filter(asked_by=None)

    def for_list(self) -> QuestionQuerySet:
        return self.select_related("school", "office", "pupil", "asked_by", "lesson__allocation__teacher")

    def with_replies(self) -> QuestionQuerySet:
        return self.prefetch_related("replies")

    def open_first(self) -> QuestionQuerySet:
        """Open, answered, closed; within each the newest first."""
        rank = models.Case(models.When(state=State.OPEN, then=0), models.When(state=State.ANSWERED, then=1), default=2)
        return self.order_by(rank, "-asked_at", "-pk")


class Question(models.Model):
    """Somebody asks: a school's contact from its private page, or a teacher (`asked_by`).

    `line` is the line in question as it was told, without the pupil's name. `once` is the token of the form.
    """

    State = State

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="questions")
    office = models.ForeignKey("people.Office", models.SET_NULL, null=True, related_name="+")
    summary = models.ForeignKey("teaching.Summary", models.SET_NULL, null=True, related_name="questions")
    contact = models.ForeignKey("schools.Contact", models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    lesson = models.ForeignKey("teaching.Lesson", models.SET_NULL, null=True, related_name="+")
    pupil = models.ForeignKey("teaching.Pupil", models.PROTECT, null=True, related_name="questions")
    week = WeekField(null=True)
    line = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField(default=timezone.now)
    once = models.UUIDField(null=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "once"], name="question_once_a_contact"),
            models.UniqueConstraint(fields=["asked_by", "once"], name="question_once_a_member"),
            models.CheckConstraint(
                condition=Q(asked_by=None) | Q(summary=None, contact=None), name="question_by_school_or_teacher"
            ),
        ]
        indexes = [models.Index(fields=["service", "state", "asked_at"])]

    class Personal:
        """Fields with people in them, and those that may stay when somebody is erased."""

        personal = ["name", "line", "text"]
        stays = ["id", "service", "school", "office", "summary", "contact", "asked_by", "lesson", "pupil", "week"]
        stays += ["state", "asked_at", "once"]

    def __str__(self) -> str:
        return f"Question of {timezone.localtime(self.asked_at):%Y-%m-%d %H:%M}"

    @property
    def about(self) -> str:
        """The line and the week that it is about, as people read it; empty for a question about nothing in it."""
        line = f"{self.pupil.name}, {self.line}" if self.pupil else self.line
        monday = self.week.monday if self.week else None  # type: ignore[attr-defined]
        week = f"Week commencing {monday.day} {monday:%B %Y}" if monday else ""
        return ". ".join(part for part in (line, week) if part)

    @property
    def registers(self) -> list[Week]:
        """The weeks whose registers it is about: the one that was named, else all of the lesson's in the month."""
        if self.lesson is None:
            return []
        named = [self.week] if self.week else []
        month = [Week.parse(row["monday"]) for row in self.summary.figures["weeks"]] if self.summary else []
        held = self.lesson.allocation
        return [week for week in named or month if held.from_week <= week <= held.until_week]  # type: ignore[operator, misc]

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED

    @property
    def reader(self) -> Any:
        """Who is written to when it is answered; None where nobody there gets letters any more."""
        if self.asked_by:
            return self.asked_by if self.asked_by.is_active else None
        return self.contact if self.contact and self.contact.gets_summary and self.summary else None

    @transaction.atomic
    def answer(self, by: Any, text: str, once: UUID | None = None) -> QuestionReply:
        """Answer it and write to who asked (S5). Sent twice it is one answer and one letter."""
        reply, is_new = self._say(text, once, by=by, name=by.name)
        if is_new:
            self._turn(State.ANSWERED, "answered the question", by, always=True)
            letters.question_answered(self, f"answer:{reply.pk}", self._way_back())
        return reply

    @transaction.atomic
    def write_again(self, text: str, *, once: UUID | None = None, by: Any = None) -> QuestionReply:
        """Who asked is not done with it: it is open again. `by` is the teacher, None for the school.

        ValidationError after twenty within an hour from one contact.
        """
        if not self._known(once):
            _refuse_too_many(self.contact)
        reply, is_new = self._say(text, once, by=by, name=self.name)
        if is_new:
            self._turn(State.OPEN, "wrote again", by, always=True)
            letters.question_came(self, f"again:{reply.pk}")
        return reply

    @transaction.atomic
    def close(self, by: Any) -> bool:
        """Nothing is left to say. False if it was closed."""
        return self._turn(State.CLOSED, "closed the question", by)

    @transaction.atomic
    def open_again(self, by: Any) -> bool:
        """Undo closing: as it was before, answered or open."""
        self.refresh_from_db(fields=["state"])
        if not self.is_closed:
            return False
        answered = self.replies.exclude(by=None).exists()  # type: ignore[attr-defined]
        return self._turn(State.ANSWERED if answered else State.OPEN, "opened the question again", by)

    def _say(self, text: str, once: UUID | None, **who: Any) -> tuple[QuestionReply, bool]:
        if known := self._known(once):
            return known, False
        fields = {"service_id": self.service_id, "text": text.strip(), "once": once, **who}
        return QuestionReply.objects.create(question=self, **fields), True

    def _known(self, once: UUID | None) -> QuestionReply | None:
        """What this form said already; whoever else writes waits until this is done."""
        Question.objects.select_for_update().get(pk=self.pk)
        return self.replies.filter(once=once).first() if once else None  # type: ignore[attr-defined, no-any-return]

    def _turn(self, state: str, verb: str, by: Any, *, always: bool = False) -> bool:
        """Set the state, with history: `always`, or only if it was another. What others did meanwhile is seen."""
        self.state = Question.objects.select_for_update().get(pk=self.pk).state
        changed = history.change(self, verb, by, state=str(state))
        if always and not changed:
            history.record(verb, self, by)
        return changed

    def _way_back(self) -> str:
        """A new private link for the contact who asked; nothing for a teacher, who signs in."""
        return SummaryLink.make(self.summary, self.contact).secret if self.reader and not self.asked_by else ""


class QuestionReply(models.Model):
    """One more word in a question: an answer, or who asked once more (`by` is then that teacher, or None)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, models.CASCADE, related_name="replies")
    by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    once = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["question", "once"], name="reply_once")]

    class Personal:
        """Fields with people in them, and those that may stay."""

        personal = ["name", "text"]
        stays = ["id", "service", "question", "by", "at", "once"]


@transaction.atomic
def ask_by_link(
    link: Any, text: str, *, line: ToldLine | None = None, week: Week | None = None, once: UUID | None = None
) -> Question:
    """A school asks from its private page, and its area office gets a letter (S5, H16). Sent twice it is one question.

    ValidationError after twenty within an hour.
    """
    Contact.objects.select_for_update().get(pk=link.contact_id)
    known = Question.objects.filter(contact=link.contact, once=once).first() if once else None
    if known:
        return known
    _refuse_too_many(link.contact)
    summary = link.summary
    about = {"line": line.words, "pupil_id": line.pupil_pk, "lesson": line.lesson_in(summary)} if line else {}
    who = {"contact": link.contact, "name": link.contact.name, "summary": summary}
    return _ask(summary.service_id, summary.school, summary.school.office, text, once, **who, **about, week=week)


@transaction.atomic
def ask_by_teacher(by: Any, text: str, *, school: Any = None, once: UUID | None = None) -> Question:
    """A teacher asks, or raises a concern about a school, at its area office or at their own (H16)."""
    Member.objects.select_for_update().get(pk=by.pk)
    known = Question.objects.filter(asked_by=by, once=once).first() if once else None
    if known:
        return known
    return _ask(by.service_id, school, (school or by).office, text, once, by=by, asked_by=by, name=by.name)


def _ask(
    service_id: int, school: Any, office: Any, text: str, once: UUID | None, by: Any = None, **fields: Any
) -> Question:
    question = Question.objects.create(
        service_id=service_id, school=school, office=office, text=text.strip(), once=once, **fields
    )
    history.record("asked", question, by, after={"who": question.name})
    letters.question_came(question, f"question:{question.pk}")
    return question


def _refuse_too_many(contact: Any) -> None:
    """ValidationError when a contact has written twenty times within the hour; writers wait for each other."""
    if contact is None:
        return
    Contact.objects.select_for_update().get(pk=contact.pk)
    hour_ago = timezone.now() - timedelta(hours=1)
    asked = Question.objects.filter(contact=contact, asked_at__gt=hour_ago).count()
    again = QuestionReply.objects.filter(question__contact=contact, by=None, at__gt=hour_ago).count()
    if asked + again >= MOST_AN_HOUR:
        raise ValidationError("That is a lot of questions within an hour. Please telephone your area office.")
