"""Every page × every role × own rows and the other service's rows, made from the URL table itself (H12).

A new page is covered without anybody thinking of it.
"""

import html
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.house.url_table import Rows, inside, pages
from tutti.core import row_security
from tutti.front.health import beat
from tutti.partners.models import Partner
from tutti.people.models import Member
from tutti.schools.models import Contact, School
from tutti.teaching.models import Pupil

pytestmark = pytest.mark.django_db
ROLES = ["hannah", "tess", "dilys", "rosa", "robin", "lorna", "miles", "una"]
METHODS = ["GET", "POST"]
FINE = {200, 204, 302}
NOT_NOW = {400, 404, 405, 409, 422}  # of a member who may open the page: the row is not theirs, or nothing was typed


@pytest.fixture(autouse=True)
def _a_worker_is_there(db) -> None:
    """Else /readyz rightly says 503."""
    beat()


@pytest.fixture
def own(northshire, robin) -> Rows:
    return Rows(northshire, robin)


@pytest.fixture
def others(southshire, sam, northshire) -> Rows:
    with inside(southshire, back_to=northshire):
        return Rows(southshire, sam)


@pytest.fixture
def try_page(northshire) -> Callable[..., Any]:
    """try_page(client, method, address): the answer; whatever was written is undone, and who is signed in stays so."""

    def answer(client: Client, method: str, address: str, typed: Any = None) -> Any:
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        kept = cookie.value if cookie else None
        with _undone():
            response = client.post(address, typed or {}) if method == "POST" else client.get(address)
            response.body = _body(response)
        row_security.enter(northshire.pk)
        client.cookies.clear()
        if kept:
            client.cookies[settings.SESSION_COOKIE_NAME] = kept
        return response

    return answer


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _body(response: Any) -> str:
    """What somebody would read in it, Excel files opened."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            content = b"\n".join(file.read(name) for name in file.namelist())
    return html.unescape(content.decode("utf-8", "replace"))


def _open(try_page: Any, client: Client, address: str, typed: Any) -> tuple[str, Any]:
    """GET, or POST with hardly anything in it where a page only changes something."""
    response = try_page(client, "GET", address)
    return ("GET", response) if response.status_code != 405 else ("POST", try_page(client, "POST", address, typed))


def _names_of(service: Any) -> set[str]:
    found = [model.objects.filter(service=service) for model in (School, Pupil, Member, Contact)]
    return {name for rows in found for name in rows.values_list("name", flat=True)}


@pytest.fixture
def their_names(northshire, southshire) -> set[str]:
    """Names of the other service that are not by chance, or as Priya's, names of this one as well."""
    with inside(southshire, back_to=northshire):
        theirs = _names_of(southshire)
    names = theirs - _names_of(northshire)
    assert len(names) > 20
    return names


@pytest.mark.parametrize("name", ROLES)
def test_a_role_opens_what_it_may_and_sees_nothing_of_the_other_service(
    name, request, as_member, own, their_names, try_page
):
    member = request.getfixturevalue(name)
    client, wrong = as_member(member), []
    for page in pages():
        rows = own.seen_by(member, page)
        address = page.address("northshire", rows)
        method, response = _open(try_page, client, address, own.typed(page, rows))
        status = response.status_code
        fine = FINE | NOT_NOW | {410} if page.is_public else FINE | NOT_NOW if page.may_open(member) else {403}
        if status not in fine:
            wrong.append(f"{method} {address} ({page.name}): {status}")
        wrong += [f"{address} tells of {their}" for their in their_names if their in response.body]
    assert not wrong, "\n".join(wrong)


def test_each_page_opens_for_somebody(as_member, own, robin, hannah, lorna, miles, una, try_page):
    """Else the tests here would be content with addresses that lead nowhere."""
    clients = [(member, as_member(member)) for member in (robin, hannah, lorna, miles, una)]
    nowhere = []
    for page in pages():
        found = []
        for member, client in clients:
            if page.may_open(member) and not page.is_public and not set(found) & (FINE | {422}):
                rows = own.seen_by(member, page)
                method, response = _open(try_page, client, page.address("northshire", rows), own.typed(page, rows))
                found.append(response.status_code)
        if not page.is_public and not set(found) & (FINE | {422}):
            nowhere.append(f"{page.name}: {found}")
    assert not nowhere, "\n".join(nowhere)


@pytest.mark.parametrize("name", ROLES)
def test_the_other_services_rows_are_not_there(name, request, as_member, own, others, southshire, try_page):
    """Each row in an address by itself, so that a page with two does not hide behind the first."""
    member = request.getfixturevalue(name)
    client, wrong = as_member(member), []
    with inside(southshire, back_to=own.service):
        theirs = {page.name: others.seen_by(None, page) for page in pages()}
        typed = {page.name: others.typed(page, theirs[page.name]) for page in pages()}
    for page in pages():
        for part in page.nouns:
            rows = {**own.seen_by(member, page), part: theirs[page.name][part]}
            address = page.address("northshire", rows)
            found = {method: try_page(client, method, address, typed[page.name]).status_code for method in METHODS}
            fine = {404} if page.may_open(member) else {403}
            if not set(found.values()) <= fine | {405} or set(found.values()) == {405}:
                wrong.append(f"{address} ({page.name}, {part} of Southshire): {found}")
    assert not wrong, "\n".join(wrong)


def test_a_member_of_another_service_finds_nothing_here(sam, as_member, own, try_page):
    client, wrong = as_member(sam), []
    for page in pages():
        address = page.address("northshire", own.seen_by(None, page))
        for method in METHODS:
            status = try_page(client, method, address).status_code
            fine = status < 500 if page.is_public or page.permission == "signed in" else status == 404
            if not fine:
                wrong.append(f"{method} {address} ({page.name}): {status}")
    assert not wrong, "\n".join(wrong)


def test_who_has_not_signed_in_is_asked_to_and_reads_no_name(client, northshire, own, try_page):
    names = _names_of(northshire) - set(Partner.objects.filter(service=northshire).values_list("name", flat=True))
    wrong = []
    for page in pages():
        address = page.address("northshire", own.seen_by(None, page))
        for method in METHODS:
            response = try_page(client, method, address)
            if response.status_code >= 500:
                wrong.append(f"{method} {address}: {response.status_code}")
            if not page.is_public and not _asks_to_sign_in(response):
                wrong.append(f"{method} {address} ({page.name}): {response.status_code} without signing in")
            wrong += [f"{address} tells of {name}" for name in names if name in response.body]
    assert not wrong, "\n".join(wrong)


def _asks_to_sign_in(response: Any) -> bool:
    asked = {reverse(settings.LOGIN_URL), f"/northshire{reverse(settings.LOGIN_URL)}"}
    return response.status_code == 401 or response.status_code == 302 and response["Location"].split("?")[0] in asked


@pytest.mark.parametrize("name", ["summary_pk", "school_pk", "allocation_pk", "pupil_pk"])
def test_the_url_table_is_really_walked(name):
    assert any(name in page.nouns for page in pages())
