"""Whether two pupils are one child: who is alike, and what the office has said about it (P3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, groupby
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from tutti.core import history
from tutti.core.calendar import Day
from tutti.teaching.models.place import Place
from tutti.teaching.models.pupil import Pupil, tidy_name


class TwoChildrenQuerySet(models.QuerySet["TwoChildren"]):
    def visible_to(self, member: Any) -> TwoChildrenQuerySet:
        return self.filter(service_id=member.service_id)


class TwoChildren(models.Model):
    """Two pupils who look like one child and are two: said by the office, and not asked again."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+", db_index=False)
    one = models.ForeignKey("teaching.Pupil", models.CASCADE, related_name="+")
    other = models.ForeignKey("teaching.Pupil", models.CASCADE, related_name="+")

    objects = TwoChildrenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="two_children_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="two_children_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"


def perhaps_one_child(member: Any) -> Iterator[tuple[Pupil, Pupil]]:
    """Two pupils of one school with one birthday and the same first name, unless they are known to be two.

    Two queries, however many pupils.
    """
    twin = Pupil.objects.filter(school=OuterRef("school"), date_of_birth=OuterRef("date_of_birth"))
    same_day = Pupil.objects.visible_to(member).not_erased().filter(Exists(twin.exclude(pk=OuterRef("pk"))))
    pupils = same_day.select_related("school").order_by("school_id", "date_of_birth", "name")
    known = set(TwoChildren.objects.visible_to(member).values_list("one", "other"))
    alike = sorted(pupils, key=lambda p: (p.school_id, p.date_of_birth, p.first_name.casefold()))
    for _, group in groupby(alike, key=lambda p: (p.school_id, p.date_of_birth, p.first_name.casefold())):
        yield from (pair for pair in combinations(group, 2) if _in_order(*pair) not in known)


def alike_to(pupil: Pupil) -> list[Pupil]:
    """The pupils of the school who may be this child: same birthday, same first name, not said to be another."""
    same_day = Pupil.objects.not_erased().filter(school=pupil.school_id, date_of_birth=pupil.date_of_birth)
    same_day = same_day.exclude(pk=pupil.pk)
    said = TwoChildren.objects.filter(Q(one=pupil) | Q(other=pupil)).values_list("one", "other")
    known = {pk for pair in said for pk in pair}
    first = pupil.first_name.casefold()
    return [one for one in same_day if one.first_name.casefold() == first and one.pk not in known]


def who_is_known(allocation: Any, name: str, date_of_birth: Day) -> list[str]:
    """Who this child is at the school already, in sentences for the teacher of an allocation. One query.

    The very same child, whoever teaches them; and of the teacher's own pupils those with this birthday and a part of
    this name (P4).
    """
    same_day = Pupil.objects.filter(school=allocation.school_id, date_of_birth=date_of_birth).order_by("name", "pk")
    own = Exists(Place.objects.filter(pupil=OuterRef("pk"), lesson__allocation__teacher=allocation.teacher_id))
    typed, parts = tidy_name(name).casefold(), _parts(name)
    words = []
    for pupil in same_day.annotate(is_own=own):
        if pupil.name.casefold() == typed:
            words.append(f"{pupil} is at this school already and will be the same pupil.")
        elif pupil.is_own and parts & _parts(pupil.name):
            words.append(f"You teach {pupil}, who has the same birthday. Is it the same child?")
    return words


def _parts(name: str) -> set[str]:
    return set(re.split(r"[\s-]+", tidy_name(name).casefold()))


def are_two(one: Pupil, other: Pupil, by: Any) -> None:
    """Remember that these are two children. Said twice it is remembered once."""
    first, second = sorted([one, other], key=lambda pupil: pupil.pk)
    _, is_new = TwoChildren.objects.get_or_create(service_id=one.service_id, one=first, other=second)
    if is_new:
        history.record("is another child", first, by, after={"pupil": second.pk})
        history.record("is another child", second, by, after={"pupil": first.pk})


def _in_order(one: Pupil, other: Pupil) -> tuple[int, int]:
    return min(one.pk, other.pk), max(one.pk, other.pk)
