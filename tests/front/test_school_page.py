"""A school's page: its teachers with their registers, contacts, closures, summaries, history, area office (H9, H16)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week
from tutti.schools.models import School
from tutti.schools.models.contact import add_contact
from tutti.schools.models.school import add_school
from tutti.teaching.models import Allocation, Register

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(as_member, rosa, url, larkrise):
    """The page of a school, Larkrise unless said, as text."""
    client = as_member(rosa)

    def page(school=larkrise):
        response = client.get(url(rosa, "school", school.pk))
        assert response.status_code == 200
        return response.content.decode()

    return page


def test_it_shows_who_teaches_there_and_how_many_registers_are_recorded(page, hannah, larkrise):
    html = page()
    assert "Hannah Whitlock" in html
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    confirmed = Register.objects.confirmed().filter(allocation=allocation)
    lesson_weeks = confirmed.filter(week__lte=Week.current()).count()
    assert f"{lesson_weeks} of 10" in html


def test_a_register_that_is_missing_is_named_with_its_teacher_and_week(page, hannah, larkrise):
    assert "10 registers are missing" not in page()
    register = Register.objects.get(
        allocation__teacher=hannah, allocation__school=larkrise, week=Week.parse("2026-11-09")
    )
    register.lines.all().delete()
    register.delete()
    html = page()
    assert "1 register is missing" in html
    assert "week commencing 9 November" in html


def test_it_shows_whom_we_write_to_and_warns_when_there_is_nobody(page, larkrise):
    contact = larkrise.contacts.first()
    html = page()
    assert contact.email in html
    assert "Gets the summary" in html
    larkrise.contacts.all().delete()
    assert "the monthly summary reaches nobody" in page()


def test_it_shows_the_area_office_and_how_to_reach_it(page, larkrise):
    html = page()
    assert larkrise.office.name in html
    assert larkrise.office.phone in html
    assert larkrise.office.email in html


def test_it_tells_what_happened_in_words(page, larkrise, rosa):
    larkrise.change(rosa, town="Lower Tarn")
    larkrise.close_for_week(rosa, Week.parse("2026-12-07"), "Boiler broken")
    html = page()
    assert "Changed the school" in html
    assert "now Lower Tarn" in html
    assert "Week: 7 December 2026" in html
    assert "Why: Boiler broken" in html
    assert "18 November 2026, 10:00, Rosa" in html


def test_a_closed_school_leads_to_its_successor_and_back(page, larkrise, northshire, rosa):
    new = add_school(northshire, rosa, name="Larkfield Academy")
    larkrise.change(rosa, status="closed", succeeded_by=new)
    assert "This school was succeeded by another" in page()
    assert "Larkfield Academy" in page()
    assert "Successor of" in page(new)
    assert "Larkrise Primary School" in page(new)


def test_html_and_scripts_in_what_was_typed_stay_text(page, larkrise, rosa):
    larkrise.change(rosa, name="<script>x</script>", website="javascript:alert(1)")
    html = page()
    assert "<script>x" not in html
    assert 'href="javascript:' not in html


def test_a_school_with_nothing_says_what_comes_next(page, northshire, rosa):
    html = page(add_school(northshire, rosa, name="Larkfield"))
    assert "No teacher comes here this year" in html
    assert "None yet. The first one goes out after a month with teaching." in html


def test_it_costs_the_same_for_little_and_much(page, larkrise, northshire, rosa):
    def cost(school):
        page(school)
        with CaptureQueriesContext(connection) as queries:
            page(school)
        return len(queries)

    before = cost(larkrise)
    for number in range(12):
        add_contact(larkrise, rosa, name="Somebody", role="office", email=f"o{number}@x.example")
        larkrise.change(rosa, town=f"Town {number}")
    for row in School.objects.filter(service=northshire)[3:6]:
        row.change(rosa, succeeded_by=larkrise)
    assert cost(larkrise) == before


def test_teachers_get_403_and_the_other_service_404(as_member, hannah, sam, url, larkrise):
    assert as_member(hannah).get(url(hannah, "school", larkrise.pk)).status_code == 403
    assert as_member(sam).get(url(sam, "school", larkrise.pk)).status_code == 404
