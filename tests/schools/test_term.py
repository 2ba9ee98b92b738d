"""A service's year: terms, teaching weeks numbered through it, lesson weeks and spare weeks (W1 to W4)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tutti.core.calendar import TermDates, Week
from tutti.core.history import Event
from tutti.schools.models import AcademicYear
from tutti.schools.models.term import add_year, year_name

D = dt.date
AUTUMN = TermDates(D(2028, 9, 5), D(2028, 12, 20), (D(2028, 10, 23), D(2028, 10, 27)))
SPRING = TermDates(D(2029, 1, 3), D(2029, 3, 29), (D(2029, 2, 12), D(2029, 2, 16)))
SUMMER = TermDates(D(2029, 4, 16), D(2029, 7, 20), (D(2029, 5, 28), D(2029, 6, 1)))
TERMS = [("Autumn", AUTUMN), ("Spring", SPRING), ("Summer", SUMMER)]


@pytest.fixture
def year(northshire, rosa):
    return add_year(northshire, rosa, TERMS, [12, 10, 11])


def lessons(year):
    return [row.monday for row in year.weeks.lesson_weeks()]


def test_the_weeks_of_a_year_are_numbered_through_and_leave_holidays_out(year):
    """39 or 40 of them, with a school day each (W1)."""
    weeks = list(year.weeks.all())
    assert [row.number for row in weeks] == list(range(1, len(weeks) + 1))
    assert len(weeks) in (39, 40)
    mondays = {str(row.monday) for row in weeks}
    assert not mondays & {"2028-10-23", "2028-12-25", "2029-02-12", "2029-04-02", "2029-05-28"}
    assert {"2028-09-04", "2028-12-18", "2029-01-01"} <= mondays  # each has one school day at least


def test_the_cast_world_has_forty_weeks_of_them_thirty_three_lessons(northshire):
    """Week 11 of 40, lesson 10 of 33 (W2)."""
    year = AcademicYear.objects.filter(service=northshire).on(D(2026, 11, 18))
    assert year.count_weeks() == {"all": 40, "lesson": 33, "spare": 7}
    now = year.weeks.get(monday=Week(D(2026, 11, 16)))
    assert (now.number, now.lesson_number) == (11, 10)


def test_twelve_ten_and_eleven_lesson_weeks_are_thirty_three(year):
    """By term, numbered through the year (W2)."""
    by_term = [term.weeks.exclude(lesson_number=None).count() for term in year.terms.all()]
    assert by_term == [12, 10, 11]
    assert [row.lesson_number for row in year.weeks.lesson_weeks()] == list(range(1, 34))
    assert year.name == "2028/29"


def test_each_week_counts_in_one_month_and_none_in_august(northshire, rosa):
    """A term that starts on Tuesday 1 September (W3)."""
    first = TermDates(D(2037, 9, 1), D(2037, 12, 18))  # a Tuesday
    year = add_year(northshire, rosa, [("Autumn", first)], [12])
    week = year.weeks.first()
    assert (str(week.monday), week.month) == ("2037-08-31", D(2037, 9, 1))
    assert not year.weeks.filter(month=D(2037, 8, 1)).exists()


def test_a_month_without_a_monday_of_any_term_has_no_week(northshire, rosa):
    """The spring term ends on Thursday 1 April 2038, in a week that counts in March; summer begins in May (W3)."""
    spring = TermDates(D(2038, 1, 4), D(2038, 4, 1))
    summer = TermDates(D(2038, 5, 4), D(2038, 7, 21))  # a Tuesday after the bank holiday
    year = add_year(northshire, rosa, [("Spring", spring), ("Summer", summer)], [10, 10])
    last, first = year.weeks.filter(term__name="Spring").last(), year.weeks.filter(term__name="Summer").first()
    assert (str(last.monday), last.month) == ("2038-03-29", D(2038, 3, 1))
    assert (str(first.monday), first.month) == ("2038-05-03", D(2038, 5, 1))
    assert not year.weeks.filter(month=D(2038, 4, 1)).exists()
    assert first.number == last.number + 1


def test_bank_holidays_that_empty_a_week_take_its_number(northshire, rosa):
    """Half term from Tuesday leaves only May Day: no school day, so no teaching week and no number (W4)."""
    summer = TermDates(D(2038, 4, 19), D(2038, 7, 21), (D(2038, 5, 4), D(2038, 5, 7)))
    year = add_year(northshire, rosa, [("Summer", summer)], [10])
    mondays = [str(row.monday) for row in year.weeks.all()]
    assert "2038-05-03" not in mondays  # Monday is the early May bank holiday, the rest the half term
    numbers = dict(year.weeks.values_list("monday", "number"))
    assert numbers[Week(D(2038, 5, 10))] == numbers[Week(D(2038, 4, 26))] + 1


def test_lesson_weeks_can_be_marked_and_every_other_week_is_spare(year, rosa):
    """Those that are not lesson weeks are spare (W2)."""
    wanted = {row.monday for row in year.weeks.all() if row.number % 2}
    year.mark_lesson_weeks(rosa, wanted)
    assert set(lessons(year)) == wanted
    assert [row.lesson_number for row in year.weeks.lesson_weeks()] == list(range(1, len(wanted) + 1))
    event = Event.objects.about(year).newest_first().first()
    assert (event.verb, event.by_id) == ("marked the lesson weeks", rosa.person_id)
    year.mark_lesson_weeks(rosa, wanted)
    assert Event.objects.about(year).newest_first().first() == event


def test_marked_weeks_survive_when_a_day_is_put_right(year, rosa):
    weeks = [row.monday for row in year.weeks.filter(term__name="Autumn")]
    marked = {*weeks[1:13], *lessons(year)[12:]}
    year.mark_lesson_weeks(rosa, marked)
    moved = TermDates(AUTUMN.first_day, D(2028, 12, 21), AUTUMN.half_term)
    year.set_terms(rosa, [("Autumn", moved), *TERMS[1:]], [12, 10, 11])
    assert set(lessons(year)) == marked


def test_another_number_of_lesson_weeks_lays_them_out_anew(year, rosa):
    """10, 10 and 10 are 30 (W2)."""
    year.set_terms(rosa, TERMS, [10, 10, 10])
    autumn = list(year.weeks.filter(term__name="Autumn"))
    assert [bool(row.lesson_number) for row in autumn] == [True] * 10 + [False] * (len(autumn) - 10)
    assert year.count_weeks()["lesson"] == 30


def test_setting_the_terms_again_keeps_the_weeks_and_tells_what_changed(year, rosa):
    before = {row.monday: row.pk for row in year.weeks.all()}
    shorter = TermDates(SUMMER.first_day, D(2029, 7, 13), SUMMER.half_term)
    year.set_terms(rosa, [*TERMS[:2], ("Summer", shorter)], [12, 10, 11])
    after = {row.monday: row.pk for row in year.weeks.all()}
    assert after.items() <= before.items()
    assert {str(week) for week in before.keys() - after.keys()} == {"2029-07-16"}
    year.refresh_from_db()
    assert year.last_day == D(2029, 7, 13)
    event = Event.objects.about(year).newest_first().first()
    assert "2029-07-20" in event.before["Summer"]
    assert "2029-07-13" in event.after["Summer"]


def test_a_term_can_go_and_its_weeks_with_it(year, rosa):
    year.set_terms(rosa, TERMS[:2], [12, 10])
    assert [term.name for term in year.terms.all()] == ["Autumn", "Spring"]
    assert year.count_weeks()["lesson"] == 22


def test_two_terms_that_share_a_week_number_it_once(northshire, rosa):
    """A week is one teaching week (W1)."""
    autumn = TermDates(D(2030, 9, 3), D(2030, 12, 17))  # a Tuesday
    spring = TermDates(D(2030, 12, 19), D(2031, 3, 28))  # Thursday of the same week
    year = add_year(northshire, rosa, [("Autumn", autumn), ("Spring", spring)], [10, 10])
    shared = year.weeks.get(monday=Week(D(2030, 12, 16)))
    assert shared.term.name == "Autumn"


@pytest.mark.parametrize(
    ("terms", "numbers"),
    [
        ([("Autumn", AUTUMN), ("Spring", TermDates(D(2028, 12, 20), D(2029, 3, 29)))], [12, 10]),
        ([("Spring", SPRING), ("Autumn", AUTUMN)], [10, 12]),
        ([("Autumn", AUTUMN)], [30]),
    ],
)
def test_terms_that_overlap_or_have_more_lessons_than_weeks_are_refused(northshire, rosa, terms, numbers):
    with pytest.raises(ValidationError):
        add_year(northshire, rosa, terms, numbers)


def test_a_year_cannot_reach_into_another_of_the_same_service(year, northshire, rosa, southshire):
    """A week belongs to one academic year (W3)."""
    later = TermDates(D(2029, 7, 18), D(2030, 1, 18))
    with pytest.raises(ValidationError, match="reach into the academic year 2028/29"):
        add_year(northshire, rosa, [("Autumn", later)], [10])
    with pytest.raises(ValidationError, match="is there already"):
        add_year(northshire, rosa, TERMS, [12, 10, 11])


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (D(2026, 9, 1), D(2027, 7, 21), "2026/27"),
        (D(2027, 1, 4), D(2027, 7, 21), "2026/27"),
        (D(1999, 9, 1), D(2000, 7, 21), "1999/00"),
    ],
)
def test_a_year_is_called_after_its_two_years(first, last, name):
    assert year_name(first, last) == name


def test_in_the_holidays_the_year_to_come_is_the_year(year, northshire):
    years = AcademicYear.objects.filter(service=northshire)
    assert years.on(D(2028, 8, 15)) == year
    assert years.on(D(2029, 1, 1)) == year
    assert years.on(D(2035, 1, 1)) == year
