"""A lock closes a month for a teacher: after it a recorded register changes by a correction only (R10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef

from tutti.core import history
from tutti.core.calendar import Day, first_of_month, today
from tutti.people.models import Member
from tutti.schools.models import TeachingWeek


class LockQuerySet(models.QuerySet["Lock"]):
    def visible_to(self, member: Any) -> LockQuerySet:
        return self.filter(service_id=member.service_id)

    def of_month(self, month: Day) -> LockQuerySet:
        return self.filter(month=month)


class Lock(models.Model):
    """A teacher's month, by its first day, that the office has closed."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    teacher = models.ForeignKey("people.Member", models.CASCADE, related_name="locks")
    month = models.DateField()

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["month"]
        constraints = [models.UniqueConstraint(fields=["teacher", "month"], name="lock_once_a_month")]
        indexes = [models.Index(fields=["service", "month"])]

    def __str__(self) -> str:
        return f"{self.teacher}, {self.month:%B %Y}"


@transaction.atomic
def lock_month(service: Any, by: Any, month: Day, teachers: Iterable[Any] | None = None) -> int:
    """Close a month for these teachers, or for all: how many it was open for. ValidationError before it is over."""
    if month >= first_of_month(today()):
        raise ValidationError(f"{month:%B} is not over yet. It can be locked in the month after it.")
    chosen = list(Member.objects.filter(service=service).teachers() if teachers is None else teachers)
    locked = set(Lock.objects.filter(service=service, month=month).values_list("teacher", flat=True))
    new = [Lock(service=service, teacher=teacher, month=month) for teacher in chosen if teacher.pk not in locked]
    Lock.objects.bulk_create(new, ignore_conflicts=True)
    told = {"month": str(month)}
    history.record_all(history.make_event("locked the month", lock.teacher, by, after=told) for lock in new)
    return len(new)


@transaction.atomic
def unlock_month(service: Any, by: Any, month: Day, teachers: Iterable[Any] | None = None) -> int:
    """Open a month again for these teachers, or for all: how many it was closed for."""
    locks = Lock.objects.filter(service=service, month=month).select_related("teacher")
    locks = locks if teachers is None else locks.filter(teacher__in=[teacher.pk for teacher in teachers])
    found = list(locks)
    told = {"month": str(month)}
    history.record_all(history.make_event("opened the month again", lock.teacher, by, before=told) for lock in found)
    Lock.objects.filter(pk__in=[lock.pk for lock in found]).delete()
    return len(found)


def is_locked(teacher_pk: int, week: Any) -> bool:
    """Whether a week lies in a month that is closed for a teacher."""
    months = TeachingWeek.objects.filter(service=OuterRef("service"), monday=week).values("month")
    return Lock.objects.filter(teacher=teacher_pk, month__in=months).exists()
