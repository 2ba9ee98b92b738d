"""The budgets of the register's page, measured in a browser: requests, bytes, and a bad line (H10, H13)."""

import statistics

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Kind
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add

pytestmark = pytest.mark.browser
THIS_WEEK = Week.parse("2026-11-16")
KB = 1024
BAD_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s


@pytest.fixture
def full_register(hannah, larkrise, url):
    """Fourteen lessons and twenty pupils."""
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    lessons = [
        add_lesson(allocation, hannah, kind=Kind.INDIVIDUAL, minutes=20, instrument="Double bass") for _ in range(7)
    ]
    for number in range(11):
        pupil, _ = find_or_add(larkrise, hannah, f"Pupil Number {number}", Week.parse("2016-02-01").monday)
        add_place(lessons[number % 7], pupil, hannah, from_week=THIS_WEEK)
    return url(hannah, "register", allocation.pk, THIS_WEEK)


def measure(page, address):
    """The requests of one page load and what each brought over the wire, in bytes."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    seen, size = {}, {}
    line.on("Network.requestWillBeSent", lambda e: seen.update({e["requestId"]: e["request"]["url"]}))
    line.on("Network.requestServedFromCache", lambda e: seen.pop(e["requestId"], None))
    line.on("Network.loadingFinished", lambda e: size.update({e["requestId"]: e["encodedDataLength"]}))
    page.goto(address, wait_until="networkidle")
    line.detach()
    fetched = {url: size.get(key, 0) for key, url in seen.items() if size.get(key)}
    return {url: many for url, many in fetched.items() if not url.startswith("data:")}


def test_the_first_time_takes_five_requests_and_sixty_kilobytes(browser_page, hannah, full_register):
    page = browser_page(hannah)
    fetched = measure(page, full_register)
    assert page.locator(".lesson").count() == 14 and page.locator(".pupil").count() == 20
    assert len(fetched) <= 5, fetched
    assert sum(fetched.values()) <= 60 * KB, fetched
    assert next(many for url, many in fetched.items() if "/registers/" in url) < 14 * KB


def test_the_second_time_takes_one_request(browser_page, hannah, full_register):
    page = browser_page(hannah)
    measure(page, full_register)
    again = measure(page, full_register)
    assert len(again) == 1 and sum(again.values()) < 14 * KB, again


def test_on_a_bad_line_it_is_usable_within_two_and_a_half_seconds_and_a_tap_within_one(
    browser_page, hannah, full_register
):
    page = browser_page(hannah)
    page.goto(full_register, wait_until="networkidle")  # the style sheet is on the phone since the first lesson
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", BAD_LINE)
    usable, taps = [], []
    for number in range(5):
        page.goto(full_register, wait_until="domcontentloaded")
        usable.append(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
        row = page.locator(".pupil").nth(number)
        started = page.evaluate("performance.now()")
        row.get_by_role("radio", name="Here").first.check()
        assert row.get_by_role("radio", name="Here").first.is_checked()  # acknowledged at once
        page.locator("#saving[data-state=saved]").wait_for()
        taps.append(page.evaluate("performance.now()") - started)
    assert statistics.median(usable) < 2500, usable
    assert statistics.median(taps) < 1000, taps
