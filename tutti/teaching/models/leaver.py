"""A leaver: a teacher with a last week for all of their schools at once, and who comes after them (P2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from tutti.core.calendar import Week, spell_weeks
from tutti.people.models import Member
from tutti.teaching.models.allocation import Allocation, AllocationQuerySet, allocate
from tutti.teaching.models.arrangement import CoverNews, call_off, call_off_news
from tutti.teaching.models.cover import Cover
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.register import Register
from tutti.teaching.models.second_teacher import SecondTeacher


@dataclass(slots=True)
class Leaver:
    """What it means that a teacher leaves after a week. `ends` run on beyond it, `removes` would begin later and are
    empty, `stuck` says in words what stands against it; `covers` are called off, and `seconds` end."""

    teacher: Member
    until_week: Week
    ends: list[Allocation] = field(default_factory=list)
    removes: list[Allocation] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    seconds: list[SecondTeacher] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return len(self.ends) + len(self.removes) + len(self.covers) + len(self.seconds)

    @property
    def news(self) -> list[CoverNews]:
        """The letters about cover that is called off."""
        return call_off_news(self.covers)

    @transaction.atomic
    def leave(self, by: Any, successors: Mapping[int, Member]) -> list[Allocation]:
        """End all of it, and allocate successors, by the allocation's key, from the week after: their allocations.

        ValidationError where a later week is confirmed, lessons are set up for later, or a successor is at the school
        in some of these weeks already.
        """
        if self.stuck:
            raise ValidationError(self.stuck)
        call_off(self.covers, by)
        lasts = {allocation.pk: allocation.until_week for allocation in self.ends}
        for allocation in self.ends:
            allocation.end(by, self.until_week)
        for allocation in self.removes:
            allocation.remove(by)
        for second in self.seconds:
            second.end(by, self.until_week) if second.from_week <= self.until_week else second.remove(by)
        heirs = [(row, successors[row.pk]) for row in self.ends if row.pk in successors]
        return [_succeed(row, heir, by, self.until_week + 1, lasts[row.pk]) for row, heir in heirs]


def read_leaver(teacher: Member, until_week: Week) -> Leaver:
    """What their leaving after this week takes. Four queries."""
    found = Leaver(teacher, until_week)
    for allocation in _running_on(teacher, until_week):
        last, has_begun = allocation.last_confirmed, allocation.from_week <= until_week  # type: ignore[attr-defined]
        if last:
            found.stuck.append(f"{allocation.school} is recorded up to the week commencing {spell_weeks([last])}.")
        elif has_begun:
            found.ends.append(allocation)
        elif allocation.is_set_up:  # type: ignore[attr-defined]
            first = spell_weeks([allocation.from_week])
            found.stuck.append(f"Lessons are set up at {allocation.school} from the week commencing {first}.")
        else:
            found.removes.append(allocation)
    covers = Cover.objects.filter(service_id=teacher.service_id).to_come(until_week + 1)
    covers = covers.filter(Q(teacher=teacher) | Q(allocation__teacher=teacher))
    confirmed = Register.objects.confirmed().filter(allocation=OuterRef("allocation"), week=OuterRef("week"))
    found.covers = list(covers.filter(~Exists(confirmed)).for_list())
    seconds = teacher.second_in.filter(Q(until_week=None) | Q(until_week__gt=until_week))
    found.seconds = list(seconds.select_related("lesson__allocation__school", "lesson__allocation__teacher"))
    return found


def _running_on(teacher: Member, until_week: Week) -> AllocationQuerySet:
    """Their allocations that reach beyond a week, with the last week after it that is confirmed."""
    later = Q(registers__week__gt=until_week, registers__confirmed_by__isnull=False)
    own = Allocation.objects.filter(teacher=teacher, until_week__gt=until_week)
    own = own.annotate(last_confirmed=Max("registers__week", filter=later))
    own = own.annotate(is_set_up=Exists(Lesson.objects.filter(allocation=OuterRef("pk"))))
    return own.select_related("school", "year", "teacher").order_by("school__name", "from_week")


def _succeed(allocation: Allocation, heir: Member, by: Any, first: Week, last: Week) -> Allocation:
    try:
        return allocate(heir, allocation.school, allocation.year, by, from_week=first, until_week=last)
    except ValidationError as error:
        words = f"{heir} is allocated to {allocation.school} in some of the weeks after that already."
        raise ValidationError(words) from error
