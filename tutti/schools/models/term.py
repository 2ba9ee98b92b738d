"""A service's year: terms, teaching weeks and lesson weeks (W1 to W5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Count, F, Q, When

from tutti.core import history
from tutti.core.calendar import Day, TermDates, Week, WeekField, month_of, spread_lesson_weeks
from tutti.schools.models.own_dates import Dated, follow_own_dates
from tutti.schools.models.school import School


class YearQuerySet(models.QuerySet["AcademicYear"]):
    def visible_to(self, member: Any) -> YearQuerySet:
        return self.filter(service_id=member.service_id)

    def on(self, day: Day) -> AcademicYear | None:
        """The year of a day; in the summer holidays the one to come, if its dates are known, else the last."""
        return self.nearest(day).first()

    def nearest(self, day: Day) -> YearQuerySet:
        """Running or coming years first, the soonest of them foremost; then those that are over, the last foremost."""
        over_since = Case(When(last_day__lt=day, then="first_day"))
        return self.order_by(over_since.desc(nulls_first=True), "first_day")


class AcademicYear(models.Model):
    """An academic year of a service, such as 2026/27, from its first term's first day to its last term's last."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="years")
    name = models.CharField(max_length=20)
    first_day = models.DateField()
    last_day = models.DateField()

    objects = YearQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(fields=["service", "name"], name="year_name_once"),
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="year_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name

    def count_weeks(self) -> dict[str, int]:
        """How many teaching weeks it has, of them lesson weeks and spare weeks."""
        found = self.weeks.aggregate(all=Count("pk"), lesson=Count("lesson_number"))
        return {**found, "spare": found["all"] - found["lesson"]}

    @transaction.atomic
    def set_terms(self, by: Any, terms: Sequence[tuple[str, TermDates]], lessons: Sequence[int]) -> None:
        """Set the year's terms and number its weeks. `lessons`: how many lesson weeks each term has (12, 11, 10).

        A term whose number of lesson weeks stays the same keeps those that were marked; in any other they come first.
        Schools with dates of their own are closed where these leave a week empty (W4).
        Raises ValidationError where terms overlap each other or another year's, or a term has fewer weeks than lessons.
        """
        _refuse_overlap([dates for _, dates in terms])
        _refuse_other_years(self, terms[0][1].first_day, terms[-1][1].last_day)
        year = AcademicYear.objects.select_for_update().get(pk=self.pk)
        before = {term.name: term.spell() for term in year.terms.all()}
        kept = _place_terms(year, terms)
        _number_weeks(year, kept, lessons)
        self.first_day, self.last_day = terms[0][1].first_day, terms[-1][1].last_day
        self.save(update_fields=["first_day", "last_day"])
        follow_own_dates(self)
        after = {term.name: term.spell() for term in kept}
        history.record("set the terms", self, by, before=before, after=after)

    @transaction.atomic
    def mark_lesson_weeks(self, by: Any, wanted: Collection[Week]) -> None:
        """Say which teaching weeks are lesson weeks; the others are spare (W2)."""
        weeks = list(self.weeks.select_for_update())
        before = [str(week.monday) for week in weeks if week.lesson_number]
        _number_lessons(weeks, set(wanted), _recorded_weeks(self))
        TeachingWeek.objects.bulk_update(weeks, ["lesson_number"])
        after = [str(week.monday) for week in weeks if week.lesson_number]
        if before != after:
            history.record("marked the lesson weeks", self, by, before={"weeks": before}, after={"weeks": after})


class Term(Dated):
    """A term of the service."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    year = models.ForeignKey(AcademicYear, models.CASCADE, related_name="terms")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="term_name_once"),
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="term_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name


class WeekQuerySet(models.QuerySet["TeachingWeek"]):
    def visible_to(self, member: Any) -> WeekQuerySet:
        return self.filter(service_id=member.service_id)

    def lesson_weeks(self) -> WeekQuerySet:
        return self.exclude(lesson_number=None)

    def begun(self, today: Day) -> WeekQuerySet:
        return self.filter(monday__lte=Week.of(today))


class TeachingWeek(models.Model):
    """A week with at least one school day. `number` counts teaching weeks of the year; `lesson_number` is null for a
    spare week (W2). `month` is the first day of the month it belongs to (W3)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    year = models.ForeignKey(AcademicYear, models.CASCADE, related_name="weeks")
    term = models.ForeignKey(Term, models.CASCADE, related_name="weeks")
    monday = WeekField()
    number = models.PositiveSmallIntegerField()
    lesson_number = models.PositiveSmallIntegerField(null=True)
    month = models.DateField()

    objects = WeekQuerySet.as_manager()

    class Meta:
        ordering = ["monday"]
        constraints = [models.UniqueConstraint(fields=["service", "monday"], name="teaching_week_once")]
        indexes = [models.Index(fields=["service", "month"])]

    def __str__(self) -> str:
        return str(self.monday)

    @property
    def week(self) -> Week:
        return self.monday  # type: ignore[return-value]


def _place_terms(year: AcademicYear, terms: Sequence[tuple[str, TermDates]]) -> list[Term]:
    """Write the terms by name."""
    kept = []
    for name, dates in terms:
        half_from, half_until = dates.half_term or (None, None)
        fields: dict[str, Any] = {"first_day": dates.first_day, "last_day": dates.last_day}
        fields |= {"half_term_from": half_from, "half_term_until": half_until}
        term, _ = Term.objects.update_or_create(
            year=year, name=name, defaults=fields, create_defaults={**fields, "service_id": year.service_id}
        )
        kept.append(term)
    return kept


def _refuse_overlap(dates: Sequence[TermDates]) -> None:
    for earlier, later in pairwise(dates):
        if later.first_day <= earlier.last_day:
            raise ValidationError("A term must begin after the one before it has ended.")


def _refuse_other_years(year: AcademicYear, first_day: Day, last_day: Day) -> None:
    """A week belongs to one year only."""
    others = AcademicYear.objects.filter(service_id=year.service_id).exclude(pk=year.pk)
    other = others.filter(first_day__lte=Week.of(last_day).sunday, last_day__gte=Week.of(first_day).monday).first()
    if other:
        raise ValidationError(f"These dates reach into the academic year {other.name}.")


def _number_weeks(year: AcademicYear, terms: Sequence[Term], lessons: Sequence[int]) -> None:
    """Lay out the teaching weeks of the terms and write those that changed; a week that two share is the first's."""
    known = {row.week: row for row in year.weeks.select_for_update()}
    rows: list[TeachingWeek] = []
    wanted: set[Week] = set()
    for term, lessons_of_term in zip(terms, lessons, strict=True):
        weeks = [week for week in term.dates.weeks if not rows or week > rows[-1].week]
        begins = term.dates.first_school_day
        wanted |= _lesson_weeks(term, weeks, lessons_of_term, known)
        for week in weeks:
            row = known.pop(week, None) or _new_week(year, week)
            row.term, row.month, row.number = term, month_of(week, begins), len(rows) + 1
            rows.append(row)
    recorded = _recorded_weeks(year)
    if lost := sorted(recorded & known.keys()):
        raise ValidationError(f"Registers are recorded in the week commencing {_day(lost[0])}: it must stay in a term.")
    _number_lessons(rows, wanted, recorded)
    TeachingWeek.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    old = [row for row in rows if row.pk is not None]
    TeachingWeek.objects.bulk_update(old, ["term", "month", "number", "lesson_number"])
    TeachingWeek.objects.bulk_create([row for row in rows if row.pk is None])
    year.terms.exclude(pk__in=[term.pk for term in terms]).delete()


def _new_week(year: AcademicYear, week: Week) -> TeachingWeek:
    return TeachingWeek(service_id=year.service_id, year=year, monday=week)  # type: ignore[misc]


def _lesson_weeks(term: Term, weeks: Sequence[Week], number: int, known: Mapping[Week, TeachingWeek]) -> set[Week]:
    """As many lesson weeks as asked for: those that were marked if their number fits, else the first of the term."""
    if number > len(weeks):
        raise ValidationError(f"{term.name} has {len(weeks)} teaching weeks, so it cannot have {number} lesson weeks.")
    marked = {week for week in weeks if week in known and known[week].lesson_number}
    return marked if len(marked) == number else spread_lesson_weeks(weeks, number)


def _number_lessons(rows: Sequence[TeachingWeek], wanted: Collection[Week], recorded: Collection[Week]) -> None:
    """Number the lesson weeks. ValidationError if a recorded week would get another number: what was due in it, every
    second week, follows from that (P6, P7)."""
    number = 0
    for row in rows:
        number += row.monday in wanted
        renumbered = number if row.monday in wanted else None
        if row.lesson_number != renumbered and row.week in recorded:
            raise ValidationError(f"Lessons are recorded up to {_day(max(recorded))}: only later weeks can change.")
        row.lesson_number = renumbered


def _recorded_weeks(year: AcademicYear) -> set[Week]:
    """The weeks of the year in which registers are confirmed."""
    registers = School.objects.filter(service_id=year.service_id, allocations__registers__confirmed_by__isnull=False)
    weeks = registers.order_by().values_list("allocations__registers__week", flat=True).distinct()
    return {week for week in weeks if year.first_day <= week.sunday and week.monday <= year.last_day}


def _day(week: Week) -> str:
    return f"{week.monday.day} {week.monday:%B}"


@transaction.atomic
def add_year(service: Any, by: Any, terms: Sequence[tuple[str, TermDates]], lessons: Sequence[int]) -> AcademicYear:
    """Add an academic year with its terms; its name follows from them. ValidationError as in `set_terms`."""
    first_day, last_day = terms[0][1].first_day, terms[-1][1].last_day
    name = year_name(first_day, last_day)
    if last_day <= first_day:
        raise ValidationError("A year must end after it begins.")
    if AcademicYear.objects.filter(service=service, name=name).exists():
        raise ValidationError(f"The academic year {name} is there already.")
    year = AcademicYear.objects.create(service=service, name=name, first_day=first_day, last_day=last_day)
    year.set_terms(by, terms, lessons)
    return year


def year_name(first_day: Day, last_day: Day) -> str:
    """What people call an academic year: 2026/27, also when only its terms in 2027 are known."""
    start = first_day.year if last_day.year > first_day.year else first_day.year - 1
    return f"{start}/{(start + 1) % 100:02}"
