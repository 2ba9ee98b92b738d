"""The whole thread, walked at 390 px: the office brings in a school, adds and allocates a teacher; the teacher sets up
pupils and records the weeks; on the first working day of the next month the school receives its summary."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tutti.core.letters import Letter
from tutti.schools.models import School
from tutti.teaching.models import Register

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}
LIST = b"urn,name,open_date,town,postcode\n999001,Fennimore Primary School,,Fennimore,NX9 9AA\n"
DECEMBER = dt.datetime(2026, 12, 1, 8, tzinfo=ZoneInfo("Europe/London"))


def test_a_service_goes_through_a_month(browser_page, rosa, url, run_jobs, clock):
    office = browser_page(rosa, **PHONE)
    the_office_brings_in_a_school(office, rosa, url, run_jobs)
    the_office_adds_and_allocates_a_teacher(office, rosa, url, run_jobs)
    teacher = the_teacher_comes_by_the_link_in_the_letter(browser_page)
    the_teacher_sets_up_two_pupils(teacher)
    the_teacher_records_this_week(teacher)
    clock.move_to(DECEMBER)
    call_command("daily")
    run_jobs()
    the_school_reads_its_month(browser_page)


def the_office_brings_in_a_school(page, rosa, url, run_jobs):
    page.goto(url(rosa, "schools_import"))
    file = {"name": "schools.csv", "mimeType": "text/csv", "buffer": LIST}
    page.get_by_label("The list of schools").set_input_files(file)
    page.locator("main form button.govuk-button").click()
    expect(page.get_by_text("1 school would be added")).to_be_visible()
    page.get_by_role("button", name="Import 1 school").click()
    run_jobs()
    school = School.objects.get(urn=999001)
    page.goto(url(rosa, "contact_add", school.pk))
    page.get_by_label("Name").fill("Orla Quince")
    page.get_by_role("radio", name="Head teacher").check()
    page.get_by_label("E-mail").fill("head@fennimore.example")
    page.get_by_role("button", name="Add the contact").click()
    expect(page.get_by_text("Orla Quince").first).to_be_visible()


def the_office_adds_and_allocates_a_teacher(page, rosa, url, run_jobs):
    page.goto(url(rosa, "teacher_add"))
    page.get_by_label("Name").fill("Juniper Lark")
    page.get_by_label("E-mail address").fill("juniper.lark@northshire.example")
    page.locator("main form button.govuk-button").first.click()
    expect(page.get_by_text("Juniper Lark").first).to_be_visible()
    run_jobs()
    page.goto(url(rosa, "allocation_add"))
    page.get_by_label("Teacher").select_option(label="Juniper Lark")
    page.get_by_label("School").first.fill("Fennimore")
    page.get_by_role("button", name="Allocate").click()
    expect(page.get_by_text("Juniper Lark").first).to_be_visible()


def the_teacher_comes_by_the_link_in_the_letter(browser_page):
    letter = Letter.objects.get(kind="invitation", to_email="juniper.lark@northshire.example")
    page = browser_page(None, **PHONE)
    page.goto(re.search(r"https?://\S+", letter.body)[0])
    page.get_by_role("button", name="Sign me in").click()
    expect(page.get_by_role("heading", name="Welcome. First, your pupils")).to_be_visible()
    return page


def the_teacher_sets_up_two_pupils(page):
    page.get_by_role("link", name="Set up my pupils").click()
    for name in ("Bryony Tull", "Cass Hollin"):
        page.get_by_role("link", name="Add a pupil").first.click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Date of birth").fill("14 3 2016")
        page.get_by_label("Instrument").fill("Cornet")
        page.get_by_role("radio", name="New individual lesson, 20 minutes").check()
        page.get_by_role("button", name="Add the pupil").click()
        expect(page.get_by_text(name).first).to_be_visible()


def the_teacher_records_this_week(page):
    page.get_by_role("link", name="My week").first.click()
    page.get_by_role("button", name="All as planned").click()
    cass = page.get_by_role("group", name="Cass Hollin")
    cass.get_by_role("radio", name="Not here").check()
    cass.get_by_role("radio", name="Absent from school").check()
    page.locator("#saving[data-state=saved]").wait_for()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Your week is recorded")).to_be_visible()
    assert Register.objects.confirmed().filter(allocation__school__urn=999001).count() == 1


def the_school_reads_its_month(browser_page):
    letter = Letter.objects.get(kind__contains="summary", to_email="head@fennimore.example")
    assert "Bryony" not in letter.body and "Cass" not in letter.body
    page = browser_page(None, **PHONE)
    page.goto(re.search(r"https?://\S+", letter.body)[0])
    expect(page.get_by_role("heading", name="Fennimore Primary School")).to_be_visible()
    expect(page.get_by_text("Juniper Lark").first).to_be_visible()
    expect(page.get_by_role("rowheader", name="Bryony Tull")).to_be_visible()
    expect(page.get_by_text("Absent").first).to_be_visible()
