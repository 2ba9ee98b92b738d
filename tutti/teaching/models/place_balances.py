"""The sums of many places at once: for the pages of a pupil, a teacher's school, a school and a teacher (C4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from tutti.core.calendar import Week
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.balance import Balance, PastMark, YearWeek, both, due_weeks, reckon
from tutti.teaching.models.lesson import LessonShape
from tutti.teaching.models.line import Mark
from tutti.teaching.models.place import Place
from tutti.teaching.models.spare_week import NotDue, read_not_due

NAMES = ("place", "line__register__week", "line__for_week", "reason__is_here", "reason__counts", "reason__owed")


class Balances:
    """Balances by place, from confirmed registers only. `week` is the running one: it counts once it is recorded.

    Four queries, however many places; one less where they are of one year whose `weeks` are at hand, and where what is
    `not_due` of their allocations is.
    """

    def __init__(
        self,
        service: Any,
        places: QuerySet[Place],
        week: Week,
        weeks: Sequence[TeachingWeek] | None = None,
        not_due: NotDue | None = None,
    ) -> None:
        rows = list(_rows(places))
        self.of_place: dict[int, Balance] = {}
        self.of_allocation: dict[int, Balance] = defaultdict(Balance)
        self.of_instrument: dict[str, Balance] = defaultdict(Balance)
        known = None if weeks is None else [(row.week, row.lesson_number) for row in weeks]
        of_year = _weeks(places) if known is None else {}
        closed, spare, rotas = not_due or _not_due(places)
        marks = _marks(places)
        for row in rows:
            own = marks.get(row["pk"], [])
            told = {mark.week for mark in own}
            taught = both((row["taught_from"], row["taught_until"]), (row["there_from"], row["there_until"]))
            span = both(taught, (row["from_week"], row["until_week"]))
            rule = (row["due"], rotas[row["lesson"]], span)
            of_service = of_year[row["year"]] if known is None else known
            all_weeks = [(monday, None if monday in spare[row["allocation"]] else n) for monday, n in of_service]
            open_weeks = [one for one in all_weeks if one[0] not in closed[row["school"]]]
            so_far = [one for one in open_weeks if one[0] < week or one[0] in told]
            promise = min(service.promise(row["kind"]), len(due_weeks(*rule, all_weeks)))
            before = {"had_before": row["had_before"], "owed_before": row["owed_before"]}
            balance = reckon(due_weeks(*rule, so_far), own, promise=promise, **before)
            self.of_place[row["pk"]] = balance
            self.of_allocation[row["allocation"]] += balance
            self.of_instrument[row["instrument"]] += balance

    def of(self, place_pk: int) -> Balance:
        return self.of_place.get(place_pk, Balance())

    @property
    def total(self) -> Balance:
        return sum(self.of_place.values(), Balance())


def _rows(places: QuerySet[Place]) -> Any:
    shape = LessonShape.objects.filter(lesson=OuterRef("lesson")).order_by("-from_week")
    return places.order_by().values(
        "pk",
        "lesson",
        "from_week",
        "until_week",
        "had_before",
        "owed_before",
        due=F("lesson__due"),
        instrument=F("lesson__instrument"),
        taught_from=F("lesson__from_week"),
        taught_until=F("lesson__until_week"),
        there_from=F("lesson__allocation__from_week"),
        there_until=F("lesson__allocation__until_week"),
        allocation=F("lesson__allocation"),
        year=F("lesson__allocation__year"),
        school=F("lesson__allocation__school"),
        kind=Subquery(shape.values("kind")[:1]),
    )


def _not_due(places: QuerySet[Place]) -> NotDue:
    owners = places.order_by()
    of_school, of_allocation = owners.values("lesson__allocation__school"), owners.values("lesson__allocation")
    return read_not_due(of_school, of_allocation, owners.values("lesson"))


def _weeks(places: QuerySet[Place]) -> dict[int, list[YearWeek]]:
    found: dict[int, list[YearWeek]] = defaultdict(list)
    rows = TeachingWeek.objects.filter(year__in=places.order_by().values("lesson__allocation__year"))
    for year, monday, number in rows.order_by("monday").values_list("year", "monday", "lesson_number"):
        found[year].append((monday, number))
    return found


def _marks(places: QuerySet[Place]) -> dict[int, list[PastMark]]:
    found: dict[int, list[PastMark]] = defaultdict(list)
    marks = Mark.objects.confirmed().filter(place__in=places.order_by().values("pk"))
    for place, *mark in marks.values_list(*NAMES):
        found[place].append(PastMark(*mark))
    return found
