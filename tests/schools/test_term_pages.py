"""The year's page: terms, lesson weeks, the next year, and what is typed wrongly."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import today
from tutti.people.models import MusicService
from tutti.people.models.member import add_member
from tutti.schools.models import AcademicYear

pytestmark = pytest.mark.django_db

NEXT = [
    ("Autumn", "1 9 2027", "17 12 2027", "25 10 2027", "29 10 2027", "12"),
    ("Spring", "4 1 2028", "31 3 2028", "14 2 2028", "18 2 2028", "10"),
    ("Summer", "18 4 2028", "21 7 2028", "29 5 2028", "2 6 2028", "11"),
]
FIELDS = ("name", "first_day", "last_day", "half_term_from", "half_term_until", "lessons")


def typed(terms=NEXT, **changes):
    """What the form sends; `changes` such as first_day_0="..." replace one field of one term."""
    data = {"form-TOTAL_FORMS": str(len(terms)), "form-INITIAL_FORMS": str(len(terms))}
    for number, term in enumerate(terms):
        data |= {f"form-{number}-{field}": value for field, value in zip(FIELDS, term, strict=True)}
    for name, value in changes.items():
        field, _, number = name.rpartition("_")
        data[f"form-{number}-{field}"] = value
    return data


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


@pytest.fixture
def year(northshire):
    return AcademicYear.objects.filter(service=northshire).on(today())


@pytest.fixture
def add(office, rosa, url):
    def add(**changes):
        return office.post(url(rosa, "year_add"), typed(**changes))

    return add


def test_the_page_shows_each_week_under_its_month_with_its_numbers(office, rosa, url, year):
    response = office.get(url(rosa, "year"))
    assert response.url == url(rosa, "year_of", year.pk)
    html = office.get(response.url).content.decode()
    assert "<b>40 teaching weeks</b>, of them <b>33 lesson weeks</b> and 7 spare weeks." in html
    assert "week 11, lesson 10" in html
    assert "16 Nov, now" in html
    assert html.count('name="week"') == 40
    assert html.count('name="week" value="') - html.count("checked>") == 7


def test_lesson_weeks_are_marked_with_ticks(office, rosa, url, year):
    weeks = [str(row.monday) for row in year.weeks.lesson_weeks()]
    response = office.post(url(rosa, "lesson_weeks", year.pk), {"week": weeks[:30]})
    assert response.url == url(rosa, "year_of", year.pk)
    assert [str(row.monday) for row in year.weeks.lesson_weeks()] == weeks[:30]
    office.post(url(rosa, "lesson_weeks", year.pk), {})
    assert [str(row.monday) for row in year.weeks.lesson_weeks()] == weeks[:30]  # recorded weeks keep their number


@pytest.mark.parametrize("week", ["2026-10-26", "2026-11-17", "odd", "0001-01-01"])
def test_a_week_that_is_no_teaching_week_cannot_be_marked(office, rosa, url, year, week):
    before = [row.monday for row in year.weeks.lesson_weeks()]
    office.post(url(rosa, "lesson_weeks", year.pk), {"week": [week]})
    assert [row.monday for row in year.weeks.lesson_weeks()] == before


def test_the_next_year_is_prepared_from_the_dates_of_this_one(office, rosa, url, year):
    html = office.get(url(rosa, "year_add")).content.decode()
    assert f"These are the dates of {year}, 52 weeks on." in html
    assert 'value="31 8 2027"' in html  # 1 September 2026 and 364 days
    assert 'value="12"' in html


def test_a_year_is_added_and_shown(add, northshire, url, rosa):
    response = add()
    added = AcademicYear.objects.get(service=northshire, name="2027/28")
    assert response.url == url(rosa, "year_of", added.pk)
    assert added.count_weeks()["lesson"] == 33
    assert added.terms.get(name="Spring").half_term_from.isoformat() == "2028-02-14"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_day_0": "1 9 2026"}, "The last day must be after the first day."),
        ({"first_day_1": "10 12 2027"}, "The term before it ends on 17 December 2027. This one must begin after that."),
        ({"half_term_from_0": "25 8 2027"}, "Half term must lie within its term."),
        ({"half_term_until_0": "20 12 2027"}, "Half term must lie within its term."),
        ({"half_term_until_0": "20 10 2027"}, "Half term cannot end before it begins."),
        ({"half_term_until_0": ""}, "Say when half term ends too."),
        ({"half_term_from_0": ""}, "Say when half term begins too."),
        ({"lessons_0": "20"}, "This term has 15 teaching weeks. There cannot be more lesson weeks."),
        ({"lessons_0": "x"}, "Type a number."),
        ({"lessons_0": ""}, "Say how many lesson weeks this term has."),
        ({"lessons_0": "-1"}, "greater than or equal to 0"),
        ({"first_day_0": "4 9 2027"}, "4 September 2027 is a Saturday. Type the school day."),
        ({"first_day_0": "1 9 0027"}, "Type a year between 2000 and 2100."),
        ({"last_day_2": "21 7 9999"}, "Type a year between 2000 and 2100."),
        ({"last_day_2": "20 7 2029"}, "longer than half a year"),
        ({"first_day_0": "tomorrow"}, "Type a day like"),
        ({"first_day_0": ""}, "Type a day, like"),
        ({"first_day_0": "21 7 2027", "last_day_2": "14 7 2028"}, "These dates reach into the academic year 2026/27."),
    ],
)
def test_what_is_wrong_is_said_at_its_term_and_nothing_is_lost(add, northshire, changes, words):
    response = add(**changes)
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert "govuk-error-summary" in html
    assert 'value="18 4 2028"' in html
    assert not AcademicYear.objects.filter(service=northshire, name="2027/28").exists()


def test_a_bank_holiday_at_either_end_of_a_term_does_no_harm(add, northshire):
    assert add(first_day_0="30 8 2027", last_day_0="27 12 2027", first_day_1="3 1 2028").status_code == 302
    autumn = AcademicYear.objects.get(service=northshire, name="2027/28").weeks.filter(term__name="Autumn")
    first, last = autumn.first(), autumn.last()
    assert (str(first.monday), first.month.isoformat()) == ("2027-08-30", "2027-08-01")  # school begins on the 31st
    assert str(last.monday) == "2027-12-20"  # the 27th alone is a bank holiday


def test_a_year_too_long_is_refused(office, rosa, url, northshire):
    terms = [
        NEXT[0],
        ("Spring", "4 1 2028", "23 6 2028", "", "", "10"),
        ("Summer", "1 8 2028", "22 12 2028", "", "", "10"),
    ]
    response = office.post(url(rosa, "year_add"), typed(terms))
    assert response.status_code == 422
    assert "The year would be longer than 52 weeks." in response.content.decode()


@pytest.mark.parametrize("data", [{}, {"form-TOTAL_FORMS": "x"}, {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}])
def test_a_form_that_came_to_pieces_is_refused(office, rosa, url, year, data):
    assert office.post(url(rosa, "year_add"), data).status_code == 422
    assert office.post(url(rosa, "year_of", year.pk), data).status_code == 422


def test_the_terms_of_this_year_are_changed(office, rosa, url, year, northshire):
    terms = []
    for term in year.terms.all():
        dates = (term.first_day, term.last_day, term.half_term_from, term.half_term_until)
        lessons = str(term.weeks.lesson_weeks().count())
        terms.append((term.name, *(str(day) for day in dates), lessons))
    marked = [row.monday for row in year.weeks.lesson_weeks()]
    response = office.post(url(rosa, "year_of", year.pk), typed(terms, last_day_0="17 12 2026"))
    assert response.status_code == 302
    assert year.terms.first().last_day.isoformat() == "2026-12-17"
    assert [row.monday for row in year.weeks.lesson_weeks()] == marked
    refused = office.post(url(rosa, "year_of", year.pk), typed(terms, last_day_0="17 12 2025"))
    assert refused.status_code == 422
    assert 'name="week"' in refused.content.decode()


def test_a_service_without_a_year_is_asked_for_its_first(as_member, url, inside, northshire):
    new = MusicService.objects.create(name="Eastshire", slug="eastshire")
    with inside(new):
        member = add_member(new, None, name="Eve", email="eve@eastshire.example", roles=["office"])
        office = as_member(member)
        assert office.get(url(member, "year")).url == url(member, "year_add")
        assert "Set the terms of the year" in office.get(url(member, "year_add")).content.decode()
        assert office.post(url(member, "year_add"), typed()).status_code == 302
        assert AcademicYear.objects.get(service=new).count_weeks()["lesson"] == 33


def test_other_services_and_teachers_do_not_see_the_year(as_member, sam, hannah, url, year):
    assert as_member(sam).get(url(sam, "year_of", year.pk)).status_code == 404
    assert as_member(sam).post(url(sam, "lesson_weeks", year.pk), {"week": []}).status_code == 404
    assert as_member(hannah).get(url(hannah, "year")).status_code == 403
    assert year.weeks.lesson_weeks().count() == 33


def test_the_page_costs_the_same_for_any_number_of_weeks(add, office, rosa, url, year, northshire):
    def cost(pk):
        with CaptureQueriesContext(connection) as queries:
            office.get(url(rosa, "year_of", pk))
        return len(queries)

    office.get(add().url)  # takes the message that it was added
    other = AcademicYear.objects.get(service=northshire, name="2027/28")
    before = cost(other.pk)
    other.weeks.filter(number__gt=3).delete()
    assert cost(other.pk) == before


def test_weeks_that_hold_registers_stay_in_their_term_and_keep_their_number(as_member, rosa, url, northshire):
    year = northshire.years.get(name="2026/27")
    weeks = [row for row in year.weeks.all() if row.lesson_number]
    kept = [str(row.monday) for row in weeks if row.lesson_number != 2]
    html = as_member(rosa).post(url(rosa, "lesson_weeks", year.pk), {"week": kept}, follow=True).content.decode()
    assert "Lessons are recorded up to" in html
    assert [row.lesson_number for row in year.weeks.all() if row.lesson_number] == [row.lesson_number for row in weeks]


def test_a_superscript_is_no_number_of_a_school(as_member, rosa, url):
    assert as_member(rosa).get(url(rosa, "schools") + "?q=²").status_code == 200
