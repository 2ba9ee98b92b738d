"""A register: all teaching of one teacher at one school in one week (H5 to H7, R1 to R6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.urls import reverse

from tutti.core import history
from tutti.core.calendar import WeekField
from tutti.people.roles import Permission
from tutti.teaching.models.line import Line, Mark

__all__ = ["Line", "Mark", "Register"]


class There(models.TextChoices):
    ALL = "all", "Yes, I was there"
    PART = "part", "Part of it"
    NONE = "none", "No"


class RegisterQuerySet(models.QuerySet["Register"]):
    def visible_to(self, member: Any) -> RegisterQuerySet:
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_REGISTERS) else own.filter(allocation__teacher=member)

    def confirmed(self) -> RegisterQuerySet:
        """Registers that count in sums (R5)."""
        return self.exclude(confirmed_by=None)


class Register(models.Model):
    """One allocation and one week. Confirmed when `confirmed_by` is set; when that was is in the history (W5).

    It is written through its `Sheet`, which knows the lessons and pupils of the week.
    """

    There = There

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    allocation = models.ForeignKey("teaching.Allocation", models.PROTECT, related_name="registers")
    week = WeekField()
    there = models.CharField(max_length=10, choices=There, blank=True)
    reason = models.ForeignKey("teaching.Reason", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    confirmed_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["week"]
        constraints = [models.UniqueConstraint(fields=["allocation", "week"], name="register_once_a_week")]
        indexes = [models.Index(fields=["service", "week"])]

    def __str__(self) -> str:
        return f"week commencing {self.week}"

    def get_absolute_url(self) -> str:
        return reverse("register", args=[self.allocation_id, self.week])

    @staticmethod
    def hold(service_id: int, allocation_pk: int, week: Any, known: Register | None) -> Register:
        """The week's register, made if there is none, and held until the transaction ends, so that whoever else
        writes to it comes before or after and never between (R9). `known` is the row as it was just read."""
        if known is None:
            row = Register(service_id=service_id, allocation_id=allocation_pk, week=week)
            unique = ["allocation", "week"]
            Register.objects.bulk_create([row], update_conflicts=True, unique_fields=unique, update_fields=["service"])
            return row
        as_read = Register.objects.filter(pk=known.pk, confirmed_by=known.confirmed_by_id)
        if not as_read.update(service=service_id):
            known.refresh_from_db()
        return known

    def open_again(self, by: Any, verb: str) -> None:
        """Take the confirmation back, inside a transaction: whether lessons were given follows from the marks again,
        until it is confirmed anew."""
        Line.objects.filter(register=self, reason=None, lesson__is_programme=False).update(given=None)
        Register.objects.filter(pk=self.pk).update(confirmed_by=None)
        self.confirmed_by = None
        history.record(verb, self, by)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_by_id is not None


def said_there(register: Register, lessons: Sequence[Any]) -> dict[str, Any]:
    """What a register that is confirmed or corrected says of its teacher: `there`, and of a week missed as a whole the
    reason that was given, or the one of the teacher's that all its lessons have (R3)."""
    there = _was_there(lessons)
    reasons = {lesson.reason for lesson in lessons}
    of_teacher = [reason for reason in reasons if reason and reason.cause == reason.Cause.SERVICE]
    whole = register.reason or (of_teacher[0] if len(reasons) == 1 and of_teacher else None)
    return {"there": there, "reason": whole if there == There.NONE else None}


def _was_there(lessons: Sequence[Any]) -> str:
    """Whether the teacher was there, by what was struck out of their own lessons without those covered (R3, R7)."""
    own = [lesson for lesson in lessons if not lesson.covered_by]
    struck = [lesson for lesson in own if not lesson.given and lesson.reason]
    if len(struck) == len(own):
        return There.NONE
    return There.PART if struck or len(own) < len(lessons) else There.ALL
