"""H13: six thousand hours of teaching a week in one service, and its pages are as quick as in a small one."""

import datetime as dt
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week
from tutti.core.letters import Letter
from tutti.front.demo.year import add_year
from tutti.people.models import Member, MusicService, Office, Person
from tutti.schools.models import School
from tutti.teaching.models import Allocation, Kind, Lesson, LessonShape, Place, Pupil, Register
from tutti.teaching.models.reason import ship_defaults

TODAY, THIS_WEEK = dt.date(2026, 11, 18), Week.parse("2026-11-16")
# PostgreSQL plans by statistics, which the rows of an open transaction do not have: there a smaller service shows that
# the queries do not grow, and the clock is looked at on SQLite only.
IS_FULL_SIZE = connection.vendor == "sqlite"
TEACHERS, SCHOOLS_EACH, LESSONS_EACH, MINUTES = 90 if IS_FULL_SIZE else 15, 8, 17, 30
REGISTERS = TEACHERS * SCHOOLS_EACH
MISSING = REGISTERS // 60
SECONDS = 2.0  # a page, on a busy machine with two cores; alone it takes a tenth of that


@pytest.fixture
def shire(inside):
    """A service of 90 teachers with 8 schools each: 720 allocations, 12,240 lessons, as many pupils."""
    service = MusicService.objects.create(name="Great Shire Music Service", slug="greatshire")
    with inside(service):
        _fill(service)
        yield service


def _fill(service):
    ship_defaults(service)
    office = Office.objects.create(service=service, name="Great Shire office")
    head = _members(service, office, 1, ["head"], "head")[0]
    teachers = _members(service, office, TEACHERS, ["teacher"], "teacher")
    year = add_year(service, head, TODAY)
    schools = School.objects.bulk_create(
        School(service=service, name=f"School {number:03}", office=office) for number in range(240)
    )
    first, last = Week.of(year.first_day), Week.of(year.last_day)
    allocations = Allocation.objects.bulk_create(
        Allocation(
            service=service, teacher=t, school=schools[(n * 8 + m) % 240], year=year, from_week=first, until_week=last
        )
        for n, t in enumerate(teachers)
        for m in range(SCHOOLS_EACH)
    )
    _teaching(service, allocations, first)
    past = [row.monday for row in year.weeks.lesson_weeks().begun(TODAY) if row.monday < THIS_WEEK]
    Register.objects.bulk_create(
        Register(service=service, allocation=one, week=week, there="all", confirmed_by_id=one.teacher_id)
        for n, one in enumerate(allocations)
        for week in past
        if not (n % 60 == 0 and week == past[-1])
    )


def _members(service, office, many, roles, word):
    people = Person.objects.bulk_create(
        Person(email=f"{word}{n}@greatshire.example", password="!") for n in range(many)
    )
    joined = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
    return Member.objects.bulk_create(
        Member(
            service=service, person=person, name=f"{word.title()} {n:02}", roles=roles, office=office, joined_at=joined
        )
        for n, person in enumerate(people)
    )


def _teaching(service, allocations, first):
    lessons = Lesson.objects.bulk_create(
        Lesson(service=service, allocation=one, instrument="Violin", position=n, from_week=first)
        for one in allocations
        for n in range(LESSONS_EACH)
    )
    LessonShape.objects.bulk_create(
        LessonShape(service=service, lesson=one, kind=Kind.INDIVIDUAL, minutes=MINUTES, from_week=first)
        for one in lessons
    )
    born = dt.date(2016, 1, 1)
    pupils = Pupil.objects.bulk_create(
        Pupil(
            service=service,
            school_id=one.allocation.school_id,
            name=f"Pupil {n}",
            date_of_birth=born + dt.timedelta(days=n % 1500),
        )
        for n, one in enumerate(lessons)
    )
    Place.objects.bulk_create(
        Place(service=service, lesson=one, pupil=pupil, from_week=first)
        for one, pupil in zip(lessons, pupils, strict=True)
    )


def open_page(client, address):
    """How many queries a page takes, and how many seconds the second time."""
    client.get(address)
    begun = perf_counter()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(queries), perf_counter() - begun, response.content.decode()


def test_a_service_of_six_thousand_hours_a_week_is_as_quick_as_a_small_one(
    robin, hannah, shire, inside, as_member, url
):
    # Six thousand hours of teaching a week.
    assert REGISTERS * LESSONS_EACH * MINUTES / 60 > 6000 or not IS_FULL_SIZE
    members = Member.objects.filter(service=shire).select_related("person", "service", "office")
    head, teacher = members.get(name="Head 00"), members.get(name="Teacher 07")
    allocation = Allocation.objects.filter(teacher=teacher).first()
    ours = Allocation.objects.filter(service=shire)

    # The head of the service opens the home page, the registers, whom to chase and a teacher; the teacher the week and
    # a register. Each takes no more queries than in Northshire, which is sixteen times smaller, and is there at once.
    pages = [
        (head, "home", []),
        (head, "registers", []),
        (head, "chase", []),
        (head, "teacher", [teacher.pk]),
        (head, "letters", []),
        (teacher, "home", []),
        (teacher, "register", [allocation.pk, THIS_WEEK]),
    ]
    large = {}
    for member, name, arguments in pages:
        queries, seconds, page = open_page(as_member(member), url(member, name, *arguments))
        assert seconds < SECONDS or not IS_FULL_SIZE, f"{name} took {seconds:.2f} s"
        large[member is head, name] = queries
        if (member, name) == (head, "home"):
            assert f"{MISSING} registers are missing" in page
            assert f"{REGISTERS - MISSING} of {REGISTERS} last week" in page
    assert ours.count() == REGISTERS

    with inside(robin.service):
        small_allocation = Allocation.objects.filter(teacher=hannah).first()
        theirs = {"teacher": [hannah.pk], "register": [small_allocation.pk, THIS_WEEK]}
        for member, name, arguments in pages:
            who = robin if member is head else hannah
            small, _, _ = open_page(as_member(who), url(who, name, *theirs.get(name, arguments)))
            assert large[member is head, name] <= small, name

    # Everybody who is late is reminded at once, with one letter each.
    as_member(head).post(url(head, "chase"))
    letters = Letter.objects.filter(service=shire, kind="reminder")
    assert letters.count() == len(set(letters.values_list("to_email", flat=True))) == MISSING
