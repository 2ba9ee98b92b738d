"""Reads a register as it lies open: every lesson and pupil of one week with what is marked, in few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from tutti.core.calendar import Week
from tutti.schools.models import Closure, TeachingWeek
from tutti.teaching.models.allocation import Allocation, holds_in
from tutti.teaching.models.lesson import Due, Kind, Lesson, RotaWeek
from tutti.teaching.models.line import Mark
from tutti.teaching.models.place import Balance, count_due, is_due
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register


@dataclass(slots=True)
class SheetPupil:
    """A pupil's row: the place, the reason marked (None until it is), and the year's sums."""

    place_pk: int
    pupil_pk: int
    name: str
    reason: Reason | None
    is_filled: bool
    balance: Balance

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(slots=True)
class SheetLesson:
    """A lesson's card. `given` is None until it is settled; minutes are this week's.

    `error` and `typed` hold what a page could not take, until it is put right.
    """

    lesson_pk: int
    line_pk: int | None
    label: str
    kind: Kind
    minutes: int
    is_programme: bool
    class_size: int | None
    is_due: bool
    given: bool | None
    reason: Reason | None
    head_count: int | None
    is_filled: bool
    pupils: list[SheetPupil] = field(default_factory=list)
    error: str = ""
    typed: str = ""
    is_doubtful: bool = False

    @property
    def kind_words(self) -> str:
        """How the card names its kind: "Individual", "Group of 3", "First Access, whole class"."""
        if self.kind == Kind.FIRST_ACCESS:
            return "First Access, whole class"
        many = len(self.pupils)
        return f"Group of {many}" if self.kind in (Kind.SMALL_GROUP, Kind.LARGE_GROUP) and many else self.kind.label

    @property
    def is_marked(self) -> bool:
        """Nothing is left to say about it."""
        if self.given is False:
            return True
        if self.is_programme:
            return self.given is True and self.head_count is not None
        return all(pupil.reason for pupil in self.pupils)

    @property
    def was_given(self) -> bool:
        """The teacher gave it: not struck out, and somebody's mark is payable (C3)."""
        if self.given is False or not self.is_marked:
            return False
        return self.is_programme or any(pupil.reason and pupil.reason.paid for pupil in self.pupils) or not self.pupils


def find_allocation(member: Any, allocation_pk: int, week: Week) -> Allocation | None:
    """The allocation with its `register` of the week, if the member may see it and the week is a teaching week.

    Sets `week_number` and `lesson_number` of the service's year (W2) and why the school is `closed` (W4). One query.
    """
    teaching_week = TeachingWeek.objects.filter(service=OuterRef("service"), monday=week)
    closure = Closure.objects.filter(school=OuterRef("school"), week=week)
    found = Allocation.objects.visible_to(member).in_week(week).filter(pk=allocation_pk)
    found = found.select_related("school__office", "teacher", "year", "service", "week_register")  # type: ignore[misc]
    found = found.annotate(
        week_register=FilteredRelation("registers", condition=Q(registers__week=week)),
        week_number=Subquery(teaching_week.values("number")),
        lesson_number=Subquery(teaching_week.values("lesson_number")),
        closed=Coalesce(Subquery(closure.values("why")), Value("")),
    ).exclude(week_number=None)
    return found.first()


def read_reasons(service_id: int, week: Week) -> list[Reason]:
    return list(Reason.objects.filter(service_id=service_id).in_use(week))


def read_lessons(
    allocation: Allocation, week: Week, weeks: Sequence[tuple[Week, int | None]], reasons: Sequence[Reason]
) -> list[SheetLesson]:
    """The lessons that hold in the week, in the teacher's order, with pupils, marks and sums. One query.

    `weeks` of the year are those that the sums run over, with the lesson number where lessons were due (C4).
    """
    register: Register | None = getattr(allocation, "week_register", None)  # not set where there is none
    by_pk = {reason.pk: reason for reason in reasons}
    lessons: dict[int, SheetLesson] = {}
    for row in _rows(allocation, week, register, weeks):
        lesson = lessons.get(row["pk"])
        if lesson is None:
            lesson = lessons[row["pk"]] = _lesson(row, week, allocation.lesson_number, by_pk)  # type: ignore[attr-defined]
        if row["place_pk"]:
            lesson.pupils.append(_pupil(row, weeks, by_pk))
    return list(lessons.values())


def _rows(
    allocation: Allocation, week: Week, register: Register | None, weeks: Sequence[tuple[Week, int | None]]
) -> Any:
    register_pk = register.pk if register else 0
    marks = Mark.objects.filter(place=OuterRef("place__pk"))
    now = marks.filter(line__register=register_pk)
    so_far = marks.filter(line__register__week__in=[w for w, _ in weeks]).confirmed()
    rota = RotaWeek.objects.filter(lesson=OuterRef("pk"))
    called = rota.filter(week__in=[w for w, number in weeks if number], week__gte=OuterRef("place__from_week"))
    lessons = Lesson.objects.filter(holds_in(week), allocation=allocation).annotate(
        shape=FilteredRelation("shapes", condition=holds_in(week, "shapes__")),
        place=FilteredRelation("places", condition=holds_in(week, "places__")),
        line=FilteredRelation("lines", condition=Q(lines__register=register_pk)),
    )
    return lessons.order_by("position", "pk", "place__pupil__name", "place__pk").values(
        "pk",
        "instrument",
        "title",
        "is_programme",
        "class_size",
        "due",
        "from_week",
        "until_week",
        shape_kind=F("shape__kind"),
        shape_minutes=F("shape__minutes"),
        line_pk=F("line__pk"),
        given=F("line__given"),
        line_minutes=F("line__minutes"),
        line_kind=F("line__kind"),
        line_reason=F("line__reason"),
        head_count=F("line__head_count"),
        line_filled=F("line__is_filled"),
        place_pk=F("place__pk"),
        place_from=F("place__from_week"),
        place_until=F("place__until_week"),
        had_before=F("place__had_before"),
        pupil_pk=F("place__pupil"),
        pupil_name=F("place__pupil__name"),
        mark_reason=Subquery(now.values("reason")),
        mark_filled=Subquery(now.values("is_filled")),
        had=_count(so_far.filter(reason__counts=True), "place"),
        owed=_count(so_far.filter(reason__owed=True), "place"),
        nothing=_count(so_far.filter(reason__counts=False, reason__owed=False), "place"),
        called=_count(called, "lesson"),
        called_now=Exists(rota.filter(week=week)),
    )


def _count(rows: QuerySet[Any], of: str) -> Coalesce:
    """How many rows there are for each outer one, as a subquery."""
    counted = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _lesson(row: dict[str, Any], week: Week, lesson_number: int | None, reasons: dict[int, Reason]) -> SheetLesson:
    rota = {week} if row["called_now"] else set()
    return SheetLesson(
        lesson_pk=row["pk"],
        line_pk=row["line_pk"],
        label=row["title"] or row["instrument"],
        kind=Kind(row["line_kind"] or row["shape_kind"]),
        minutes=row["line_minutes"] or row["shape_minutes"],
        is_programme=row["is_programme"],
        class_size=row["class_size"],
        is_due=is_due(row["due"], rota, (row["from_week"], row["until_week"]), week, lesson_number),
        given=row["given"],
        reason=reasons.get(row["line_reason"]),
        head_count=row["head_count"],
        is_filled=bool(row["line_filled"]),
    )


def _pupil(row: dict[str, Any], weeks: Sequence[tuple[Week, int | None]], reasons: dict[int, Reason]) -> SheetPupil:
    span = (row["place_from"], row["place_until"])
    due = row["called"] if row["due"] == Due.ROTA else count_due(row["due"], set(), span, weeks)
    return SheetPupil(
        place_pk=row["place_pk"],
        pupil_pk=row["pupil_pk"],
        name=row["pupil_name"],
        reason=reasons.get(row["mark_reason"]),
        is_filled=bool(row["mark_filled"]),
        balance=_balance(row, due),
    )


def _balance(row: dict[str, Any], due: int) -> Balance:
    """What was had before Tutti was due as well; a week that owes nothing was not (P10, C2)."""
    before = row["had_before"]
    return Balance(due=due - row["nothing"] + before, had=row["had"] + before, owed=row["owed"])
