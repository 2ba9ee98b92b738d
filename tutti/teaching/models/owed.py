"""What is owed: lessons of the year that count for nothing yet and are to be made up (C4, C5).

One row a lesson and week, with the pupils to whom it is owed; a class without names is owed as a class.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tutti.core import history
from tutti.core.calendar import Week, spell_weeks
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.line import Line, Mark

OF_LINE = ("line__lesson__allocation__school__office", "line__lesson__allocation__teacher", "line__register")


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


def read_owed(allocations: QuerySet[Allocation]) -> list[Owed]:
    """All that is owed in these allocations, the oldest first. Four queries, however much it is."""
    within = allocations.values("pk")
    found: dict[tuple[int, Any], Owed] = {}
    for mark in _owed_marks(Mark.objects.filter(place__lesson__allocation__in=within)):
        line = mark.line
        row = found.setdefault((line.lesson_id, line.for_week), _owed(line, mark.reason))
        row.pupils.append(mark.place.pupil.name)
    for line in _owed_classes(Line.objects.filter(lesson__allocation__in=within)):
        found[line.lesson_id, line.for_week] = _owed(line, line.reason or line.register.reason)  # type: ignore[index]
    return sorted(found.values(), key=lambda one: (one.week, one.allocation.school.name, one.lesson.position))


def _owed(line: Line, why: Any) -> Owed:
    return Owed(line.lesson, line.for_week, str(why), line.minutes)  # type: ignore[arg-type]


def places_owed(lesson: Any, week: Week) -> list[int]:
    """The places to which a lesson's week is still owed."""
    return [mark.place_id for mark in _owed_marks(Mark.objects.filter(line__lesson=lesson, line__for_week=week))]


def owed_in(lesson: Any, week: Week) -> bool:
    """Whether anything of a lesson's week is owed."""
    lines = Line.objects.filter(lesson=lesson, for_week=week)
    return bool(places_owed(lesson, week) or _owed_classes(lines))


def count_owed(allocations: QuerySet[Allocation]) -> int:
    """How many lessons are owed, to pupils and classes together: each pupil's is one."""
    within = allocations.values("pk")
    marks = _owed_marks(Mark.objects.filter(place__lesson__allocation__in=within))
    return len(marks) + len(_owed_classes(Line.objects.filter(lesson__allocation__in=within)))


def _owed_marks(marks: QuerySet[Mark]) -> list[Mark]:
    """Those among these marks that are still owed: confirmed, of a week's own line, and not made up since. Two plain
    queries: a database without statistics would join them the slow way round."""
    known = marks.exclude(line__register__confirmed_by=None)
    made_up = known.filter(line__is_make_up=True, reason__counts=True).values_list("place", "line__for_week")
    done = set(made_up)
    own = known.filter(line__is_make_up=False, reason__owed=True).select_related("place__pupil", "reason", *OF_LINE)
    return [mark for mark in own.order_by("place__pupil__name") if (mark.place_id, mark.line.for_week) not in done]


def _owed_classes(lines: QuerySet[Line]) -> list[Line]:
    """Those among these lines that are classes not given, still owed: by their own reason or the week's (R3)."""
    known = lines.exclude(register__confirmed_by=None).filter(lesson__is_programme=True)
    made_up = set(known.filter(is_make_up=True, given=True).values_list("lesson", "for_week"))
    by_reason = Q(reason__owed=True) | Q(reason=None, register__reason__owed=True)
    own = known.filter(by_reason, is_make_up=False, given=False)
    own = own.select_related("reason", "register__reason", *(name.removeprefix("line__") for name in OF_LINE[:2]))
    return [line for line in own if (line.lesson_id, line.for_week) not in made_up]


def idle_make_ups(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Make-ups that make up for nothing any more: the old mark is not owed now, so the office is asked (C5)."""
    marks = Mark.objects.filter(line=OuterRef("pk"), reason__owed=True)
    by_reason = Q(reason__owed=True) | Q(reason=None, register__reason__owed=True)
    owed = Line.objects.filter(Q(Exists(marks)) | Q(by_reason, given=False), is_make_up=False)
    owed = owed.filter(lesson=OuterRef("lesson"), for_week=OuterRef("for_week"), register__confirmed_by__isnull=False)
    made = lines.filter(is_make_up=True, is_extra=False, given=True).exclude(register__confirmed_by=None)
    return made.filter(~Exists(owed)).order_by("register__week", "pk")


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
