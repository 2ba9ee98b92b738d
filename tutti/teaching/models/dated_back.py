"""What a start or stop dated back touches (P9): confirmed registers of open weeks are opened again, so that the pupil
stands there as "to be marked"; those of locked months get a proposed correction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from tutti.core.calendar import Week, spell_weeks
from tutti.schools.models import Closure, TeachingWeek
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.lock import Lock
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.shape import Due, is_due

NOT_STARTED = "not-started"
NAMED = 3  # pupils named in a proposal; the others are counted


@dataclass(frozen=True, slots=True)
class Touched:
    """Confirmed registers that something dated back touches: those to be opened again, and those that are locked."""

    opened: list[Register] = field(default_factory=list)
    locked: list[Register] = field(default_factory=list)

    def __or__(self, other: Touched) -> Touched:
        return Touched(_once(self.opened + other.opened), _once(self.locked + other.locked))

    def __bool__(self) -> bool:
        return bool(self.opened or self.locked)

    @property
    def opened_words(self) -> str:
        return spell_weeks({register.week for register in self.opened})

    @property
    def locked_words(self) -> str:
        return spell_weeks({register.week for register in self.locked})


def _once(registers: Iterable[Register]) -> list[Register]:
    return sorted({register.pk: register for register in registers}.values(), key=lambda one: one.week)


def touched_by_start(
    allocation: Any, from_week: Week, until_week: Week | None = None, lesson: Any = None, *, hold: bool = False
) -> Touched:
    """What a pupil who is in a lesson from a week on touches; without a lesson, one that is due every week."""
    due, rota = (lesson.due, {row.week for row in lesson.rota_weeks.all()}) if lesson else (Due.EVERY, set())
    span = (from_week, until_week)
    weeks = [week for week, number in weeks_back(allocation, from_week) if is_due(due, rota, span, week, number)]
    return find_touched(Register.objects.filter(allocation=allocation.pk, week__in=weeks), hold=hold)


def touched_by_stop(places: Iterable[Any], last_week: Week, *, hold: bool = False) -> Touched:
    """What pupils whose last week is this one touch: the registers in which they are marked after it."""
    marks = marks_after(places, last_week)
    return find_touched(Register.objects.filter(pk__in=marks.values("line__register")), hold=hold)


def touched_by_end(lesson: Any, last_week: Week, *, hold: bool = False) -> Touched:
    """What a lesson whose last week is this one touches: the registers in which it is recorded after it."""
    lines = lines_after(lesson, last_week)
    return find_touched(Register.objects.filter(pk__in=lines.values("register")), hold=hold)


def weeks_back(allocation: Any, from_week: Week) -> list[tuple[Week, int | None]]:
    """The weeks of an allocation from one on, with their lesson numbers. Where the school was closed or the week is
    spare nobody is to be marked, so what is recorded there stays (W2, W4)."""
    span = TeachingWeek.objects.filter(year=allocation.year_id, monday__gte=max(from_week, allocation.from_week))
    closed = Closure.objects.filter(school=allocation.school_id).values("week")
    span = span.exclude(monday__in=closed).exclude(monday__in=allocation.spare_weeks.values("week"))
    return list(span.filter(monday__lte=allocation.until_week).values_list("monday", "lesson_number"))


def marks_after(places: Iterable[Any], last_week: Week) -> QuerySet[Mark]:
    """Make-ups for weeks in which the pupils still had lessons are kept."""
    return Mark.objects.filter(place__in=[place.pk for place in places], line__for_week__gt=last_week)


def lines_after(lesson: Any, last_week: Week) -> QuerySet[Line]:
    """What is recorded of a lesson for the weeks after its last."""
    return Line.objects.filter(lesson=lesson, for_week__gt=last_week)


def find_touched(registers: QuerySet[Register], *, hold: bool = False) -> Touched:
    """The confirmed ones among these, by whether their month is locked for their teacher (R10).

    `hold`: inside a transaction, until it ends.
    """
    rows = registers.exclude(confirmed_by=None).select_related("allocation", "reason").order_by("week", "pk")
    found = list(rows.select_for_update(of=("self",)) if hold else rows)
    if not found:
        return Touched()
    locks = set(
        Lock.objects.filter(teacher__in={x.allocation.teacher_id for x in found}).values_list("teacher", "month")
    )
    weeks = TeachingWeek.objects.filter(service=found[0].service_id, monday__in={x.week for x in found})
    months = dict(weeks.values_list("monday", "month"))
    locked = {x.pk for x in found if (x.allocation.teacher_id, months.get(x.week)) in locks}
    return Touched([x for x in found if x.pk not in locked], [x for x in found if x.pk in locked])


def reason_by_code(register: Register, code: str) -> Reason:
    """The service's own reason of that code in the register's week. ValidationError if it was retired."""
    reason = Reason.objects.filter(service=register.service_id, code=code).in_use(register.week).first()
    if reason is None:
        raise ValidationError("The months of these weeks are locked, and no reason says “Not started, or left”.")
    return reason


def spell_why(names: Sequence[str], what: str, week: Week) -> str:
    """Why a correction is proposed: "Ada Crane and Ben Holt start in the week of 5 October: dated back."."""
    shown = [*names[:NAMED], f"{len(names) - NAMED} more"] if len(names) > NAMED else list(names)
    who = " and ".join(words for words in (", ".join(shown[:-1]), shown[-1]) if words)
    return f"{who} {what} the week of {spell_weeks([week])}: dated back."[:500]
