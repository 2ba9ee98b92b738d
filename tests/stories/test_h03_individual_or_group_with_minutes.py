"""H3: each pupil has an individual or a group lesson with its minutes; moving a pupil keeps what was."""

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Lesson, Mark, Place

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


def test_a_group_with_its_minutes_and_members(browser_page, url, hannah, at_larkrise):
    # A new group of violas, 40 minutes.
    phone = browser_page(hannah, **PHONE)
    phone.goto(url(hannah, "allocation", at_larkrise.pk))
    phone.get_by_role("link", name="Add a lesson").click()
    phone.get_by_label("Small group").check()
    phone.get_by_label("Instrument").fill("Viola")
    phone.get_by_label("Minutes").fill("40")
    phone.get_by_label("Name of the group").fill("Viola club")
    phone.get_by_role("button", name="Add the lesson").click()

    # It stands at the end of her order, and asks for its first pupil.
    phone.get_by_role("link", name="Add its first pupil").click()
    phone.get_by_label("Name", exact=True).fill("Ada Quill")
    phone.get_by_label("Date of birth").fill("14 3 2015")
    assert phone.get_by_label("Viola club, 40 minutes").is_checked()
    phone.get_by_role("button", name="Add the pupil").click()
    phone.get_by_text("Ada Quill is in Viola club.").wait_for()
    club = Lesson.objects.get(title="Viola club")
    assert (club.shape_in(THIS_WEEK).minutes, club.places.get().pupil.name) == (40, "Ada Quill")


def test_moving_a_pupil_keeps_the_history(browser_page, url, hannah, at_larkrise):
    # Amelia, alone until now, goes to the violin group from this week on.
    amelia = Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)
    marks = Mark.objects.filter(place=amelia).count()
    phone = browser_page(hannah, **PHONE)
    phone.goto(url(hannah, "allocation", at_larkrise.pk))
    phone.get_by_role("link", name="Amelia Thorne").click()
    phone.get_by_label("Violin group, 20 minutes, with Poppy and Ravi").check()
    phone.get_by_role("button", name="Save").click()
    phone.get_by_text("Amelia Thorne is in Violin now.").wait_for()

    # What was recorded stays with the old place; the pupil's page tells both.
    amelia.refresh_from_db()
    assert amelia.until_week == THIS_WEEK - 1
    assert Mark.objects.filter(place=amelia).count() == marks > 0
    phone.goto(url(hannah, "pupil", amelia.pupil_id))
    assert phone.get_by_text("Individual, 20 minutes").is_visible()
    assert phone.get_by_text("Small group, 20 minutes").is_visible()
    assert phone.get_by_text("Ended the place").is_visible()


def test_minutes_change_from_a_week_on(browser_page, url, hannah, at_larkrise):
    cello = at_larkrise.lessons.get(instrument="Cello", places__pupil__name="Isla Fenwick")
    phone = browser_page(hannah, **PHONE)
    phone.goto(url(hannah, "lesson_change", cello.pk))
    phone.get_by_label("Minutes").fill("40")
    phone.get_by_role("button", name="Save").click()
    phone.get_by_text("Cello is changed.").wait_for()
    assert [cello.shape_in(THIS_WEEK - 1).minutes, cello.shape_in(THIS_WEEK).minutes] == [30, 40]


def test_lessons_stand_in_the_teacher_s_own_order(browser_page, url, hannah, at_larkrise):
    cello = at_larkrise.lessons.get(instrument="Cello", places__pupil__name="Isla Fenwick")
    phone = browser_page(hannah, **PHONE)
    phone.goto(url(hannah, "allocation", at_larkrise.pk))
    card = phone.locator(f"#lesson-{cello.pk}")
    card.locator("summary").click()
    card.get_by_role("button", name="Move up").click()
    phone.wait_for_url(f"**#lesson-{cello.pk}")
    assert list(at_larkrise.lessons.values_list("pk", flat=True)).index(cello.pk) == 1
