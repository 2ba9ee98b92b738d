"""The office's list of a month to be locked: every teacher, whether locked, and what is missing still (R10)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from tutti.core.calendar import Day, first_of_month, today
from tutti.core.templatetags.tutti import counted
from tutti.people.models import Member
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.correction import Correction
from tutti.teaching.models.expected import missing_registers
from tutti.teaching.models.lock import Lock


@dataclass(frozen=True, slots=True)
class TeacherMonth:
    """A teacher's month: locked or open, registers not confirmed yet, corrections that wait."""

    teacher: Member
    is_locked: bool
    missing: int
    waiting: int

    @property
    def missing_words(self) -> str:
        return f"{self.missing} missing"

    @property
    def waiting_words(self) -> str:
        return counted(self.waiting, "correction waits,corrections wait")


def teacher_months(service: Any, month: Day) -> list[TeacherMonth]:
    """All who teach in a month, and all for whom it is locked, by name. A fixed number of queries."""
    weeks = list(TeachingWeek.objects.filter(service=service, month=month))
    if not weeks:
        return []
    first, last = weeks[0].monday, weeks[-1].monday
    taught = Allocation.objects.filter(teacher=OuterRef("pk"), from_week__lte=last, until_week__gte=first)
    locks = set(Lock.objects.filter(service=service, month=month).values_list("teacher", flat=True))
    missing = Counter(one.teacher_id for one in missing_registers(service, [w for w in weeks if w.lesson_number]))
    open_ones = Correction.objects.waiting().filter(service=service, register__week__range=(first, last))
    waiting = Counter(open_ones.values_list("register__allocation__teacher", flat=True))
    teachers = Member.objects.filter(Exists(taught), service=service) | Member.objects.filter(pk__in=locks)
    return [
        TeacherMonth(one, one.pk in locks, missing[one.pk], waiting[one.pk]) for one in teachers.order_by("name", "pk")
    ]


def months_to_lock(service: Any) -> list[Day]:
    """The months with teaching that are over, newest first."""
    over = TeachingWeek.objects.filter(service=service, month__lt=first_of_month(today()))
    return list(over.order_by("-month").values_list("month", flat=True).distinct())
