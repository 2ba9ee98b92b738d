"""What may be chosen when lessons are taken over: who carries on, kind, minutes and the first week (H2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.teaching.forms.lesson import KINDS
from tutti.teaching.forms.pupil import MinutesField
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.lesson import Kind
from tutti.teaching.models.take_over import OldLesson, TakeOver, Wanted


class TakeOverForm(VerbForm):
    """The lessons that are proposed, each with its pupils to tick. One with nobody ticked is left out."""

    from_week = WeekChoice(label="First lesson in the week of")

    def __init__(self, data: Any, allocation: Allocation) -> None:
        """Ticked: everybody but those who have probably left."""
        super().__init__(data)
        self.take_over = TakeOver(allocation)
        field = self.fields["from_week"]
        assert isinstance(field, WeekChoice)
        field.offer(allocation.teaching_weeks(), allocation.from_week)
        for row in self.take_over.lessons:
            self._add(row)

    def _add(self, row: OldLesson) -> None:
        key, name = row.lesson.pk, str(row.lesson)
        choices = [(str(old.place.pk), _spell(old.place.pupil.name, old.left)) for old in row.places]
        ticked = [str(old.place.pk) for old in row.places if row.is_offered and not old.left]
        self.fields[f"pupils-{key}"] = forms.TypedMultipleChoiceField(
            label=name,
            choices=choices,
            coerce=int,
            required=False,
            initial=ticked,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "This pupil is not there any more. Look at the list again."},
        )
        self.fields[f"kind-{key}"] = forms.ChoiceField(label="Individual or group", choices=KINDS, initial=row.kind)
        self.fields[f"minutes-{key}"] = MinutesField(label="Minutes", initial=row.minutes)

    @property
    def lessons(self) -> Iterator[tuple[OldLesson, dict[str, forms.BoundField]]]:
        """Each lesson with its three fields."""
        for row in self.take_over.lessons:
            yield row, {name: self[f"{name}-{row.lesson.pk}"] for name in ("pupils", "kind", "minutes")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for row in self.take_over.lessons:
            kind, pupils = data.get(f"kind-{row.lesson.pk}"), data.get(f"pupils-{row.lesson.pk}") or []
            if kind == Kind.INDIVIDUAL and len(pupils) > 1:
                words = f"{row.lesson} is an individual lesson, so it has one pupil. Make it a group, or tick one."
                self.add_error(f"kind-{row.lesson.pk}", words)
        return data

    def save(self, by: Any) -> int:
        """How many lessons were made."""
        data = self.cleaned_data
        wanted = [
            Wanted(key, data[f"kind-{key}"], data[f"minutes-{key}"], data[f"pupils-{key}"])
            for key in (row.lesson.pk for row in self.take_over.lessons)
        ]
        return self.take_over.save(by, wanted, data["from_week"])


def _spell(name: str, left: str) -> str:
    return f"{name} ({left[:1].lower()}{left[1:]})" if left else name
