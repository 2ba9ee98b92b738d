"""Puts the demo world together, service by service."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.utils import timezone

from tutti.core.calendar import Day, Week, next_month, previous_month, working_day
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.front.demo import away, lessons, locked, owed, past, post
from tutti.front.demo.applicants import let_teachers_apply
from tutti.front.demo.cast import (
    NORTHSHIRE_OFFICE,
    NORTHSHIRE_TEACHERS,
    SOUTHSHIRE_OFFICE,
    SOUTHSHIRE_TEACHERS,
    Colleague,
    Teacher,
)
from tutti.front.demo.closings import close_some
from tutti.front.demo.entries import let_partners_be_found
from tutti.front.demo.lessons import Taught
from tutti.front.demo.names import names
from tutti.front.demo.newcomers import let_people_come_and_go
from tutti.front.demo.places import NORTHSHIRE, SOUTHSHIRE, Place, add_schools, let_things_happen
from tutti.front.demo.voice import let_people_speak
from tutti.front.demo.year import add_year, lesson_weeks_so_far
from tutti.people.models import Member, MusicService, Office
from tutti.people.models.member import add_member
from tutti.schools.models import AcademicYear, School
from tutti.teaching.letters import SUMMARY
from tutti.teaching.models import Summary
from tutti.teaching.models.allocation import allocate
from tutti.teaching.models.reason import ship_defaults
from tutti.teaching.models.summary import make_summary, schools_taught

LAST_SUMMER = ["added the school", "added the contact", "set the terms", "marked the lesson weeks", "allocated"]
LAST_SUMMER += ["set the lesson weeks", "set the school’s own dates"]


def load_world(today: Day) -> list[MusicService]:
    """Make both services as they stand on this day. Sets of rows are written by a few statements each."""
    north = MusicService.objects.create(
        name="Northshire Music Service",
        slug="northshire",
        accent="#34409c",
        email="office@northshire.example",
        phone="01632 960100",
        address="The Old Grammar School\nBell Street\nOtterbridge\nNX1 1AA",
        is_demo=True,
    )
    south = MusicService.objects.create(
        name="Southshire Music Service",
        slug="southshire",
        accent="#8f2a63",
        email="office@southshire.example",
        phone="01632 960900",
        address="Harbour House\nZennick\nSX1 1AA",
        is_demo=True,
    )
    with north.entered():
        offices = [("North area office", 144), ("East area office", 155), ("West area office", 166)]
        _load(north, today, offices, NORTHSHIRE_OFFICE, NORTHSHIRE_TEACHERS, NORTHSHIRE, 990001)
        post.write(north, today)
    with south.entered():
        _load(south, today, [("Southshire office", 901)], SOUTHSHIRE_OFFICE, SOUTHSHIRE_TEACHERS, SOUTHSHIRE, 995001)
    return [north, south]


def _load(
    service: MusicService,
    today: Day,
    offices: list[tuple[str, int]],
    colleagues: list[Colleague],
    teachers: list[Teacher],
    places: list[Place],
    first_urn: int,
) -> None:
    rng = Random(service.slug)  # noqa: S311 - the same invention every time, no secret
    for name, last_digits in offices:
        email = f"{name.split()[0].lower()}@{service.slug}.example"
        Office.objects.create(service=service, name=name, phone=f"01632 960{last_digits}", email=email)
    head = _add_colleagues(service, colleagues)
    reasons = {reason.code: reason for reason in ship_defaults(service)}
    year = add_year(service, head, today)
    schools = add_schools(service, head, places, first_urn)
    members = _add_teachers(service, head, teachers)
    taught = _allocate(head, teachers, members, schools, year)
    lessons.write(taught, year.first_day, names(service.slug, rng), rng)
    weeks = lesson_weeks_so_far(year, today)
    lessons.write_rotas(taught, [row.monday for row in year.weeks.lesson_weeks()])
    if service.slug == "northshire":
        let_things_happen(schools, head, weeks[-2].monday)
        close_some(service, head, year, today)
    written = past.write(taught, weeks, reasons, rng)
    away.let_teachers_be_away(taught, reasons, head, today)
    owed.make_up(written, reasons, Week.of(today))
    let_people_come_and_go(service, head, weeks[-1].monday)
    _send_summaries(service, previous_month(previous_month(today)))
    locked.lock_and_correct(service, head, today)
    _send_summaries(service, previous_month(today))
    _date_back(service, year, today)
    let_teachers_apply(service, today)
    let_partners_be_found(service, today)
    if service.slug == "northshire":
        let_people_speak(schools, members)


def _add_colleagues(service: MusicService, colleagues: list[Colleague]) -> Member:
    """The office; the first of them did all the rest."""
    offices = {office.name: office for office in Office.objects.filter(service=service)}
    members = [
        add_member(service, None, name=c.name, email=c.email, roles=list(c.roles), office=offices[c.office])
        for c in colleagues
    ]
    return members[0]


def _add_teachers(service: MusicService, by: Any, teachers: list[Teacher]) -> dict[str, Member]:
    offices = {office.name: office for office in Office.objects.filter(service=service)}
    members = {}
    for number, teacher in enumerate(teachers):
        members[teacher.name] = add_member(
            service,
            by,
            name=teacher.name,
            email=teacher.address,
            roles=["teacher"],
            phone=f"01632 960{(700 if service.slug == 'southshire' else 500) + number}",
            teaches=teacher.teaches,
            office=offices[teacher.office],
        )
        if teacher.is_new:
            members[teacher.name].invite(by)
    return members


def _allocate(
    by: Any, teachers: list[Teacher], members: dict[str, Member], schools: dict[str, School], year: AcademicYear
) -> list[Taught]:
    """Everybody to their schools for the year; the new teacher from the week before this one."""
    first, last = Week.of(year.first_day), Week.of(year.last_day)
    taught = []
    for teacher in teachers:
        start = first + 10 if teacher.is_new else first
        for order, name in enumerate(teacher.schools):
            member, school = members[teacher.name], schools[name]
            allocation = allocate(member, school, year, by, from_week=start, until_week=last)
            taught.append(Taught(teacher, allocation, order))
    return taught


def _send_summaries(service: MusicService, month: Day) -> None:
    """A month's summaries went out on the service's working day; their letters were kept."""
    sent_on = working_day(next_month(month), service.summary_working_day)
    at = dt.datetime.combine(sent_on, dt.time(7), timezone.get_current_timezone())
    for school in schools_taught(service, month).prefetch_related("contacts"):
        make_summary(school, month).send()
    made = Summary.objects.filter(service=service, month=month)
    made.update(made_at=at)
    about = {"service": service, "thing": Summary._meta.label_lower, "thing_id__in": made.values("pk")}
    Event.objects.filter(verb="sent the summary", **about).update(at=at)
    Letter.objects.filter(kind=SUMMARY, **about).update(state=Letter.State.KEPT, written_at=at, sent_at=at)


def _date_back(service: MusicService, year: AcademicYear, today: Day) -> None:
    """The office set everything up before the year began, and invited the new teacher last week."""
    noon = dt.datetime.combine(year.first_day, dt.time(12), timezone.get_current_timezone())
    last_week = dt.datetime.combine(Week.of(today).weekdays[2], dt.time(10, 20), noon.tzinfo) - dt.timedelta(days=7)
    settled = Member.objects.filter(service=service, invited_at=None)
    settled.update(invited_at=noon - dt.timedelta(days=40), joined_at=noon - dt.timedelta(days=33))
    Member.objects.filter(service=service, joined_at=None).update(invited_at=last_week)
    Letter.objects.filter(service=service, kind="invitation").update(
        state=Letter.State.KEPT, written_at=last_week, sent_at=last_week
    )
    events = Event.objects.filter(service=service)
    events.filter(verb__in=["added", *LAST_SUMMER]).update(at=noon - dt.timedelta(days=40))
    events.filter(verb__in=["invited", "closed for a week", "changed the school"]).update(at=last_week)
