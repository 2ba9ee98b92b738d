"""What may be chosen for cover: which visits, which lessons of a single one, and who gives them (R7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.people.models import Member
from tutti.teaching.models import Allocation
from tutti.teaching.models.arrangement import Arrangement
from tutti.teaching.models.candidate import Candidate, free_teachers, read_candidates
from tutti.teaching.models.visit import Visit, VisitLesson, read_visits

MOST = 200  # visits at once: a term of a teacher with many schools


def read_keys(words: list[str]) -> set[tuple[int, Week]]:
    """Visits out of "12-2026-11-30"; anything else is passed over."""
    found = set()
    for word in words[:MOST]:
        number, _, day = word.partition("-")
        if number.isdecimal() and len(number) < 19:
            try:
                found.add((int(number), Week.parse(day)))
            except ValueError:
                continue
    return found


def find_visits(member: Any, words: list[str]) -> list[Visit]:
    """The visits that these keys name, of those that the member may see, as far as they are still open."""
    keys = read_keys(words)
    if not keys:
        return []
    weeks = [week for _, week in keys]
    allocations = Allocation.objects.visible_to(member).filter(pk__in={pk for pk, _ in keys})
    visits = read_visits(allocations, min(weeks), max(weeks))
    return [one for one in visits if (one.allocation.pk, one.week) in keys and not one.is_confirmed]


class CoverForm(VerbForm):
    """Who covers these visits; of a single visit perhaps some lessons only."""

    lesson = forms.MultipleChoiceField(
        label="Which lessons",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick the lessons that are to be covered."},
    )
    teacher = forms.ChoiceField(label="Who covers?", widget=forms.RadioSelect, required=False)
    other = forms.ModelChoiceField(
        label="Somebody else", queryset=Member.objects.none(), required=False, empty_label="Nobody else"
    )

    def __init__(self, data: Any, visits: list[Visit]) -> None:
        """Everything that nobody covers is ticked."""
        super().__init__(data)
        self.visits = visits
        self.candidates: list[Candidate] = read_candidates(visits)
        self.loads = {str(one.teacher.pk): one for one in self.candidates}
        teacher, other, lesson = self.fields["teacher"], self.fields["other"], self.fields["lesson"]
        assert isinstance(teacher, forms.ChoiceField)
        assert isinstance(other, forms.ModelChoiceField)
        assert isinstance(lesson, forms.MultipleChoiceField)
        teacher.choices = [(key, str(one.teacher)) for key, one in self.loads.items()]
        absent, weeks = {visit.allocation.teacher_id for visit in visits}, sorted({visit.week for visit in visits})
        free = free_teachers(visits[0].allocation.service_id, absent, weeks)
        other.queryset = free.exclude(pk__in=[one.teacher.pk for one in self.candidates]).select_related(
            "person", "service", "office"
        )
        if len(visits) > 1:
            del self.fields["lesson"]
        else:
            lesson.choices = [(str(one.lesson_pk), _spell(one)) for one in visits[0].lessons]
            lesson.initial = [str(one.lesson_pk) for one in visits[0].owed or visits[0].lessons]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = self.loads.get(data.get("teacher") or "")
        self.chosen = data.get("other") or (chosen.teacher if chosen else None)
        if self.chosen is None and "teacher" not in self.errors:
            self.add_error("teacher", "Choose who covers.")
        return data

    @property
    def people(self) -> list[tuple[Any, Candidate]]:
        """Each candidate with the radio to choose them."""
        return [(option, self.loads[str(option.data["value"])]) for option in self["teacher"]]

    @property
    def arrangement(self) -> Arrangement | None:
        """What would be arranged; None while something is still to be said."""
        if not self.is_valid():
            return None
        visits = [self._part(visit) for visit in self.visits]
        whole = {part.key for part, visit in zip(visits, self.visits, strict=True) if _is_whole(part, visit)}
        assert self.chosen
        return Arrangement(self.chosen, visits, whole)

    def _part(self, visit: Visit) -> Visit:
        """The lessons of it that are chosen: those ticked, or all that nobody covers."""
        if "lesson" not in self.fields:
            return replace(visit, lessons=visit.owed or visit.lessons)
        ticked = set(self.cleaned_data["lesson"])
        return replace(visit, lessons=[one for one in visit.lessons if str(one.lesson_pk) in ticked])

    def save(self, by: Any) -> int:
        arrangement = self.arrangement
        if arrangement is None:
            raise ValidationError("Choose who covers.")
        return arrangement.arrange(by)


def _is_whole(part: Visit, visit: Visit) -> bool:
    """All of a visit none of whose lessons has a cover of its own."""
    is_all = len(part.lessons) == len(visit.lessons)
    return is_all and not any(cover.lesson_id for cover in visit.covers)


def _spell(lesson: VisitLesson) -> str:
    return f"{lesson.words}. Covered by {lesson.covered_by.teacher}" if lesson.covered_by else lesson.words
