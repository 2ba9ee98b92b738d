"""An allocation: a teacher at a school from a week until a week (H1, P2). Made by the service only."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.people.models import Member
from tutti.people.roles import Permission


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, member: Any) -> AllocationQuerySet:
        """A teacher's own; all of the service for those who see registers."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_REGISTERS) else own.filter(teacher=member)

    def in_week(self, week: Week) -> AllocationQuerySet:
        return self.filter(holds_in(week))

    def overlapping(self, first: Week, last: Week) -> AllocationQuerySet:
        return self.filter(from_week__lte=last, until_week__gte=first)


class Allocation(models.Model):
    """A teacher at a school, both weeks included. Ending it keeps all that was recorded."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="allocations")
    teacher = models.ForeignKey("people.Member", models.PROTECT, related_name="allocations")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="allocations")
    year = models.ForeignKey("schools.AcademicYear", models.PROTECT, related_name="allocations")
    from_week = WeekField()
    until_week = WeekField()

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ["school__name"]
        constraints = [
            models.CheckConstraint(condition=Q(until_week__gte=F("from_week")), name="allocation_ends_after_start"),
            models.UniqueConstraint(fields=["teacher", "school", "from_week"], name="allocation_once_from_a_week"),
        ]
        indexes = [models.Index(fields=["service", "from_week", "until_week"])]

    def __str__(self) -> str:
        return f"{self.teacher} at {self.school}"

    @transaction.atomic
    def end(self, by: Any, until_week: Week) -> bool:
        """End it after this week (or put the end off). ValidationError if that is before its first week."""
        if until_week < self.from_week:
            raise ValidationError("An allocation cannot end before it begins.")
        Member.objects.select_for_update().get(pk=self.teacher_id)
        _refuse_overlap(self.teacher_id, self.school_id, self.from_week, until_week, but=self.pk)
        return history.change(self, "ended the allocation", by, until_week=until_week)


@transaction.atomic
def allocate(teacher: Any, school: Any, year: Any, by: Any, *, from_week: Week, until_week: Week) -> Allocation:
    """Allocate a teacher to a school (H1). ValidationError if they are allocated there already in these weeks (P2)."""
    if until_week < from_week:
        raise ValidationError("The last week must not be before the first week.")
    Member.objects.select_for_update().get(pk=teacher.pk)  # two at once must not both find the way free
    _refuse_overlap(teacher.pk, school.pk, from_week, until_week)
    allocation = Allocation.objects.create(
        service_id=school.service_id, teacher=teacher, school=school, year=year, from_week=from_week, until_week=until_week
    )
    weeks = {"from_week": str(from_week), "until_week": str(until_week)}
    history.record("allocated", allocation, by, after={"teacher": teacher.name, "school": school.name, **weeks})
    return allocation


def holds_in(week: Week, prefix: str = "") -> Q:
    """The condition that something holds in a week: from a week until a week, or with no end yet."""
    has_begun = Q(**{f"{prefix}from_week__lte": week})
    return has_begun & (Q(**{f"{prefix}until_week": None}) | Q(**{f"{prefix}until_week__gte": week}))


def _refuse_overlap(teacher_id: int, school_id: int, first: Week, last: Week, but: int | None = None) -> None:
    same = Allocation.objects.filter(teacher_id=teacher_id, school_id=school_id).exclude(pk=but)
    if same.overlapping(first, last).exists():
        raise ValidationError("This teacher is allocated to this school in some of these weeks already.")
