"""What a correction changes of those who are not on the sheet any more: a pupil who left, a lesson that has ended (P9).

Their marks and lines stand in the register still, under the keys that they had on its sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.second_teacher import Share
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.sheet_parts import key_of

Sums = tuple[int, int]  # minutes given, lessons owed


@dataclass(frozen=True, slots=True)
class Gone:
    """Marks and lines, each with the reason that it is to have instead, by their keys. A line without one was given
    after all."""

    marks: dict[str, tuple[Mark, Reason]]
    lines: dict[str, tuple[Line, Reason | None]]

    @classmethod
    def of(cls, register: Register, sheet: Sheet, changes: Mapping[str, Any]) -> Gone:
        """Those that a correction changes and the sheet does not show. No query where it shows them all."""
        pupils = set(changes["marks"]) - {str(pupil.key) for pupil in sheet.pupils}
        lessons = set(changes["given"]) - {str(lesson.key) for lesson in sheet.lessons}
        if not pupils and not lessons:
            return cls({}, {})
        reasons = {reason.pk: reason for reason in Reason.objects.filter(service=register.service_id)}
        marks = Mark.objects.filter(line__register=register).order_by("pk")
        marks = marks.select_related("place__pupil", "line__lesson", "reason")
        found = {str(key_of(mark.place_id, sheet.week, mark.line.for_week)): mark for mark in marks}
        lines = register.lines.select_related("lesson").order_by("pk")
        ended = {str(key_of(line.lesson_id, sheet.week, line.for_week)): line for line in lines}
        return cls(
            {key: (found[key], reasons[changes["marks"][key]]) for key in found if key in pupils},
            {key: (ended[key], reasons.get(changes["given"][key])) for key in ended if key in lessons},
        )

    def standing(self) -> dict[str, dict[str, int | None]]:
        """What stands there, as a correction keeps it: a line's reason is None where it was given, 0 without one."""
        marks: dict[str, int | None] = {key: mark.reason_id for key, (mark, _) in self.marks.items()}
        given = {key: (line.reason_id or 0) if line.given is False else None for key, (line, _) in self.lines.items()}
        return {"marks": marks, "given": given, "counts": {}, "minutes": {}}

    def sums(self, sheet: Sheet) -> tuple[Sums, Sums]:
        """What they add to the sheet's own sums, as they stand and as they would be."""
        shown = {lesson.lesson_pk for lesson in sheet.lessons}
        own = [(mark.line, mark.reason, reason) for mark, reason in self.marks.values()]
        paid = [(x, old.paid, new.paid) for x, old, new in own if x.lesson_id not in shown]
        there = [(line, bool(line.given), reason is None) for line, reason in self.lines.values()]
        before = {line.pk: line.minutes for line, was, _ in [*paid, *there] if was}
        after = {line.pk: line.minutes for line, _, will in [*paid, *there] if will}
        owed = sum(old.owed for _, old, _ in own), sum(new.owed for _, _, new in own)
        return (sum(before.values()), owed[0]), (sum(after.values()), owed[1])

    def put_right(self) -> None:
        """Change them as proposed. What is left of a lesson's marks says whether it was given (C3)."""
        for mark, new in self.marks.values():
            mark.reason = new
        for line, reason in self.lines.values():
            line.given, line.reason, line.head_count = reason is None, reason, None
        Mark.objects.bulk_update([mark for mark, _ in self.marks.values()], ["reason"])
        Line.objects.bulk_update([line for line, _ in self.lines.values()], ["given", "reason", "head_count"])
        left = Line.objects.filter(pk__in=[mark.line_id for mark, _ in self.marks.values()], reason=None)
        left.update(given=Exists(Mark.objects.filter(line=OuterRef("pk"), reason__paid=True)))
        touched = {line.pk for line, _ in self.lines.values()} | {mark.line_id for mark, _ in self.marks.values()}
        Share.objects.filter(line__in=touched, line__given=False).delete()
