"""A real browser in front of a real server. A page that logs an error or fails to load something fails its test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, Page

MANIFEST = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


def find_chromium() -> str | None:
    names = ["chromium", "chromium-browser", "google-chrome"]
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = find_chromium()
    if program is None:
        sentence = "No Chromium was found: name it in CHROMIUM, install it, or run script/test as root."
        pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": program, "args": as_root}


def _as_it_is(application: Any) -> Any:
    """Static files come from the application itself, compressed and named as in production."""
    return application


@pytest.fixture(scope="session")
def site(django_db_setup: Any) -> Iterator[str]:
    """The address of Tutti, served from this process, so that the server's clock is the test's."""
    with override_settings(STORAGES=MANIFEST):
        call_command("collectstatic", verbosity=0, interactive=False)
        thread = LiveServerThread("localhost", _as_it_is, connections_override={})
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        address = f"http://localhost:{thread.port}"
        with override_settings(SITE_URL=address, CSRF_TRUSTED_ORIGINS=[address]):
            yield address
        thread.terminate()


class Faults:
    """What went wrong in a page that a person would not always see."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("console", lambda said: self._add(said.type in ("error", "warning"), f"console: {said.text}"))
        page.on("pageerror", lambda error: self._add(True, f"script: {error}"))
        page.on("response", lambda r: self._add(r.status >= 400 and r.status != 422, f"{r.status}: {r.url}"))

    def _add(self, is_fault: bool, words: str) -> None:
        # a form sent back with its errors (422) is an answer, though the browser logs it as an error
        if is_fault and "status of 422" not in words:
            self.found.append(words)


@pytest.fixture
def browser_page(
    request: pytest.FixtureRequest, real_database: None, site: str, browser: Browser
) -> Iterator[Callable[..., Page]]:
    """`browser_page(hannah)` is a page in which she has signed in, `browser_page(None)` one in which nobody has.

    `page.goto(url(hannah, "home"))` opens addresses of the site. Console errors and failed responses fail the test at
    its end, unless `expect_errors=True`. Other keywords go to the browser's context (viewport, color_scheme,
    java_script_enabled ...).
    """
    if not request.node.get_closest_marker("browser"):
        pytest.fail("A test with a browser says so: @pytest.mark.browser")
    opened: list[BrowserContext] = []
    faults = Faults()

    def open_page(member: Any, *, expect_errors: bool = False, **options: Any) -> Page:
        context = browser.new_context(base_url=site, locale="en-GB", timezone_id="Europe/London", **options)
        context.set_default_timeout(10_000)
        opened.append(context)
        if member:
            context.add_cookies([{"name": "tutti_session", "value": session_of(member), "url": site}])
        page = context.new_page()
        if not expect_errors:
            faults.watch(page)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not faults.found, "\n".join(faults.found)


def session_of(member: Any) -> str:
    visitor = Client()
    visitor.force_login(member.person)
    return visitor.cookies["tutti_session"].value
