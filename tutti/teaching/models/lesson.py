"""A lesson: instrument or title, when it is due, and its kind and minutes from a week on (H3, H4, P6, P7, P8)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.teaching.models.allocation import Allocation, holds_in

SHORTEST, LONGEST = 5, 300  # minutes of one lesson


class Kind(models.TextChoices):
    INDIVIDUAL = "individual", "Individual"
    SMALL_GROUP = "small_group", "Small group"
    LARGE_GROUP = "large_group", "Large group"
    FIRST_ACCESS = "first_access", "First Access"
    PROJECT = "project", "Project"


WITH_PUPILS = [Kind.INDIVIDUAL, Kind.SMALL_GROUP, Kind.LARGE_GROUP]
PROGRAMMES = [Kind.FIRST_ACCESS, Kind.PROJECT]


class Due(models.TextChoices):
    EVERY = "every", "Every lesson week"
    ODD = "odd", "Every second week, from lesson 1"
    EVEN = "even", "Every second week, from lesson 2"
    ROTA = "rota", "The weeks of the school's rota"


class LessonQuerySet(models.QuerySet["Lesson"]):
    def visible_to(self, member: Any) -> LessonQuerySet:
        return self.filter(allocation__in=Allocation.objects.visible_to(member))

    def in_week(self, week: Week) -> LessonQuerySet:
        return self.filter(holds_in(week), allocation__from_week__lte=week, allocation__until_week__gte=week)

    def programmes(self) -> LessonQuerySet:
        return self.filter(is_programme=True)

    def due_in(self, week: Week, lesson_number: int | None) -> LessonQuerySet:
        """Lessons due in that week. In a spare week (no lesson number) none is (W2, P6)."""
        if lesson_number is None:
            return self.none()
        half = Due.ODD if lesson_number % 2 else Due.EVEN
        on_rota = Exists(RotaWeek.objects.filter(lesson=OuterRef("pk"), week=week))
        return self.in_week(week).filter(Q(due__in=[Due.EVERY, half]) | Q(on_rota, due=Due.ROTA))


class Lesson(models.Model):
    """What a teacher gives at a school. Programmes (First Access, projects) have a class and a head count, no names."""

    Due = Due

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
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
        ]

    def __str__(self) -> str:
        return self.title or self.instrument

    def shape_in(self, week: Week) -> LessonShape:
        """Its kind and minutes in a week (P7)."""
        return self.shapes.filter(holds_in(week)).get()

    @transaction.atomic
    def reshape(self, by: Any, from_week: Week, *, kind: str, minutes: int) -> bool:
        """Another kind or other minutes from a week on; earlier weeks keep theirs (P7). False if nothing differs."""
        Lesson.objects.select_for_update().get(pk=self.pk)
        old = self.shape_in(from_week)
        if (old.kind, old.minutes) == (kind, minutes):
            return False
        before = {"kind": old.kind, "minutes": old.minutes}
        self.shapes.filter(from_week__gt=from_week).delete()
        if old.from_week == from_week:
            old.kind, old.minutes, old.until_week = kind, minutes, None
            old.save()
        else:
            old.until_week = from_week - 1
            old.save()
            self._add_shape(kind, minutes, from_week)
        after = {"kind": kind, "minutes": minutes, "from_week": str(from_week)}
        history.record("changed the lesson", self, by, before=before, after=after)
        return True

    @transaction.atomic
    def end(self, by: Any, until_week: Week) -> bool:
        """The lesson's last week; its places end with it. What was recorded stays."""
        if until_week < self.from_week:
            raise ValidationError("A lesson cannot end before it begins.")
        open_places = self.places.filter(Q(until_week=None) | Q(until_week__gt=until_week))
        open_places.filter(from_week__lte=until_week).update(until_week=until_week)
        return history.change(self, "ended the lesson", by, until_week=until_week)

    @transaction.atomic
    def set_rota(self, by: Any, weeks: list[Week]) -> None:
        """The named weeks in which the school's rota calls this lesson (H9, P6)."""
        before = [str(row.week) for row in self.rota_weeks.order_by("week")]
        self.rota_weeks.all().delete()
        RotaWeek.objects.bulk_create(
            [RotaWeek(service_id=self.service_id, lesson=self, week=week) for week in sorted(set(weeks))]
        )
        history.change(self, "changed when the lesson is due", by, due=Due.ROTA)
        after = [str(week) for week in sorted(set(weeks))]
        history.record("set the rota", self, by, before={"weeks": before}, after={"weeks": after})

    def _add_shape(self, kind: str, minutes: int, from_week: Week) -> LessonShape:
        shape = LessonShape(lesson=self, service_id=self.service_id, kind=kind, minutes=minutes, from_week=from_week)
        shape.save(force_insert=True)
        return shape


class LessonShape(models.Model):
    """The kind and minutes of a lesson from a week until a week (P7). Spans of one lesson never overlap."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="shapes")
    kind = models.CharField(max_length=20, choices=Kind)
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    )
    from_week = WeekField()
    until_week = WeekField(null=True)

    class Meta:
        ordering = ["from_week"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "from_week"], name="shape_once_from_a_week"),
            models.UniqueConstraint(fields=["lesson"], condition=Q(until_week=None), name="shape_one_without_end"),
            models.CheckConstraint(condition=Q(minutes__range=(SHORTEST, LONGEST)), name="shape_minutes_sensible"),
        ]


class RotaWeek(models.Model):
    """A week in which the school's rota calls a lesson."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="rota_weeks")
    week = WeekField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "week"], name="rota_week_once")]


@transaction.atomic
def add_lesson(
    allocation: Any, by: Any, *, kind: str, minutes: int, from_week: Week | None = None, **fields: Any
) -> Lesson:
    """Add a lesson at the end of the teacher's order, from the allocation's first week unless another is given."""
    first = from_week or allocation.from_week
    position = allocation.lessons.count()
    lesson = Lesson.objects.create(
        service_id=allocation.service_id,
        allocation=allocation,
        is_programme=kind in PROGRAMMES,
        from_week=first,
        position=position,
        **fields,
    )
    lesson._add_shape(kind, minutes, first)
    after = {"instrument": lesson.instrument, "title": lesson.title, "kind": kind, "minutes": minutes}
    history.record("added the lesson", lesson, by, after=after)
    return lesson
