"""A closing: what the office says at once about some schools and weeks, and takes back as one (W4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, Count, F, Min, When

from tutti.core import history
from tutti.core.calendar import Week, spell_weeks
from tutti.schools.models.closure import Closure, ClosureQuerySet
from tutti.schools.models.own_dates import follow_own_dates
from tutti.schools.models.school import School, SchoolQuerySet
from tutti.schools.models.term import AcademicYear

OVER_SHOWN = 40


@dataclass(slots=True)
class Closing:
    """Closures that were said together. `pk` is that of one of them; `schools` how many are closed in its weeks."""

    pk: int
    title: str
    why: str
    is_of_many: bool
    schools: int = 0
    weeks: list[Week] = field(default_factory=list)

    @property
    def words(self) -> str:
        return spell_weeks(self.weeks)

    @property
    def is_over(self) -> bool:
        return self.weeks[-1] < Week.current()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A school with confirmed registers in weeks that are to be closed: these stay as they are."""

    school: str
    weeks: list[Week]
    teachers: list[str]

    @property
    def words(self) -> str:
        return spell_weeks(self.weeks)


def read_closings(closures: ClosureQuerySet) -> list[Closing]:
    """What the office said, as it said it, the first week first. One query, however many schools there are."""
    alone = Case(When(batch=None, then=F("pk")))
    rows = closures.said().order_by("week").values("week", "batch", "scope", alone=alone)
    rows = rows.annotate(one=Min("pk"), many=Count("pk"), name=Min("school__name"), reason=Min("why"))
    found: dict[Any, Closing] = {}
    for row in rows:
        title = row["scope"] or row["name"]
        closing = found.setdefault(
            row["batch"] or row["alone"], Closing(row["one"], title, row["reason"], bool(row["scope"]))
        )
        closing.weeks.append(row["week"])
        closing.schools = max(closing.schools, row["many"])
    return list(found.values())


def split_over(closings: Iterable[Closing]) -> dict[str, list[Closing]]:
    """Those `to_come`, the running ones among them, and the last of those that are `over`."""
    rows = list(closings)
    return {
        "to_come": [row for row in rows if not row.is_over],
        "over": [row for row in reversed(rows) if row.is_over][:OVER_SHOWN],
    }


@transaction.atomic
def close_schools(
    year: AcademicYear, by: Any, schools: SchoolQuerySet, weeks: Collection[Week], why: str, scope: str = ""
) -> int:
    """Say that these schools are closed in these weeks of a year. Returns how many were not closed then already.

    It holds for the schools of today: one that is added to the area later is open until somebody says otherwise. A week
    that was said before stays as it was said; one that followed from a school's own dates is now said.
    """
    AcademicYear.objects.select_for_update().get(pk=year.pk)  # the same said twice at once is said once
    known = set(Closure.objects.said().filter(school__in=schools, week__in=weeks).values_list("school", "week"))
    made: dict[School, list[Week]] = {}
    for school in schools.only("pk", "service_id"):
        if new := [week for week in sorted(weeks) if (school.pk, week) not in known]:
            made[school] = new
    batch, to_say = uuid4(), {"kind": Closure.Kind.SAID, "why": why, "scope": scope}
    rows = [
        Closure(service_id=school.service_id, school=school, week=week, batch=batch, **to_say)
        for school, new in made.items()
        for week in new
    ]
    Closure.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["school", "week"],
        update_fields=["batch", *to_say],
    )
    history.record_all(_closed(school, by, new, why, scope) for school, new in made.items())
    return len(made)


@transaction.atomic
def open_again(closure: Closure, by: Any, *, together: bool = False) -> int:
    """The school is open that week after all; `together`: all schools and weeks that were closed with it.

    Teaching there is expected again, unless the week is one of the school's own holidays. Returns how many schools.
    """
    said = Closure.objects.said().filter(service_id=closure.service_id)
    gone = said.filter(batch=closure.batch) if together and closure.batch else said.filter(pk=closure.pk)
    rows = list(gone.select_for_update(of=("self",)).select_related("school"))
    weeks: dict[School, list[Week]] = {}
    for row in rows:
        weeks.setdefault(row.school, []).append(row.week)
    history.record_all(_opened(school, by, of_school, closure.why) for school, of_school in weeks.items())
    gone.delete()
    years = AcademicYear.objects.filter(service_id=closure.service_id, weeks__monday__in={row.week for row in rows})
    for year in years.distinct():
        follow_own_dates(year)
    return len(weeks)


def recorded_in(schools: SchoolQuerySet, weeks: Iterable[Week]) -> list[Recorded]:
    """The schools that have confirmed registers in these weeks, with their teachers. One query."""
    found: dict[int, Recorded] = {}
    for pk, name, week, teacher in schools.recorded_in(weeks):
        one = found.setdefault(pk, Recorded(name, [], []))
        one.weeks.extend({week} - set(one.weeks))
        one.teachers.extend({teacher} - set(one.teachers))
    return list(found.values())


def _closed(school: School, by: Any, weeks: list[Week], why: str, scope: str) -> history.Event:
    after = {**_spell(weeks), "why": why, **({"with": scope} if scope else {})}
    return history.make_event(f"closed for {_length(weeks)}", school, by, after=after)


def _opened(school: School, by: Any, weeks: list[Week], why: str) -> history.Event:
    return history.make_event(f"open again for {_length(weeks)}", school, by, before={**_spell(weeks), "why": why})


def _length(weeks: list[Week]) -> str:
    return "a week" if len(weeks) == 1 else f"{len(weeks)} weeks"


def _spell(weeks: list[Week]) -> dict[str, str]:
    return {"week": str(weeks[0])} if len(weeks) == 1 else {"weeks": spell_weeks(weeks)}
