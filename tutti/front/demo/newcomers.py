"""Who came and who went in the demo world: a teacher who left, and a pupil who changed school (P4, P5, H2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.people.models import Member
from tutti.schools.models import School
from tutti.teaching.models import Allocation, Kind, Place
from tutti.teaching.models.allocation import allocate
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add

FLUTES = [
    (Kind.INDIVIDUAL, 20, [("Odette Farthing", 7)]),
    (Kind.SMALL_GROUP, 30, [("Jonah Speight", 8), ("Priti Lalwani", 8), ("Maud Kettering", 9)]),
    (Kind.INDIVIDUAL, 30, [("Caleb Stanhope", 10)]),
]


def let_people_come_and_go(service: Any, by: Any, week: Week) -> None:
    """Tess is to take over the flutes of Thornby Green; a pupil of Gareth's goes to another school from a week on."""
    if service.slug == "northshire":
        _hand_on(service, by)
        _change_school(service, by, week)


def _hand_on(service: Any, by: Any) -> None:
    """Lena met her pupils there in the year's first week, a spare one, and left; the office found Tess for them."""
    hers = Allocation.objects.get(teacher__name="Tess Arden", school__name="Thornby Green Primary School")
    lena = Member.objects.get(service=service, name="Lena Farrow")
    first = Week.of(hers.year.first_day)
    gone = allocate(lena, hers.school, hers.year, by, from_week=first, until_week=first)
    for kind, minutes, pupils in FLUTES:
        lesson = add_lesson(gone, lena, kind=kind, minutes=minutes, instrument="Flute")
        for name, age in pupils:
            born = hers.year.first_day - dt.timedelta(days=age * 365 + 20 * age)
            pupil, _ = find_or_add(hers.school, lena, name, born)
            add_place(lesson, pupil, lena, from_week=first)
    noon = dt.datetime.combine(first.weekdays[2], dt.time(12), timezone.get_current_timezone())
    set_up = ["added the lesson", "put into a lesson", "added the pupil"]
    Event.objects.filter(service=service, verb__in=set_up).update(at=noon)
    hers.take_over_from(by, gone)


def _change_school(service: Any, by: Any, week: Week) -> None:
    """From this week on, with what was had and is owed; the teacher stays the same."""
    new = School.objects.get(service=service, name="Yarrow Bank Primary School")
    gareth = Member.objects.get(service=service, name="Gareth Pym")
    places = Place.objects.filter(lesson__allocation__teacher=gareth, until_week=None)
    alone = places.filter(lesson__shapes__kind=Kind.INDIVIDUAL, pupil__school__name="Coldwater Primary School")
    place = alone.select_related("pupil", "lesson").order_by("pk")[0]
    pupil = place.pupil.move_to(new, week, by, with_balance=True)
    there = Allocation.objects.get(teacher=gareth, school=new)
    instrument = place.lesson.instrument
    lesson = add_lesson(there, gareth, kind=Kind.INDIVIDUAL, minutes=20, instrument=instrument, from_week=week)
    add_place(lesson, pupil, gareth, from_week=week)
