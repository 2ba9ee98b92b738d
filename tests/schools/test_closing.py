"""Closing schools for whole weeks: one, an area office's, or all; and taking it back as one (W4)."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week, today
from tutti.core.history import Event
from tutti.people.models import Office
from tutti.schools.models import AcademicYear, Closure, School
from tutti.schools.models.closing import close_schools, open_again, read_closings
from tutti.schools.models.school import add_school
from tutti.teaching.models import Allocation, Register
from tutti.teaching.models.expected import Delivery

pytestmark = pytest.mark.django_db
SNOW, AFTER = Week.parse("2026-12-07"), Week.parse("2027-01-11")
LAST_WEEK = Week.parse("2026-11-09")


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


@pytest.fixture
def year(northshire):
    return AcademicYear.objects.filter(service=northshire).on(today())


@pytest.fixture
def east():
    return Office.objects.get(name="East area office")


@pytest.fixture
def schools(northshire):
    return School.objects.filter(service=northshire).open()


@pytest.fixture
def close(office, rosa, url, year):
    """The year's page for closing, sent with these answers; the text of what comes back, redirects followed."""

    def close(who, *weeks, why="Snow", move="look"):
        data = {"who": who, "week": [str(week) for week in weeks], "why": why, "move": move}
        return html.unescape(office.post(url(rosa, "closing_add", year.pk), data, follow=True).content.decode())

    return close


def closed_in(week):
    return set(Closure.objects.filter(week=week).values_list("school", flat=True))


def test_w4_an_area_office_s_schools_are_closed_as_one_thing(close, east, schools, year):
    others = closed_in(SNOW)
    page = close(f"office-{east.pk}", SNOW, AFTER, move="save")
    area = set(schools.filter(office=east).values_list("pk", flat=True))
    assert len(area) == 9
    assert closed_in(SNOW) == others | area
    assert area <= closed_in(AFTER)
    rows = Closure.objects.filter(school__in=area, week__in=[SNOW, AFTER])
    assert len(set(rows.values_list("batch", flat=True))) == 1
    assert set(rows.values_list("scope", flat=True)) == {"East area office"}
    assert "9 schools closed in the weeks commencing 7 December and 11 January." in page
    assert page.count("Weeks commencing 7 December and 11 January</p>") == 1


def test_w4_all_schools_are_closed_but_not_those_that_have_closed_for_good(close, schools, northshire):
    close("all", SNOW, move="save")
    assert closed_in(SNOW) == set(schools.values_list("pk", flat=True))
    assert northshire.schools.count() == len(closed_in(SNOW)) + 1  # Hollin Moor Infant School


def test_w4_what_it_means_is_said_before_it_is_saved_and_what_is_recorded_stays(close, east, schools, year, northshire):
    held = Register.objects.confirmed().filter(week=LAST_WEEK, allocation__school__office=east)
    before = set(held.values_list("pk", "confirmed_by"))
    with_registers = held.values("allocation__school").distinct().count()
    page = close(f"office-{east.pk}", LAST_WEEK)
    assert "Close 9 schools in the week commencing 9 November?" in page
    assert f"{with_registers} schools have registers recorded" in page
    assert "Brackenholme School, 9 November: Idris Vale, Lena Farrow" in page
    assert closed_in(LAST_WEEK) == set(School.objects.filter(name="Staithe Lane Primary School").values_list(flat=True))

    close(f"office-{east.pk}", LAST_WEEK, move="save")
    assert set(held.values_list("pk", "confirmed_by")) == before != set()
    there = Allocation.objects.filter(school__office=east)
    (count,) = Delivery(northshire, year.weeks.filter(monday=LAST_WEEK), there).by_week()
    assert (count.expected, count.missing) == (0, 0)
    (elsewhere,) = Delivery(northshire, year.weeks.filter(monday=LAST_WEEK)).by_week()
    assert elsewhere.expected > 10


def test_a_school_added_to_the_area_later_is_open(close, east, northshire, rosa):
    close(f"office-{east.pk}", SNOW, move="save")
    new = add_school(northshire, rosa, name="Newbiggin School", office=east)
    assert new.pk not in closed_in(SNOW)


def test_going_back_keeps_what_was_typed(close, east):
    page = close(f"office-{east.pk}", SNOW, why="Heavy snow", move="back")
    assert 'value="2026-12-07" checked' in page
    assert 'value="Heavy snow"' in page
    assert not Closure.objects.filter(week=SNOW).exists()


def test_w4_it_is_opened_again_as_one_with_history_and_what_was_closed_before_stays(close, office, rosa, url, larkrise):
    larkrise.close_for_week(rosa, SNOW, "Boiler broken")
    page = close("all", SNOW)
    assert "1 school is closed already" in page
    close("all", SNOW, AFTER, move="save")
    closure = Closure.objects.filter(scope="All schools").first()
    response = office.post(url(rosa, "closing_remove", closure.pk), follow=True)
    assert "29 schools open again." in response.content.decode()
    assert list(Closure.objects.filter(week__gte=SNOW).said().values_list("school", "why")) == [
        (larkrise.pk, "Boiler broken")
    ]
    verbs = [e.verb for e in Event.objects.about(School.objects.get(name="Kelder Primary School")).newest_first()[:2]]
    assert verbs == ["open again for 2 weeks", "closed for 2 weeks"]
    assert office.post(url(rosa, "closing_remove", closure.pk)).status_code == 404


def test_one_school_of_many_can_be_open_after_all(close, office, rosa, url, larkrise):
    close("all", SNOW, move="save")
    closure = larkrise.closures.get(week=SNOW)
    assert office.post(url(rosa, "closure_remove", closure.pk)).url == url(rosa, "school", larkrise.pk)
    assert larkrise.pk not in closed_in(SNOW)
    assert len(closed_in(SNOW)) == 28


def test_the_same_said_twice_is_said_once(close, schools):
    close("all", SNOW, move="save")
    events = Event.objects.count()
    assert "Nothing is changed." in close("all", SNOW, move="save")
    assert Event.objects.count() == events
    assert Closure.objects.filter(week=SNOW).values("batch").distinct().count() == 1


def test_several_weeks_of_one_school_are_closed_from_its_page(office, rosa, url, larkrise):
    data = {"week": [str(SNOW), str(AFTER)], "why": "Building works"}
    response = office.post(url(rosa, "closure_add", larkrise.pk), data)
    assert response.url == url(rosa, "school", larkrise.pk)
    assert set(larkrise.closures.values_list("week", flat=True)) == {SNOW, AFTER}
    (closing,) = [one for one in read_closings(larkrise.closures.all()) if one.why == "Building works"]
    assert (closing.title, closing.words, closing.is_of_many) == (larkrise.name, "7 December and 11 January", False)


def test_a_week_of_one_school_with_registers_is_looked_at_first(office, rosa, url, larkrise):
    data = {"week": [str(LAST_WEEK)], "why": "Flood"}
    page = office.post(url(rosa, "closure_add", larkrise.pk), data).content.decode()
    assert "1 school has registers recorded" in page
    assert "Hannah Whitlock" in page
    assert not larkrise.closures.exists()
    office.post(url(rosa, "closure_add", larkrise.pk), {**data, "move": "save"})
    assert larkrise.closures.get().why == "Flood"


@pytest.mark.parametrize("who", ["", "office-0", "one", "everybody"])
def test_schools_that_are_none_are_refused(close, who):
    before = Closure.objects.count()
    page = close(who, SNOW, move="save")
    assert "Say which schools." in page or "Choose one of these." in page
    assert Closure.objects.count() == before


def test_the_office_of_another_service_is_not_offered_and_its_schools_stay_open(
    close, southshire, inside, office, rosa, url, year
):
    with inside(southshire):
        theirs = Office.objects.get(service=southshire).pk
    assert "Choose one of these." in close(f"office-{theirs}", SNOW, move="save")
    close("all", SNOW, move="save")
    with inside(southshire):
        assert not Closure.objects.filter(service=southshire).exists()


def test_closing_all_takes_no_more_statements_than_closing_one(rosa, year, schools):
    def cost(rows, week):
        with CaptureQueriesContext(connection) as queries:
            close_schools(year, rosa, rows, [week], "Snow", "some")
            open_again(Closure.objects.filter(week=week, scope="some").first(), rosa, together=True)
        return len(queries)

    assert cost(schools.filter(name="Kelder Primary School"), SNOW) == cost(schools, AFTER)


def test_closures_to_come_stand_on_the_office_s_home_page_as_one(close, office, rosa, url):
    close("all", AFTER, move="save")
    page = office.get(url(rosa, "home")).content.decode()
    coming = page.split("Closed weeks to come")[1].split("</section>")[0]
    assert coming.count("All schools") == 1
    assert "11 January" in coming
