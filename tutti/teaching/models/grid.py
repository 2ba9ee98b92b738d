"""The grid: which teachers are at which schools, changed for many at once (H1, P2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from tutti.core import history
from tutti.core.calendar import Week
from tutti.people.models import Member
from tutti.schools.models import AcademicYear, School
from tutti.teaching.models.allocation import Allocation

Pair = tuple[int, int]  # a teacher and a school, by their keys


@dataclass(frozen=True, slots=True)
class Stay:
    """An allocation that is unticked and stays all the same: `recorded` is the last week with a confirmed register, or
    None where lessons are set up and none was due yet."""

    allocation: Allocation
    recorded: Week | None


@dataclass(slots=True)
class GridPlan:
    """What saving would do, in pairs or allocations."""

    add: list[tuple[Member, School]] = field(default_factory=list)
    carry_on: list[Allocation] = field(default_factory=list)
    end: list[Allocation] = field(default_factory=list)
    remove: list[Allocation] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)

    @property
    def begun(self) -> int:
        """Allocations that are new or carry on."""
        return len(self.add) + len(self.carry_on)

    @property
    def changes(self) -> int:
        return self.begun + len(self.end) + len(self.remove)


class Grid:
    """Teachers by schools in a year, as they stand from a week on."""

    def __init__(self, year: AcademicYear, week: Week, teachers: Sequence[Member], schools: Sequence[School]) -> None:
        self.year, self.week = year, week
        self.teachers = {teacher.pk: teacher for teacher in teachers}
        self.schools = {school.pk: school for school in schools}
        mondays = sorted(year.weeks.values_list("monday", flat=True))
        self.last_week = mondays[-1] if mondays else week
        self.week_before = next((monday for monday in reversed(mondays) if monday < week), week - 1)
        self.held: dict[Pair, list[Allocation]] = {}
        for allocation in self._allocations():
            allocation.teacher = self.teachers[allocation.teacher_id]
            allocation.school = self.schools[allocation.school_id]
            self.held.setdefault((allocation.teacher_id, allocation.school_id), []).append(allocation)

    def _allocations(self) -> Iterable[Allocation]:
        rows = Allocation.objects.filter(teacher__in=self.teachers, school__in=self.schools)
        rows = rows.filter(from_week__lte=self.last_week, until_week__gte=self.week_before)
        confirmed = Q(registers__confirmed_by__isnull=False)
        return rows.annotate(
            set_up=Count("lessons", distinct=True) + Count("registers", distinct=True),
            recorded=Max("registers__week", filter=confirmed & Q(registers__week__gte=self.week)),
        )

    def running(self, pair: Pair) -> list[Allocation]:
        """The allocations of a pair that run in the week or begin later."""
        return [allocation for allocation in self.held.get(pair, []) if allocation.until_week >= self.week]

    @property
    def ticked(self) -> set[Pair]:
        return {pair for pair in self.held if self.running(pair)}

    def plan(self, wanted: Collection[Pair], unwanted: Collection[Pair]) -> GridPlan:
        """What it takes that the wanted are there and the unwanted are not; pairs outside the grid are left alone.

        None ends before a week whose register is confirmed (S3).
        """
        plan = GridPlan()
        for teacher, school in sorted(wanted):
            if teacher in self.teachers and school in self.schools and not self.running((teacher, school)):
                self._plan_add(plan, (teacher, school))
        for pair in sorted(unwanted):
            for allocation in self.running(pair):
                self._plan_end(plan, allocation)
        return plan

    def _plan_add(self, plan: GridPlan, pair: Pair) -> None:
        ended = [allocation for allocation in self.held.get(pair, []) if allocation.year_id == self.year.pk]
        if ended:
            plan.carry_on.append(ended[-1])
        else:
            plan.add.append((self.teachers[pair[0]], self.schools[pair[1]]))

    def _plan_end(self, plan: GridPlan, allocation: Allocation) -> None:
        recorded: Week | None = allocation.recorded  # type: ignore[attr-defined]
        if recorded:
            plan.stays.append(Stay(allocation, recorded))
        elif allocation.from_week < self.week:
            plan.end.append(allocation)
        elif allocation.set_up:  # type: ignore[attr-defined]
            plan.stays.append(Stay(allocation, None))
        else:
            plan.remove.append(allocation)

    @transaction.atomic
    def save(self, by: Any, wanted: Collection[Pair], unwanted: Collection[Pair]) -> GridPlan:
        """Do what `plan` says, in a fixed number of statements; done twice it is done once."""
        list(Member.objects.select_for_update().filter(pk__in=sorted(self.teachers)).order_by("pk"))
        fresh = Grid(self.year, self.week, list(self.teachers.values()), list(self.schools.values()))
        plan = fresh.plan(wanted, unwanted)
        made = Allocation.objects.bulk_create([fresh._allocation(*pair) for pair in plan.add])
        fresh._set_ends(plan.carry_on, self.last_week)
        fresh._set_ends(plan.end, self.week - 1)
        fresh._record(by, plan, made)
        Allocation.objects.filter(pk__in=[allocation.pk for allocation in plan.remove]).delete()
        return plan

    def _allocation(self, teacher: Member, school: School) -> Allocation:
        return Allocation(
            service_id=school.service_id,
            teacher=teacher,
            school=school,
            year=self.year,
            from_week=self.week,
            until_week=self.last_week,
        )

    def _set_ends(self, allocations: Sequence[Allocation], week: Week) -> None:
        Allocation.objects.filter(pk__in=[allocation.pk for allocation in allocations]).update(until_week=week)

    def _record(self, by: Any, plan: GridPlan, made: Sequence[Allocation]) -> None:
        events = [self._event("allocated", allocation, by, self.last_week) for allocation in made]
        events += [self._event("carried on with the allocation", row, by, self.last_week) for row in plan.carry_on]
        events += [self._event("ended the allocation", row, by, self.week - 1) for row in plan.end]
        events += [self._event("took back the allocation", row, by, None) for row in plan.remove]
        history.record_all(events)

    def _event(self, verb: str, allocation: Allocation, by: Any, until_week: Week | None) -> history.Event:
        names = {"teacher": allocation.teacher.name, "school": allocation.school.name}
        weeks = {"from_week": str(allocation.from_week), "until_week": str(allocation.until_week)}
        after = {"until_week": str(until_week)} if until_week else {}
        return history.make_event(verb, allocation, by, before=weeks, after={**names, **after})
