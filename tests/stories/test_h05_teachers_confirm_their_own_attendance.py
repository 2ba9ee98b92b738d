"""H5: teachers confirm their own attendance, one answer per school and week, with the reason.

Walked at 390 px, as a teacher stands in a corridor.
"""

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Line, Register

pytestmark = pytest.mark.browser
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def phone(browser_page, hannah):
    page = browser_page(hannah)
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def open_larkrise(page):
    page.get_by_role("link", name="Lesson by lesson").first.click()


def test_a_week_in_which_everything_went_to_plan_takes_two_taps(phone, hannah, url, larkrise):
    phone.goto(url(hannah, "home"))
    card = phone.locator("article", has_text="Larkrise Primary School")

    card.get_by_role("button", name="All as planned").click()  # one
    phone.get_by_role("button", name="Confirm").click()  # two

    phone.get_by_text("Your week is recorded").wait_for()
    register = Register.objects.get(allocation__teacher=hannah, allocation__school=larkrise, week=THIS_WEEK)
    assert register.is_confirmed and register.there == "all"


def test_one_absent_pupil_takes_two_taps_more(phone, hannah, url, larkrise):
    phone.goto(url(hannah, "home"))
    phone.locator("article", has_text="Larkrise").get_by_role("button", name="All as planned").click()
    noah = phone.get_by_role("group", name="Noah Castle")

    noah.get_by_role("radio", name="Not here").check()  # one more
    noah.get_by_role("radio", name="Absent from school").check()  # and two
    phone.locator("#saving[data-state=saved]").wait_for()

    phone.get_by_role("button", name="Confirm").click()
    phone.get_by_text("Your week is recorded").wait_for()
    mark = noah_mark(hannah, larkrise)
    assert mark.reason.code == "absent"


def noah_mark(hannah, larkrise):
    lines = Line.objects.filter(register__allocation__school=larkrise, register__week=THIS_WEEK, given_by=hannah)
    return lines.get(lesson__places__pupil__name="Noah Castle").marks.get()


def test_a_teacher_who_was_ill_says_so_once_for_the_whole_school(phone, hannah, url, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    phone.goto(url(hannah, "register", allocation.pk, THIS_WEEK))

    phone.get_by_role("radio", name="No", exact=True).check()
    phone.get_by_text("This strikes out 7 lessons").wait_for()
    phone.locator(".there-why").get_by_role("button", name="Teacher ill").click()
    phone.get_by_role("button", name="Confirm").click()

    phone.get_by_text("Your week is recorded").wait_for()
    register = Register.objects.get(allocation=allocation, week=THIS_WEEK)
    assert (register.there, register.reason.code) == ("none", "teacher-ill")
    assert not register.lines.exclude(given=False).exists()


def test_a_part_that_was_missed_is_said_at_its_lesson(phone, hannah, url, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    phone.goto(url(hannah, "register", allocation.pk, THIS_WEEK))

    phone.locator(".lesson-more summary").first.click()
    phone.locator(".lesson-more").first.get_by_role("button", name="Kept by the school").click()
    phone.get_by_role("button", name="All as planned").click()
    phone.get_by_role("button", name="Confirm").click()

    phone.get_by_text("Your week is recorded").wait_for()
    register = Register.objects.get(allocation=allocation, week=THIS_WEEK)
    assert register.there == "part"
    assert register.lines.filter(given=False).count() == 1
