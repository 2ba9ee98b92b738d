"""A line of a register: one lesson in one week; and its marks, one a pupil (R2, H6)."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tutti.core.calendar import WeekField
from tutti.people.roles import Permission
from tutti.teaching.models.lesson import LONGEST, SHORTEST, Kind


def _follows(what: str) -> Q:
    """The condition that this follows for a line: struck out, from the nearest reason; given, from any mark."""
    marks = Mark.objects.filter(line=OuterRef("pk"), **{f"reason__{what}": True})
    of_week = Q(reason=None, **{f"register__reason__{what}": True})
    struck = Q(given=False) & (Q(**{f"reason__{what}": True}) | of_week | Q(Exists(marks), reason=None))
    return struck | Q(given=True) & (Q(lesson__is_programme=True) | Q(Exists(marks)))


class LineQuerySet(models.QuerySet["Line"]):
    def visible_to(self, member: Any) -> LineQuerySet:
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_REGISTERS) else own.filter(register__allocation__teacher=member)

    def confirmed(self) -> LineQuerySet:
        """Lines that count in sums: those of confirmed registers (R5)."""
        return self.exclude(register__confirmed_by=None)

    def payable(self) -> LineQuerySet:
        """Lines whose minutes are paid, each once: its own reason, the week's, or any of its marks is payable (C3)."""
        return self.confirmed().filter(_follows("paid"))

    def chargeable(self) -> LineQuerySet:
        """Lines whose minutes are charged, each once (C3); a make-up is not charged again (C5)."""
        return self.confirmed().filter(_follows("charged"), is_make_up=False)

    def make_ups(self) -> LineQuerySet:
        """Lines that make up for another week (C5)."""
        return self.filter(is_make_up=True)


class Line(models.Model):
    """What became of one lesson in one week.

    `for_week` is the register's own week, or that which the line makes up for: then it `is_make_up` (C5). `given` is
    null until it is marked. Kind and minutes are that week's own (P7). `is_filled` says that "All as planned" filled it
    and no person has touched it since, so that Undo knows what to take back (R4); `is_alone` that the second teacher
    was away (R8); `is_extra` that the office let a make-up stand as an extra lesson, since nothing is owed any more.
    """

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    register = models.ForeignKey("teaching.Register", models.CASCADE, related_name="lines")
    lesson = models.ForeignKey("teaching.Lesson", models.PROTECT, related_name="lines")
    for_week = WeekField()
    is_make_up = models.BooleanField(default=False)
    given_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)])
    given = models.BooleanField(null=True)
    reason = models.ForeignKey("teaching.Reason", models.PROTECT, null=True, related_name="+")
    head_count = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(400)])
    is_filled = models.BooleanField(default=False)
    is_alone = models.BooleanField(default=False)
    is_extra = models.BooleanField(default=False)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["lesson__position", "lesson_id", "for_week"]
        indexes = [models.Index(fields=["service"], condition=Q(is_make_up=True), name="line_make_ups")]
        constraints = [
            models.UniqueConstraint(fields=["register", "lesson", "for_week"], name="line_once_a_lesson_and_week"),
            models.CheckConstraint(condition=Q(minutes__range=(SHORTEST, LONGEST)), name="line_minutes_sensible"),
            models.CheckConstraint(condition=Q(given=False) | Q(reason=None), name="line_reason_only_if_not_given"),
            models.CheckConstraint(condition=Q(given=True) | Q(head_count=None), name="line_head_count_only_if_given"),
        ]


class MarkQuerySet(models.QuerySet["Mark"]):
    def confirmed(self) -> MarkQuerySet:
        """Marks that count in sums: those of confirmed registers (R5)."""
        return self.exclude(line__register__confirmed_by=None)

    def visible_to(self, member: Any) -> MarkQuerySet:
        return self.filter(service_id=member.service_id)


class Mark(models.Model):
    """One pupil in one week: here, or why not. The reason says what follows (C1)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    line = models.ForeignKey(Line, models.CASCADE, related_name="marks")
    place = models.ForeignKey("teaching.Place", models.PROTECT, related_name="marks")
    reason = models.ForeignKey("teaching.Reason", models.PROTECT, related_name="+")
    is_filled = models.BooleanField(default=False)

    objects = MarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "place"], name="mark_once_a_place")]
