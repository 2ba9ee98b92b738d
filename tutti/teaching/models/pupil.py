"""A pupil: a name, a date of birth and a school (H2, P3). The instrument belongs to the place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Lower

from tutti.core import history
from tutti.core.calendar import Day, Week, today
from tutti.people.roles import Permission
from tutti.schools.models import School
from tutti.teaching.models.allocation import holds_in
from tutti.teaching.models.carry import Carry
from tutti.teaching.models.figures import rename_pupil
from tutti.teaching.models.lesson import Lesson, add_lesson
from tutti.teaching.models.place import Place, PlaceQuerySet, add_place
from tutti.teaching.models.place_balances import Balances
from tutti.teaching.models.pupil_event import JOINED, PupilEvent, spell_event

OLDEST = 25  # years; nobody at a school is older


class PupilQuerySet(models.QuerySet["Pupil"]):
    def visible_to(self, member: Any) -> PupilQuerySet:
        """A teacher sees the pupils of their own lessons (P4); the office sees all."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.SEE_PUPILS):
            return own
        return own.filter(places__lesson__allocation__teacher=member).distinct()

    def changeable_by(self, member: Any) -> PupilQuerySet:
        """Whose name and birthday a member may put right: their own pupils, and all for the office."""
        own = self.filter(service_id=member.service_id).not_erased()
        if member.may(Permission.ALLOCATE):
            return own
        return own.filter(places__lesson__allocation__teacher=member).distinct()

    def not_erased(self) -> PupilQuerySet:
        """Those whose name is known (S6)."""
        return self.filter(erased_at=None)

    def same_child(self, school: Any, name: str, date_of_birth: Day) -> PupilQuerySet:
        """The pupil of this school with exactly this name and full date of birth, whoever teaches them (P4)."""
        same = self.not_erased().filter(school=school, name__iexact=tidy_name(name))
        return same.filter(date_of_birth=date_of_birth)

    def like(self, *, name: str = "", school: Any = "", teacher: Any = "", instrument: str = "") -> PupilQuerySet:
        """Pupils whose name holds these words and who have a place with this teacher in this instrument.

        Of a school are those who go there, and those with a place there that is not over yet (P5).
        """
        places = Place.objects.filter(pupil=OuterRef("pk"))
        places = places.filter(lesson__allocation__teacher=teacher) if teacher else places
        places = places.filter(lesson__instrument=instrument) if instrument else places
        found = self.filter(name__icontains=tidy_name(name)) if name else self
        still = Place.objects.filter(pupil=OuterRef("pk"), lesson__allocation__school=school or None)
        found = found.filter(Q(school=school) | Exists(still.not_over(Week.current()))) if school else found
        return found.filter(Exists(places)) if teacher or instrument else found

    def with_places(self) -> PupilQuerySet:
        """With `all_places`: every place they ever had, each with its lesson, teacher and number of marks."""
        places = Place.objects.annotate(mark_count=Count("marks")).select_related("lesson__allocation__teacher")
        return self.prefetch_related(Prefetch("places", places.order_by("from_week", "pk"), to_attr="all_places"))

    def for_list(self) -> PupilQuerySet:
        """With school, and with `now`: their places that are not over, each with its lesson and teacher."""
        running = Place.objects.filter(Q(until_week=None) | Q(until_week__gte=Week.current()))
        running = running.select_related("lesson__allocation__teacher", "lesson__allocation__school")
        running = running.prefetch_related("lesson__shapes")
        return self.select_related("school").prefetch_related(Prefetch("places", running, to_attr="now"))


class Pupil(models.Model):
    """A child who has lessons at a school. One child with two instruments is one pupil with two places.

    One who was erased keeps the row, for the figures, without name and birthday (S6).
    """

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="pupils")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="pupils")
    name = models.CharField(max_length=120)
    date_of_birth = models.DateField()
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = PupilQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "school", Lower("name"), "date_of_birth", condition=Q(erased_at=None), name="pupil_once_a_school"
            ),
        ]
        indexes = [models.Index(fields=["service", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @transaction.atomic
    def change(self, by: Any, **fields: Any) -> bool:
        """Put the name or birthday right, with history. ValidationError if that is another pupil of the school."""
        name, birthday = tidy_name(fields.get("name", self.name)), fields.get("date_of_birth", self.date_of_birth)
        check_birthday(birthday)
        if Pupil.objects.same_child(self.school_id, name, birthday).exclude(pk=self.pk).exists():
            raise ValidationError("This school has a pupil with this name and date of birth already.")
        return history.change(self, "changed the pupil", by, name=name, date_of_birth=birthday)

    @transaction.atomic
    def join(self, other: Pupil, by: Any) -> None:
        """Two pupils are one child: the other's places, with their marks, become this one's, and the other goes (P3).

        ValidationError for another school's pupil, or where both have a place in one lesson at the same time.
        """
        both = list(Pupil.objects.select_for_update().filter(pk__in=[self.pk, other.pk]).order_by("pk"))
        if len({pupil.school_id for pupil in both}) > 1 or self.pk == other.pk:
            raise ValidationError("These two go to different schools.")
        if len(both) == 2:
            self._take_places_of(other, by)

    def _take_places_of(self, other: Pupil, by: Any) -> None:
        own = list(self.places.select_related("lesson"))
        for place in other.places.all():
            clash = next((one for one in own if one.lesson_id == place.lesson_id and one.overlaps(place)), None)
            if clash:
                words = f"Both have a place in {clash.lesson} at the same time. End or take out one of them first."
                raise ValidationError(words)
        other.places.update(pupil=self)
        other.carries.update(pupil=self)
        other.notices.update(pupil=self)
        other.questions.update(pupil=self)
        self._take_what_was_told_of(other)
        was = {"pupil": other.pk, "name": other.name, "date_of_birth": str(other.date_of_birth)}
        history.record(JOINED, self, by, before=was)
        other.delete()

    def _take_what_was_told_of(self, other: Pupil) -> None:
        """Summaries know a child by number: what they told of the other is told of this one (S3, S6)."""
        taught = Q(allocations__lessons__places__pupil=self)
        schools = School.objects.filter(Q(pk=other.school_id) | taught).distinct().prefetch_related("summaries")
        summaries = [summary for school in schools for summary in school.summaries.all()]
        changed = [summary for summary in summaries if rename_pupil(summary.figures, other.pk, self.pk)]
        if changed:
            type(changed[0])._default_manager.bulk_update(changed, ["figures"], batch_size=50)

    @transaction.atomic
    def move_to(
        self, school: Any, from_week: Week, by: Any, *, with_balance: bool = False, join: bool = False
    ) -> Pupil:
        """Go to another school from a week on, and stay the same pupil (P5). Gives who this child is now.

        Running places end the week before, dated back as any (P9); `with_balance` brings along what was had and owed
        this year. `join`: the new school has the same child already, who takes over what was here. ValidationError for
        a child whom the new school has already, unless joined.
        """
        Pupil.objects.select_for_update().get(pk=self.pk)
        same = Pupil.objects.same_child(school, self.name, self.date_of_birth).exclude(pk=self.pk).first()
        if school.pk == self.school_id:
            raise ValidationError({"school": "This is the school that they go to already."})
        if same and not join:
            raise ValidationError({"school": f"{school} has a pupil with this name and date of birth already."})
        brought = self._carries(from_week) if with_balance else []
        for place in self.places.not_over(from_week).select_related("lesson", "pupil"):
            place.stop(by, from_week)
        was = {"school": str(self.school), "from_week": str(from_week), "with_balance": with_balance}
        child = same or self
        history.record("moved to another school", child, by, before=was, after={"school": str(school)})
        if not with_balance:
            self.carries.filter(place=None).delete()
        Carry.objects.bulk_create(brought)
        if same:
            same._take_places_of(self, by)
        else:
            self.school = school
            self.save(update_fields=["school"])
        return child

    def _carries(self, from_week: Week) -> list[Carry]:
        """What was had and owed this year, in the instruments that are learnt at this school until a week."""
        here = self.places.filter(lesson__allocation__school=self.school_id)
        running = here.filter(holds_in(from_week - 1), lesson__allocation__until_week__gte=from_week - 1)
        found = dict(running.values_list("lesson__instrument", "lesson__allocation__year"))
        years = here.filter(lesson__allocation__year__in=found.values(), lesson__instrument__in=found)
        own = {"service_id": self.service_id, "pupil": self}
        return [
            Carry(**own, year_id=found[word], instrument=word, had=balance.had, owed=balance.owed)
            for word, balance in Balances(self.service, years, from_week).of_instrument.items()
        ]

    def places_for(self, member: Any) -> PlaceQuerySet:
        """Their places, for a teacher only those in the teacher's own lessons (P4)."""
        places = Place.objects.visible_to(member).filter(pupil=self)
        return places.select_related("lesson__allocation__teacher", "lesson__allocation__school").prefetch_related(
            "lesson__shapes"
        )

    def history_for(self, member: Any) -> list[PupilEvent]:
        """What happened, newest first; a teacher reads nothing of what other teachers did (P4)."""
        places = {place.pk: str(place.lesson) for place in self.places_for(member)}
        joined = history.Event.objects.about(self).filter(verb=JOINED).values_list("before__pupil", flat=True)
        about_pupil = Q(thing="teaching.pupil", thing_id__in=[self.pk, *joined])
        if not member.may(Permission.SEE_PUPILS):
            about_pupil &= Q(by=member.person_id) | Q(verb="changed the pupil")
        events = history.Event.objects.filter(service_id=self.service_id)
        events = events.filter(about_pupil | Q(thing="teaching.place", thing_id__in=list(places)))
        return [spell_event(event, places) for event in events.newest_first()[:100]]


def tidy_name(name: str) -> str:
    """A name as it is kept: one space between words, none around, accents as one sign each."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def check_birthday(day: Day) -> None:
    """ValidationError for a date of birth to come, or longer ago than anybody goes to school."""
    if day > today():
        raise ValidationError("Date of birth must be in the past.")
    if day.year < today().year - OLDEST:
        raise ValidationError(f"Date of birth is more than {OLDEST} years ago. Check the year.")


@transaction.atomic
def find_or_add(school: Any, by: Any, name: str, date_of_birth: Day) -> tuple[Pupil, bool]:
    """The pupil of that name and birthday in this school, added if there is none (H2). True if it was added."""
    check_birthday(date_of_birth)
    pupil, is_new = Pupil.objects.get_or_create(
        school=school,
        name__iexact=tidy_name(name),
        date_of_birth=date_of_birth,
        erased_at=None,
        defaults={"service_id": school.service_id, "name": tidy_name(name)},
    )
    if is_new:
        history.record("added the pupil", pupil, by, after={"name": pupil.name, "date_of_birth": str(date_of_birth)})
    return pupil, is_new


@dataclass(frozen=True, slots=True)
class NewLesson:
    """A lesson still to be made for a pupil."""

    kind: str
    minutes: int
    instrument: str


@transaction.atomic
def set_up_pupil(
    allocation: Any,
    by: Any,
    *,
    name: str,
    date_of_birth: Day,
    lesson: Lesson | NewLesson,
    from_week: Week,
    once: UUID | None = None,
    **fields: Any,
) -> Place:
    """A pupil of the school, new or known, into a lesson of this allocation, new or there (H2).

    Asked for twice it is done once: `once` is the token of the form. ValidationError as from `add_place`.
    """
    pupil, _ = find_or_add(allocation.school, by, name, date_of_birth)
    if isinstance(lesson, NewLesson):
        lesson = add_lesson(
            allocation,
            by,
            kind=lesson.kind,
            minutes=lesson.minutes,
            instrument=lesson.instrument,
            from_week=from_week,
            once=once,
        )
    there = lesson.places.filter(pupil=pupil, until_week=None).first()
    return there or add_place(lesson, pupil, by, from_week=from_week, **fields)
