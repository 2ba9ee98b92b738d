"""What is taught in the demo world: lessons with their pupils, classes and projects, written in a few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tutti.core.calendar import Day, Week
from tutti.front.demo.cast import Teacher
from tutti.teaching.models import Allocation, Kind, Lesson, LessonShape, Place, Pupil, RotaWeek
from tutti.teaching.models.lesson import Due

AGES = {"Nursery": (3, 4), "Primary": (7, 10), "Secondary": (11, 16), "Special": (8, 15), "All-through": (7, 16)}


@dataclass(slots=True)
class Plan:
    """A lesson to be: names, or none for a class; `due` as on the lesson; `title` for programmes."""

    instrument: str
    kind: Kind
    minutes: int
    pupils: Sequence[str] = ()
    due: Due = Due.EVERY
    title: str = ""
    class_name: str = ""
    class_size: int | None = None
    is_continuation: bool = False


@dataclass(slots=True)
class Taught:
    """All that was written for one allocation."""

    teacher: Teacher
    allocation: Allocation
    order: int
    lessons: list[Lesson] = field(default_factory=list)
    shapes: dict[int, LessonShape] = field(default_factory=dict)
    places: dict[int, list[Place]] = field(default_factory=dict)
    rota: dict[int, set[Week]] = field(default_factory=dict)


INDIVIDUAL, SMALL, LARGE = Kind.INDIVIDUAL, Kind.SMALL_GROUP, Kind.LARGE_GROUP
BY_HAND = {
    ("Hannah Whitlock", "Larkrise Primary School"): [
        Plan("Violin", INDIVIDUAL, 20, ["Amelia Thorne"]),
        Plan("Violin", INDIVIDUAL, 20, ["Noah Castle"]),
        Plan("Cello", SMALL, 30, ["Isla Fenwick", "Theo Marlowe", "Zara Okonedo-Hughes"]),
        Plan("Violin", SMALL, 20, ["Poppy Ashdown", "Ravi Sandhar"]),
        Plan("Viola", INDIVIDUAL, 20, ["Grace Pemberley"]),
        Plan("Cello", INDIVIDUAL, 20, ["Jude Wexford"]),
        Plan("Violin", Kind.FIRST_ACCESS, 50, title="Year 4 Maple, violins", class_name="4 Maple", class_size=29),
    ],
    ("Marcus Bellweather", "Larkrise Primary School"): [
        Plan("Trumpet", SMALL, 30, ["Zara Hughes", "Albie Stroud"]),
        Plan("Guitar", INDIVIDUAL, 20, ["Noah Castle"]),
        Plan("Guitar", LARGE, 40, ["Meera Joshi", "Tom Arkle", "Lily Osgood", "Ned Pardoe", "Ines Duarte"]),
    ],
    ("Hannah Whitlock", "Hexley High School"): [
        Plan("Cello", SMALL, 30, ["Marnie Escott", "Josiah Bell"]),  # Josiah leaves: a group of one (P7)
        Plan("Violin", INDIVIDUAL, 30, ["Eleanor Voss"]),
        Plan("Viola", INDIVIDUAL, 30, ["Caspian Lowe"], due=Due.ODD),
        Plan("Violin", INDIVIDUAL, 30, ["Imani Brooke"], due=Due.EVEN),
    ],
    ("Priya Raman-Cole", "Wetherleigh Primary School"): [
        Plan("Piano", INDIVIDUAL, 20, ["李慧敏"]),
        Plan("Piano", INDIVIDUAL, 20, ["Zoë Ångström-Lund"]),
        Plan("Keyboard", SMALL, 30, ["Harvey Plumb", "Tilly Marchbank"]),
    ],
    ("Beatrix Holloway", "Saltwick Academy"): [
        Plan("Voice", INDIVIDUAL, 30, ["ليلى حداد"]),
        Plan("Voice", SMALL, 30, ["Celeste Amory", "Ffion Parry", "Grace Adeyemi"]),
        Plan("Voice", INDIVIDUAL, 30, ["Robbie Teasdale"], due=Due.ROTA),
        Plan("Voice", INDIVIDUAL, 30, ["Agnes Kowal"], due=Due.ROTA),
    ],
    ("Kofi Abara", "Coldwater Primary School"): [
        Plan("Djembe", Kind.FIRST_ACCESS, 45, title="Year 3 Heron, djembe", class_name="3 Heron", class_size=27),
        Plan("Djembe", Kind.FIRST_ACCESS, 45, title="Year 3 Egret, djembe", class_name="3 Egret", class_size=28),
    ],
    ("Kofi Abara", "Yarrow Bank Primary School"): [
        Plan("Djembe", Kind.FIRST_ACCESS, 45, title="Year 5, djembe", class_name="5 Rowan", class_size=31),
    ],
    ("Kofi Abara", "Kelder Primary School"): [
        Plan("Samba", Kind.PROJECT, 90, title="Carnival samba", class_name="Years 5 and 6", class_size=54),
    ],
}
LESSONS_AT = {("Marcus Bellweather", "Cawdale Community School"): 14}
HUGHES = {"Zara Okonedo-Hughes", "Zara Hughes"}  # one child, perhaps: two teachers, one birthday


def plans_for(taught: Taught, new_names: Iterator[str], rng: Random) -> list[Plan]:
    """The lessons of one allocation: written by hand above, or drawn."""
    teacher, school = taught.teacher, taught.allocation.school.name
    if teacher.is_new:
        return []
    by_hand = BY_HAND.get((teacher.name, school))
    if by_hand:
        return by_hand
    many = LESSONS_AT.get((teacher.name, school)) or rng.randint(3, 6)
    plans = [_draw(teacher, new_names, rng) for _ in range(many)]
    if teacher.name == "Kofi Abara" or (taught.order == 0 and rng.random() < 0.4):
        plans.append(_class(teacher, rng))
    return plans


def write(taught: list[Taught], first_day: Day, new_names: Iterator[str], rng: Random) -> None:
    """Write pupils, lessons, shapes, places and rotas of these allocations: five statements, however many."""
    planned = [(one, plan) for one in taught for plan in plans_for(one, new_names, rng)]
    pupils = _write_pupils(planned, first_day, rng)
    for one, plan in planned:
        one.lessons.append(_lesson(one, plan))
    Lesson.objects.bulk_create([lesson for one in taught for lesson in one.lessons])
    lessons = [(one, lesson) for one in taught for lesson in one.lessons]
    shapes = [_shape(lesson, plan) for (_, lesson), (_, plan) in zip(lessons, planned, strict=True)]
    LessonShape.objects.bulk_create(shapes)
    places = []
    for (one, lesson), (_, plan), shape in zip(lessons, planned, shapes, strict=True):
        one.shapes[lesson.pk] = shape
        one.places[lesson.pk] = [_place(lesson, pupils[one.allocation.school_id, name], rng) for name in plan.pupils]
        places += one.places[lesson.pk]
    Place.objects.bulk_create(places)


def write_rotas(taught: list[Taught], lesson_weeks: list[Week]) -> None:
    """Two weeks on, one off for the lessons that a school calls by its rota (P6)."""
    rows = []
    for one in taught:
        for number, lesson in enumerate(lesson for lesson in one.lessons if lesson.due == Due.ROTA):
            weeks = [week for place, week in enumerate(lesson_weeks) if (place + number) % 3]
            one.rota[lesson.pk] = set(weeks)
            rows += [RotaWeek(service_id=lesson.service_id, lesson=lesson, week=week) for week in weeks]
    RotaWeek.objects.bulk_create(rows)


def _draw(teacher: Teacher, new_names: Iterator[str], rng: Random) -> Plan:
    instrument = rng.choice(teacher.instruments)
    size = rng.choice([1, 1, 1, 1, 2, 2, 3, 4])
    kind, minutes = (INDIVIDUAL, rng.choice([20, 20, 30])) if size == 1 else (SMALL, 30)
    due = rng.choice([Due.EVERY] * 12 + [Due.ODD, Due.EVEN])
    return Plan(instrument, kind, minutes, [next(new_names) for _ in range(size)], due)


def _class(teacher: Teacher, rng: Random) -> Plan:
    room, instrument = rng.choice(["Oak", "Beech", "Willow", "Hazel"]), teacher.instruments[0]
    title, size = f"Year 4 {room}, {instrument.lower()}", rng.randint(24, 31)
    return Plan(instrument, Kind.FIRST_ACCESS, 50, title=title, class_name=f"4 {room}", class_size=size)


def _write_pupils(planned: list[tuple[Taught, Plan]], first_day: Day, rng: Random) -> dict[tuple[Any, str], Pupil]:
    """Each name once a school: a child with two instruments is one pupil (P3)."""
    pupils: dict[tuple[Any, str], Pupil] = {}
    for one, plan in planned:
        school = one.allocation.school
        for name in plan.pupils:
            luck = Random(7) if name in HUGHES else rng  # noqa: S311 - an invention, no secret
            born = _birthday(school.phase, first_day, luck)
            pupil = Pupil(service_id=school.service_id, school=school, name=name, date_of_birth=born)
            pupils.setdefault((school.pk, name), pupil)
    Pupil.objects.bulk_create(pupils.values())
    return pupils


def _birthday(phase: str, first_day: Day, rng: Random) -> Day:
    youngest, oldest = AGES[phase]
    return first_day - dt.timedelta(days=rng.randint(youngest, oldest) * 365 + rng.randint(1, 364))


def _lesson(one: Taught, plan: Plan) -> Lesson:
    return Lesson(
        service_id=one.allocation.service_id,
        allocation=one.allocation,
        is_programme=plan.class_size is not None,
        instrument=plan.instrument,
        title=plan.title,
        class_name=plan.class_name,
        year_group=plan.title[:6] if plan.title.startswith("Year ") else "",
        class_size=plan.class_size,
        is_continuation=plan.is_continuation,
        due=plan.due,
        position=len(one.lessons),
        from_week=one.allocation.from_week,
    )


def _shape(lesson: Lesson, plan: Plan) -> LessonShape:
    return LessonShape(
        service_id=lesson.service_id,
        lesson=lesson,
        kind=plan.kind,
        minutes=plan.minutes,
        from_week=lesson.from_week,
    )


def _place(lesson: Lesson, pupil: Pupil, rng: Random) -> Place:
    """Most have been there from the start; some came later, some have left."""
    asked = rng.random() < 0.1
    place = Place(service_id=lesson.service_id, lesson=lesson, pupil=pupil, from_week=lesson.from_week)
    place.asked_by_school = asked
    if pupil.name == "Josiah Bell":
        place.until_week = lesson.from_week + 8
    elif asked and lesson.due == Due.EVERY and not pupil.name.startswith(("Zara", "Noah")):
        place.from_week = lesson.from_week + 3
    return place
