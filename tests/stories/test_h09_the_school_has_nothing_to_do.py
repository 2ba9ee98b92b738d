"""H9: the school has to do nothing. It needs no account; its own rota says who is called which week."""

import re
from datetime import date

import pytest

from tutti.core.calendar import Week
from tutti.core.letters import Letter
from tutti.people.models import Person
from tutti.teaching.models import Allocation, Lesson, Mark, Register, Summary
from tutti.teaching.models.expected import missing_registers

pytestmark = pytest.mark.browser
THIS_WEEK, LAST_WEEK = Week.parse("2026-11-16"), Week.parse("2026-11-09")


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
    phone.wait_for_load_state()
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
