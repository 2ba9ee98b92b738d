"""The cast by first name, and clients signed in as one of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_script_prefix, reverse, set_script_prefix

from tutti.core import row_security
from tutti.front.demo import CAST
from tutti.people.models import Member, MusicService
from tutti.schools.models import School

BACKEND = "tutti.people.sign_in.PersonBackend"
_here: list[int] = []


def enter(service: MusicService) -> MusicService:
    """On PostgreSQL let the test itself see this service's rows; a request in between changes nothing of that."""
    _here[:] = [service.pk]
    if connection.in_atomic_block:
        row_security.enter(service.pk)
    return service


class CastClient(Client):
    """Django's client, after whose requests the test sees its own service again, and what was to follow has begun."""

    def request(self, **environ: Any) -> Any:
        response = super().request(**environ)
        set_script_prefix("/")
        if _here and connection.in_atomic_block:
            row_security.enter(_here[0])
        return response


@pytest.fixture
def client() -> CastClient:
    return CastClient()


@pytest.fixture
def northshire(db) -> MusicService:
    return enter(MusicService.objects.get(slug="northshire"))


@pytest.fixture
def southshire(db, northshire) -> MusicService:
    """The other service. The test still sees Northshire's rows; `enter(southshire)` changes sides."""
    return MusicService.objects.get(slug="southshire")


def _member(service: MusicService, name: str) -> Member:
    back = _here[0] if _here else service.pk
    if connection.in_atomic_block:
        row_security.enter(service.pk)
    member = Member.objects.select_related("person", "service", "office").get(
        service=service, person__email=CAST[name]
    )
    if connection.in_atomic_block:
        row_security.enter(back)
    return member


def _fixture(name: str, service_fixture: str) -> Callable[..., Any]:
    @pytest.fixture(name=name)
    def cast_member(request: pytest.FixtureRequest) -> Member:
        return _member(request.getfixturevalue(service_fixture), name)

    return cast_member


hannah = _fixture("hannah", "northshire")
owen = _fixture("owen", "northshire")
marcus = _fixture("marcus", "northshire")
priya = _fixture("priya", "northshire")
tess = _fixture("tess", "northshire")
rosa = _fixture("rosa", "northshire")
robin = _fixture("robin", "northshire")
dilys = _fixture("dilys", "northshire")
sam = _fixture("sam", "southshire")
ivo = _fixture("ivo", "southshire")


@pytest.fixture
def larkrise(northshire) -> School:
    return School.objects.get(service=northshire, name="Larkrise Primary School")


@pytest.fixture
def as_member(db) -> Callable[[Member], CastClient]:
    """A client signed in as a member."""

    def sign_in(member: Member) -> CastClient:
        client = CastClient()
        client.force_login(member.person, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def url() -> Callable[..., str]:
    """The address of a page in a service: url(member or service or None, name, *args)."""

    def address(where: Any, name: str, *args: Any) -> str:
        service = where.service if isinstance(where, Member) else where
        before = get_script_prefix()
        set_script_prefix(f"/{service.slug}/" if service else "/")
        try:
            return reverse(name, args=args)
        finally:
            set_script_prefix(before)

    return address
