"""A place: this pupil in this lesson from a week until a week (H3, P3, P5)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Min, Q

from tutti.core import history
from tutti.core.calendar import Week, WeekField, spell_weeks
from tutti.people.roles import Permission
from tutti.teaching.models.allocation import holds_in
from tutti.teaching.models.carry import Carry
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.start_back import start_back
from tutti.teaching.models.stop_back import drop_lines_after, stop_back


class PlaceQuerySet(models.QuerySet["Place"]):
    def visible_to(self, member: Any) -> PlaceQuerySet:
        return self.filter(lesson__in=Lesson.objects.visible_to(member))

    def changeable_by(self, member: Any) -> PlaceQuerySet:
        """Those in the member's own lessons, whatever else they may see (P4)."""
        return self.filter(service_id=member.service_id, lesson__allocation__teacher=member)

    def start_known_to(self, member: Any) -> PlaceQuerySet:
        """Those of which a member may say how they began: in their own lessons, and all for the office (P10)."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.ALLOCATE) else own.filter(lesson__allocation__teacher=member)

    def not_over(self, week: Week) -> PlaceQuerySet:
        """Places that are held in a week or begin later."""
        return self.filter(Q(until_week=None) | Q(until_week__gte=week))

    def in_week(self, week: Week) -> PlaceQuerySet:
        return self.filter(holds_in(week), lesson__in=Lesson.objects.in_week(week))


class Place(models.Model):
    """A pupil's place in a lesson. `had_before`, `owed_before`: this year's lessons before Tutti, or at the school
    that the pupil came from (P5, P10)."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    lesson = models.ForeignKey("teaching.Lesson", models.PROTECT, related_name="places")
    pupil = models.ForeignKey("teaching.Pupil", models.PROTECT, related_name="places")
    from_week = WeekField()
    until_week = WeekField(null=True)
    asked_by_school = models.BooleanField(default=False)
    had_before = models.PositiveSmallIntegerField(default=0)
    owed_before = models.PositiveSmallIntegerField(default=0)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "pupil"], condition=Q(until_week=None), name="place_one_without_end"
            ),
            models.UniqueConstraint(fields=["lesson", "pupil", "from_week"], name="place_once_from_a_week"),
            models.CheckConstraint(
                condition=Q(until_week=None) | Q(until_week__gte=F("from_week")), name="place_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} in {self.lesson}"

    @property
    def shape(self) -> Any:
        """Kind and minutes as the pupil last had them or has them now."""
        week = min(self.until_week or Week.current(), Week.current())
        shapes = list(self.lesson.shapes.all())
        return ([shape for shape in shapes if shape.from_week <= week] or shapes[:1])[-1]

    def holds(self, week: Week) -> bool:
        return self.from_week <= week and (self.until_week is None or week <= self.until_week)

    @property
    def has_marks(self) -> bool:
        return self.marks.exists()

    def overlaps(self, other: Place) -> bool:
        """Whether the two share a week."""
        first, second = sorted([self, other], key=lambda place: place.from_week)
        return first.until_week is None or second.from_week <= first.until_week

    @transaction.atomic
    def end(self, by: Any, until_week: Week) -> bool:
        """The pupil's last week in this lesson; an individual lesson ends with it.

        Dated back, it takes their marks off what is recorded after it, or proposes to, once that is locked (P9).
        """
        if until_week < self.from_week:
            raise ValidationError("A place cannot end before it begins.")
        stop_back(by, self, until_week)
        changed = history.change(self, "ended the place", by, until_week=until_week)
        self.lesson.end_with_its_pupil(by)
        if self.lesson.until_week == until_week:
            drop_lines_after(self.lesson, until_week)
        return changed

    @transaction.atomic
    def stop(self, by: Any, from_week: Week) -> None:
        """No more lessons here from a week on."""
        if from_week > self.from_week:
            self.end(by, from_week - 1)
            return
        stop_back(by, self, self.from_week - 1)
        self.give_up(by)
        self.lesson.end_with_its_pupil(by)

    @transaction.atomic
    def give_up(self, by: Any) -> None:
        """Take out a place that never began and whose marks are off; its lesson stays. Of one that is marked in a
        locked month the first such week stays, until the office has decided (P9)."""
        if not self.lesson.places.exclude(pk=self.pk).exists():
            drop_lines_after(self.lesson, self.from_week - 1)
        kept = self.marks.aggregate(first=Min("line__for_week"))["first"]
        if kept is None:
            self._take_out(by)
        else:
            history.change(self, "ended the place", by, from_week=kept, until_week=kept)

    @transaction.atomic
    def carry_on(self, by: Any) -> bool:
        """Undo an end: the pupil stays in the lesson, to be marked where that is recorded already (P9).

        ValidationError if they came back to it since (P3) or have changed school (P5).
        """
        Lesson.objects.select_for_update().get(pk=self.lesson_id)
        _refuse_other_school(self.lesson, self.pupil)
        others = Place.objects.filter(lesson=self.lesson_id, pupil=self.pupil_id).exclude(pk=self.pk)
        if others.not_over(self.from_week).exists():
            raise ValidationError("This pupil has a place in this lesson already.")
        left = self.until_week
        changed = history.change(self, "carried on", by, until_week=None)
        self.lesson.end_with_its_pupil(by)
        if left:
            start_back(by, [self], left + 1)
        return changed

    @transaction.atomic
    def set_start(self, by: Any, *, asked_by_school: bool, had_before: int) -> bool:
        """Say whether the school asked for it, and how many lessons came before Tutti (P10)."""
        return history.change(self, "said how it began", by, asked_by_school=asked_by_school, had_before=had_before)

    @transaction.atomic
    def remove(self, by: Any) -> None:
        """Take out a place that was given by mistake, with its lesson if it was theirs alone.

        ValidationError once a mark stands in a register.
        """
        if self.has_marks:
            raise ValidationError("This pupil has marks in this lesson. Choose “No more lessons” instead.")
        self._take_out(by)
        self.lesson.end_with_its_pupil(by)

    def _take_out(self, by: Any) -> None:
        history.record("took out of the lesson", self.pupil, by, before={"lesson": str(self.lesson)})
        self.delete()

    @transaction.atomic
    def move(self, by: Any, lesson: Lesson, from_week: Week) -> Place:
        """Move the pupil to another lesson from a week on; the history of this place stays (H3). Twice is once."""
        moved = lesson.places.filter(pupil=self.pupil, from_week=from_week).first()
        if moved and self.until_week == from_week - 1:
            return moved
        if from_week < self.from_week:
            raise ValidationError(
                f"They are in this lesson from {spell_weeks([self.from_week])} on. Choose a later week."
            )
        if self.until_week is not None and from_week > self.until_week:
            raise ValidationError("This place has ended by then.")
        fields: dict[str, Any] = {"asked_by_school": self.asked_by_school, "until_week": self.until_week}
        if from_week == self.from_week:
            fields |= {"had_before": self.had_before, "owed_before": self.owed_before}
        place = add_place(lesson, self.pupil, by, from_week=from_week, **fields)
        self.stop(by, from_week)
        return place


@transaction.atomic
def add_place(lesson: Lesson, pupil: Any, by: Any, *, from_week: Week, **fields: Any) -> Place:
    """Put a pupil into a lesson from a week on, to be marked where that is recorded already (P9). One who left it the
    week before carries on; one who came from another school brings along what the office said (P5).

    ValidationError for another school's pupil, a week without the lesson, or a place they have already (P3).
    """
    _refuse_other_school(lesson, pupil)
    if not lesson.holds(from_week):
        raise ValidationError("This lesson is not given in that week.")
    Lesson.objects.select_for_update().get(pk=lesson.pk)  # two taps at once must not both find the place free
    own = Place.objects.filter(lesson=lesson, pupil=pupil)
    if own.not_over(from_week).exists():
        raise ValidationError("This pupil has a place in this lesson already.")
    left = own.filter(until_week=from_week - 1).first()
    if left:
        left.carry_on(by)
        return left
    brought = Carry.objects.waiting([pupil.pk], lesson.allocation.year_id).get((pupil.pk, lesson.instrument.casefold()))
    if brought and not fields.get("had_before"):
        fields |= brought.numbers
    place = Place.objects.create(
        service_id=lesson.service_id, lesson=lesson, pupil=pupil, from_week=from_week, **fields
    )
    if brought:
        Carry.objects.filter(pk=brought.pk).update(place=place)
    after = {"lesson": str(lesson), "from_week": str(from_week), "asked_by_school": place.asked_by_school}
    history.record("put into a lesson", place, by, after=after)
    start_back(by, [place], from_week)
    return place


def _refuse_other_school(lesson: Lesson, pupil: Any) -> None:
    if pupil.school_id != lesson.allocation.school_id:
        raise ValidationError("This pupil goes to another school.")
