"""What may be typed about a lesson: kind, instrument, minutes and when it is due (H3, P6, P7)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db import transaction

from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.teaching.forms.dated_back import DatedBackForm
from tutti.teaching.forms.pupil import MinutesField, spell_instrument
from tutti.teaching.forms.week import WeekChoice, WeekChoices
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.dated_back import Touched, touched_by_end
from tutti.teaching.models.lesson import WITH_PUPILS, Due, Kind, Lesson, add_lesson
from tutti.teaching.models.lesson_end import end_lesson
from tutti.teaching.models.pupil import tidy_name

KINDS = [(kind.value, kind.label) for kind in Kind if kind in WITH_PUPILS]


class LessonForm(VerbForm):
    """A lesson with pupils, new or from a week on."""

    kind = forms.ChoiceField(label="Individual or group", choices=KINDS, widget=forms.RadioSelect)
    instrument = forms.CharField(label="Instrument", max_length=60)
    minutes = MinutesField(label="Minutes")
    title = forms.CharField(
        label="Name of the group", max_length=60, required=False, help_text="Only if a group needs one, such as Year 5"
    )
    due = forms.ChoiceField(label="When it is due", choices=Due, widget=forms.RadioSelect)
    rota = WeekChoices(label="Weeks of the rota", required=False)
    from_week = WeekChoice(label="From the week of")

    def __init__(
        self, data: Any, allocation: Allocation, week: Week, rota: tuple[Week, ...] = (), **kwargs: Any
    ) -> None:
        """`week` is the one that is offered; `rota` are the weeks named so far."""
        super().__init__(data, **kwargs)
        self.allocation = allocation
        weeks = list(allocation.teaching_weeks())
        week_field, rota_field = self.fields["from_week"], self.fields["rota"]
        assert isinstance(week_field, WeekChoice)
        assert isinstance(rota_field, WeekChoices)
        week_field.offer(weeks, week)
        rota_field.offer([row for row in weeks if row.lesson_number], rota)

    def clean_instrument(self) -> str:
        return spell_instrument(self.cleaned_data["instrument"])

    def clean_title(self) -> str:
        return tidy_name(self.cleaned_data["title"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("due") == Due.ROTA and not data.get("rota") and "rota" not in self.errors:
            self.add_error("rota", "Tick the weeks in which the school’s rota calls this lesson.")
        return data


class LessonAddForm(LessonForm):
    """A new lesson; the same form sent twice makes one."""

    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, allocation: Allocation, week: Week) -> None:
        """Filled in as most lessons are."""
        super().__init__(data, allocation, week)
        self.initial = {"kind": Kind.SMALL_GROUP, "minutes": 30, "due": Due.EVERY, "once": uuid4()}

    @transaction.atomic
    def save(self, by: Any) -> Lesson:
        data = self.cleaned_data
        names = ("kind", "instrument", "minutes", "title", "from_week", "once")
        lesson = add_lesson(self.allocation, by, **{name: data[name] for name in names})
        if data["due"] != Due.EVERY:
            lesson.set_due(by, lesson.from_week, data["due"], data["rota"])
        return lesson


class LessonChangeForm(LessonForm):
    """A lesson that is there, as it is to be from a week on."""

    def __init__(self, data: Any, lesson: Lesson, week: Week) -> None:
        """Filled in as the lesson is in that week."""
        week = max(week, lesson.from_week)
        rota = tuple(row.week for row in lesson.rota_weeks.all())
        super().__init__(data, lesson.allocation, week, rota)
        self.lesson = lesson
        shape = lesson.shapes.filter(from_week__lte=week).last()
        assert shape
        kept = {"instrument": lesson.instrument, "title": lesson.title, "due": lesson.due}
        self.initial = {"kind": shape.kind, "minutes": shape.minutes, **kept}

    def clean_from_week(self) -> Week:
        week: Week = self.cleaned_data["from_week"]
        if not self.lesson.holds(week):
            raise forms.ValidationError("This lesson is not given in that week. Choose another.")
        return week

    @transaction.atomic
    def save(self, by: Any) -> bool:
        """True if anything differed."""
        data, lesson = self.cleaned_data, self.lesson
        changed = lesson.change(by, instrument=data["instrument"], title=data["title"])
        changed |= lesson.reshape(by, data["from_week"], kind=data["kind"], minutes=data["minutes"])
        return lesson.set_due(by, data["from_week"], data["due"], data["rota"]) or changed


class LessonEndForm(DatedBackForm):
    """The last week of a lesson."""

    until_week = WeekChoice(label="Last lesson in the week of")

    def __init__(self, data: Any, lesson: Lesson, week: Week) -> None:
        """Weeks in which the lesson runs."""
        super().__init__(data)
        self.lesson = lesson
        field = self.fields["until_week"]
        assert isinstance(field, WeekChoice)
        field.offer([row for row in lesson.allocation.teaching_weeks() if row.monday >= lesson.from_week], week)

    def touches(self) -> Touched:
        return touched_by_end(self.lesson, self.cleaned_data["until_week"])

    def save(self, by: Any) -> bool:
        return end_lesson(self.lesson, by, self.cleaned_data["until_week"])
