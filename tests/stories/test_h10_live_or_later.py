"""H10: with a connection each tap is saved as it is made; without one nothing is lost while the page is open."""

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Mark

pytestmark = pytest.mark.browser
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def register_page(browser_page, hannah, larkrise, url):
    page = browser_page(hannah, expect_errors=True)
    page.set_viewport_size({"width": 390, "height": 844})
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    page.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
    return page


def here(page, name):
    page.get_by_role("group", name=name).get_by_role("radio", name="Here").first.check()


def saved_marks():
    marks = Mark.objects.filter(
        line__register__week=THIS_WEEK, line__register__allocation__teacher__name="Hannah Whitlock"
    )
    return set(marks.values_list("place__pupil__name", flat=True))


def test_taps_made_without_a_connection_wait_and_go_by_themselves(register_page):
    page = register_page
    page.context.set_offline(True)
    here(page, "Amelia Thorne")
    here(page, "Isla Fenwick")
    page.locator("#saving[data-state=waiting]").wait_for()
    assert "2 waiting" in page.locator("#saving").inner_text()
    assert page.get_by_role("heading", name="No connection just now").is_visible()
    assert not saved_marks()

    page.context.set_offline(False)
    page.locator("#saving[data-state=saved]").wait_for()
    assert saved_marks() == {"Amelia Thorne", "Isla Fenwick"}
    assert not page.get_by_role("heading", name="No connection just now").is_visible()


def test_the_newest_answer_for_a_pupil_is_the_one_that_is_sent(register_page):
    page = register_page
    page.context.set_offline(True)
    here(page, "Noah Castle")
    noah = page.get_by_role("group", name="Noah Castle")
    noah.get_by_role("radio", name="Not here").check()
    noah.get_by_role("radio", name="Absent from school").check()
    page.locator("#saving[data-state=waiting]").wait_for()
    page.context.set_offline(False)
    page.locator("#saving[data-state=saved]").wait_for()
    marks = Mark.objects.filter(line__register__week=THIS_WEEK, line__given_by__name="Hannah Whitlock")
    assert marks.get(place__pupil__name="Noah Castle").reason.code == "absent"


def test_leaving_with_taps_waiting_warns(register_page):
    page = register_page
    page.context.set_offline(True)
    here(page, "Amelia Thorne")
    page.locator("#saving[data-state=waiting]").wait_for()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="My week").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    page.locator("#saving[data-state=saved]").wait_for()


def test_confirm_with_taps_waiting_stays_on_the_page(register_page):
    page = register_page
    page.get_by_role("button", name="All as planned").click()
    page.context.set_offline(True)
    here(page, "Amelia Thorne")
    noah = page.get_by_role("group", name="Noah Castle")
    noah.get_by_role("radio", name="Not here").check()
    noah.get_by_role("radio", name="Absent from school").check()
    page.locator("#saving[data-state=waiting]").wait_for()
    page.get_by_role("button", name="Confirm").click()
    assert page.get_by_role("heading", name="No connection just now").is_visible()
    page.context.set_offline(False)
    page.locator("#saving[data-state=saved]").wait_for()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Your week is recorded").wait_for()


def test_a_past_week_can_be_completed_later(browser_page, owen, url):
    page = browser_page(owen)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(url(owen, "home"))
    page.get_by_role("link", name="Record that week").click()
    page.get_by_role("button", name="All as planned").click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Your week is recorded").wait_for()
