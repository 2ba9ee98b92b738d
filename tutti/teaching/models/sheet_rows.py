"""Reads a register as it lies open: every lesson and pupil of one week with what is marked, in few queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from tutti.core.calendar import Week
from tutti.people.roles import Permission
from tutti.schools.models import Closure, TeachingWeek
from tutti.teaching.models.allocation import Allocation, holds_in
from tutti.teaching.models.balance import PastMark, YearWeek, both, due_weeks, owed_weeks, reckon
from tutti.teaching.models.cover import Cover, covered_by
from tutti.teaching.models.lesson import Due, Kind, Lesson, RotaWeek
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.lock import Lock
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.shape import is_due
from tutti.teaching.models.sheet_parts import SheetLesson, SheetPupil
from tutti.teaching.models.spare_week import SpareWeek

LAST = 5  # weeks whose marks stand beside a name


@dataclass(slots=True)
class Past:
    """What a register knows of the year: its weeks, those until which sums run, and confirmed marks by place."""

    weeks: Sequence[YearWeek] = ()
    so_far: Sequence[YearWeek] = ()
    marks: dict[int, list[PastMark]] = field(default_factory=dict)


def find_allocation(member: Any, allocation_pk: int, week: Week) -> Allocation | None:
    """The allocation with its `register` of the week, if the member may see it and the week is a teaching week.

    Sets `week_number` and `lesson_number` of the service's year (W2), why the school is `closed` (W4), whether the
    month `is_locked` (R10), who covers the whole visit (R7), and whether there are make-ups (C5). One query.
    """
    teaching_week = TeachingWeek.objects.filter(service=OuterRef("service"), monday=week)
    closure = Closure.objects.filter(school=OuterRef("school"), week=week)
    visit = Cover.objects.filter(allocation=OuterRef("pk"), week=week, lesson=None)
    spare = SpareWeek.objects.filter(allocation=OuterRef("pk"), week=week)
    lock = Lock.objects.filter(teacher=OuterRef("teacher"), month=Subquery(_months(week)))
    make_ups = Line.objects.make_ups().filter(register__allocation=OuterRef("pk"), register__week=week)
    found = Allocation.objects.filter(service_id=member.service_id, pk=allocation_pk).in_week(week)
    if not member.may(Permission.SEE_REGISTERS):
        found = found.filter(Q(teacher=member) | covered_by(member, week, "pk"))
    found = found.select_related("school__office", "teacher", "year", "service", "week_register")  # type: ignore[misc]
    found = found.annotate(
        week_register=FilteredRelation("registers", condition=Q(registers__week=week)),
        week_number=Subquery(teaching_week.values("number")),
        lesson_number=Case(When(Exists(spare), then=None), default=Subquery(teaching_week.values("lesson_number"))),
        month=Subquery(teaching_week.values("month")),
        closed=Coalesce(Subquery(closure.values("why")), Value("")),
        is_locked=Exists(lock),
        has_make_ups=Exists(make_ups),
        cover_pk=Subquery(visit.values("teacher")),
        cover_name=Subquery(visit.values("teacher__name")),
    ).exclude(week_number=None)
    return found.first()


def _months(week: Week) -> Any:
    return TeachingWeek.objects.filter(service=OuterRef("service"), monday=week).values("month")[:1]


def read_past(allocation: Allocation, week: Week, is_confirmed: bool) -> Past:
    """The year's weeks and what is confirmed of them: those before this one, and this one once it is confirmed. Two
    queries. Lesson numbers say when lessons were due; in spare weeks and where the school was closed none was (W2, W4).
    """
    closed = Closure.objects.filter(school=allocation.school_id, week=OuterRef("monday"))
    spare = SpareWeek.objects.filter(allocation=allocation.pk, week=OuterRef("monday"))
    rows = TeachingWeek.objects.filter(year=allocation.year_id).order_by("monday")
    rows = rows.annotate(is_closed=Exists(closed), due_number=Case(When(~Exists(spare), then="lesson_number")))
    weeks = list(rows.values_list("monday", "due_number", "is_closed"))
    until = week if is_confirmed else week - 1
    so_far = [(monday, None if is_closed else number) for monday, number, is_closed in weeks if monday <= until]
    return Past([(monday, number) for monday, number, _ in weeks], so_far, read_marks(allocation, until))


def read_marks(allocation: Allocation, until: Week) -> dict[int, list[PastMark]]:
    """The confirmed marks of the allocation's places until a week, by place, the oldest first. One query."""
    marks = Mark.objects.confirmed().filter(place__lesson__allocation=allocation.pk, line__register__week__lte=until)
    found: dict[int, list[PastMark]] = {}
    names = ("line__register__week", "line__for_week", "reason__is_here", "reason__counts", "reason__owed")
    for place, *mark in marks.order_by("line__register__week").values_list("place", *names, "reason__short"):
        found.setdefault(place, []).append(PastMark(*mark))
    return found


def read_lessons(allocation: Allocation, week: Week, past: Past, reasons: Collection[Reason]) -> list[SheetLesson]:
    """The lessons that hold in the week, in the teacher's order, with pupils, marks and sums. One query, and one more
    where a school calls by rota."""
    register: Register | None = getattr(allocation, "week_register", None)  # not set where there is none
    rows = list(_rows(allocation, week, register))
    rotas = _rotas(rows)
    by_pk = {reason.pk: reason for reason in reasons}
    lessons: dict[int, SheetLesson] = {}
    for row in rows:
        lesson = lessons.get(row["pk"])
        if lesson is None:
            lesson = lessons[row["pk"]] = _lesson(row, allocation, week, rotas, by_pk)
        if row["place_pk"]:
            lesson.pupils.append(_pupil(row, allocation, past, rotas, by_pk))
    return list(lessons.values())


def _rows(allocation: Allocation, week: Week, register: Register | None) -> Any:
    register_pk = register.pk if register else 0
    marks = Mark.objects.filter(place=OuterRef("place__pk"), line__register=register_pk, line__for_week=week)
    lessons = Lesson.objects.filter(holds_in(week), allocation=allocation).annotate(
        shape=FilteredRelation("shapes", condition=holds_in(week, "shapes__")),
        place=FilteredRelation("places", condition=holds_in(week, "places__")),
        line=FilteredRelation("lines", condition=Q(lines__register=register_pk, lines__for_week=week)),
        cover=FilteredRelation("covers", condition=Q(covers__week=week)),
        second=FilteredRelation("second_teachers", condition=holds_in(week, "second_teachers__")),
    )
    return lessons.order_by("position", "pk", "place__pupil__name", "place__pk").values(
        "pk",
        "instrument",
        "title",
        "is_programme",
        "class_size",
        "year_group",
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
        is_alone=F("line__is_alone"),
        cover_pk=F("cover__teacher"),
        cover_name=F("cover__teacher__name"),
        second_pk=F("second__teacher"),
        second_name=F("second__teacher__name"),
        second_minutes=F("second__minutes"),
        place_pk=F("place__pk"),
        place_from=F("place__from_week"),
        place_until=F("place__until_week"),
        had_before=F("place__had_before"),
        owed_before=F("place__owed_before"),
        pupil_pk=F("place__pupil"),
        pupil_name=F("place__pupil__name"),
        pupil_born=F("place__pupil__date_of_birth"),
        mark_reason=Subquery(marks.values("reason")),
        mark_filled=Subquery(marks.values("is_filled")),
    )


def _rotas(rows: Collection[dict[str, Any]]) -> dict[int, set[Week]]:
    """The named weeks of the lessons that are due by rota (P6)."""
    on_rota = {row["pk"] for row in rows if row["due"] == Due.ROTA}
    found: dict[int, set[Week]] = {pk: set() for pk in on_rota}
    if on_rota:
        for pk, week in RotaWeek.objects.filter(lesson__in=on_rota).values_list("lesson", "week"):
            found[pk].add(week)
    return found


def _lesson(
    row: dict[str, Any], allocation: Any, week: Week, rotas: dict[int, set[Week]], reasons: dict[int, Reason]
) -> SheetLesson:
    span = (row["from_week"], row["until_week"])
    cover = (row["cover_pk"], row["cover_name"]) if row["cover_pk"] else None
    visit = (allocation.cover_pk, allocation.cover_name) if allocation.cover_pk else None
    second = (row["second_pk"], row["second_name"], row["second_minutes"]) if row["second_pk"] else None
    return SheetLesson(
        key=row["pk"],
        lesson_pk=row["pk"],
        line_pk=row["line_pk"],
        label=row["title"] or row["instrument"],
        kind=Kind(row["line_kind"] or row["shape_kind"]),
        minutes=row["line_minutes"] or row["shape_minutes"],
        for_week=week,
        is_make_up=False,
        is_programme=row["is_programme"],
        class_size=row["class_size"],
        year_group=row["year_group"],
        is_due=is_due(row["due"], rotas.get(row["pk"], ()), span, week, allocation.lesson_number),
        given=row["given"],
        reason=reasons.get(row["line_reason"]),
        head_count=row["head_count"],
        is_filled=bool(row["line_filled"]),
        covered_by=cover or visit,
        second=second,
        is_alone=bool(row["is_alone"]),
    )


def _pupil(
    row: dict[str, Any], allocation: Any, past: Past, rotas: dict[int, set[Week]], reasons: dict[int, Reason]
) -> SheetPupil:
    taught = both((row["from_week"], row["until_week"]), (allocation.from_week, allocation.until_week))
    span = both(taught, (row["place_from"], row["place_until"]))
    rule = (row["due"], rotas.get(row["pk"], set()), span)
    marks = past.marks.get(row["place_pk"], [])
    promise = min(allocation.service.promise(row["shape_kind"]), len(due_weeks(*rule, past.weeks)))
    before = {"had_before": row["had_before"], "owed_before": row["owed_before"]}
    return SheetPupil(
        key=row["place_pk"],
        place_pk=row["place_pk"],
        pupil_pk=row["pupil_pk"],
        name=row["pupil_name"],
        born=row["pupil_born"],
        reason=reasons.get(row["mark_reason"]),
        is_filled=bool(row["mark_filled"]),
        balance=reckon(due_weeks(*rule, past.so_far), marks, promise=promise, **before),
        last=marks[-LAST:],
        owed=owed_weeks(marks),
    )
