"""The monthly summary: all teaching of a school in a month, as it was told to the school (H8, S1 to S4)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

from tutti.core import history, runs
from tutti.core.calendar import Day, Week, first_of_month, today
from tutti.core.letters import Letter
from tutti.core.runs import Run
from tutti.schools.models import School, TeachingWeek
from tutti.schools.models.school import SchoolQuerySet
from tutti.teaching import letters
from tutti.teaching.models.figures import Change, Figures, as_written_now
from tutti.teaching.models.last_told import corrections_of
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.month import figures_from
from tutti.teaching.models.questions_told import questions_told
from tutti.teaching.models.summary_corrections import count_corrections
from tutti.teaching.models.summary_link import SummaryLink
from tutti.teaching.models.summary_words import Told, plain, sentence, tell, tell_corrections, year_sentence
from tutti.teaching.models.tuition import Tuition

RUN = "summaries"


class Kind(models.TextChoices):
    """A month; or after the year's last month what was corrected since, and nothing else (S3)."""

    MONTH = "month", "Monthly summary"
    CORRECTIONS = "corrections", "Corrections"


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, member: Any) -> SummaryQuerySet:
        return self.filter(service_id=member.service_id)

    def monthly(self) -> SummaryQuerySet:
        """Those of a month, without those of corrections alone."""
        return self.filter(kind=Kind.MONTH)


class Summary(models.Model):
    """What a school was told of a month. `month` is its first day; `figures` never change once written (S3).

    Their shape is `teaching.models.figures.Figures`; an older one is read as if it were the newest. One of corrections
    stands under the year's last month. `corrections` says how many corrections to earlier months it tells.
    """

    Kind = Kind

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="summaries")
    month = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.MONTH)
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    corrections = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["school", "month", "kind"], name="summary_once_a_month")]
        indexes = [models.Index(fields=["service", "kind", "month"])]

    def __str__(self) -> str:
        return f"{self.school}, {self.title}"

    @property
    def is_of_year(self) -> bool:
        return self.kind == Kind.CORRECTIONS

    @property
    def title(self) -> str:
        """What it is of: "October 2026", "Corrections 2026/27"."""
        return f"Corrections {year_words(self.month)}" if self.is_of_year else f"{self.month:%B %Y}"

    @property
    def file_name(self) -> str:
        """What its files are called, without ending; nobody's name is in it."""
        what = "music-lessons-corrections" if self.is_of_year else "music-lessons"
        return f"{what}-{self.month:%Y-%m}-{self.school_id}"

    @property
    def said(self) -> Figures:
        """Its figures in the shape of the newest version."""
        return as_written_now(self.figures)

    def told(self) -> Told:
        """The whole summary in words."""
        return tell_corrections(self.said, year_words(self.month)) if self.is_of_year else tell(self.said, self.month)

    @property
    def in_a_sentence(self) -> str:
        if self.is_of_year:
            return plain(year_sentence(self.corrections, year_words(self.month)))
        return plain(sentence(self.said["totals"], self.month, self.corrections))

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
        return f"{self.month:%Y-%m}:{self.school_id}" + (":corrections" if self.is_of_year else "")


def year_words(month: Day) -> str:
    """The academic year that a month ends or lies in: "2026/27"."""
    first = month.year if month.month >= 9 else month.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def draft_of(school: Any, month: Day, *, is_for_letter: bool = False) -> Summary:
    """The month as it would be told today: to be looked at, never kept. A letter says nothing of questions."""
    figures = _figures_of(school, month)
    told = figures if is_for_letter else _with_questions(figures, school, month)
    return Summary(school=school, month=month, **fields_of(school, told))


def make_summary(school: Any, month: Day) -> Summary:
    """The school's summary of the month: the one that was made before, or now from what is confirmed by now (S2).

    ValidationError before the month is over: its figures stay as they are told (S3).
    """
    known = Summary.objects.monthly().filter(school=school, month=month).first()
    if known:
        return known
    ask_if_over(month, "Its summary can be made")
    fields = fields_of(school, _with_questions(_figures_of(school, month), school, month))
    return Summary.objects.get_or_create(school=school, month=month, kind=Kind.MONTH, defaults=fields)[0]


def fields_of(school: Any, figures: Figures) -> dict[str, Any]:
    many = count_corrections(figures["corrections"])
    return {"service_id": school.service_id, "figures": figures, "corrections": many}


def _figures_of(school: Any, month: Day) -> Figures:
    tuition = Tuition(school, month, today())
    return figures_from(tuition, told_anew(tuition, [one for one in months_of(tuition) if one < month]))


def _with_questions(figures: Figures, school: Any, month: Day) -> Figures:
    """With what the school asked (S5)."""
    return {**figures, "questions": questions_told(school, month)}


def months_of(tuition: Tuition) -> list[Day]:
    return sorted({week.month for week in tuition.weeks})


def told_anew(tuition: Tuition, months: list[Day]) -> list[Change]:
    """The corrections to these months, from the first of which the service told its schools (S3). Two queries."""
    if not months:
        return []
    school = tuition.school
    sent = Summary.objects.monthly().filter(service=school.service_id, month__range=(months[0], months[-1]))
    first = sent.aggregate(first=Min("month"))["first"]
    if first is None:
        return []
    told = Summary.objects.filter(school=school, month__range=(months[0], months[-1])).order_by("made_at", "pk")
    return corrections_of(tuition, told, [month for month in months if month >= first])


def told_of(school: Any, week: Week) -> Summary | None:
    """The summary in which a school was told of a week, if it was."""
    month = TeachingWeek.objects.filter(service_id=school.service_id, monday=week).values("month")
    return Summary.objects.monthly().filter(school=school, month__in=month).defer("figures").first()


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
    ask_if_over(month, "Its summaries can be sent")
    return runs.start(service, RUN, f"{month:%B} summaries", by=by, slot=f"{month:%Y-%m}", month=str(month))


def ask_if_over(month: Day, what: str) -> None:
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
    return send_once(make_summary(school, month), school)


def send_once(made: Summary, school: School) -> str | None:
    summary = Summary.objects.select_for_update().get(pk=made.pk)
    summary.school = school
    if not school.contacts.for_summary().exists():
        return f"{school.name} has nobody to write to: print and post it."
    summary.send()
    return None
