"""An allocation: a teacher at a school from a week until a week (H1, P2). Made by the service only."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Max, Q

from tutti.core import history
from tutti.core.calendar import Week, WeekField, spell_weeks
from tutti.people.models import Member
from tutti.people.roles import Permission
from tutti.schools.models import School, TeachingWeek
from tutti.teaching.models.spare_week import SpareWeek

CHANGED_MEANWHILE = "The weeks of this allocation have changed meanwhile. Open the page again."


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, member: Any) -> AllocationQuerySet:
        """A teacher's own; all of the service for those who see registers."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_REGISTERS) else own.filter(teacher=member)

    def changeable_by(self, member: Any) -> AllocationQuerySet:
        """In which a member sets up lessons and records: their own, whatever else they may see (P4)."""
        return self.filter(service_id=member.service_id, teacher=member)

    def fillable_by(self, member: Any) -> AllocationQuerySet:
        """In which a member may set up a list of pupils: their own, and all of the service for the office (H2)."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.ALLOCATE) else own.filter(teacher=member)

    def recordable_by(self, member: Any) -> AllocationQuerySet:
        """Whose registers a member may type in from paper: their own; all of the service for the office (H9)."""
        may_all = member.may(Permission.RECORD_FOR_TEACHERS)
        return self.filter(service_id=member.service_id) if may_all else self.changeable_by(member)

    def in_week(self, week: Week) -> AllocationQuerySet:
        return self.filter(holds_in(week))

    def of_year(self, year: Any) -> AllocationQuerySet:
        """Those of an academic year; none for no year."""
        return self.filter(year=year) if year else self.none()

    def not_over(self, week: Week) -> AllocationQuerySet:
        """Those that run in a week or begin later."""
        return self.filter(until_week__gte=week)

    def like(self, *, teacher: str = "", school: str = "", office: str | int = "") -> AllocationQuerySet:
        """Those whose teacher's and school's names hold these words, in an area office's schools."""
        found = self.filter(teacher__name__icontains=teacher) if teacher else self
        found = found.filter(school__in=School.objects.named(school)) if school else found
        return found.filter(school__office=office) if office else found

    def for_list(self) -> AllocationQuerySet:
        """With names, and the number of lessons set up."""
        named = self.select_related("teacher", "school__office", "year")
        return named.annotate(lesson_count=Count("lessons")).order_by("teacher__name", "school__name", "from_week")

    def overlapping(self, first: Week, last: Week) -> AllocationQuerySet:
        return self.filter(from_week__lte=last, until_week__gte=first)


class Allocation(models.Model):
    """A teacher at a school, both weeks included. Ending it keeps all that was recorded.

    `succeeds`: whose lessons the office handed on to this teacher, who may then see those pupils' names (P4).
    """

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="allocations")
    teacher = models.ForeignKey("people.Member", models.PROTECT, related_name="allocations")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="allocations")
    year = models.ForeignKey("schools.AcademicYear", models.PROTECT, related_name="allocations")
    from_week = WeekField()
    until_week = WeekField()
    succeeds = models.ForeignKey("self", models.SET_NULL, null=True, related_name="successors")

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

    @property
    def is_over(self) -> bool:
        return self.until_week < Week.current()

    @property
    def is_whole_year(self) -> bool:
        """From the first week of the academic year to its last."""
        return self.from_week <= Week.of(self.year.first_day) and self.until_week >= Week.of(self.year.last_day)

    @property
    def has_records(self) -> bool:
        """Lessons or registers hang on it, so it can be ended but not removed."""
        return self.lessons.exists() or self.registers.exists()

    def teaching_weeks(self) -> models.QuerySet[TeachingWeek]:
        """The teaching weeks of its span, with their terms."""
        weeks = self.year.weeks.filter(monday__gte=self.from_week, monday__lte=self.until_week)
        return weeks.select_related("term")

    def recorded_weeks(self) -> set[Week]:
        """The weeks whose registers are confirmed."""
        return set(self.registers.filter(confirmed_by__isnull=False).values_list("week", flat=True))

    @transaction.atomic
    def set_spare_weeks(self, by: Any, weeks: Collection[Week]) -> bool:
        """Say which of the service's lesson weeks of its span are spare here (W2); in the others lessons are due.

        False if nothing differed. ValidationError for a week that is no lesson week of its span, and where it would
        change a week whose register is confirmed (S3).
        """
        list(Allocation.objects.select_for_update().filter(pk=self.pk))
        lessons = set(self.teaching_weeks().exclude(lesson_number=None).values_list("monday", flat=True))
        before = set(self.spare_weeks.values_list("week", flat=True)) & lessons
        wanted = set(weeks)
        if not wanted <= lessons:
            raise ValidationError({"week": CHANGED_MEANWHILE})
        if fixed := (before ^ wanted) & self.recorded_weeks():
            words = f"Registers are confirmed in these weeks, so they stay as they are: {spell_weeks(fixed)}."
            raise ValidationError({"week": words})
        if before == wanted:
            return False
        self.spare_weeks.filter(week__in=before - wanted).delete()
        new = sorted(wanted - before)
        SpareWeek.objects.bulk_create(SpareWeek(service_id=self.service_id, allocation=self, week=w) for w in new)
        spell = {"spare weeks": spell_weeks(before)}, {"spare weeks": spell_weeks(wanted)}
        history.record("set the lesson weeks", self, by, before=spell[0], after=spell[1])
        return True

    @transaction.atomic
    def remove(self, by: Any) -> None:
        """Take back an allocation under which nothing was set up or recorded. ValidationError otherwise."""
        if self.has_records:
            raise ValidationError("Lessons are set up here. End the allocation instead: what was recorded stays.")
        spell = {"teacher": self.teacher.name, "school": self.school.name}
        history.record("took back the allocation", self, by, before=spell)
        self.delete()

    @transaction.atomic
    def end(self, by: Any, until_week: Week) -> bool:
        """End it after this week (or put the end off).

        ValidationError if that is before its first week or before a week that is recorded (S3).
        """
        if until_week < self.from_week:
            raise ValidationError("An allocation cannot end before it begins.")
        Member.objects.select_for_update().get(pk=self.teacher_id)
        _refuse_recorded(self, until_week)
        _refuse_overlap(self.teacher_id, self.school_id, self.from_week, until_week, but=self.pk)
        return history.change(self, "ended the allocation", by, until_week=until_week)

    @transaction.atomic
    def take_over_from(self, by: Any, other: Allocation | None) -> bool:
        """Hand on another teacher's lessons at this school to this one (P4); None takes that back.

        ValidationError for another school's allocation or the teacher's own.
        """
        if other and (other.school_id != self.school_id or other.teacher_id == self.teacher_id):
            raise ValidationError({"takes_over": "Choose another teacher who was at this school."})
        return history.change(self, "takes over from", by, succeeds=other)


@transaction.atomic
def allocate(
    teacher: Any,
    school: Any,
    year: Any,
    by: Any,
    *,
    from_week: Week,
    until_week: Week,
    succeeds: Allocation | None = None,
) -> Allocation:
    """Allocate a teacher to a school (H1); asked for twice, it is there once. `succeeds`: whose lessons are handed on.

    ValidationError if they are allocated there already in some of these weeks (P2).
    """
    if until_week < from_week:
        raise ValidationError("The last week must not be before the first week.")
    Member.objects.select_for_update().get(pk=teacher.pk)  # two at once must not both find the way free
    same = Allocation.objects.filter(teacher=teacher, school=school, from_week=from_week, until_week=until_week).first()
    if same:
        if succeeds:
            same.take_over_from(by, succeeds)
        return same
    _refuse_overlap(teacher.pk, school.pk, from_week, until_week)
    allocation = Allocation.objects.create(
        service_id=school.service_id,
        teacher=teacher,
        school=school,
        year=year,
        from_week=from_week,
        until_week=until_week,
    )
    weeks = {"from_week": str(from_week), "until_week": str(until_week)}
    history.record("allocated", allocation, by, after={"teacher": teacher.name, "school": school.name, **weeks})
    if succeeds:
        allocation.take_over_from(by, succeeds)
    return allocation


def last_at(school: Any, teacher: Any, year: Any) -> Allocation | None:
    """The newest allocation of a teacher at a school, up to a year's end."""
    held = Allocation.objects.filter(school=school, teacher=teacher, from_week__lte=Week.of(year.last_day))
    return held.order_by("-until_week").first()


def holds_in(week: Week, prefix: str = "") -> Q:
    """The condition that something holds in a week: from a week until a week, or with no end yet."""
    has_begun = Q(**{f"{prefix}from_week__lte": week})
    return has_begun & (Q(**{f"{prefix}until_week": None}) | Q(**{f"{prefix}until_week__gte": week}))


def _refuse_recorded(allocation: Allocation, until_week: Week) -> None:
    """An end before a confirmed week would rewrite it (P7, S3)."""
    later = allocation.registers.filter(week__gt=until_week, confirmed_by__isnull=False)
    last = later.aggregate(last=Max("week"))["last"]
    if last is not None:
        words = f"{allocation} is recorded up to the week commencing {spell_weeks([last])}. Choose a later week."
        raise ValidationError({"until_week": words})


def _refuse_overlap(teacher_id: int, school_id: int, first: Week, last: Week, but: int | None = None) -> None:
    same = Allocation.objects.filter(teacher_id=teacher_id, school_id=school_id).exclude(pk=but or 0)
    if same.overlapping(first, last).exists():
        raise ValidationError("This teacher is allocated to this school in some of these weeks already.")
