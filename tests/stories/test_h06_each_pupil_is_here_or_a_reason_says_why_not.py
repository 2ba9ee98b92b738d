"""H6: when a lesson is delivered, the teacher confirms each pupil's attendance or flags why not.

Each reason shows its four consequences before and after it is chosen (C1).
"""

import pytest

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.teaching.models import Allocation, Mark, Register

pytestmark = pytest.mark.browser
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def register_page(browser_page, hannah, larkrise, url):
    page = browser_page(hannah)
    page.set_viewport_size({"width": 390, "height": 844})
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    page.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
    return page


def mark_of(name):
    marks = Mark.objects.filter(line__register__week=THIS_WEEK, line__given_by__name="Hannah Whitlock")
    return marks.get(place__pupil__name=name)


def test_a_tap_says_here_and_is_saved_at_once(register_page):
    register_page.get_by_role("group", name="Amelia Thorne").get_by_role("radio", name="Here").first.check()
    register_page.locator("#saving[data-state=saved]").wait_for()
    assert mark_of("Amelia Thorne").reason.is_here
    assert "1 of 7 lessons marked" in register_page.locator("#marked-words").inner_text()


def test_a_reason_shows_what_follows_before_and_after_it_is_chosen(register_page):
    noah = register_page.get_by_role("group", name="Noah Castle")
    noah.get_by_role("radio", name="Not here").check()
    assert "Why was Noah not here?" in noah.inner_text()
    assert "Counts. Paid, charged, nothing owed" in noah.inner_text()

    noah.get_by_role("radio", name="School event, told in time").check()
    register_page.locator("#saving[data-state=saved]").wait_for()

    facts = noah.locator(".facts").inner_text()
    for words in ("Does not count towards the 33", "Not paid", "Not charged", "A lesson owed"):
        assert words in facts
    assert mark_of("Noah Castle").reason.code == "event"


def test_a_wrong_tap_is_put_right_by_another(register_page):
    noah = register_page.get_by_role("group", name="Noah Castle")
    noah.get_by_role("radio", name="Not here").check()
    noah.get_by_role("radio", name="No instrument").check()
    register_page.locator("#saving[data-state=saved]").wait_for()
    noah.get_by_role("radio", name="Here", exact=False).first.check()
    register_page.locator("#saving[data-state=saved]").wait_for()
    assert mark_of("Noah Castle").reason.code == "present"
    register = Register.objects.get(
        allocation__school__name="Larkrise Primary School", week=THIS_WEEK, allocation__teacher__name="Hannah Whitlock"
    )
    story = [event.after["pupils"] for event in Event.objects.about(register).order_by("pk")]
    assert [list(marks.values()) for marks in story] == [["no-instrument"], ["present"]]


def test_the_same_page_works_as_a_plain_form_without_a_script(browser_page, hannah, larkrise, url):
    page = browser_page(hannah, java_script_enabled=False)
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    page.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
    noah = page.get_by_role("group", name="Noah Castle")
    noah.get_by_role("radio", name="Not here").check()
    noah.get_by_role("radio", name="Absent from school").check()
    page.get_by_role("button", name="All as planned").click()
    page.get_by_role("button", name="Confirm").click()
    assert page.get_by_text("Your week is recorded").is_visible()
    assert mark_of("Noah Castle").reason.code == "absent"


def test_a_head_count_tapped_down_and_up_again_is_what_stands_at_last(register_page):
    maple = register_page.locator(".lesson[data-programme]").first
    for button, expected in [("One fewer", 28), ("One fewer", 27), ("One more", 28), ("One more", 29)]:
        with register_page.expect_response(lambda answer: answer.request.method == "POST"):
            maple.get_by_role("button", name=button).click()
        register_page.locator("#saving[data-state=saved]").wait_for()
        line = Register.objects.get(allocation__teacher__name="Hannah Whitlock", week=THIS_WEEK).lines.get(
            lesson__is_programme=True
        )
        assert (line.given, line.head_count) == (True, expected)
