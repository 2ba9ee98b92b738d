"""H8: the school gets a monthly summary of all tuition, by e-mail and by itself, on a page and as a PDF.

Walked as a head teacher would: out of the e-mail, without an account, on the day, a week later and after a term.
"""

import datetime as dt
import io
import re
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from tutti.core.letters import Letter
from tutti.teaching.models import Pupil

pytestmark = pytest.mark.browser
FIRST_WORKING_DAY = dt.datetime(2026, 12, 1, 7, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def head_teacher(larkrise):
    return larkrise.contacts.for_summary().first()


@pytest.fixture
def morning(clock, settings, site, mail_server, run_jobs):
    """The first working day of December: nobody presses anything, the clock does."""
    settings.SITE_URL = site
    clock.move_to(FIRST_WORKING_DAY)
    call_command("daily")
    run_jobs()
    call_command("daily")  # and ten minutes later
    run_jobs()


@pytest.fixture
def link(morning, mail_server, head_teacher):
    (letter,) = mail_server.to(head_teacher.email)
    return mail_server.links(letter)[0]


def names_of(school):
    return list(Pupil.objects.filter(school=school, places__until_week=None).values_list("name", flat=True).distinct())


def test_the_e_mail_comes_by_itself_once_and_names_no_pupil(morning, mail_server, larkrise, head_teacher):
    (letter,) = mail_server.to(head_teacher.email)
    text = letter.get_content()
    assert letter["Subject"] == "November 2026: music lessons at Larkrise Primary School"
    assert re.search(r"In November \d+ of \d+ lessons were given: \d+ hours", text)
    assert "You have nothing to do." in text and larkrise.office.phone in text
    for name in names_of(larkrise):
        assert name not in text
    summaries = [one for one in mail_server.letters if "music lessons at" in one["Subject"]]
    assert len(summaries) == Letter.objects.filter(kind="summary", slot__startswith="2026-11").count() > 20


def test_out_of_the_e_mail_it_opens_without_an_account_and_holds_every_pupil_and_week(
    link, browser_page, larkrise, northshire
):
    page = browser_page(None)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(link)
    page.get_by_role("heading", name="Larkrise Primary School").wait_for()
    assert page.get_by_text("of teaching").first.is_visible()
    teachers = larkrise.allocations.values_list("teacher__name", flat=True)
    for teacher in teachers:
        assert page.get_by_role("heading", name=teacher).is_visible()
    for name in names_of(larkrise):
        assert page.get_by_role("rowheader", name=name).first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.context.cookies() or all(c["name"] != "tutti_session" for c in page.context.cookies())


def test_the_pdf_says_the_same_and_its_name_names_nobody(link, browser_page, larkrise):
    page = browser_page(None, accept_downloads=True)
    page.goto(link)
    lead = page.locator(".lead").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    pdf = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    paper = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert " ".join(lead.split()) in paper and larkrise.office.email in paper
    assert not any(name.split()[-1] in download.value.suggested_filename for name in names_of(larkrise))


def test_the_office_sees_that_it_was_opened(link, browser_page, rosa, url):
    browser_page(None).goto(link)
    page = browser_page(rosa)
    page.goto(url(rosa, "summaries", month="2026-11-01"))
    larkrise = page.get_by_role("row", name="Larkrise Primary School")
    assert "Opened" in larkrise.inner_text()
    assert "have November’s summary, 1 has opened it" in page.locator(".lead").inner_text()


def test_a_week_later_the_names_open_with_a_code_from_the_same_mailbox(
    link, browser_page, clock, mail_server, head_teacher, larkrise, run_jobs
):
    clock.move_to(FIRST_WORKING_DAY + dt.timedelta(days=7))
    page = browser_page(None)
    page.goto(link)
    assert not any(name in page.content() for name in names_of(larkrise))
    page.get_by_role("button", name="E-mail me a code").click()
    page.get_by_role("heading", name="Type the code").wait_for()
    run_jobs()
    code = re.search(r"^ {4}(\d{6})\s*$", mail_server.to(head_teacher.email)[-1].get_content(), re.MULTILINE)[1]
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Show the pupils").click()
    assert page.get_by_role("rowheader", name=names_of(larkrise)[0]).first.is_visible()
    assert code not in Letter.objects.filter(kind="summary_code").latest("pk").body


def test_after_ninety_days_one_button_sends_a_new_link(link, browser_page, clock, mail_server, head_teacher, run_jobs):
    clock.move_to(FIRST_WORKING_DAY + dt.timedelta(days=91))
    page = browser_page(None, expect_errors=True)
    assert page.goto(link).status == 410
    page.get_by_role("button", name="Send a new link").click()
    page.get_by_role("heading", name="A new link is on its way").wait_for()
    run_jobs()
    fresh = mail_server.links(mail_server.to(head_teacher.email)[-1])[0]
    assert fresh != link and page.goto(fresh).status == 200


def test_the_office_sends_a_month_by_hand_after_seeing_what_goes_to_whom(
    browser_page, rosa, url, clock, mail_server, run_jobs, head_teacher
):
    clock.move_to(FIRST_WORKING_DAY)
    page = browser_page(rosa)
    page.goto(url(rosa, "summaries", month="2026-11-01"))
    page.get_by_role("link", name="Send November’s summaries").click()
    assert page.get_by_text(head_teacher.email).is_visible()
    assert page.get_by_text("music lessons at").first.is_visible() and not mail_server.letters
    page.get_by_role("button", name="Send November’s summaries").click()
    page.wait_for_url("**/runs/*/")
    run_jobs()
    assert len(mail_server.to(head_teacher.email)) == 1
    page.goto(url(rosa, "summaries_send", month="2026-11-01"))
    assert page.get_by_text("There is nothing left to send").is_visible()
