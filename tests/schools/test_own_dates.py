"""A school's own term dates: what they close there, what stays, and what is open only there (W4)."""

import datetime as dt
import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import TermDates, Week, today
from tutti.core.history import Event
from tutti.schools.models import AcademicYear, Closure, OwnDates, School
from tutti.schools.models.closing import close_schools, open_again
from tutti.schools.models.own_dates import SchoolYear, set_own_dates
from tutti.teaching.models import Allocation, Register
from tutti.teaching.models.expected import Delivery

pytestmark = pytest.mark.django_db
D = dt.date
FIELDS = ("first_day", "last_day", "half_term_from", "half_term_until")
WEEK_BEFORE, HALF_TERM, WEEK_AFTER = Week(D(2027, 2, 8)), Week(D(2027, 2, 15)), Week(D(2027, 2, 22))


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


@pytest.fixture
def year(northshire):
    return AcademicYear.objects.filter(service=northshire).on(today())


@pytest.fixture
def spring(year):
    return year.terms.get(name="Spring")


@pytest.fixture
def earlier(spring):
    """The spring term with half term a week before the service's."""
    return TermDates(spring.first_day, spring.last_day, (D(2027, 2, 8), D(2027, 2, 12)))


@pytest.fixture
def address(url, rosa, larkrise, year):
    return url(rosa, "own_dates", larkrise.pk, year.pk)


@pytest.fixture
def send(office, address, year):
    """The form as it would be sent; `changes` such as first_day_1="..." replace one field of one term."""

    def send(**changes):
        terms = list(year.terms.all())
        data = {"form-TOTAL_FORMS": str(len(terms)), "form-INITIAL_FORMS": str(len(terms))}
        for number, term in enumerate(terms):
            data[f"form-{number}-name"] = term.name
            data |= {f"form-{number}-{field}": str(getattr(term, field)) for field in FIELDS}
        for name, value in changes.items():
            field, _, number = name.rpartition("_")
            data[f"form-{number}-{field}"] = value
        return office.post(address, data)

    return send


def closed(school, kind="own dates"):
    return [str(closure.week) for closure in school.closures.filter(kind=kind)]


def test_w4_a_week_that_the_school_s_own_half_term_empties_is_closed_and_the_other_is_open_only_there(
    send, office, address, larkrise, year
):
    numbers = {row.monday: row.number for row in year.weeks.all()}
    assert send(half_term_from_1="8 2 2027", half_term_until_1="12 2 2027").url == address
    assert closed(larkrise) == [str(WEEK_BEFORE)]
    assert larkrise.closures.get(week=WEEK_BEFORE).why == "The school’s own holidays"
    assert {row.monday: row.number for row in year.weeks.all()} == numbers
    page = html.unescape(office.get(address).content.decode())
    assert "Closed, the school’s own holidays</dt><dd>8 February</dd>" in page
    assert "Open only here, recorded in a spare week</dt><dd>15 February</dd>" in page
    assert 'value="8 2 2027"' in page


def test_w4_closed_by_its_own_dates_it_expects_nothing(northshire, year, larkrise, rosa, spring, earlier):
    def expected():
        (count,) = Delivery(northshire, year.weeks.filter(monday=WEEK_BEFORE), there).by_week()
        return count.expected

    there = Allocation.objects.filter(school=larkrise)
    assert expected() == there.count() == 2
    set_own_dates(larkrise, year, rosa, {spring: earlier})
    assert expected() == 0


def test_w4_a_day_of_school_that_is_left_keeps_the_week(send, larkrise):
    send(half_term_from_1="9 2 2027", half_term_until_1="19 2 2027")  # school on Monday 8 February
    assert closed(larkrise) == []
    send(first_day_1="12 1 2027")  # Monday 4 January is a holiday, and all that week; so is Monday 11 January
    assert closed(larkrise) == ["2027-01-04"]


def test_w4_other_dates_take_back_the_old_weeks_and_clearing_them_all(send, office, rosa, url, larkrise, year):
    send(half_term_from_1="8 2 2027", half_term_until_1="12 2 2027")
    send(half_term_from_1="22 2 2027", half_term_until_1="26 2 2027")
    assert closed(larkrise) == [str(WEEK_AFTER)]
    assert OwnDates.objects.get(school=larkrise).half_term_from == D(2027, 2, 22)
    event = Event.objects.about(larkrise).newest_first().first()
    assert (event.before["closed"], event.after["closed"]) == ("8 February", "22 February")
    assert event.after["Spring"].endswith("half term 22 February 2027 to 26 February 2027")
    office.post(url(rosa, "own_dates_clear", larkrise.pk, year.pk))
    assert closed(larkrise) == []
    assert not OwnDates.objects.filter(school=larkrise).exists()
    event = Event.objects.about(larkrise).newest_first().first()
    assert (event.verb, event.by_id, event.after) == ("set the school’s own dates", rosa.person_id, {})


def test_the_service_s_own_dates_sent_back_change_nothing(send, larkrise):
    before = Event.objects.count()
    send()
    assert not OwnDates.objects.filter(school=larkrise).exists()
    assert Event.objects.count() == before


def test_w4_a_week_with_a_confirmed_register_is_not_closed_and_is_named(send, office, address, larkrise):
    assert Register.objects.confirmed().filter(allocation__school=larkrise, week="2026-11-02").exists()
    send(half_term_from_0="26 10 2026", half_term_until_0="6 11 2026")
    assert closed(larkrise) == []
    page = office.get(address).content.decode()
    assert "Stays open, registers are recorded</dt><dd>2 November</dd>" in page


def test_w4_what_the_office_said_stays_and_the_holiday_comes_back_when_it_is_taken_back(
    year, larkrise, rosa, spring, earlier
):
    set_own_dates(larkrise, year, rosa, {spring: earlier})
    close_schools(year, rosa, School.objects.filter(pk=larkrise.pk), [WEEK_BEFORE], "Snow", "All schools")
    assert (closed(larkrise), closed(larkrise, "said")) == ([], [str(WEEK_BEFORE)])
    set_own_dates(larkrise, year, rosa, {})
    assert closed(larkrise, "said") == [str(WEEK_BEFORE)]
    set_own_dates(larkrise, year, rosa, {spring: earlier})
    open_again(larkrise.closures.get(), rosa, together=True)
    assert (closed(larkrise), closed(larkrise, "said")) == ([str(WEEK_BEFORE)], [])


def test_w4_when_the_service_moves_its_half_term_the_school_s_own_weeks_follow(year, larkrise, rosa, spring, earlier):
    set_own_dates(larkrise, year, rosa, {spring: earlier})
    terms = [(term.name, earlier if term == spring else term.dates) for term in year.terms.all()]
    lessons = [term.weeks.lesson_weeks().count() for term in year.terms.all()]
    year.set_terms(rosa, terms, lessons)
    assert closed(larkrise) == []  # the week is no teaching week any more
    terms = [(name, TermDates(spring.first_day, spring.last_day) if name == "Spring" else days) for name, days in terms]
    year.set_terms(rosa, terms, lessons)
    assert closed(larkrise) == [str(WEEK_BEFORE)]


def test_a_holiday_of_its_own_is_not_opened_by_itself(office, rosa, url, year, larkrise, spring, earlier):
    set_own_dates(larkrise, year, rosa, {spring: earlier})
    closure = larkrise.closures.get()
    page = office.get(url(rosa, "school", larkrise.pk)).content.decode()
    assert "own holidays" in page
    assert url(rosa, "closure_remove", closure.pk) not in page
    assert office.post(url(rosa, "closure_remove", closure.pk)).status_code == 404
    assert Closure.objects.filter(pk=closure.pk).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"half_term_from_1": "1 1 2027"}, "Half term must lie within its term."),
        ({"half_term_until_1": ""}, "Say when half term ends too."),
        ({"first_day_1": "tomorrow"}, "Type a day like"),
        ({"first_day_1": ""}, "Type a day, like"),
        ({"first_day_1": "15 12 2026"}, "This one must begin after that."),
        ({"first_day_0": "1 6 2026"}, "longer than half a year"),
        ({"first_day_0": "29 6 2026"}, "Is the month or year of this right?"),
        ({"last_day_2": "1 10 2027"}, "Is the month or year of this right?"),
        ({"name_0": "Michaelmas"}, "The terms of the year have changed meanwhile."),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_term_and_changes_nothing(send, larkrise, changes, words):
    response = send(**changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not OwnDates.objects.filter(school=larkrise).exists()


@pytest.mark.parametrize("data", [{}, {"form-TOTAL_FORMS": "x"}, {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}])
def test_a_form_that_came_to_pieces_is_refused(office, address, data):
    assert office.post(address, data).status_code == 422


def test_the_year_s_page_names_the_schools_and_costs_the_same_for_many(
    office, rosa, url, year, northshire, spring, earlier, larkrise
):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page = office.get(url(rosa, "year_of", year.pk)).content.decode()
        return len(queries), page.count("/dates/")

    set_own_dates(larkrise, year, rosa, {spring: earlier})
    first, named = cost()
    for school in School.objects.filter(service=northshire, office=larkrise.office):
        set_own_dates(school, year, rosa, {spring: earlier})
    again, more = cost()
    assert again == first
    assert more > named >= 1


def test_setting_them_takes_as_many_statements_for_many_weeks_as_for_one(year, larkrise, rosa, spring, earlier):
    def cost(dates):
        with CaptureQueriesContext(connection) as queries:
            set_own_dates(larkrise, year, rosa, {spring: dates})
        return len(queries)

    set_own_dates(larkrise, year, rosa, {spring: TermDates(D(2027, 1, 11), spring.last_day)})
    one = cost(earlier)
    assert cost(TermDates(D(2027, 2, 22), D(2027, 3, 1), None)) <= one
    assert len(closed(larkrise)) > 8


def test_only_those_who_manage_the_year_may(as_member, dilys, hannah, sam, url, larkrise, year):
    for member, status in ((dilys, 403), (hannah, 403), (sam, 404)):
        client = as_member(member)
        assert client.get(url(member, "own_dates", larkrise.pk, year.pk)).status_code == status
        assert client.post(url(member, "own_dates_clear", larkrise.pk, year.pk)).status_code == status


def test_a_school_without_own_dates_is_told_so(year, larkrise):
    kept = SchoolYear(larkrise, year)
    assert (kept.has_own, kept.empty, kept.only_here) == (False, [], [])
