"""A second teacher in a class (R8): each is paid their own minutes; the lesson and its head count are counted once,
with the lead, whose register it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Sum

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.people.roles import Permission
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.allocation import holds_in
from tutti.teaching.models.lesson import LONGEST, SHORTEST, Kind, Lesson, LessonQuerySet
from tutti.teaching.models.line import Line


class SecondTeacherQuerySet(models.QuerySet["SecondTeacher"]):
    def visible_to(self, member: Any) -> SecondTeacherQuerySet:
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.SEE_REGISTERS):
            return own
        return own.filter(Q(teacher=member) | Q(lesson__allocation__teacher=member))

    def in_week(self, week: Week) -> SecondTeacherQuerySet:
        return self.filter(holds_in(week))

    def seconds_in(self, member: Any, week: Week) -> SecondTeacherQuerySet:
        """The classes due in a week in which a member is the second teacher, with school and lead; `is_recorded` says
        that the lead confirmed the register, `is_alone` that the lead was without them."""
        number = TeachingWeek.objects.filter(service_id=member.service_id, monday=week).lesson_weeks()
        lesson_number = number.values_list("lesson_number", flat=True).first()
        due = Lesson.objects.due_in(week, lesson_number).exclude(allocation__school__closures__week=week)
        lines = Line.objects.filter(lesson=OuterRef("lesson"), register__week=week, for_week=week)
        own = self.filter(service_id=member.service_id, teacher=member, lesson__in=due.values("pk")).in_week(week)
        own = own.annotate(is_recorded=Exists(lines.confirmed()), is_alone=Exists(lines.filter(is_alone=True)))
        return own.select_related("lesson__allocation__school", "lesson__allocation__teacher")


class SecondTeacher(models.Model):
    """Who teaches beside the lead from a week until a week, and the minutes paid to them a lesson."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    lesson = models.ForeignKey("teaching.Lesson", models.CASCADE, related_name="second_teachers")
    teacher = models.ForeignKey("people.Member", models.PROTECT, related_name="second_in")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)])
    from_week = WeekField()
    until_week = WeekField(null=True)

    objects = SecondTeacherQuerySet.as_manager()

    class Meta:
        ordering = ["from_week"]
        constraints = [
            models.UniqueConstraint(fields=["lesson"], condition=Q(until_week=None), name="second_one_without_end"),
            models.UniqueConstraint(fields=["lesson", "from_week"], name="second_once_from_a_week"),
            models.CheckConstraint(
                condition=Q(until_week=None) | Q(until_week__gte=F("from_week")), name="second_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(SHORTEST, LONGEST)), name="second_minutes_sensible"),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} in {self.lesson}"

    @transaction.atomic
    def end(self, by: Any, until_week: Week) -> bool:
        """Their last week in this class; ValidationError if that is before their first, or another has begun."""
        if until_week < self.from_week:
            raise ValidationError({"until_week": "The last week must not be before the first week."})
        if self.lesson.second_teachers.filter(from_week__gt=self.from_week, from_week__lte=until_week).exists():
            raise ValidationError({"until_week": "Somebody else is the second teacher by then. Choose a week before."})
        return history.change(self, "ended the second teacher", by, until_week=until_week)

    @transaction.atomic
    def remove(self, by: Any) -> None:
        """Take back what was never begun."""
        history.record("took out the second teacher", self.lesson, by, before={"teacher": self.teacher.name})
        self.delete()


class Share(models.Model):
    """What a second teacher gave of a line: their own minutes, for their pay (R8)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    line = models.ForeignKey("teaching.Line", models.CASCADE, related_name="shares")
    teacher = models.ForeignKey("people.Member", models.PROTECT, related_name="shares")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "teacher"], name="share_once_a_line"),
            models.CheckConstraint(condition=Q(minutes__range=(SHORTEST, LONGEST)), name="share_minutes_sensible"),
        ]


@transaction.atomic
def add_second_teacher(lesson: Lesson, by: Any, *, teacher: Any, minutes: int, from_week: Week) -> SecondTeacher:
    """Let somebody teach beside the lead from a week on (R8); another takes over from the one before.

    ValidationError for the lead themself, or a week without the lesson.
    """
    if teacher.pk == lesson.allocation.teacher_id:
        raise ValidationError({"teacher": "This teacher leads the class already. Choose somebody else."})
    if not lesson.holds(from_week):
        raise ValidationError({"from_week": "This lesson is not given in that week."})
    Lesson.objects.select_for_update().get(pk=lesson.pk)
    for one in lesson.second_teachers.filter(Q(until_week=None) | Q(until_week__gte=from_week)):
        if one.from_week == from_week and (one.teacher_id, one.minutes) == (teacher.pk, minutes):
            return one
        one.end(by, from_week - 1) if one.from_week < from_week else one.remove(by)
    fields = {"teacher": teacher, "minutes": minutes, "from_week": from_week}
    second = SecondTeacher.objects.create(service_id=lesson.service_id, lesson=lesson, **fields)
    history.record("added a second teacher", lesson, by, after={"teacher": teacher.name, "minutes": minutes})
    return second


def shared_minutes(teacher: Any, weeks: Iterable[Week]) -> int:
    """Minutes that a teacher gave as the second one, in confirmed registers of these weeks (R5, R8)."""
    shares = Share.objects.filter(teacher=teacher, line__register__week__in=weeks)
    shares = shares.exclude(line__register__confirmed_by=None)
    return shares.aggregate(total=Sum("minutes"))["total"] or 0


def large_groups(member: Any, year: Any) -> LessonQuerySet:
    """The year's large groups that a member may see, with school and teacher."""
    found = Lesson.objects.visible_to(member).not_over(Week.current()).filter(allocation__year=year)
    found = found.filter(shapes__kind=Kind.LARGE_GROUP, shapes__until_week=None)
    return found.select_related("allocation__school", "allocation__teacher").order_by("allocation__school__name", "pk")


def classes_of(service: Any) -> LessonQuerySet:
    """The lessons that may have a second teacher: programmes and large groups."""
    large = Q(shapes__kind=Kind.LARGE_GROUP, shapes__until_week=None)
    return Lesson.objects.filter(Q(is_programme=True) | large, service=service).distinct()
