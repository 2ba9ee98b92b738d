"""Cover: another teacher gives a visit, or single lessons of it, in one week (R7). The register stays the absent
teacher's; "given by" and pay follow the one who covers, who sees those pupils for that week only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tutti.core import history
from tutti.core.calendar import Week, WeekField, spell_weeks
from tutti.people.roles import Permission
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.line import Line
from tutti.teaching.models.register import Register


class CoverQuerySet(models.QuerySet["Cover"]):
    def visible_to(self, member: Any) -> CoverQuerySet:
        """All for those who see registers; a teacher's: that they give, and that is given for them."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.SEE_REGISTERS):
            return own
        return own.filter(Q(teacher=member) | Q(allocation__teacher=member))

    def to_come(self, week: Week) -> CoverQuerySet:
        """From a week on."""
        return self.filter(week__gte=week)

    def for_list(self) -> CoverQuerySet:
        return self.select_related("allocation__school", "allocation__teacher", "teacher", "lesson")

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

    def call_off(self, by: Any) -> None:
        """No cover after all. ValidationError once the week is confirmed with it."""
        call_off_covers([self], by)


Gap = tuple[Allocation, Week, int | None]  # what is to be covered: a visit, or one lesson of it by its number


def arrange_cover(allocation: Allocation, by: Any, week: Week, teacher: Any, lesson: Any = None) -> Cover:
    """Let a teacher cover a visit or one lesson of it in a week; as `arrange_covers` for a single one."""
    arrange_covers([(allocation, week, lesson.pk if lesson else None)], by, teacher)
    return Cover.objects.get(allocation=allocation, week=week, lesson=lesson)


@transaction.atomic
def arrange_covers(gaps: Collection[Gap], by: Any, teacher: Any) -> list[Cover]:
    """Let a teacher cover these visits and lessons (R7); where another did, they take it over. Those that are new or
    changed, so that asking twice arranges once. A fixed number of statements.

    ValidationError for the absent teacher themself, somebody who does not teach here, a week outside of an allocation,
    or one that is confirmed.
    """
    for allocation, week, _ in gaps:
        _refuse(allocation, week, teacher)
    known = {_key(cover): cover for cover in _hold((allocation, week) for allocation, week, _ in gaps)}
    lessons = Lesson.objects.in_bulk({lesson for *_, lesson in gaps if lesson})
    new, changed, events = [], [], []
    for allocation, week, lesson in gaps:
        cover = known.get((allocation.pk, week, lesson))
        if cover is None:
            fields = {"service_id": allocation.service_id, "allocation": allocation, "week": week}
            new.append(Cover(teacher=teacher, lesson=lessons[lesson] if lesson else None, **fields))
            events.append(history.make_event("arranged cover", allocation, by, after=_spell(new[-1])))
        elif cover.teacher_id != teacher.pk:
            before, cover.teacher = _spell(cover), teacher
            changed.append(cover)
            events.append(history.make_event("changed the cover", allocation, by, before=before, after=_spell(cover)))
    made = Cover.objects.bulk_create(new)
    Cover.objects.bulk_update(changed, ["teacher"])
    history.record_all(events)
    _set_given_by([*made, *changed])
    return [*made, *changed]


@transaction.atomic
def call_off_covers(covers: Iterable[Cover], by: Any) -> list[Cover]:
    """No cover after all; those that were there still. ValidationError once a week is confirmed with it."""
    wanted = {cover.pk for cover in covers}
    found = list(Cover.objects.filter(pk__in=wanted).select_related("allocation"))
    found = [cover for cover in _hold((cover.allocation, cover.week) for cover in found) if cover.pk in wanted]
    Cover.objects.filter(pk__in=[cover.pk for cover in found]).delete()
    _set_given_by(found)
    events = [history.make_event("called off the cover", one.allocation, by, before=_spell(one)) for one in found]
    history.record_all(events)
    return found


def covered_by(member: Any, week: Any, allocation: str = "allocation") -> Q:
    """The condition that a member covers something of an allocation in a week; `allocation` leads to it."""
    return Q(Exists(Cover.objects.filter(allocation=OuterRef(allocation), week=week, teacher=member)))


def covering(member: Any, week: Any) -> QuerySet[Cover]:
    """What a member covers in a week, with allocation, school and the absent teacher."""
    own = Cover.objects.filter(service_id=member.service_id, teacher=member, week=week)
    return own.select_related("allocation__school", "allocation__teacher", "lesson")


def _refuse(allocation: Allocation, week: Week, teacher: Any) -> None:
    if teacher.pk == allocation.teacher_id:
        raise ValidationError({"teacher": "Somebody else has to cover: this is the teacher who is away."})
    if not (teacher.is_active and teacher.is_teacher and teacher.service_id == allocation.service_id):
        raise ValidationError({"teacher": "Choose somebody who teaches for this service."})
    if not allocation.from_week <= week <= allocation.until_week:
        raise ValidationError({"week": "The teacher is not at this school in that week."})


def _hold(visits: Iterable[tuple[Allocation, Week]]) -> list[Cover]:
    """Hold these visits' allocations and registers until the transaction ends: their covers as they are then.
    ValidationError for a week that is confirmed."""
    wanted = {(allocation.pk, week): allocation for allocation, week in visits}
    numbers = {pk for pk, _ in wanted}
    within = {"allocation__in": numbers, "week__in": {week for _, week in wanted}}
    list(Allocation.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    registers = Register.objects.select_for_update().filter(**within).order_by("pk")
    for pk, week, confirmed_by in registers.values_list("allocation", "week", "confirmed_by"):
        if confirmed_by and (pk, week) in wanted:
            raise ValidationError(
                f"{wanted[pk, week].school}, week commencing {spell_weeks([week])}: this week is confirmed. "
                "Its register has to be opened again first."
            )
    covers = Cover.objects.filter(**within).select_related("teacher", "lesson", "allocation__teacher")
    return [cover for cover in covers if (cover.allocation_id, cover.week) in wanted]


def _set_given_by(covers: Sequence[Cover]) -> None:
    """Lines begun already follow who gives them now: the lesson's cover, the visit's, or the register's teacher."""
    if not covers:
        return
    within = {"allocation__in": {one.allocation_id for one in covers}, "week__in": {one.week for one in covers}}
    of_visit = Cover.objects.filter(
        allocation__registers=OuterRef("register_id"), week=F("allocation__registers__week"), lesson=None
    )
    of_lesson = Cover.objects.filter(
        allocation__registers=OuterRef("register_id"),
        week=F("allocation__registers__week"),
        lesson=OuterRef("lesson_id"),
    )
    own = Register.objects.filter(pk=OuterRef("register_id")).values("allocation__teacher")
    giver = Coalesce(Subquery(of_lesson.values("teacher")[:1]), Subquery(of_visit.values("teacher")[:1]), Subquery(own))
    registers = Register.objects.filter(confirmed_by=None, **within)
    Line.objects.filter(register__in=registers.values("pk")).update(given_by=giver)


def _key(cover: Cover) -> tuple[int, Week, int | None]:
    return cover.allocation_id, cover.week, cover.lesson_id


def _spell(cover: Cover) -> dict[str, Any]:
    lesson = {"lesson": str(cover.lesson)} if cover.lesson else {}
    return {"week": str(cover.week), "by": cover.teacher.name, **lesson}
