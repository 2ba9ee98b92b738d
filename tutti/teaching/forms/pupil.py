"""What may be typed about a pupil: three fields, and into which lesson (H2, P3, P4, P10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from tutti.core.calendar import Week
from tutti.core.forms import DayField, VerbForm
from tutti.teaching.forms.dated_back import DatedBackForm
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.dated_back import Touched, touched_by_start
from tutti.teaching.models.lesson import LONGEST, SHORTEST, Kind, Lesson
from tutti.teaching.models.place import Place
from tutti.teaching.models.pupil import NewLesson, Pupil, check_birthday, set_up_pupil, tidy_name
from tutti.teaching.models.roster import RosterLesson

NEW_LESSONS = {
    "individual-20": (Kind.INDIVIDUAL, 20, "New individual lesson, 20 minutes"),
    "individual-30": (Kind.INDIVIDUAL, 30, "New individual lesson, 30 minutes"),
    "small_group-30": (Kind.SMALL_GROUP, 30, "New small group, 30 minutes"),
}


class HadBeforeField(forms.IntegerField):
    """Lessons that a pupil had this year before the place was in Tutti (P10)."""

    def __init__(self) -> None:
        """At most as many as a year has weeks."""
        widget = forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"})
        label = "Lessons had this year, before they were in Tutti"
        super().__init__(label=label, required=False, min_value=0, max_value=40, widget=widget)


class PupilForm(VerbForm):
    """Name and date of birth."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"autocapitalize": "words"}))
    date_of_birth = DayField(label="Date of birth", help_text="For example, 14 3 2015", validators=[check_birthday])

    def clean_name(self) -> str:
        name = tidy_name(self.cleaned_data["name"])
        if not any(letter.isalpha() for letter in name):
            raise forms.ValidationError("Type the pupil’s name.")
        return name


class LessonOfPupil(DatedBackForm):
    """Into which lesson a pupil goes: one that is there or a new one."""

    lesson = forms.ChoiceField(label="Which lesson?", widget=forms.RadioSelect)

    def offer_lessons(self, lessons: Sequence[RosterLesson], *, new_first: bool) -> list[tuple[str, str]]:
        """The choices: new lessons, and these groups that run."""
        self.by_choice = {f"lesson-{row.lesson.pk}": row.lesson for row in lessons}
        new = [(value, words) for value, (_, _, words) in NEW_LESSONS.items()]
        there = [(f"lesson-{row.lesson.pk}", row.words) for row in lessons]
        return [*new, *there] if new_first else [*there, *new]

    def set_choices(self, choices: list[tuple[str, str]], chosen: str | None) -> None:
        field = self.fields["lesson"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.initial = chosen

    def lesson_chosen(self, instrument: str) -> Lesson | NewLesson:
        chosen = self.cleaned_data["lesson"]
        if chosen in NEW_LESSONS:
            kind, minutes, _ = NEW_LESSONS[chosen]
            return NewLesson(kind, minutes, instrument)
        return self.by_choice[chosen]


class PupilChangeForm(PupilForm):
    """A name or birthday put right."""

    def __init__(self, data: Any, pupil: Pupil) -> None:
        """Filled in as it is."""
        super().__init__(data, initial={"name": pupil.name, "date_of_birth": pupil.date_of_birth})
        self.pupil = pupil

    def save(self, by: Any) -> bool:
        return self.pupil.change(by, **self.cleaned_data)


class PupilAddForm(LessonOfPupil, PupilForm):
    """The three fields of H2 and the lesson. `asks_same` is set when the school has this very child already (P4)."""

    instrument = forms.CharField(label="Instrument", max_length=60, error_messages={"required": "Type the instrument."})
    from_week = WeekChoice(label="First lesson in the week of")
    asked_by_school = forms.BooleanField(label="The school asked for these lessons", required=False)
    had_before = HadBeforeField()
    once = forms.UUIDField(widget=forms.HiddenInput)
    field_order = (
        "name",
        "date_of_birth",
        "instrument",
        "lesson",
        "from_week",
        "asked_by_school",
        "had_before",
        "once",
    )

    def __init__(
        self, data: Any, allocation: Allocation, lessons: Sequence[RosterLesson], week: Week, chosen: str = ""
    ) -> None:
        """`lessons`: all that run at this school; `week`: the first week that is offered."""
        super().__init__(data)
        self.allocation = allocation
        self.asks_same: Pupil | None = None
        choices = self.offer_lessons([row for row in lessons if row.is_group], new_first=True)
        self.set_choices(choices, chosen or "individual-20")
        week_field = self.fields["from_week"]
        assert isinstance(week_field, WeekChoice)
        week_field.offer(allocation.teaching_weeks(), week)
        self.fields["once"].initial = uuid4()
        taught = list(dict.fromkeys(row.lesson.instrument for row in lessons))
        self.instruments = taught
        self.fields["instrument"].required = (data or {}).get("lesson") not in self.by_choice
        self.fields["instrument"].widget.attrs["list"] = "instruments"
        self.fields["instrument"].initial = taught[0] if len(taught) == 1 else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            self._ask_whether_same(data)
        return data

    def _ask_whether_same(self, data: dict[str, Any]) -> None:
        """A child the school has already is offered, unless that was answered or this form was sent before."""
        same = Pupil.objects.same_child(self.allocation.school_id, data["name"], data["date_of_birth"]).first()
        sent = self.allocation.lessons.filter(once=data["once"]).exists()
        if same and not sent and self.data.get("same") != "yes" and not self._is_in_lesson(same):
            self.asks_same = same

    def _is_in_lesson(self, pupil: Pupil) -> bool:
        lesson = self.by_choice.get(self.cleaned_data["lesson"])
        return bool(lesson and lesson.places.filter(pupil=pupil, until_week=None).exists())

    def is_ready(self) -> bool:
        """Nothing is wrong, and nothing is left to ask."""
        return self.is_valid() and self.asks_same is None and super().is_ready()

    def touches(self) -> Touched:
        lesson = self.lesson_chosen(self.cleaned_data["instrument"])
        if self.allocation.lessons.filter(once=self.cleaned_data["once"]).exists():
            return Touched()  # the form was sent before
        known = lesson if isinstance(lesson, Lesson) else None
        return touched_by_start(self.allocation, self.cleaned_data["from_week"], lesson=known)

    def save(self, by: Any) -> Place:
        data = self.cleaned_data
        return set_up_pupil(
            self.allocation,
            by,
            name=data["name"],
            date_of_birth=data["date_of_birth"],
            lesson=self.lesson_chosen(spell_instrument(data["instrument"])),
            from_week=data["from_week"],
            once=data["once"],
            asked_by_school=data["asked_by_school"],
            had_before=data["had_before"] or 0,
        )


class MinutesField(forms.IntegerField):
    """Minutes of one lesson."""

    def __init__(self, **kwargs: Any) -> None:
        """Within what a lesson can last."""
        words = f"Minutes must be a number from {SHORTEST} to {LONGEST}."
        super().__init__(
            min_value=SHORTEST,
            max_value=LONGEST,
            error_messages={"min_value": words, "max_value": words, "invalid": words},
            widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
            **kwargs,
        )


def spell_instrument(typed: str) -> str:
    """An instrument as it is kept: "violin " becomes "Violin", "B flat clarinet" stays."""
    words = tidy_name(typed)
    return words[:1].upper() + words[1:]
