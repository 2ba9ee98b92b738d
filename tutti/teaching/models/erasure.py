"""A pupil is erased (S6): the name goes from wherever it was written, figures stay, and that it happened is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tutti.core import history
from tutti.core.calendar import Day, Week
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.people.roles import Permission
from tutti.schools.models import School
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.correction import Correction
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.notice import Notice
from tutti.teaching.models.place import Place
from tutti.teaching.models.pupil import Pupil
from tutti.teaching.models.pupil_event import JOINED
from tutti.teaching.models.question import Question, QuestionReply
from tutti.teaching.models.register import Register
from tutti.teaching.models.summary import Summary

ERASED = "Erased pupil"
NO_BIRTHDAY = Day(1900, 1, 1)  # nobody's; ages are never worked out for who was erased
GONE = "erased"  # what stands in the history in the place of a date of birth

# Where people write freely: what it is called, and which schools it belongs to.
TEXTS: list[tuple[str, type[models.Model], str, str]] = [
    ("Notes on registers", Register, "note", "allocation__school__in"),
    ("Titles of lessons", Lesson, "title", "allocation__school__in"),
    ("Questions and answers", Question, "text", "school__in"),
    ("Questions and answers", Question, "line", "school__in"),
    ("Questions and answers", QuestionReply, "text", "question__school__in"),
    ("Corrections", Correction, "why", "register__allocation__school__in"),
    ("Corrections", Correction, "answer", "register__allocation__school__in"),
    ("Notices", Notice, "words", "school__in"),
]


class Erasure:
    """All that holds a pupil's name, read in a fixed number of queries: to be shown first, then written."""

    def __init__(self, pupil: Pupil) -> None:
        self.pupil = pupil
        self.numbers = _numbers_of(pupil)
        self.events = list(_events_of(pupil, self.numbers))
        self.names = _names_of(pupil, self.events)
        self._name = re.compile("|".join(map(_pattern, self.names)), re.IGNORECASE)
        self.schools = School.objects.filter(
            Q(pk=pupil.school_id) | Q(allocations__lessons__places__pupil=pupil)
        ).distinct()
        self.summaries = self._changed(Summary.objects.filter(school__in=self.schools), "figures", self._without)
        self.history = [event for event in self.events if self._clean_event(event)]
        self.texts = [(words, m, field, self._texts(m, field, school)) for words, m, field, school in TEXTS]
        self.letters = self._letters()

    @property
    def running(self) -> list[Place]:
        """Places that are not over: the pupil would be taught on as an erased one."""
        places = Place.objects.filter(pupil=self.pupil).not_over(Week.current())
        return list(places.select_related("lesson__allocation__teacher"))

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What is to be changed, in words, and in how many rows."""
        many = Counter({"Monthly summaries, with their PDFs": len(self.summaries)})
        many["Lines of the history"] = len(self.history)
        for words, _, _, rows in self.texts:
            many[words] += len(rows)
        return [*many.items(), ("Letters", len(self.letters))]

    def write(self) -> None:
        """Write all of it, a statement a table."""
        Summary.objects.bulk_update(self.summaries, ["figures"], batch_size=50)
        Event.objects.bulk_update(self.history, ["before", "after"], batch_size=200)
        for _, model, field, rows in self.texts:
            model._default_manager.bulk_update(rows, [field], batch_size=200)
        Letter.objects.bulk_update(self.letters, ["subject", "body"], batch_size=200)

    def clean(self, text: str) -> str:
        """The text without the pupil's name, as it is now or was before it was put right."""
        return self._name.sub(ERASED, text)

    def _texts(self, model: type[models.Model], field: str, school: str) -> list[Any]:
        rows = model._default_manager.filter(**{school: self.schools}).exclude(**{field: ""})
        return self._changed(rows, field, self.clean)

    def _changed(self, rows: models.QuerySet[Any], field: str, cleaned: Callable[[Any], Any]) -> list[Any]:
        """Those of these rows in which the name stood, with the field as it is to be."""
        changed = []
        for row in rows:
            before, after = getattr(row, field), cleaned(getattr(row, field))
            if before != after:
                setattr(row, field, after)
                changed.append(row)
        return changed

    def _letters(self) -> list[Letter]:
        """No letter is meant to hold a pupil's name; where one does all the same, it goes."""
        held = Q()
        for name in self.names:
            held |= Q(body__icontains=name) | Q(subject__icontains=name)
        letters = list(Letter.objects.filter(held, service_id=self.pupil.service_id))
        for letter in letters:
            letter.subject, letter.body = self.clean(letter.subject)[:200], self.clean(letter.body)
        return letters

    def _without(self, value: Any) -> Any:
        """Figures without the name. A row of another pupil keeps its name, though it may be the same one."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, list):
            return [self._without(each) for each in value]
        if not isinstance(value, dict):
            return value
        is_other = value.get("pupil") not in (None, *self.numbers)
        cleaned = {key: each if key == "name" and is_other else self._without(each) for key, each in value.items()}
        if value.get("pupil") in self.numbers and "name" in value:
            cleaned["name"] = ERASED
        return cleaned

    def _clean_event(self, event: Event) -> bool:
        """Whether the name or the birthday stood in it."""
        before, after = self._without(event.before), self._without(event.after)
        for fields in (before, after):
            if event.thing == Pupil._meta.label_lower and fields.get("date_of_birth"):
                fields["date_of_birth"] = GONE
        changed = (before, after) != (event.before, event.after)
        event.before, event.after = before, after
        return changed


@transaction.atomic
def erase(pupil: Pupil, by: Any, why: str) -> bool:
    """Take the pupil's name and birthday out of everything (S6). It cannot be undone; figures, places and marks stay.

    False if they were erased before. ValidationError for who may not.
    """
    if not by.may(Permission.ERASE_PUPILS):
        raise ValidationError("Only the head of service erases a pupil.")
    held = Pupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk)
    if held.erased_at:
        return False
    erasure = Erasure(held)
    erasure.write()
    pupil.name, pupil.date_of_birth, pupil.erased_at = ERASED, NO_BIRTHDAY, timezone.now()
    pupil.save(update_fields=["name", "date_of_birth", "erased_at"])
    changed = {words: many for words, many in erasure.counts if many}
    history.record("erased the pupil", pupil, by, after={"why": erasure.clean(why.strip()), **changed})
    return True


def _numbers_of(pupil: Pupil) -> set[int]:
    """The pupil's own, and those of pupils who were joined with them, at once or one after the other (P3)."""
    joined = Event.objects.filter(service_id=pupil.service_id, thing=Pupil._meta.label_lower, verb=JOINED)
    numbers = {pupil.pk}
    for kept, gone in joined.order_by("-pk").values_list("thing_id", "before__pupil"):
        numbers |= {gone} if kept in numbers else set()
    return numbers


def _events_of(pupil: Pupil, numbers: set[int]) -> models.QuerySet[Event]:
    """The history of the pupil and of all that they had a part in."""
    places = Place.objects.filter(pupil=pupil)
    lessons = Lesson.objects.filter(places__pupil=pupil)
    things: Iterable[tuple[type[models.Model], Any]] = [
        (Pupil, numbers),
        (Place, places.values("pk")),
        (Lesson, lessons.values("pk")),
        (Allocation, lessons.values("allocation")),
        (Register, Register.objects.filter(allocation__in=lessons.values("allocation")).values("pk")),
        (Question, Question.objects.filter(pupil=pupil).values("pk")),
    ]
    about = Q()
    for model, keys in things:
        about |= Q(thing=model._meta.label_lower, thing_id__in=keys)
    return Event.objects.filter(about, service_id=pupil.service_id)


def _names_of(pupil: Pupil, events: Iterable[Event]) -> list[str]:
    """The name, and those that stood there before it was put right; the longest first."""
    own = [event for event in events if event.thing == Pupil._meta.label_lower]
    before = {fields.get("name") for event in own for fields in (event.before, event.after)}
    return sorted({pupil.name, *filter(None, before)}, key=len, reverse=True)


def _pattern(name: str) -> str:
    """The full name as a word of its own, whatever spaces stand in it."""
    return r"(?<!\w)" + r"\s+".join(map(re.escape, name.split())) + r"(?!\w)"
