"""What every test may ask for: the demo world with its people by first name, a stopped clock, clients, jobs, mail.

The world is loaded once a run. A test works in a transaction that is rolled back (`django_db`), or really writes
(`browser`, `real_database`), after which the world is brought back whole.
"""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils.http import urlencode

from tests.database import World, world_of_this_run
from tutti.core import row_security
from tutti.front.demo import CAST
from tutti.people.models import Member, MusicService
from tutti.schools.models import School

pytest_plugins = ["tests.mail", "tests.browser"]

NOW = dt.datetime(2026, 11, 18, 10, tzinfo=ZoneInfo("Europe/London"))  # week 11 of 40, lesson 10 of 33
BACKEND = "tutti.people.sign_in.PersonBackend"


def pytest_configure() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a run that is ended stops what it started


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests run once, on SQLite; what only PostgreSQL holds runs there."""
    elsewhere = "browser" if connection.vendor == "postgresql" else "only_postgresql"
    left_out = [item for item in items if item.get_closest_marker(elsewhere)]
    items[:] = [item for item in items if not item.get_closest_marker(elsewhere)]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[World]:
    """The database with the demo world as it stands at NOW."""
    with django_db_blocker.unblock():
        world = world_of_this_run()
        try:
            with time_machine.travel(NOW, tick=False):
                world.make(NOW.date())
            yield world
        finally:
            world.end()


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller]:
    """It is NOW: for ever, or at the beginning of a browser test. `clock.move_to(...)` turns it."""
    with time_machine.travel(NOW, tick=bool(request.node.get_closest_marker("browser"))) as traveller:
        yield traveller


@pytest.fixture
def real_database(django_db_setup: World, django_db_blocker: Any) -> Iterator[None]:
    """For tests in which several connections see each other's rows. Nothing is rolled back; all is brought back."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # for this connection; others must enter a service by themselves
                service = MusicService.objects.get(slug="northshire")
                cursor.execute("select set_config('app.service', %s, false)", [str(service.pk)])
        yield
        django_db_setup.bring_back()


@pytest.fixture
def world(request: pytest.FixtureRequest, clock: time_machine.Traveller) -> Inside:
    """The database, seen from inside Northshire."""
    is_real = request.node.get_closest_marker("browser") or "real_database" in request.fixturenames
    request.getfixturevalue("real_database" if is_real else "db")
    return Inside(MusicService.objects.get(slug="northshire"))


class Inside:
    """Whose rows PostgreSQL shows to the test itself. Pages and jobs enter a service of their own and never leave it,
    so `again` comes back after each."""

    def __init__(self, service: MusicService) -> None:
        self.service = service
        self.again()

    def again(self) -> None:
        if connection.in_atomic_block:
            counts, connection.force_debug_cursor = connection.force_debug_cursor, False  # no query of the test's
            row_security.enter(self.service.pk)
            connection.force_debug_cursor = counts

    @contextmanager
    def of(self, service: MusicService) -> Iterator[None]:
        before, self.service = self.service, service
        try:
            with service.entered():
                yield
        finally:
            self.service = before
            self.again()


@pytest.fixture(autouse=True)
def _inside_northshire(request: pytest.FixtureRequest) -> None:
    """Every test with the database sees Northshire, whether it asks for a member or not."""
    names = {"db", "transactional_db", "real_database", "world"}
    if names & set(request.fixturenames) or any(map(request.node.get_closest_marker, ("django_db", "browser"))):
        request.getfixturevalue("world")


@pytest.fixture
def inside(world: Inside) -> Callable[[MusicService], AbstractContextManager[None]]:
    """`with inside(southshire): ...` shows the test another service's rows; without it, it sees Northshire's."""
    return world.of


@pytest.fixture
def northshire(world: Inside) -> MusicService:
    return MusicService.objects.get(slug="northshire")


@pytest.fixture
def southshire(world: Inside) -> MusicService:
    return MusicService.objects.get(slug="southshire")


def _member(name: str, slug: str = "northshire") -> Callable[..., Member]:
    def find(world: Inside) -> Member:
        service = MusicService.objects.get(slug=slug)
        found = Member.objects.select_related("person", "service", "office")
        with world.of(service):
            return found.get(service=service, person__email=CAST[name])

    find.__doc__ = f"{name.title()} of {slug.title()}."
    return pytest.fixture(find, name=name)


lorna, miles = _member("lorna"), _member("miles")
una, linus = _member("una"), _member("linus")
hannah = _member("hannah")
owen = _member("owen")
marcus = _member("marcus")
priya = _member("priya")
tess = _member("tess")
rosa = _member("rosa")
robin = _member("robin")
dilys = _member("dilys")
sam = _member("sam", "southshire")
ivo = _member("ivo", "southshire")


@pytest.fixture
def larkrise(world: Inside) -> School:
    return School.objects.select_related("service", "office").get(name="Larkrise Primary School")


def address(whose: Member | MusicService | None, name: str, *args: Any, **query: Any) -> str:
    """The address of a page in a member's or a service's part of the site; None for outside of all services."""
    service = whose.service if isinstance(whose, Member) else whose
    before = get_script_prefix()
    set_script_prefix(service.home_url if service else "/")
    try:
        found = reverse(name, args=args)
    finally:
        set_script_prefix(before)
    return f"{found}?{urlencode(query, doseq=True)}" if query else found


@pytest.fixture
def url() -> Callable[..., str]:
    """`url(hannah, "register", allocation.pk, week)`; keyword arguments become the query."""
    return address


class Visitor(Client):
    """A test client that leaves the test inside the service it was in."""

    def __init__(self, world: Inside, **kwargs: Any) -> None:
        self.world = world
        super().__init__(**kwargs)

    def request(self, **request: Any) -> Any:
        try:
            return super().request(**request)
        finally:
            self.world.again()


@pytest.fixture
def as_member(world: Inside) -> Callable[..., Visitor]:
    """`as_member(hannah)` is a client in which she has signed in; `as_member(None)` one in which nobody has."""

    def sign_in(member: Member | None, **kwargs: Any) -> Visitor:
        visitor = Visitor(world, **kwargs)
        if member:
            visitor.force_login(member.person, backend=BACKEND)
        world.again()
        return visitor

    return sign_in


@pytest.fixture
def anybody(as_member: Callable[..., Visitor]) -> Visitor:
    """A client in which nobody has signed in."""
    return as_member(None)
