"""A lesson: instrument or title, when it is due, and its kind and minutes from a week on (H3, H4, P6, P7, P8)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.teaching.models.allocation import Allocation, holds_in
from tutti.teaching.models.shape import (
    LONGEST,
    PROGRAMMES,
    SHORTEST,
    WITH_PUPILS,
    Due,
    Kind,
    LessonShape,
    RotaWeek,
    is_due,
)

__all__ = [
    "LONGEST",
    "PROGRAMMES",
    "SHORTEST",
    "WITH_PUPILS",
    "Due",
    "Kind",
    "Lesson",
    "LessonShape",
    "RotaWeek",
    "add_lesson",
    "is_due",
]


class LessonQuerySet(models.QuerySet["Lesson"]):
    def visible_to(self, member: Any) -> LessonQuerySet:
        return self.filter(allocation__in=Allocation.objects.visible_to(member))

    def changeable_by(self, member: Any) -> LessonQuerySet:
        return self.filter(service_id=member.service_id, allocation__teacher=member)

    def with_pupils(self) -> LessonQuerySet:
        """The lessons that a teacher sets up; programmes are the office's (P8)."""
        return self.filter(is_programme=False)

    def not_over(self, week: Week) -> LessonQuerySet:
        """Those that run in a week or will begin later."""
        return self.filter(Q(until_week=None) | Q(until_week__gte=week))

    def in_week(self, week: Week) -> LessonQuerySet:
        return self.filter(holds_in(week), allocation__from_week__lte=week, allocation__until_week__gte=week)

    def programmes(self) -> LessonQuerySet:
        return self.filter(is_programme=True)

    def due_in(self, week: Week, lesson_number: int | None) -> LessonQuerySet:
        """Lessons due in that week. In a spare week, the service's or the allocation's own, none is (W2, P6)."""
        if lesson_number is None:
            return self.none()
        half = Due.ODD if lesson_number % 2 else Due.EVEN
        on_rota = Exists(RotaWeek.objects.filter(lesson=OuterRef("pk"), week=week))
        lessons = self.in_week(week).exclude(allocation__spare_weeks__week=week)
        return lessons.filter(Q(due__in=[Due.EVERY, half]) | Q(on_rota, due=Due.ROTA))


class Lesson(models.Model):
    """What a teacher gives at a school. Programmes (First Access, projects) have a class and a head count, no names.

    `title` is a programme's name or a group's label. `once` is the token of the form that made it: sent twice, it makes
    one lesson.
    """

    Due = Due

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    allocation = models.ForeignKey("teaching.Allocation", models.PROTECT, related_name="lessons")
    is_programme = models.BooleanField(default=False)
    instrument = models.CharField(max_length=60)
    title = models.CharField(max_length=120, blank=True)
    class_name = models.CharField(max_length=60, blank=True)
    year_group = models.CharField(max_length=20, blank=True)
    class_size = models.PositiveSmallIntegerField(null=True, validators=[MinValueValidator(1), MaxValueValidator(400)])
    is_continuation = models.BooleanField(default=False)
    due = models.CharField(max_length=10, choices=Due, default=Due.EVERY)
    position = models.PositiveSmallIntegerField(default=0)
    from_week = WeekField()
    until_week = WeekField(null=True)
    once = models.UUIDField(null=True, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_programme=False) | Q(class_size__gte=1), name="programme_has_a_class_size"
            ),
            models.CheckConstraint(
                condition=Q(until_week=None) | Q(until_week__gte=F("from_week")), name="lesson_ends_after_start"
            ),
            models.UniqueConstraint(fields=["allocation", "once"], name="lesson_once_a_form"),
        ]

    def __str__(self) -> str:
        return self.title or self.instrument

    def shape_in(self, week: Week) -> LessonShape:
        """Its kind and minutes in a week (P7)."""
        return self.shapes.filter(holds_in(week)).get()

    def holds(self, week: Week) -> bool:
        return self.from_week <= week and (self.until_week is None or week <= self.until_week)

    @property
    def is_whole_year(self) -> bool:
        """It lasts as long as its allocation, and that all year."""
        whole = self.until_week is None and self.from_week <= self.allocation.from_week
        return whole and self.allocation.is_whole_year

    @property
    def is_over(self) -> bool:
        return self.until_week is not None and self.until_week < Week.current()

    @property
    def has_records(self) -> bool:
        """A register speaks of it, so it can be ended but not taken out."""
        return self.lines.exists() or self.places.filter(marks__isnull=False).exists()

    @transaction.atomic
    def change(self, by: Any, **fields: Any) -> bool:
        """Correct what holds for all its weeks: instrument, title, class. False if nothing differed."""
        return history.change(self, "changed the lesson", by, **fields)

    @transaction.atomic
    def reshape(self, by: Any, from_week: Week, *, kind: str, minutes: int) -> bool:
        """Another kind or other minutes from a week on; earlier weeks keep theirs (P7). False if nothing differs.

        ValidationError if the lesson is not given in that week.
        """
        Lesson.objects.select_for_update().get(pk=self.pk)
        if not self.holds(from_week):
            raise ValidationError("This lesson is not given in that week.")
        old = self.shape_in(from_week)
        later = self.shapes.filter(from_week__gt=from_week)
        if (old.kind, old.minutes) == (kind, minutes) and not later.exists():
            return False
        before = {"kind": old.kind, "minutes": old.minutes}
        later.delete()
        self._lay_shape(old, from_week, kind, minutes)
        after = {"kind": kind, "minutes": minutes, "from_week": str(from_week)}
        history.record("changed the lesson", self, by, before=before, after=after)
        return True

    def _lay_shape(self, old: LessonShape, from_week: Week, kind: str, minutes: int) -> None:
        """From that week on this shape; the one before ends the week before, unless it begins there or is the same."""
        if old.from_week < from_week and (old.kind, old.minutes) != (kind, minutes):
            old.until_week = from_week - 1
            old.save()
            self._add_shape(kind, minutes, from_week)
        else:
            old.kind, old.minutes, old.until_week = kind, minutes, None
            old.save()

    @transaction.atomic
    def remove(self, by: Any) -> None:
        """Take out a lesson that was added by mistake. ValidationError once a register speaks of it."""
        if self.has_records:
            raise ValidationError("Something is recorded for this lesson. End it instead: what was recorded stays.")
        names = list(self.places.values_list("pupil__name", flat=True))
        history.record("took out the lesson", self.allocation, by, before={"lesson": str(self), "pupils": names})
        self.places.all().delete()
        self.delete()

    @transaction.atomic
    def end_with_its_pupil(self, by: Any) -> None:
        """An individual lesson lasts as long as its pupil's place. A group that shrinks changes nothing (P7)."""
        shape = self.shapes.last()
        if shape is None or shape.kind != Kind.INDIVIDUAL:
            return
        ends = list(self.places.values_list("until_week", flat=True))
        if ends:
            last = None if None in ends else max(week for week in ends if week)
            history.change(self, "ended the lesson" if last else "carried on with the lesson", by, until_week=last)
        elif not self.has_records:
            self.remove(by)

    @transaction.atomic
    def shift(self, by: Any, step: int) -> None:
        """Move it one up (-1) or down (1) in the teacher's own order."""
        lessons = list(self.allocation.lessons.select_for_update().order_by("position", "pk"))
        shown = [n for n, lesson in enumerate(lessons) if not lesson.is_over or lesson.pk == self.pk]
        here = next(n for n in shown if lessons[n].pk == self.pk)
        there = shown.index(here) + step
        if 0 <= there < len(shown):
            lessons.insert(shown[there], lessons.pop(here))
            for position, lesson in enumerate(lessons):
                lesson.position = position
            Lesson.objects.bulk_update(lessons, ["position"])
            history.record("moved the lesson", self, by, after={"place": shown[there] + 1})

    @transaction.atomic
    def set_due(self, by: Any, from_week: Week, due: str, rota: Collection[Week] = ()) -> bool:
        """When it is due from a week on (P6). Earlier weeks keep what was due in them, by name if need be (P7); later
        ones are then named to the end of the year, for an end that is put off."""
        known = {row.week for row in self.rota_weeks.all()}
        weeks = list(self.allocation.year.weeks.lesson_weeks().values_list("monday", "lesson_number"))
        span = (self.from_week, None)
        was = {week for week, number in weeks if is_due(self.due, known, span, week, number)}
        will = {week for week, number in weeks if is_due(due, rota, span, week, number)}
        kept = {week for week in was if week < from_week}
        if due != Due.ROTA and kept == {week for week in will if week < from_week}:
            return history.change(self, "changed when the lesson is due", by, due=due)
        wanted = kept | {week for week in will if week >= from_week}
        if self.due == Due.ROTA and wanted == known:
            return False
        self.set_rota(by, list(wanted))
        return True

    @transaction.atomic
    def set_rota(self, by: Any, weeks: list[Week]) -> None:
        """The named weeks in which the school's rota calls this lesson (H9, P6)."""
        before = [str(row.week) for row in self.rota_weeks.order_by("week")]
        self.rota_weeks.all().delete()
        named = sorted(set(weeks))
        RotaWeek.objects.bulk_create(RotaWeek(service_id=self.service_id, lesson=self, week=week) for week in named)
        history.change(self, "changed when the lesson is due", by, due=Due.ROTA)
        after = [str(week) for week in named]
        history.record("set the rota", self, by, before={"weeks": before}, after={"weeks": after})

    def _add_shape(self, kind: str, minutes: int, from_week: Week) -> LessonShape:
        shape = LessonShape(lesson=self, service_id=self.service_id, kind=kind, minutes=minutes, from_week=from_week)
        shape.save(force_insert=True)
        return shape


@transaction.atomic
def add_lesson(
    allocation: Any,
    by: Any,
    *,
    kind: str,
    minutes: int,
    from_week: Week | None = None,
    once: UUID | None = None,
    **fields: Any,
) -> Lesson:
    """Add a lesson at the end of the teacher's order, from the allocation's first week unless another is given.

    The same form sent twice (`once`) gives the lesson it made. ValidationError for a week outside the allocation.
    """
    Allocation.objects.select_for_update().get(pk=allocation.pk)
    made = allocation.lessons.filter(once=once).first() if once else None
    if made:
        return made
    first = from_week or allocation.from_week
    if not allocation.from_week <= first <= allocation.until_week:
        raise ValidationError("The teacher is not at this school in that week.")
    lesson = Lesson.objects.create(
        service_id=allocation.service_id,
        allocation=allocation,
        is_programme=kind in PROGRAMMES,
        from_week=first,
        position=allocation.lessons.count(),
        once=once,
        **fields,
    )
    lesson._add_shape(kind, minutes, first)
    after = {"instrument": lesson.instrument, "title": lesson.title, "kind": kind, "minutes": minutes}
    history.record("added the lesson", lesson, by, after=after)
    return lesson
