"""The monthly summary: all teaching of a school in a month, as it was told to the school (H8, S1 to S4)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tutti.core import history, runs
from tutti.core.calendar import Day, first_of_month, today
from tutti.core.letters import Letter
from tutti.core.runs import Run
from tutti.schools.models import School, TeachingWeek
from tutti.schools.models.school import SchoolQuerySet
from tutti.teaching import letters
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.month import figures_of
from tutti.teaching.models.summary_link import SummaryLink
from tutti.teaching.models.summary_words import Told, plain, sentence, tell

RUN = "summaries"


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, member: Any) -> SummaryQuerySet:
        return self.filter(service_id=member.service_id)


class Summary(models.Model):
    """What a school was told of a month. `month` is its first day; `figures` never change once written (S3).

    Their shape is `teaching.models.figures.Figures`.
    """

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="summaries")
    month = models.DateField()
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(default=timezone.now)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["school", "month"], name="summary_once_a_month")]

    def __str__(self) -> str:
        return f"{self.school}, {self.month:%B %Y}"

    @property
    def file_name(self) -> str:
        """What its files are called, without ending; nobody's name is in it."""
        return f"music-lessons-{self.month:%Y-%m}-{self.school_id}"

    def told(self) -> Told:
        """The whole summary in words."""
        return tell(self.figures, self.month)

    @property
    def in_a_sentence(self) -> str:
        return plain(sentence(self.figures["totals"], self.month))

    def send(self, by: Any = None) -> int:
        """Write to every contact who gets summaries, once (S4, L1). Returns how many letters were written now."""
        contacts = self.school.contacts.for_summary()
        return sum(self.send_to(contact, by, slot=f"{self._slot}:{contact.pk}") is not None for contact in contacts)

    @transaction.atomic
    def send_to(self, contact: Any, by: Any = None, *, slot: str = "") -> Letter | None:
        """Write to one contact, with a new link. None if this slot's letter was written before."""
        if slot and Letter.objects.filter(service_id=self.service_id, kind=letters.SUMMARY, slot=slot).exists():
            return None
        link = SummaryLink.make(self, contact)
        letter = letters.summary_of_month(self, link, slot)
        history.record("sent the summary", self, by, after={"to": contact.email})
        return letter

    def send_again(self, contact: Any, by: Any) -> Letter | None:
        """Send one contact another link, as the office was asked to. A form sent twice is one letter."""
        before = self.links.filter(contact=contact).count()
        return self.send_to(contact, by, slot=f"{self._slot}:{contact.pk}:again:{before}")

    @property
    def _slot(self) -> str:
        return f"{self.month:%Y-%m}:{self.school_id}"


def draft_of(school: Any, month: Day) -> Summary:
    """The month as it would be told today: to be looked at, never kept."""
    return Summary(service_id=school.service_id, school=school, month=month, figures=figures_of(school, month, today()))


def make_summary(school: Any, month: Day) -> Summary:
    """The school's summary of the month: the one that was made before, or now from what is confirmed by now (S2).

    ValidationError before the month is over: its figures stay as they are told (S3).
    """
    known = Summary.objects.filter(school=school, month=month).first()
    if known:
        return known
    _ask_if_over(month, "Its summary can be made")
    fields = {"service_id": school.service_id, "figures": figures_of(school, month, today())}
    return Summary.objects.get_or_create(school=school, month=month, defaults=fields)[0]


def schools_taught(service: Any, month: Day) -> SchoolQuerySet:
    """The schools that have lessons in a month, open or closed since (S4)."""
    weeks = TeachingWeek.objects.filter(service_id=service.pk, month=month).values_list("monday", flat=True)
    mondays = sorted(weeks)
    if not mondays:
        return School.objects.none()
    lessons = Lesson.objects.filter(
        Q(until_week=None) | Q(until_week__gte=mondays[0]),
        allocation__school=OuterRef("pk"),
        allocation__from_week__lte=mondays[-1],
        allocation__until_week__gte=mondays[0],
        from_week__lte=mondays[-1],
    )
    return School.objects.filter(Exists(lessons), service=service).select_related("office", "service")


def start_sending(service: Any, month: Day, by: Any = None) -> Run:
    """Send a month's summaries to all its schools, in the background (H8, B6). ValidationError before it is over."""
    _ask_if_over(month, "Its summaries can be sent")
    return runs.start(service, RUN, f"{month:%B} summaries", by=by, slot=f"{month:%Y-%m}", month=str(month))


def _ask_if_over(month: Day, what: str) -> None:
    if month >= first_of_month(today()):
        raise ValidationError(f"{month:%B} is not over yet. {what} in the month after it.")


def was_started(service: Any, month: Day) -> bool:
    return Run.objects.filter(service=service, kind=RUN, slot=f"{month:%Y-%m}").exists()


@runs.kind(RUN)
def _send_month(run: Run) -> Iterator[runs.Step]:
    month = Day.fromisoformat(run.order["month"])
    for school_pk in schools_taught(run.service, month).order_by("name", "pk").values_list("pk", flat=True):
        yield partial(_send_school, school_pk, month)


def _send_school(school_pk: int, month: Day) -> str | None:
    """One school: its summary is made and every contact written to, each once however often this is repeated."""
    school = School.objects.select_related("office", "service").get(pk=school_pk)
    made = make_summary(school, month)
    summary = Summary.objects.select_for_update().get(pk=made.pk)
    summary.school = school
    if not school.contacts.for_summary().exists():
        return f"{school.name} has nobody to write to: print and post it."
    summary.send()
    return None
