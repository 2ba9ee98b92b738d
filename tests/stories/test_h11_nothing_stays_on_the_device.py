"""H11: no pupil data is stored on any device used by teachers; shown in a real browser."""

import json

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Pupil

pytestmark = pytest.mark.browser
THIS_WEEK = Week.parse("2026-11-16")

STORED = """async () => ({
  local: {...localStorage}, session: {...sessionStorage},
  databases: (await indexedDB.databases()).map(d => d.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  cookie: document.cookie,
})"""


def open_everything(page, member, allocation, url):
    for name, *args in [
        ("home",),
        ("register", allocation.pk, THIS_WEEK),
        ("my_pupils",),
        ("allocation", allocation.pk),
    ]:
        response = page.goto(url(member, name, *args))
        assert "no-store" in response.headers["cache-control"], name


def test_after_a_day_of_work_the_browser_holds_nothing(browser_page, hannah, larkrise, url):
    page = browser_page(hannah)
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    open_everything(page, hannah, allocation, url)
    page.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
    page.get_by_role("group", name="Amelia Thorne").get_by_role("radio", name="Here").first.check()
    page.locator("#saving[data-state=saved]").wait_for()

    stored = page.evaluate(STORED)
    assert (stored["local"], stored["session"], stored["databases"], stored["caches"]) == ({}, {}, [], [])
    assert stored["workers"] == 0
    names = [part for name in Pupil.objects.values_list("name", flat=True) for part in name.split()]
    assert not any(name in json.dumps(stored) for name in names)


def test_after_sign_out_the_back_button_shows_no_pupil(browser_page, hannah, larkrise, url):
    page = browser_page(hannah)
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    page.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
    assert "Amelia Thorne" in page.content()
    page.goto(url(hannah, "me"))
    with page.expect_response(lambda r: r.request.method == "POST") as left:
        page.get_by_role("button", name="Sign out").click()
    assert "storage" in left.value.all_headers().get("clear-site-data", "")
    page.get_by_label("Your e-mail address").wait_for()
    page.go_back()
    page.go_back()
    assert "Amelia Thorne" not in page.content()


def test_no_address_title_or_file_name_holds_a_pupils_name(browser_page, hannah, larkrise, url):
    page = browser_page(hannah)
    seen = []
    page.on("request", lambda request: seen.append(request.url))
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    open_everything(page, hannah, allocation, url)
    seen.append(page.title())
    names = set(Pupil.objects.filter(school=larkrise).values_list("name", flat=True))
    surnames = {name.split()[-1].lower() for name in names if name.isascii()}
    assert not any(name in text.lower() for name in surnames for text in seen)
