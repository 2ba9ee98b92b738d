"""Cover: another teacher gives a visit, or single lessons of it, in one week (R7). The register stays the absent
teacher's; "given by" and pay follow the one who covers, who sees those pupils for that week only."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.people.roles import Permission
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.line import Line
from tutti.teaching.models.register import Register


class CoverQuerySet(models.QuerySet["Cover"]):
    def visible_to(self, member: Any) -> CoverQuerySet:
        """All for those who see registers; a teacher's: that they give, and that is given for them."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.SEE_REGISTERS):
            return own
        return own.filter(Q(teacher=member) | Q(allocation__teacher=member))

    def of_lesson(self, allocation: Any, lesson: Any, week: Any) -> CoverQuerySet:
        """Who covers this lesson: its own cover before that of the whole visit."""
        own = self.filter(Q(lesson=lesson) | Q(lesson=None), allocation=allocation, week=week)
        return own.order_by(F("lesson").asc(nulls_last=True))


class Cover(models.Model):
    """`teacher` gives the visit of an allocation in a week, or with `lesson` that lesson of it."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    allocation = models.ForeignKey("teaching.Allocation", models.CASCADE, related_name="covers")
    week = WeekField()
    lesson = models.ForeignKey("teaching.Lesson", models.CASCADE, null=True, related_name="covers")
    teacher = models.ForeignKey("people.Member", models.PROTECT, related_name="covers")

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["week", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "week"], condition=Q(lesson=None), name="cover_once_a_visit"),
            models.UniqueConstraint(fields=["allocation", "week", "lesson"], name="cover_once_a_lesson"),
        ]
        indexes = [models.Index(fields=["teacher", "week"])]

    def __str__(self) -> str:
        return f"{self.teacher} for {self.allocation}"

    @transaction.atomic
    def call_off(self, by: Any) -> None:
        """No cover after all. ValidationError once the week is confirmed with it."""
        _refuse_confirmed(self.allocation, self.week)
        _set_given_by(self, self.allocation.teacher)
        history.record("called off the cover", self.allocation, by, before=_spell(self))
        self.delete()


@transaction.atomic
def arrange_cover(allocation: Allocation, by: Any, week: Week, teacher: Any, lesson: Any = None) -> Cover:
    """Let a teacher cover a visit or one lesson of it in a week; asked for again, another takes it over.

    ValidationError for the absent teacher themself, a week outside of the allocation, or one that is confirmed.
    """
    if teacher.pk == allocation.teacher_id:
        raise ValidationError({"teacher": "Somebody else has to cover: this is the teacher who is away."})
    if not allocation.from_week <= week <= allocation.until_week:
        raise ValidationError({"week": "The teacher is not at this school in that week."})
    Allocation.objects.select_for_update().get(pk=allocation.pk)
    _refuse_confirmed(allocation, week)
    cover, is_new = Cover.objects.get_or_create(
        allocation=allocation,
        week=week,
        lesson=lesson,
        defaults={"teacher": teacher, "service_id": allocation.service_id},
    )
    changed = is_new or history.change(cover, "changed the cover", by, teacher=teacher)
    if is_new:
        history.record("arranged cover", allocation, by, after=_spell(cover))
    if changed:
        _set_given_by(cover, teacher)
    return cover


def covered_by(member: Any, week: Any, allocation: str = "allocation") -> Q:
    """The condition that a member covers something of an allocation in a week; `allocation` leads to it."""
    return Q(Exists(Cover.objects.filter(allocation=OuterRef(allocation), week=week, teacher=member)))


def covering(member: Any, week: Any) -> QuerySet[Cover]:
    """What a member covers in a week, with allocation, school and the absent teacher."""
    own = Cover.objects.filter(service_id=member.service_id, teacher=member, week=week)
    return own.select_related("allocation__school", "allocation__teacher", "lesson")


def _set_given_by(cover: Cover, teacher: Any) -> None:
    """Lines begun already follow who gives them now."""
    lines = Line.objects.filter(register__allocation=cover.allocation_id, register__week=cover.week)
    if cover.lesson_id:
        lines = lines.filter(lesson=cover.lesson_id)
    else:
        own = Cover.objects.filter(allocation=cover.allocation_id, week=cover.week).exclude(lesson=None)
        lines = lines.exclude(lesson__in=own.values("lesson"))
    lines.update(given_by=teacher)


def _refuse_confirmed(allocation: Allocation, week: Week) -> None:
    if Register.objects.confirmed().filter(allocation=allocation, week=week).exists():
        raise ValidationError("This week is confirmed. Its register has to be opened again first.")


def _spell(cover: Cover) -> dict[str, Any]:
    return {"week": str(cover.week), "by": cover.teacher.name, "lesson": str(cover.lesson or "")}
