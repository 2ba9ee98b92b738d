"""What is owed: lessons of the year that count for nothing yet and are to be made up (C4, C5).

One row a lesson and week, with the pupils to whom it is owed; a class without names is owed as a class.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tutti.core import history
from tutti.core.calendar import Week, spell_weeks
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.line import Line, Mark


@dataclass(slots=True)
class Owed:
    """A lesson that is owed for a week, with its allocation and the pupils' names; none for a class."""

    lesson: Any
    week: Week
    why: str
    minutes: int
    pupils: list[str] = field(default_factory=list)

    @property
    def allocation(self) -> Allocation:
        allocation: Allocation = self.lesson.allocation
        return allocation

    @property
    def key(self) -> str:
        """How a register names its make-up: the lesson and the week."""
        return f"{self.lesson.pk}-{self.week.monday:%Y%m%d}"

    @property
    def week_words(self) -> str:
        return spell_weeks([self.week])

    @property
    def names(self) -> str:
        return ", ".join(self.pupils) or f"Whole class, {self.lesson.class_size}"


def owed_marks(marks: QuerySet[Mark]) -> QuerySet[Mark]:
    """Those among these marks that are still owed: confirmed, of a week's own line, and not made up since."""
    made_up = Mark.objects.confirmed().filter(
        ~Q(line__for_week=F("line__register__week")),
        place=OuterRef("place"),
        line__for_week=OuterRef("line__for_week"),
        reason__counts=True,
    )
    own = marks.confirmed().filter(line__for_week=F("line__register__week"), reason__owed=True)  # type: ignore[attr-defined]
    found: QuerySet[Mark] = own.filter(~Exists(made_up))
    return found


def owed_classes(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Those among these lines that are classes not given, still owed: by their own reason or the week's (R3)."""
    made_up = Line.objects.confirmed().make_ups()
    made_up = made_up.filter(lesson=OuterRef("lesson"), for_week=OuterRef("for_week"), given=True)
    own = lines.confirmed().filter(lesson__is_programme=True, given=False, for_week=F("register__week"))  # type: ignore[attr-defined]
    by_reason = Q(reason__owed=True) | Q(reason=None, register__reason__owed=True)
    found: QuerySet[Line] = own.filter(by_reason, ~Exists(made_up))
    return found


def owed_in(lesson: Any, week: Week) -> bool:
    """Whether anything of a lesson's week is owed."""
    marks = Mark.objects.filter(line__lesson=lesson, line__for_week=week)
    lines = Line.objects.filter(lesson=lesson, for_week=week)
    return owed_marks(marks).exists() or owed_classes(lines).exists()


def read_owed(allocations: QuerySet[Allocation]) -> list[Owed]:
    """All that is owed in these allocations, the oldest first. Two queries, however much it is."""
    within = allocations.values("pk")
    with_names = ("lesson__allocation__school__office", "lesson__allocation__teacher", "register")
    marks = owed_marks(Mark.objects.filter(place__lesson__allocation__in=within))
    marks = marks.select_related("place__pupil", "reason", *(f"line__{name}" for name in with_names))
    found: dict[tuple[int, Any], Owed] = {}
    for mark in marks.order_by("place__pupil__name"):
        line = mark.line
        key = (line.lesson_id, line.for_week)
        row = found.setdefault(key, Owed(line.lesson, line.for_week, mark.reason.name, line.minutes))  # type: ignore[arg-type]
        row.pupils.append(mark.place.pupil.name)
    lines = owed_classes(Line.objects.filter(register__allocation__in=within))
    for line in lines.select_related("reason", "register__reason", *with_names[:2]):
        why = line.reason or line.register.reason
        found[line.lesson_id, line.for_week] = Owed(line.lesson, line.for_week, str(why), line.minutes)  # type: ignore[arg-type]
    return sorted(found.values(), key=lambda one: (one.week, one.allocation.school.name, one.lesson.position))


def count_owed(allocations: QuerySet[Allocation]) -> int:
    """How many lessons are owed, to pupils and classes together: each pupil's is one. Two queries."""
    within = allocations.values("pk")
    marks = owed_marks(Mark.objects.filter(place__lesson__allocation__in=within))
    return marks.count() + owed_classes(Line.objects.filter(register__allocation__in=within)).count()


def idle_make_ups(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Make-ups that make up for nothing any more: the old mark is not owed now, so the office is asked (C5)."""
    old = Mark.objects.filter(line__lesson=OuterRef("lesson"), line__for_week=OuterRef("for_week"), reason__owed=True)
    old = old.filter(line__register__week=F("line__for_week"), line__register__confirmed_by__isnull=False)
    classes = Line.objects.confirmed().filter(lesson=OuterRef("lesson"), for_week=OuterRef("for_week"), given=False)
    classes = classes.filter(Q(reason__owed=True) | Q(reason=None, register__reason__owed=True))
    confirmed: Any = lines.confirmed().make_ups().filter(given=True)  # type: ignore[attr-defined]
    found: QuerySet[Line] = confirmed.filter(is_extra=False).filter(
        ~Exists(old), ~Exists(classes.filter(register__week=F("for_week")))
    )
    return found


@transaction.atomic
def let_stand(line: Line, by: Any) -> None:
    """Let a make-up that makes up for nothing any more stand as an extra lesson (C5)."""
    if Line.objects.filter(pk=line.pk, is_extra=False).update(is_extra=True):
        told = {"lesson": line.lesson_id, "for_week": str(line.for_week)}
        history.record("let it stand as an extra lesson", line.register, by, after=told)


def by_school(rows: Iterable[Owed]) -> dict[Any, list[Owed]]:
    """The rows under their schools, by name."""
    found: dict[Any, list[Owed]] = {}
    for row in sorted(rows, key=lambda one: (one.allocation.school.name, one.week)):
        found.setdefault(row.allocation.school, []).append(row)
    return found
