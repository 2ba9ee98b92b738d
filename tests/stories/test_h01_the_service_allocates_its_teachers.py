"""H1: the music service adds its teachers and allocates each to their schools; no teacher does that alone.

Walked with the office at a desk and the teacher at 390 px; the invitation comes from a real mail server.
"""

from urllib.parse import urlsplit

import pytest

from tutti.people.models import Member, Person
from tutti.schools.models import School
from tutti.teaching.models import Allocation

pytestmark = pytest.mark.browser
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def free_school(northshire):
    return School.objects.open().filter(service=northshire, allocations=None).order_by("name").first()


def test_a_teacher_is_added_allocated_and_invited_and_sees_just_that_school(
    browser_page, url, rosa, free_school, mail_server, run_jobs
):
    # Rosa adds a teacher, who is invited at once.
    desk = browser_page(rosa, **DESK)
    desk.goto(url(rosa, "teacher_add"))
    desk.get_by_label("Name").fill("Ottilie Brand")
    desk.get_by_label("E-mail address").fill("ottilie.brand@northshire.example")
    desk.get_by_role("button", name="Add").click()
    desk.get_by_text("Ottilie Brand is added").wait_for()

    # She allocates her to one school for the whole year, which is what the form says already.
    desk.goto(url(rosa, "allocation_add"))
    desk.get_by_label("Teacher").select_option(label="Ottilie Brand")
    desk.get_by_label("School", exact=True).fill(free_school.name)
    desk.get_by_role("button", name="Allocate").click()
    desk.get_by_text(f"Ottilie Brand at {free_school.name}: allocated.").wait_for()

    # The letter arrives; its link signs her in, on her phone.
    run_jobs()
    (letter,) = mail_server.to("ottilie.brand@northshire.example")
    phone = browser_page(None, **PHONE)
    phone.goto(urlsplit(mail_server.links(letter)[0]).path)
    phone.get_by_role("button", name="Sign me in").click()

    # She sees that one school and no other.
    ottilie = Member.objects.get(person__email="ottilie.brand@northshire.example")
    phone.goto(url(ottilie, "my_pupils"))
    assert phone.get_by_role("heading", level=2).all_inner_texts() == [free_school.name]


def test_many_are_allocated_in_one_grid_after_a_look(browser_page, url, rosa, tess, free_school):
    desk = browser_page(rosa, **DESK)
    desk.goto(url(rosa, "allocations_grid", school=free_school.name))
    desk.get_by_label(f"{tess.name} at {free_school.name}").check()
    desk.get_by_role("button", name="Look at what would change").click()

    # Nothing is saved yet; the page says what would be.
    assert desk.get_by_role("heading", level=1).inner_text().startswith("1 change")
    assert not free_school.allocations.exists()

    desk.get_by_role("button", name="Save 1 change").click()
    desk.get_by_text("Saved. 1 changed.").wait_for()
    assert free_school.allocations.get().teacher == tess


def test_a_teacher_can_neither_sign_up_nor_allocate_themself(browser_page, as_member, url, tess, free_school):
    # Nobody can sign up: there is no such page.
    stranger = browser_page(None, expect_errors=True, **PHONE)
    assert stranger.goto("/accounts/signup/").status == 404
    assert not Person.objects.filter(email="stranger@example.org").exists()

    # A teacher's phone has no way to the office's pages, and their addresses are closed.
    phone = browser_page(tess, expect_errors=True, **PHONE)
    phone.goto(url(tess, "my_pupils"))
    assert phone.locator(f"a[href*='{url(tess, 'allocations')}']").count() == 0
    for name in ("allocation_add", "allocations_grid", "teacher_add"):
        assert phone.goto(url(tess, name)).status == 403
    asked = {"teacher": tess.pk, "school": free_school.name}
    assert as_member(tess).post(url(tess, "allocation_add"), asked).status_code == 403
    assert not free_school.allocations.exists()


def test_an_allocation_ends_and_what_was_recorded_stays(browser_page, url, rosa, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    recorded = allocation.registers.count()
    desk = browser_page(rosa, **DESK)
    desk.goto(url(rosa, "allocations", teacher="Hannah", school="Larkrise"))
    desk.get_by_role("link", name="Change the last week of Hannah Whitlock at Larkrise Primary School").click()
    desk.get_by_label("Last week").select_option(value="2026-11-16")
    desk.get_by_role("button", name="Set the last week").click()
    desk.get_by_text("What was recorded stays.").wait_for()
    allocation.refresh_from_db()
    assert str(allocation.until_week) == "2026-11-16"
    assert allocation.registers.count() == recorded > 0
