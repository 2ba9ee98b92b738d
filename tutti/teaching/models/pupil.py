"""A pupil: a name, a date of birth and a school (H2, P3). The instrument belongs to the place."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models.functions import Lower

from tutti.core import history
from tutti.core.calendar import Day
from tutti.people.roles import Permission


class PupilQuerySet(models.QuerySet["Pupil"]):
    def visible_to(self, member: Any) -> PupilQuerySet:
        """A teacher sees the pupils of their own lessons (P4); the office sees all."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.SEE_PUPILS):
            return own
        return own.filter(places__lesson__allocation__teacher=member).distinct()

    def same_child(self, school: Any, name: str, date_of_birth: Day) -> PupilQuerySet:
        """The pupil of this school with exactly this name and full date of birth, whoever teaches them (P4)."""
        return self.filter(school=school, name__iexact=tidy_name(name), date_of_birth=date_of_birth)


class Pupil(models.Model):
    """A child who has lessons at a school. One child with two instruments is one pupil with two places."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="pupils")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="pupils")
    name = models.CharField(max_length=120)
    date_of_birth = models.DateField()

    objects = PupilQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("school", Lower("name"), "date_of_birth", name="pupil_once_a_school"),
        ]
        indexes = [models.Index(fields=["service", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @transaction.atomic
    def change(self, by: Any, **fields: Any) -> bool:
        return history.change(self, "changed the pupil", by, **fields)


def tidy_name(name: str) -> str:
    """A name as it is kept: one space between words, none around."""
    return " ".join(name.split())


@transaction.atomic
def find_or_add(school: Any, by: Any, name: str, date_of_birth: Day) -> tuple[Pupil, bool]:
    """The pupil of that name and birthday in this school, added if there is none (H2). True if it was added."""
    pupil, is_new = Pupil.objects.get_or_create(
        school=school,
        name__iexact=tidy_name(name),
        date_of_birth=date_of_birth,
        defaults={"service_id": school.service_id, "name": tidy_name(name)},
    )
    if is_new:
        history.record("added the pupil", pupil, by, after={"name": pupil.name, "date_of_birth": str(date_of_birth)})
    return pupil, is_new
