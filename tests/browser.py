"""A real browser on a real server: Chromium, a server on loopback that serves as in production, the world put back."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page

from tests.cast import BACKEND
from tests.pristine import restore_world
from tutti.people.models import Member

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread; the database does not mind


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--disable-background-networking", "--disable-component-update", *(["--no-sandbox"] if as_root else [])]
    return {**browser_type_launch_args, "executable_path": chromium, "args": arguments}


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[str]:
    """The address of a server for the whole run; static files come compressed and for ever, as in production."""
    thread = LiveServerThread("127.0.0.1", lambda app: app)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()


@pytest.fixture(autouse=True)
def pristine_world(request: pytest.FixtureRequest) -> None:
    """Before a test that writes for real, the world as it was loaded."""
    if request.node.get_closest_marker("browser"):
        request.getfixturevalue("django_db_setup")
        with request.getfixturevalue("django_db_blocker").unblock():
            connections.close_all()
            restore_world()


@pytest.fixture
def browser_page(
    transactional_db: None, server: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Page]]:
    """browser_page(member): a page signed in as a member, or as nobody.

    The test fails if the page logs an error or a request fails, unless expect_errors=True.
    """
    monkeypatch.setattr(settings, "SITE_URL", server)
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(member: Member | None, *, expect_errors: bool = False, **options: Any) -> Page:
        context = browser.new_context(base_url=server, **options)
        opened.append(context)
        if member:
            context.add_cookies([_session_of(member, server)])
        page = context.new_page()
        if not expect_errors:
            _listen(page, wrong)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not wrong, wrong


def _session_of(member: Member, server: str) -> dict[str, Any]:
    client = Client()
    client.force_login(member.person, backend=BACKEND)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": server}


def _listen(page: Page, wrong: list[str]) -> None:
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", lambda line: wrong.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
