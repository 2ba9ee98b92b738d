"""A teacher's week: each of their schools with what is due, what is marked, and whether it is confirmed (H5, R1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from tutti.core.calendar import Day, Week
from tutti.schools.models import AcademicYear, Closure, TeachingWeek
from tutti.teaching.models.allocation import Allocation, holds_in
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.place import Place
from tutti.teaching.models.register import Register
from tutti.teaching.models.second_teacher import Share


@dataclass(slots=True)
class SchoolCard:
    """One school in one week: lessons due and marked, minutes planned, and the state of its register."""

    allocation: Allocation
    register: Register | None
    closed: str
    due: int = 0
    marked: int = 0
    minutes: int = 0
    given: int = 0
    is_set_up: bool = False

    @property
    def state(self) -> str:
        """One word for what the card shows: closed, confirmed, nothing, set_up, started or untouched."""
        if self.register and self.register.is_confirmed:
            return "confirmed"
        if self.closed:
            return "closed"
        if not self.is_set_up:
            return "set_up"
        if not self.due:
            return "nothing"
        return "started" if self.marked else "untouched"

    @property
    def is_complete(self) -> bool:
        return self.marked == self.due


@dataclass(slots=True)
class YearPlace:
    """Where a week stands in the year: "week 11 of 40, lesson 10 of 33" (W2)."""

    year: AcademicYear
    weeks: list[TeachingWeek]
    week: TeachingWeek | None

    @property
    def lesson_weeks(self) -> int:
        return sum(1 for week in self.weeks if week.lesson_number)


def year_place(service_id: int, week: Week) -> YearPlace | None:
    """The year that a week lies in or before, with its weeks. Two queries; None if no year is set up."""
    year = AcademicYear.objects.filter(service_id=service_id).on(week.sunday)
    if year is None:
        return None
    weeks = list(year.weeks.select_related("term"))
    return YearPlace(year, weeks, next((row for row in weeks if row.monday == week), None))


def school_cards(teacher: Any, week: Week, lesson_number: int | None) -> list[SchoolCard]:
    """The teacher's schools in a week, those still to do first. Three queries, however many schools."""
    cards = {card.allocation.pk: card for card in _cards(teacher, week)}
    for row in _lessons(teacher, week, lesson_number):
        card = cards[row["allocation"]]
        if row["pupils"] or row["is_programme"]:
            card.due += 1
            card.minutes += row["line_minutes"] or row["shape_minutes"]
            card.marked += _is_marked(row)
            card.given += row["given"] is True
    for allocation_pk in _set_up(teacher, week):
        cards[allocation_pk].is_set_up = True
    return sorted(cards.values(), key=lambda card: card.state == "confirmed")


def _cards(teacher: Any, week: Week) -> list[SchoolCard]:
    closure = Closure.objects.filter(school=OuterRef("school"), week=week)
    allocations = Allocation.objects.filter(teacher=teacher).in_week(week)
    allocations = allocations.annotate(
        week_register=FilteredRelation("registers", condition=Q(registers__week=week)),
        closed=Coalesce(Subquery(closure.values("why")), Value("")),
    ).select_related("school", "week_register__reason")  # type: ignore[misc]
    return [SchoolCard(a, getattr(a, "week_register", None), a.closed) for a in allocations]  # type: ignore[attr-defined]


def _lessons(teacher: Any, week: Week, lesson_number: int | None) -> Any:
    places = Place.objects.filter(holds_in(week), lesson=OuterRef("pk")).order_by()
    marks = Mark.objects.filter(place__lesson=OuterRef("pk"), line__register__week=week, line__for_week=week)
    lines = Line.objects.filter(lesson=OuterRef("pk"), register__week=week, for_week=week)
    lessons = Lesson.objects.due_in(week, lesson_number).filter(allocation__teacher=teacher)
    return lessons.annotate(
        shape=FilteredRelation("shapes", condition=holds_in(week, "shapes__")),
        pupils=_number_of(places, "lesson"),
        marks=_number_of(marks.order_by(), "place__lesson"),
        given=Subquery(lines.values("given")),
        line_minutes=Subquery(lines.values("minutes")),
    ).values(
        "allocation", "is_programme", "pupils", "marks", "given", "line_minutes", shape_minutes=F("shape__minutes")
    )


def _number_of(rows: QuerySet[Any], of: str) -> Coalesce:
    return Coalesce(Subquery(rows.values(of).annotate(n=Count("pk")).values("n")), 0)


def _is_marked(row: dict[str, Any]) -> bool:
    if row["is_programme"]:
        return row["given"] is not None
    return row["given"] is not None or row["marks"] >= row["pupils"]


def _set_up(teacher: Any, week: Week) -> QuerySet[Lesson, int]:
    lessons = Lesson.objects.in_week(week).filter(allocation__teacher=teacher)
    with_somebody = lessons.filter(Q(is_programme=True) | Q(places__isnull=False))
    return with_somebody.order_by().values_list("allocation", flat=True).distinct()


def minutes_in_month(teacher: Any, month: Day) -> int:
    """Minutes given in confirmed registers of a month's weeks, covers and shares in a class too (W3, R5, R7, R8)."""
    weeks = TeachingWeek.objects.filter(service_id=teacher.service_id, month=month).values("monday")
    lines = Line.objects.filter(given_by=teacher, given=True, register__week__in=weeks)
    lines = lines.exclude(register__confirmed_by=None)
    shares = Share.objects.filter(teacher=teacher, line__register__week__in=weeks)
    shares = shares.exclude(line__register__confirmed_by=None)
    own, shared = (rows.aggregate(total=Sum("minutes"))["total"] or 0 for rows in (lines, shares))
    return own + shared
