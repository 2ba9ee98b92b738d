"""Chasing: whom to remind of registers that are missing, when they were last reminded, and reminding them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tutti.core import history
from tutti.core.calendar import Week, spell_weeks, today
from tutti.core.letters import Letter
from tutti.people.models import Member
from tutti.schools.models import TeachingWeek
from tutti.teaching import letters
from tutti.teaching.models.expected import Missing


@dataclass(slots=True)
class Chase:
    """A teacher, the registers that they have not recorded (the oldest first), and when they were last reminded.

    `weeks_late`: how many lesson weeks ago the oldest was due, 1 for last week's.
    """

    teacher: Member
    missing: list[Missing]
    last_chased: dt.datetime | None = None
    weeks_late: int = 0

    @property
    def by_school(self) -> list[tuple[str, str]]:
        """Each school with its weeks in words: "weeks commencing 2 and 9 November"."""
        weeks: dict[str, list[Week]] = defaultdict(list)
        for one in self.missing:
            weeks[one.school_name].append(one.week)
        return [(name, _in_words(of_school)) for name, of_school in sorted(weeks.items())]

    @property
    def late_words(self) -> str:
        return f"{self.weeks_late} weeks late"

    @property
    def schools(self) -> int:
        return len({one.school_id for one in self.missing})

    @property
    def was_chased_today(self) -> bool:
        return self.last_chased is not None and timezone.localdate(self.last_chased) == today()

    @property
    def letter(self) -> tuple[str, str]:
        """Subject and text of the letter as it would go out now."""
        subject, _, body = letters.reminder_as_text(self).partition("\n")
        return subject, body.strip()

    @transaction.atomic
    def send(self, by: Any) -> bool:
        """Remind the teacher. False if they were reminded today already: once a day is enough."""
        if letters.reminder(self) is None:
            return False
        history.record("reminded of registers", self.teacher, by, after={"registers": len(self.missing)})
        return True


def chases(service: Any, missing: Iterable[Missing], weeks: Sequence[TeachingWeek]) -> list[Chase]:
    """Whom these missing registers belong to, those with the most first. `weeks`: the lesson weeks up to this one.

    Two queries, however many.
    """
    of_teacher: dict[int, list[Missing]] = defaultdict(list)
    for one in missing:
        of_teacher[one.teacher_id].append(one)
    teachers = Member.objects.filter(service_id=service.pk, pk__in=of_teacher, is_active=True)
    reminders = Letter.objects.filter(service_id=service.pk, kind=letters.REMINDER, thing_id__in=of_teacher)
    chased = dict(reminders.order_by().values_list("thing_id").annotate(last=Max("written_at")))
    people = teachers.select_related("person", "service", "office")
    past = [row.monday for row in weeks if row.monday < Week.current()]
    found = []
    for teacher in people:
        own = of_teacher[teacher.pk]
        late = sum(1 for monday in past if monday >= own[0].week)
        found.append(Chase(teacher, own, chased.get(teacher.pk), late))
    return sorted(found, key=lambda chase: (-len(chase.missing), chase.teacher.name))


def _in_words(weeks: list[Week]) -> str:
    return f"{'week' if len(weeks) == 1 else 'weeks'} commencing {spell_weeks(weeks)}"
