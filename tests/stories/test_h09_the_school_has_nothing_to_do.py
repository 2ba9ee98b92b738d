"""H9: the school has to do nothing. It needs no account; its own rota says who is called which week, and
its paper goes on."""

import io
import re
from datetime import date

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tutti.core.calendar import Week
from tutti.core.letters import Letter
from tutti.people.models import Person
from tutti.teaching.models import Allocation, Lesson, Mark, Place, Register, Summary
from tutti.teaching.models.expected import missing_registers

pytestmark = pytest.mark.browser
THIS_WEEK, LAST_WEEK = Week.parse("2026-11-16"), Week.parse("2026-11-09")


FIVE_WEEKS = [Week.parse(day) for day in ("2026-10-05", "2026-10-12", "2026-10-19", "2026-11-02", "2026-11-09")]


@pytest.fixture
def violin(hannah, larkrise):
    """A lesson of Hannah's at Larkrise with pupils in it."""
    lessons = Lesson.objects.filter(allocation__teacher=hannah, allocation__school=larkrise, is_programme=False)
    return lessons.in_week(THIS_WEEK).in_week(LAST_WEEK).filter(places__isnull=False).first()


def test_the_head_teacher_reads_the_month_without_an_account(browser_page, url, rosa, larkrise, run_jobs):
    # Larkrise has a contact. Nobody there is known to the sign-in page.
    contact = larkrise.contacts.filter(gets_summary=True).first()
    assert not Person.objects.filter(email__iexact=contact.email).exists()

    # October's summary goes out. The letter has a link and asks for nothing.
    summary = Summary.objects.get(school=larkrise, month=date(2026, 10, 1))
    letter = summary.send_again(contact, rosa)
    run_jobs()
    letter = Letter.objects.get(pk=letter.pk)
    assert letter.to_email == contact.email
    (link,) = re.findall(r"https?://\S+", letter.body)

    # The head opens it on any computer: the month is there, no sign-in, nothing to fill in before it can be read.
    page = browser_page(None)
    page.goto(link)
    assert page.get_by_role("heading", level=1).inner_text() == "Larkrise Primary School"
    assert "October 2026" in page.locator("main").inner_text()
    assert page.get_by_role("link", name="Download the PDF").is_visible()
    assert page.locator("input[type=password]").count() == 0

    # Had nobody opened it, nothing would be waiting for the school: there is nothing to confirm.
    assert not page.get_by_role("button", name=re.compile("Confirm|Approve|Accept")).count()


def test_the_schools_rota_says_who_is_called_and_who_is_not_called_owes_nothing(
    browser_page, url, hannah, rosa, larkrise, violin
):
    # Larkrise keeps a rota on its wall: the violins are called last week, not this one.
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    place = violin.places.in_week(THIS_WEEK).first()
    Register.objects.filter(allocation=allocation, week=THIS_WEEK).delete()
    violin.set_rota(rosa, [LAST_WEEK, LAST_WEEK - 3])

    # Last week's register has the violin pupil, this week's says that the lesson is not due.
    phone = browser_page(hannah, viewport={"width": 390, "height": 844})
    phone.goto(url(hannah, "register", allocation.pk, LAST_WEEK))
    assert phone.get_by_text(place.pupil.name).count()
    phone.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
    assert phone.locator(f"#pupil-{place.pk}").count() == 0
    assert phone.get_by_role("heading", name="Not due this week").is_visible()

    # Hannah records the week as planned. Nothing is written about the pupil who was not called.
    phone.get_by_role("button", name="All as planned").click()
    phone.get_by_role("button", name="Confirm").click()
    phone.get_by_text("Your week is recorded").wait_for()
    register = Register.objects.get(allocation=allocation, week=THIS_WEEK)
    assert register.is_confirmed
    assert not Mark.objects.filter(place=place, line__register=register).exists()
    assert register.lines.exists()


def test_a_week_in_which_the_rota_calls_nobody_expects_no_register(hannah, rosa, larkrise, northshire, violin):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    weeks = list(allocation.year.weeks.begun(date(2026, 11, 18)))
    Register.objects.filter(allocation=allocation, week=THIS_WEEK).delete()

    def missing():
        own = Allocation.objects.filter(pk=allocation.pk)
        return [one.week for one in missing_registers(northshire, weeks, own)]

    assert THIS_WEEK in missing()
    for lesson in Lesson.objects.filter(allocation=allocation):
        lesson.set_rota(rosa, [LAST_WEEK])
    assert missing() == []

    # And a week in which the whole school is closed expects nothing either.
    for lesson in Lesson.objects.filter(allocation=allocation):
        lesson.set_rota(rosa, [LAST_WEEK, THIS_WEEK])
    assert missing() == [THIS_WEEK]
    larkrise.close_for_week(rosa, THIS_WEEK, "Boiler broken")
    assert missing() == []


def place_of(allocation, name):
    return Place.objects.get(lesson__allocation=allocation, pupil__name=name)


def printed(page):
    """The words of each page that the browser would print."""
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    return [" ".join(sheet.extract_text().split()) for sheet in pdf.pages]


def test_a_school_that_keeps_paper_gets_paper_and_what_is_on_it_is_typed_in_in_one_go(
    browser_page, url, hannah, rosa, larkrise, violin
):
    # Hannah's phone is broken until half term. She prints the register of five weeks, and it has nobody's day or time.
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    Register.objects.filter(allocation=allocation, week__gte=FIVE_WEEKS[0]).delete()
    laptop = browser_page(hannah, viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    laptop.goto(url(hannah, "allocation", allocation.pk))
    laptop.get_by_role("link", name="Sheets to print").click()
    laptop.get_by_label("From the week of").select_option(str(FIVE_WEEKS[0]))
    laptop.get_by_label("To the week of").select_option(str(FIVE_WEEKS[-1]))
    laptop.get_by_role("button", name="Show").click()
    laptop.wait_for_url("**first=**")
    (sheet,) = printed(laptop)
    assert "Larkrise Primary School" in sheet and "Amelia Thorne" in sheet and "12 Oct" in sheet and "9 Nov" in sheet
    assert "Absent from school" in sheet and not re.search(r"Monday|Friday|\d:\d\d", sheet)

    # The school office asks for its rota; Rosa sends the PDF. Nobody at the school has to do anything for that.
    office = browser_page(rosa)
    office.goto(url(rosa, "school", larkrise.pk))
    office.get_by_role("link", name="Sheets to print").click()
    office.get_by_label("Sheet", exact=True).select_option("rota")
    with office.expect_download() as download:
        office.get_by_role("button", name="Make the PDF").click()
    assert download.value.suggested_filename.startswith("rota-") and "arkrise" not in download.value.suggested_filename
    words = PdfReader(download.value.path()).pages[0].extract_text()
    assert "Larkrise Primary School" in words and "Amelia Thorne" in words and "due" in words

    # The paper comes back. Hannah types it in with the keyboard alone, all weeks in one go: Noah was ill once, and in
    # one week Hannah herself was. Nothing else was different, so nothing else is typed.
    noah = place_of(allocation, "Noah Castle")
    laptop.goto(url(hannah, "allocation", allocation.pk))
    laptop.get_by_role("link", name="Type in a paper register").click()
    box = laptop.locator(f"#mark-{noah.pk}-{FIVE_WEEKS[1]}")
    box.focus()
    laptop.keyboard.type("Ill")
    assert box.locator("option:checked").inner_text() == "Ill"
    laptop.locator(f"#there-{FIVE_WEEKS[3]}").focus()
    laptop.keyboard.type("Teacher i")
    save = laptop.get_by_role("button", name="Save all these weeks")
    save.focus()
    laptop.keyboard.press("Enter")
    expect(laptop.get_by_role("status").filter(has_text="recorded")).to_be_visible()

    # Five registers are recorded, each as the paper said.
    registers = Register.objects.filter(allocation=allocation, week__in=FIVE_WEEKS)
    assert len(registers.confirmed()) == len(FIVE_WEEKS)
    marks = Mark.objects.filter(place=noah, line__register__in=registers).order_by("line__register__week")
    assert [mark.reason.code for mark in marks] == ["present", "ill", "present", "teacher-ill", "present"]
    assert registers.get(week=FIVE_WEEKS[3]).there == "none"


def test_the_office_types_in_a_paper_register_for_a_teacher_on_a_narrow_phone(browser_page, url, owen, rosa):
    # Owen is three weeks behind and has sent his paper to the office. Rosa is on the train.
    allocation = Allocation.objects.filter(teacher=owen, school__name="Otterbridge Junior School").get()
    phone = browser_page(rosa, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    phone.goto(url(rosa, "school", allocation.school_id))
    phone.get_by_role("link", name="Type in paper registers of Owen Tregarth").click()

    # A week is a block with every pupil's name in it, and nothing has to be pushed sideways.
    weeks = phone.locator(".typing-week")
    many = weeks.count()
    assert many >= 3
    assert all(weeks.nth(n).bounding_box()["width"] <= 320 for n in range(many))
    first = weeks.first.locator(".typing-label").nth(1)
    assert first.is_visible()

    # One box is emptied by mistake: its week stays open and says so, the others are saved.
    phone.locator(".typing-week").first.locator("select[name^=mark]").first.select_option("")
    phone.get_by_role("button", name="Save all these weeks").click()
    assert "or why not?" in phone.get_by_role("alert").inner_text()
    assert phone.get_by_text("What was in order is saved").is_visible()
    phone.locator(".typing-week").first.locator("select[name^=mark]").first.select_option("here")
    phone.get_by_role("button", name="Save all these weeks").click()
    expect(phone.get_by_role("alert")).to_have_count(0)

    # The registers are Owen's, typed in by Rosa.
    late = Register.objects.filter(allocation=allocation, confirmed_by=rosa)
    assert late.count() == many - 1  # not the running week
    assert {line.given_by_id for register in late for line in register.lines.all()} == {owen.pk}
