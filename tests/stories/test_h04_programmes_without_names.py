"""H4: First Access and project work are allocated by the music service, without pupils' names."""

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Lesson, Line

pytestmark = pytest.mark.browser
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}
THIS_WEEK = Week.parse("2026-11-16")


def test_the_office_sets_up_a_class_and_the_teacher_records_how_many(browser_page, url, rosa, tess):
    # Rosa sets up a year of ukuleles for a class of 28, in a school where Tess teaches.
    """(P8)"""
    allocation = Allocation.objects.filter(teacher=tess).first()
    desk = browser_page(rosa, **DESK)
    desk.goto(url(rosa, "programmes"))
    desk.get_by_role("link", name="Set up a programme").click()
    desk.get_by_label("Teacher").select_option(label=tess.name)
    desk.get_by_label("School", exact=True).fill(allocation.school.name)
    desk.get_by_label("Title").fill("Year 3 ukuleles")
    desk.get_by_role("textbox", name="Class (optional)").fill("3 Elm")
    desk.get_by_label("Year group").fill("Year 3")
    desk.get_by_label("Instrument").fill("ukulele")
    desk.get_by_label("Continuation").check()
    desk.get_by_label("Class size").fill("28")
    desk.get_by_label("Minutes a week").fill("45")
    desk.get_by_label("First week").select_option(value=str(allocation.from_week))
    desk.get_by_label("Last week").select_option(value=str(allocation.until_week))
    desk.get_by_role("button", name="Set up the programme").click()
    desk.get_by_text("Year 3 ukuleles is set up.").wait_for()

    programme = Lesson.objects.get(title="Year 3 ukuleles")
    assert (programme.class_size, programme.is_continuation, programme.instrument) == (28, True, "Ukulele")
    assert not programme.places.exists()

    # It is on Tess's register at once: given, and 26 took part. No name is asked for.
    phone = browser_page(tess, **PHONE)
    phone.goto(url(tess, "register", allocation.pk, THIS_WEEK))
    card = phone.locator(f"#lesson-{programme.pk}")
    card.get_by_role("radio", name="Given", exact=True).check()
    card.get_by_label("How many today?").fill("26")
    card.get_by_label("How many today?").press("Tab")
    phone.get_by_text("Saved").first.wait_for()
    phone.get_by_role("button", name="Confirm").click()
    phone.get_by_text("Your week is recorded").wait_for()
    line = Line.objects.get(lesson=programme, register__week=THIS_WEEK)
    assert (line.given, line.head_count) == (True, 26)


def test_a_class_of_nobody_is_refused_at_the_field(browser_page, url, rosa):
    desk = browser_page(rosa, **DESK)
    desk.goto(url(rosa, "programme_add"))
    desk.get_by_label("Class size").fill("0")
    desk.get_by_role("button", name="Set up the programme").click()
    desk.get_by_text("Class size must be a number from 1 to 400.").first.wait_for()


def test_the_teacher_finds_it_in_the_set_up_and_cannot_change_it(browser_page, url, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    maple = allocation.lessons.get(is_programme=True)
    phone = browser_page(hannah, expect_errors=True, **PHONE)
    phone.goto(url(hannah, "allocation", allocation.pk))
    card = phone.locator(f"#lesson-{maple.pk}")
    assert "29 in the class. Set up by the office." in card.inner_text()
    assert phone.goto(url(hannah, "lesson_change", maple.pk)).status == 404
    assert phone.goto(url(hannah, "programme_change", maple.pk)).status == 403
