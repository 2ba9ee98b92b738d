"""What was made up in the demo world: some teachers gave what they owed, one of them for a mark changed since."""

from __future__ import annotations

from typing import Any

from tutti.core import history
from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Line, Mark, Reason, Register
from tutti.teaching.models.owed import Owed, places_owed, read_owed

DILIGENT = ["Tobias Renner", "Gareth Pym", "Nadia Osei-Lunt", "Ivo Crane"]


def make_up(service: Any, reasons: dict[str, Reason], this_week: Week) -> None:
    """Make up what these teachers owe in the next week that they recorded; the last one's old mark is changed since."""
    allocations = Allocation.objects.filter(service=service, teacher__name__in=DILIGENT)
    made = [line for one in read_owed(allocations) if (line := _line(one, this_week))]
    for line in made:
        line.save(force_insert=True)
        Mark.objects.bulk_create(
            Mark(service=service, line=line, place_id=place, reason=reasons["present"])
            for place in places_owed(line.lesson, line.for_week)  # type: ignore[arg-type]
        )
        by = line.given_by
        history.record("began a make-up", line.register, by, after={"lesson": line.lesson_id})
    if made:
        _change_mark(made[-1], reasons["ill"])


def _line(one: Owed, this_week: Week) -> Line | None:
    """The make-up in the first recorded week at least two weeks later; None where there is none yet."""
    later = Register.objects.confirmed().filter(allocation=one.allocation, week__gt=one.week + 1, week__lt=this_week)
    register = later.exclude(there="none").order_by("week").first()
    if register is None:
        return None
    fields = {"lesson": one.lesson, "for_week": one.week, "minutes": one.minutes, "given": True, "is_make_up": True}
    if one.lesson.is_programme:
        fields["head_count"] = one.lesson.class_size
    kind = one.lesson.shape_in(one.week).kind
    given_by = register.allocation.teacher
    return Line(service_id=register.service_id, register=register, given_by=given_by, kind=kind, **fields)


def _change_mark(line: Line, reason: Reason) -> None:
    """The old week was not owed after all: the make-up makes up for nothing, and the office is asked (C5)."""
    old = Line.objects.filter(lesson=line.lesson_id, for_week=line.for_week, register__week=line.for_week)
    Mark.objects.filter(line__in=old).update(reason=reason)
    old.filter(given=False).update(given=True, reason=None)
