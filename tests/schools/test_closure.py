"""A school that is closed for a whole week: on its page, by form, with history (W4)."""

import pytest

from tutti.core.calendar import Week, today
from tutti.core.history import Event
from tutti.schools.models import AcademicYear, Closure

pytestmark = pytest.mark.django_db
WEEK = Week.parse("2026-12-07")


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


def test_saying_it_again_changes_the_reason_only(larkrise, rosa):
    larkrise.close_for_week(rosa, WEEK, "Snow")
    larkrise.close_for_week(rosa, WEEK, "Boiler broken")
    (closure,) = larkrise.closures.filter(week=WEEK)
    assert closure.why == "Boiler broken"


def test_a_closure_is_of_one_year(larkrise, rosa, northshire):
    year = AcademicYear.objects.filter(service=northshire).on(today())
    closure = larkrise.close_for_week(rosa, WEEK, "Snow")
    old = larkrise.close_for_week(rosa, Week.parse("2025-12-08"), "Snow")
    assert closure in larkrise.closures.of_year(year)
    assert old not in larkrise.closures.of_year(year)
    assert not larkrise.closures.of_year(None)


def test_the_office_says_which_week_and_the_page_shows_it(office, rosa, url, larkrise):
    address = url(rosa, "closure_add", larkrise.pk)
    page = office.get(address).content.decode()
    assert page.count('name="week"') == 40
    assert 'name="week" checked' not in page
    response = office.post(address, {"week": "2026-12-07", "why": "Boiler broken"})
    assert response.url == url(rosa, "school", larkrise.pk)
    html = office.get(response.url).content.decode()
    assert "Week commencing 7 December" in html
    assert "Boiler broken" in html
    assert '7 Dec</span> <span class="second">closed</span>' in office.get(address).content.decode()


@pytest.mark.parametrize(
    ("week", "why", "words"),
    [
        ("", "Snow", "Say which week."),
        ("2026-12-07", "", "Say why, in a few words."),
        ("2026-10-26", "Snow", "Choose a week."),
        ("2026-12-08", "Snow", "Choose a week."),
        ("odd", "Snow", "Choose a week."),
        ("2026-12-07", "x" * 201, "at most 200"),
    ],
)
def test_a_week_that_is_none_or_no_reason_is_refused(office, rosa, url, larkrise, week, why, words):
    before = larkrise.closures.count()
    response = office.post(url(rosa, "closure_add", larkrise.pk), {"week": week or [], "why": why})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert larkrise.closures.count() == before


def test_a_closure_is_taken_back_with_history(office, rosa, url, larkrise):
    closure = larkrise.close_for_week(rosa, WEEK, "Snow")
    address = url(rosa, "closure_remove", closure.pk)
    assert office.get(address).status_code == 405
    assert office.post(address).url == url(rosa, "school", larkrise.pk)
    assert not Closure.objects.filter(pk=closure.pk).exists()
    event = Event.objects.about(larkrise).newest_first().first()
    assert (event.verb, event.before["why"]) == ("open again for a week", "Snow")


def test_only_those_who_manage_the_year_of_this_service_may(as_member, dilys, sam, hannah, url, larkrise, rosa):
    closure = larkrise.close_for_week(rosa, WEEK, "Snow")
    for member, status in ((dilys, 403), (hannah, 403), (sam, 404)):
        client = as_member(member)
        assert client.get(url(member, "closure_add", larkrise.pk)).status_code == status
        assert client.post(url(member, "closure_remove", closure.pk)).status_code == status
    assert Closure.objects.filter(pk=closure.pk).exists()
