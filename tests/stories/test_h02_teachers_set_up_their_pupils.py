"""H2: teachers set up the pupils they teach: name, date of birth, instrument; in the corridor, at 390 px."""

import pytest

from tests.teaching.last_year import YEAR_7, LastYear
from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Lesson, Place, Pupil

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
THIS_WEEK = Week.parse("2026-11-16")


def fill_in(phone, name, born, instrument=""):
    phone.get_by_label("Name", exact=True).fill(name)
    phone.get_by_label("Date of birth").fill(born)
    if instrument:
        phone.get_by_label("Instrument").fill(instrument)


def test_three_fields_from_the_register_and_back_to_it(browser_page, url, hannah, larkrise):
    # Hannah stands at the open register when a new pupil comes in.
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    phone = browser_page(hannah, **PHONE)
    phone.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
    phone.get_by_role("link", name="Add a pupil").click()

    # Name, date of birth, instrument. Individual, 20 minutes is chosen already.
    fill_in(phone, "Ada Quill", "14 3 2015", "Violin")
    phone.get_by_role("button", name="Add the pupil").click()

    # She is back at the register, and the pupil is on it.
    phone.wait_for_url(f"**{url(hannah, 'register', allocation.pk, THIS_WEEK)}")
    phone.get_by_role("group", name="Ada Quill").wait_for()
    place = Place.objects.get(pupil__name="Ada Quill")
    shape = place.lesson.shape_in(THIS_WEEK)
    assert (shape.kind, shape.minutes, place.lesson.instrument) == ("individual", 20, "Violin")
    assert "Ada" not in phone.url and "Ada" not in phone.title()


def test_the_first_pupil_of_a_new_teacher(browser_page, url, tess):
    # Tess has schools and nothing else. Her page says what comes first.
    phone = browser_page(tess, **PHONE)
    phone.goto(url(tess, "my_pupils"))
    phone.get_by_role("link", name="Add a pupil").first.click()
    fill_in(phone, "Ada Quill", "14/3/15", "flute")
    phone.get_by_role("button", name="Add the pupil").click()
    phone.get_by_text("Ada Quill is in Flute.").wait_for()
    assert Pupil.objects.visible_to(tess).get().name == "Ada Quill"


def test_a_slip_is_said_at_the_field_and_nothing_is_lost(browser_page, url, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    phone = browser_page(hannah, **PHONE)
    phone.goto(url(hannah, "pupil_add", allocation.pk))
    fill_in(phone, "Ada Quill", "14 3 2062", "Violin")
    phone.get_by_role("button", name="Add the pupil").click()
    phone.get_by_role("link", name="Date of birth must be in the past").click()
    assert phone.evaluate("document.activeElement.name") == "date_of_birth"
    assert phone.get_by_label("Name", exact=True).input_value() == "Ada Quill"
    phone.keyboard.press("Control+A")
    phone.keyboard.type("14 3 2015")
    phone.get_by_role("button", name="Add the pupil").click()
    phone.get_by_text("Ada Quill is in Violin.").wait_for()


def test_a_pupil_of_the_school_is_offered_and_not_made_twice(browser_page, url, hannah, larkrise):
    # Albie learns the trumpet with Marcus. Hannah is told that he exists, and nothing else.
    albie = Pupil.objects.get(name="Albie Stroud", school=larkrise)
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    phone = browser_page(hannah, **PHONE)
    phone.goto(url(hannah, "pupil_add", allocation.pk))
    fill_in(phone, "albie stroud", albie.date_of_birth.strftime("%d.%m.%Y"), "Viola")
    phone.get_by_role("button", name="Add the pupil").click()
    phone.get_by_role("heading", name="Is this the same child?").wait_for()
    assert "Trumpet" not in phone.content() and "Marcus" not in phone.content()

    phone.get_by_role("button", name="Yes, the same child").click()
    phone.get_by_text("Albie Stroud is in Viola.").wait_for()
    assert Pupil.objects.filter(school=larkrise, name__iexact="albie stroud").get() == albie
    assert sorted(albie.places.values_list("lesson__instrument", flat=True)) == ["Trumpet", "Viola"]


def test_a_list_out_of_a_spreadsheet(browser_page, url, tess):
    # A substantial data input: copied from a spreadsheet, with its heading; one birthday cannot be.
    allocation = Allocation.objects.filter(teacher=tess).first()
    phone = browser_page(tess, **PHONE)
    phone.goto(url(tess, "allocation", allocation.pk))
    phone.get_by_role("link", name="Paste a list").click()
    lines = ["Name\tDOB\tInstrument\tGroup\tMinutes", "Ada Quill\t14/03/2015\tFlute\tYear 5\t30"]
    lines += ["Ben Marsh\t31/02/2015\tFlute\tYear 5\t30", "Cleo Watts\t1 Jan 2016\tFlute\t\t20"]
    phone.get_by_label("The list", exact=True).fill("\n".join(lines))
    phone.get_by_role("button", name="Look at it first").click()

    # The line is named and can be put right where it stands; the rest is read already; nothing is saved.
    line = phone.get_by_role("group", name="Line 3: Ben Marsh")
    line.get_by_text("“31/02/2015” is not a day").wait_for()
    phone.get_by_role("cell", name="Flute, individual, 20 minutes").wait_for()
    assert not Pupil.objects.visible_to(tess).exists()
    line.get_by_label("Date of birth").fill("28/02/2015")
    phone.get_by_role("button", name="Look again").click()

    # Now it is shown as it was understood, then saved.
    phone.get_by_role("heading", name="3 pupils: 1 individual lesson and 1 group").wait_for()
    phone.get_by_role("button", name="Set them up").click()
    phone.get_by_text("3 pupils are set up.").wait_for()
    lessons = Lesson.objects.filter(allocation=allocation)
    assert [(lesson.title, lesson.places.count()) for lesson in lessons] == [("Year 5", 2), ("", 1)]


def test_last_year_s_lessons_by_one_button(browser_page, url, tess, rosa, northshire):
    # Tess taught at Nunfield last year. Ada and Ben carry on; Eve has left the school by her age.
    nunfield = northshire.schools.get(name="Nunfield Primary School")
    last_year = LastYear(tess, nunfield, rosa)
    last_year.lesson("Ada Quill", "Ben Marsh")
    last_year.lesson("Eve Hale", born=YEAR_7)
    phone = browser_page(tess, **PHONE)
    phone.goto(url(tess, "home"))
    phone.get_by_role("link", name="Take last year’s").click()
    assert phone.get_by_role("checkbox", name="Ada Quill").is_checked()
    assert not phone.get_by_role("checkbox", name="Eve Hale (has probably left the school)").is_checked()
    phone.get_by_role("button", name="Take them over").click()
    phone.get_by_text("1 lesson is set up.").wait_for()
    made = Lesson.objects.get(allocation__teacher=tess, allocation__year__name="2026/27")
    assert [str(place.pupil) for place in made.places.all()] == ["Ada Quill", "Ben Marsh"]


def test_it_works_without_scripts(browser_page, url, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    phone = browser_page(hannah, java_script_enabled=False, **PHONE)
    phone.goto(url(hannah, "pupil_add", allocation.pk))
    fill_in(phone, "Ada Quill", "14 3 2015", "Violin")
    phone.get_by_role("button", name="Add the pupil").click()
    phone.get_by_text("Ada Quill is in Violin.").wait_for()
    assert Pupil.objects.filter(name="Ada Quill").count() == 1
