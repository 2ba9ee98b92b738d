"""A service as large as one asks for, written by few statements: schools, teachers, lessons, a term of registers."""

from __future__ import annotations

from datetime import date
from itertools import islice
from random import Random
from typing import Any

from tutti.core.calendar import Week
from tutti.front.demo.year import add_year, lesson_weeks_so_far
from tutti.people.models import Member, MusicService, Office
from tutti.people.models.member import add_member
from tutti.schools.models import Contact, School
from tutti.teaching.models import Allocation, Lesson, LessonShape, Line, Mark, Place, Pupil, Register
from tutti.teaching.models.reason import ship_defaults

TEACHERS_A_SCHOOL, ALONE, GROUPS, IN_A_GROUP = 3, 9, 2, 3  # 36 lessons a school: 6000 hours a week in 500 schools
SCHOOLS_A_TEACHER = 5


def make(schools: int, today: date) -> MusicService:
    """The service in mid-term, everything recorded but for one register in twenty."""
    service = MusicService.objects.create(name="Bigshire Music Service", slug="bigshire", is_demo=True)
    with service.entered():
        _fill(service, schools, today)
    return service


def _fill(service: MusicService, many: int, today: date) -> None:
    rng = Random(many)  # noqa: S311 - the same invention every time, no secret
    by = add_member(service, None, name="Robin Pell", email="robin@bigshire.example", roles=["head"])
    office = Office.objects.create(service=service, name="Area office", phone="01632 960001", email="a@b.example")
    reasons = {reason.code: reason for reason in ship_defaults(service)}
    year = add_year(service, by, today)
    weeks = [row.monday for row in lesson_weeks_so_far(year, today)]
    schools = [School(service=service, name=f"School {n:04}", town="Town", office=office) for n in range(many)]
    School.objects.bulk_create(schools)
    Contact.objects.bulk_create(
        Contact(service=service, school=s, name="Ada Crane", email=f"head@{s.pk}.example", gets_summary=True)
        for s in schools
    )
    teachers = [_teacher(service, n) for n in range(max(many * TEACHERS_A_SCHOOL // SCHOOLS_A_TEACHER, 3))]
    for n, school in enumerate(schools):
        own = [teachers[(n * TEACHERS_A_SCHOOL + k) % len(teachers)] for k in range(TEACHERS_A_SCHOOL)]
        _teach(service, school, own, year, weeks, reasons, rng)


def _teacher(service: MusicService, number: int) -> Member:
    email = f"teacher{number}@bigshire.example"
    return add_member(service, None, name=f"Teacher {number:03}", email=email, roles=["teacher"])


def _teach(service: Any, school: Any, teachers: Any, year: Any, weeks: list[Week], reasons: Any, rng: Random) -> None:
    own = {"service": service}
    span = {"from_week": Week.of(year.first_day), "until_week": Week.of(year.last_day)}
    allocations = Allocation.objects.bulk_create(
        Allocation(**own, teacher=teacher, school=school, year=year, **span) for teacher in teachers
    )
    lessons = Lesson.objects.bulk_create(
        Lesson(**own, allocation=one, instrument="Violin", from_week=one.from_week, position=n)
        for one in allocations
        for n in range(ALONE + GROUPS)
    )
    sizes = {lesson.pk: 1 if lesson.position < ALONE else IN_A_GROUP for lesson in lessons}
    LessonShape.objects.bulk_create(
        LessonShape(
            **own, lesson=x, kind="individual" if sizes[x.pk] == 1 else "small_group", minutes=20, from_week=x.from_week
        )
        for x in lessons
    )
    pupils = iter(
        Pupil.objects.bulk_create(
            Pupil(**own, school=school, name=f"Pupil {n:03} of {school.pk}", date_of_birth=date(2015, 3, 14))
            for n in range(sum(sizes.values()))
        )
    )
    places = Place.objects.bulk_create(
        Place(**own, lesson=lesson, pupil=pupil, from_week=lesson.from_week)
        for lesson in lessons
        for pupil in islice(pupils, sizes[lesson.pk])
    )
    _record(own, allocations, lessons, places, weeks, reasons, rng)


def _record(own: Any, allocations: Any, lessons: Any, places: Any, weeks: Any, reasons: Any, rng: Random) -> None:
    registers = Register.objects.bulk_create(
        Register(**own, allocation=one, week=week, there="all", confirmed_by=one.teacher)
        for one in allocations
        for week in weeks
        if rng.random() > 0.05
    )
    by_allocation = {one.pk: [x for x in lessons if x.allocation_id == one.pk] for one in allocations}
    lines = Line.objects.bulk_create(
        Line(
            **own,
            register=register,
            lesson=lesson,
            for_week=register.week,
            given_by_id=register.confirmed_by_id,
            kind="individual" if lesson.position < ALONE else "small_group",
            minutes=20,
            given=True,
        )
        for register in registers
        for lesson in by_allocation[register.allocation_id]
    )
    by_lesson: dict[int, list[Place]] = {}
    for place in places:
        by_lesson.setdefault(place.lesson_id, []).append(place)
    codes = rng.choices(["present", "ill", "absent", "late"], [90, 5, 3, 2], k=len(lines) * IN_A_GROUP)
    Mark.objects.bulk_create(
        Mark(**own, line=line, place=place, reason=reasons[codes.pop()])
        for line in lines
        for place in by_lesson[line.lesson_id]
    )
