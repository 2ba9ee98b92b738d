"""A school's own term dates where they differ from the service's, and the weeks that they leave empty (W4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from tutti.core import history
from tutti.core.calendar import TermDates, Week, spell_weeks
from tutti.schools.models.closure import Closure
from tutti.schools.models.school import School

HOLIDAYS = "The school’s own holidays"


class Dated(models.Model):
    """First and last school day of a term and its half term, both ends included."""

    first_day = models.DateField()
    last_day = models.DateField()
    half_term_from = models.DateField(null=True, blank=True)
    half_term_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def dates(self) -> TermDates:
        halves = (self.half_term_from, self.half_term_until)
        return TermDates(self.first_day, self.last_day, halves if all(halves) else None)  # type: ignore[arg-type]

    def spell(self) -> str:
        return f"{self.first_day} to {self.last_day}, half term {self.half_term_from} to {self.half_term_until}"


class OwnDatesQuerySet(models.QuerySet["OwnDates"]):
    def visible_to(self, member: Any) -> OwnDatesQuerySet:
        return self.filter(school__in=School.objects.visible_to(member))

    def of_year(self, year: Any) -> OwnDatesQuerySet:
        """Those of an academic year; none for no year."""
        return self.filter(term__year=year) if year else self.none()


class OwnDates(Dated):
    """A term as one school keeps it. A term without a row is the service's, whatever becomes of that."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, related_name="own_dates")
    term = models.ForeignKey("schools.Term", models.CASCADE, related_name="own_dates")

    objects = OwnDatesQuerySet.as_manager()

    class Meta:
        ordering = ["term__first_day"]
        constraints = [
            models.UniqueConstraint(fields=["school", "term"], name="own_dates_once"),
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="own_dates_end_after_they_begin"),
        ]

    def __str__(self) -> str:
        return f"{self.term} at {self.school}"

    @property
    def words(self) -> str:
        """Its days as the history tells them: 4 January 2027 to 25 March 2027."""
        half = f", half term {_day(self.half_term_from)} to {_day(self.half_term_until)}" if self.half_term_from else ""
        return f"{_day(self.first_day)} to {_day(self.last_day)}{half}"


class SchoolYear:
    """A year as one school keeps it, beside the service's. Five queries."""

    def __init__(self, school: School, year: Any) -> None:
        self.school, self.year = school, year
        self.terms = list(year.terms.all())
        self.own = {row.term_id: row for row in OwnDates.objects.of_year(year).filter(school=school)}
        self.mondays: list[Week] = list(year.weeks.values_list("monday", flat=True))
        closures = school.closures.of_year(year)  # type: ignore[attr-defined]
        self.closed = {row.week: row.is_said for row in closures}
        self.recorded = {row[2] for row in School.objects.filter(pk=school.pk).recorded_in(self.mondays)}

    @property
    def has_own(self) -> bool:
        return bool(self.own)

    @property
    def taught(self) -> set[Week]:
        """The weeks with a school day by its own dates."""
        return {week for term in self.terms for week in self.own.get(term.pk, term).dates.weeks}

    @property
    def empty(self) -> list[Week]:
        """The service's teaching weeks without a school day here."""
        taught = self.taught
        return [week for week in self.mondays if week not in taught]

    @property
    def kept(self) -> list[Week]:
        """Of these the ones that stay open: registers are confirmed in them."""
        return [week for week in self.empty if week in self.recorded and week not in self.closed]

    @property
    def only_here(self) -> list[Week]:
        """Weeks in which this school is open and the service has no teaching week."""
        return sorted(self.taught - set(self.mondays))

    @property
    def closed_words(self) -> str:
        """The weeks that are closed by its own dates, as people write them."""
        return spell_weeks(week for week, is_said in self.closed.items() if not is_said)

    @property
    def kept_words(self) -> str:
        return spell_weeks(self.kept)

    @property
    def only_here_words(self) -> str:
        return spell_weeks(self.only_here)


@transaction.atomic
def set_own_dates(school: School, year: Any, by: Any, dates: Mapping[Any, TermDates]) -> bool:
    """Say how the school keeps the year's terms; `dates` by term. Those that are the service's, or not named, are
    cleared. Weeks that become empty are closed there, others open again (W4). False if nothing differed."""
    type(year).objects.select_for_update().get(pk=year.pk)
    before = _spell(school, year)
    own = {term: days for term, days in dates.items() if days != term.dates}
    OwnDates.objects.of_year(year).filter(school=school).exclude(term__in=own).delete()
    OwnDates.objects.bulk_create(
        [_row(school, term, days) for term, days in own.items()],
        update_conflicts=True,
        unique_fields=["school", "term"],
        update_fields=["first_day", "last_day", "half_term_from", "half_term_until"],
    )
    follow_own_dates(year, school)
    after = _spell(school, year)
    if before != after:
        history.record("set the school’s own dates", school, by, before=before, after=after)
    return before != after


def follow_own_dates(year: Any, school: School | None = None) -> None:
    """Close each school with dates of its own (or this one) in the weeks these leave empty, and in no others.

    A week in which a register is confirmed is not closed by this, and what the office said stays. Seven queries,
    however many schools there are. Call it in a transaction, when terms, own dates or closures have changed.
    """
    only = {"school": school} if school else {"service_id": year.service_id}
    closures = list(Closure.objects.of_year(year).filter(**only))
    rows = OwnDates.objects.of_year(year).filter(**only)
    own = {(row.school_id, row.term_id): row for row in rows}
    empty = _empty_weeks(year, own)
    recorded = School.objects.filter(pk__in={pk for pk, _ in empty}).recorded_in({week for _, week in empty})
    taken = {(row.school_id, row.week) for row in closures} | {(pk, week) for pk, _, week, _ in recorded}
    stale = [row.pk for row in closures if not row.is_said and (row.school_id, row.week) not in empty]
    Closure.objects.filter(pk__in=stale).delete()
    kind = Closure.Kind.OWN_DATES
    Closure.objects.bulk_create(
        [
            Closure(service_id=year.service_id, school_id=pk, week=week, why=HOLIDAYS, kind=kind)
            for pk, week in sorted(empty - taken)
        ],
        batch_size=500,
    )


def _empty_weeks(year: Any, own: Mapping[tuple[int, int], OwnDates]) -> set[tuple[int, Week]]:
    """School and week, for the year's teaching weeks in which a school with dates of its own has no school day."""
    terms = list(year.terms.all())
    mondays = set(year.weeks.values_list("monday", flat=True))
    found = set()
    for pk in {school for school, _ in own}:
        taught = {week for term in terms for week in own.get((pk, term.pk), term).dates.weeks}
        found |= {(pk, week) for week in mondays - taught}
    return found


def _row(school: School, term: Any, dates: TermDates) -> OwnDates:
    half_from, half_until = dates.half_term or (None, None)
    return OwnDates(
        service_id=school.service_id,
        school=school,
        term=term,
        first_day=dates.first_day,
        last_day=dates.last_day,
        half_term_from=half_from,
        half_term_until=half_until,
    )


def _spell(school: School, year: Any) -> dict[str, str]:
    """The school's own dates and the weeks it is closed by them, as the history keeps them."""
    rows: Iterable[OwnDates] = OwnDates.objects.of_year(year).filter(school=school).select_related("term")
    own = school.closures.of_year(year).filter(kind=Closure.Kind.OWN_DATES)  # type: ignore[attr-defined]
    closed = spell_weeks(own.values_list("week", flat=True))
    return {**{row.term.name: row.words for row in rows}, **({"closed": closed} if closed else {})}


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"
