"""What may change about a pupil's place: another lesson, or no more lessons, from a week on (H3, P3, P9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db import transaction

from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.teaching.forms.pupil import HadBeforeField, LessonOfPupil
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.dated_back import Touched, touched_by_start, touched_by_stop
from tutti.teaching.models.lesson import Lesson, add_lesson
from tutti.teaching.models.place import Place
from tutti.teaching.models.roster import RosterLesson

STOP, MISTAKE = "stop", "mistake"


class PlaceChangeForm(LessonOfPupil):
    """Where a pupil goes, and from which week on."""

    from_week = WeekChoice(label="From the week of")
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, place: Place, lessons: Sequence[RosterLesson], week: Week) -> None:
        """`lessons`: those of this school that run; `week`: the one that is offered."""
        super().__init__(data)
        self.place = place
        others = [row for row in lessons if row.lesson.pk != place.lesson_id and row.is_group]
        choices = [*self.offer_lessons(others, new_first=False), (STOP, "No more lessons")]
        mistake = [] if place.has_marks else [(MISTAKE, "Was put here by mistake: take out")]
        self.set_choices(choices + mistake, None)
        self.fields["lesson"].label = f"What changes for {place.pupil.first_name}?"
        week_field = self.fields["from_week"]
        assert isinstance(week_field, WeekChoice)
        week_field.offer(place.lesson.allocation.teaching_weeks(), max(week, place.from_week))
        self.fields["once"].initial = uuid4()

    def touches(self) -> Touched:
        chosen, week = self.cleaned_data["lesson"], self.cleaned_data["from_week"]
        if chosen == MISTAKE:
            return Touched()
        stopped = touched_by_stop([self.place], max(week, self.place.from_week) - 1)
        if chosen == STOP or week < self.place.from_week:
            return stopped
        lesson = self.by_choice.get(chosen)
        if lesson and lesson.places.filter(pupil=self.place.pupil_id, from_week=week).exists():
            return stopped
        return stopped | touched_by_start(self.place.lesson.allocation, week, self.place.until_week, lesson)

    @transaction.atomic
    def save(self, by: Any) -> str:
        """What was done, in words. ValidationError where marks or dates stand against it."""
        chosen, week = self.cleaned_data["lesson"], self.cleaned_data["from_week"]
        if chosen == MISTAKE:
            self.place.remove(by)
            return "was taken out"
        if chosen == STOP:
            self.place.stop(by, week)
            return "has no more lessons here"
        lesson = self._lesson(by, week)
        self.place.move(by, lesson, week)
        return f"is in {lesson} now"

    def _lesson(self, by: Any, week: Week) -> Lesson:
        chosen = self.lesson_chosen(self.place.lesson.instrument)
        if isinstance(chosen, Lesson):
            return chosen
        return add_lesson(
            self.place.lesson.allocation,
            by,
            kind=chosen.kind,
            minutes=chosen.minutes,
            instrument=chosen.instrument,
            from_week=week,
            once=self.cleaned_data["once"],
        )


class PlaceStartForm(VerbForm):
    """How a place began: asked for by the school, and after how many lessons (P10)."""

    asked_by_school = forms.BooleanField(label="The school asked for these lessons", required=False)
    had_before = HadBeforeField()

    def __init__(self, data: Any, place: Place) -> None:
        """Filled in as it is."""
        super().__init__(data, initial={"asked_by_school": place.asked_by_school, "had_before": place.had_before})
        self.place = place

    def save(self, by: Any) -> bool:
        """True if anything differed."""
        data = self.cleaned_data
        return self.place.set_start(by, asked_by_school=data["asked_by_school"], had_before=data["had_before"] or 0)
