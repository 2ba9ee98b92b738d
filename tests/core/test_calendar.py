"""Every sum with dates: weeks and months, teaching weeks, bank holidays, working days (W1 to W5)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as some

from tutti.core.calendar import (
    TermDates,
    Week,
    WeekConverter,
    WeekField,
    bank_holidays,
    first_of_month,
    is_working_day,
    month_of,
    next_month,
    previous_month,
    spell_weeks,
    spread_lesson_weeks,
    working_day,
    year_group,
)

settings.register_profile("tutti", deadline=None, database=None)  # the first look at a year reads its holidays
settings.load_profile("tutti")

D = dt.date
days = some.dates(D(2001, 1, 1), D(2090, 12, 31))
weeks = days.map(Week.of)


@some.composite
def terms(draw):
    first = draw(some.dates(D(2015, 1, 1), D(2035, 12, 31)))
    last = first + dt.timedelta(days=draw(some.integers(1, 120)))
    begin = draw(some.none() | some.dates(first, last))
    end = begin and min(last, begin + dt.timedelta(days=draw(some.integers(0, 9))))
    return TermDates(first, last, (begin, end) if begin else None)


@given(days)
def test_a_week_is_named_by_its_monday_and_holds_the_day(day):
    week = Week.of(day)
    assert week.monday.weekday() == 0
    assert week.monday <= day <= week.sunday
    assert Week.parse(str(week)) == week


@given(weeks, some.integers(-60, 60))
def test_weeks_add_and_take_away_whole_weeks(week, number):
    later = week + number
    assert later - number == week
    assert (later.monday - week.monday).days == 7 * number
    assert (later > week) == (number > 0)


@pytest.mark.parametrize("day", [D(2026, 11, 17), D(2026, 11, 22)])
def test_another_day_than_a_monday_names_no_week(day):
    """A week is named by its Monday (W1)."""
    with pytest.raises(ValueError):
        Week(day)
    with pytest.raises(ValidationError):
        WeekField().to_python(day)


def test_a_week_field_takes_mondays_in_any_form():
    week = Week(D(2026, 11, 16))
    assert WeekField().to_python("2026-11-16") == WeekField().to_python(D(2026, 11, 16)) == week
    assert WeekField().to_python(None) is None
    assert WeekField().get_prep_value("2026-11-16") == WeekField().get_prep_value(week) == D(2026, 11, 16)


@pytest.mark.parametrize("text", ["2026-11-17", "2026-13-01", "0001-01-01", "9999-12-27", "1999-12-27"])
def test_an_address_with_no_week_or_one_too_far_away_is_no_address(text):
    with pytest.raises(ValueError):
        WeekConverter().to_python(text)
    assert str(WeekConverter().to_python("2026-11-16")) == "2026-11-16"


@given(terms())
def test_a_teaching_week_has_at_least_one_school_day_and_no_week_with_one_is_left_out(term):
    """Over any term (W1)."""
    found = list(term.weeks)
    assert found == sorted(set(found))
    every = term.first_day
    school_days = set()
    while every <= term.last_day:
        if term.is_school_day(every):
            school_days.add(every)
        every += dt.timedelta(days=1)
    assert {Week.of(day) for day in school_days} == set(found)


@given(terms())
def test_school_days_lie_within_the_term_and_are_working_days_outside_half_term(term):
    for week in term.weeks:
        for day in week.weekdays:
            if term.is_school_day(day):
                assert term.first_day <= day <= term.last_day
                assert is_working_day(day)
                assert term.half_term is None or not term.half_term[0] <= day <= term.half_term[1]


@given(terms())
def test_every_week_of_a_term_belongs_to_one_month_never_before_the_term_begins(term):
    """Over any term (W3)."""
    months = [month_of(week, term.first_day) for week in term.weeks]
    assert months == sorted(months)
    assert all(month.day == 1 for month in months)
    assert all(month >= first_of_month(term.first_day) for month in months)
    assert all(month <= first_of_month(term.last_day) for month in months)


def test_a_week_belongs_to_the_month_of_its_monday():
    """Also where most of its days lie in the next (W3)."""
    first_day = D(2026, 9, 1)
    assert month_of(Week(D(2026, 9, 28)), first_day) == D(2026, 9, 1)  # Thursday to Saturday lie in October
    assert month_of(Week(D(2026, 11, 30)), first_day) == D(2026, 11, 1)


def test_a_term_that_begins_on_tuesday_the_first_of_september_makes_no_august_week():
    """The rule's own example (W3)."""
    term = TermDates(D(2026, 9, 1), D(2026, 12, 18))
    first = next(term.weeks)
    assert first.monday == D(2026, 8, 31)
    assert month_of(first, term.first_day) == D(2026, 9, 1)


def test_a_month_with_no_monday_of_the_term_gets_no_week_of_it():
    """School on Thursday 1 and Friday 2 October counts in September (W3)."""
    term = TermDates(D(2026, 9, 1), D(2026, 10, 2))
    assert {month_of(week, term.first_school_day) for week in term.weeks} == {D(2026, 9, 1)}


def test_a_term_that_begins_in_the_middle_of_a_week_takes_that_week_into_its_own_month():
    """Friday 1 January is a holiday, so Monday 4 begins; from Friday 1 October there is no September week (W3)."""
    spring = TermDates(D(2027, 1, 1), D(2027, 3, 25))
    assert (next(spring.weeks).monday, month_of(next(spring.weeks), spring.first_school_day)) == (
        D(2027, 1, 4),
        D(2027, 1, 1),
    )
    late = TermDates(D(2027, 10, 1), D(2027, 12, 17))
    assert (next(late.weeks).monday, month_of(next(late.weeks), late.first_school_day)) == (
        D(2027, 9, 27),
        D(2027, 10, 1),
    )


def test_a_term_that_begins_on_a_bank_holiday_belongs_to_the_month_of_its_first_school_day():
    """The first day on which there is school decides (W3)."""
    term = TermDates(D(2026, 8, 31), D(2026, 12, 18))  # the summer bank holiday
    assert term.first_school_day == D(2026, 9, 1)
    assert month_of(next(term.weeks), term.first_school_day) == D(2026, 9, 1)
    assert TermDates(D(2026, 9, 2), D(2026, 12, 18)).first_school_day == D(2026, 9, 2)
    assert TermDates(D(2026, 12, 25), D(2026, 12, 28)).first_school_day == D(2026, 12, 25)  # no school day at all


def test_a_whole_week_of_half_term_is_no_teaching_week_and_a_day_short_of_one_is():
    """One school day makes a teaching week (W1)."""
    holiday = (D(2026, 10, 26), D(2026, 10, 30))
    whole = TermDates(D(2026, 9, 1), D(2026, 12, 18), holiday)
    short = TermDates(D(2026, 9, 1), D(2026, 12, 18), (D(2026, 10, 26), D(2026, 10, 29)))
    assert Week(D(2026, 10, 26)) not in list(whole.weeks)
    assert Week(D(2026, 10, 26)) in list(short.weeks)


def test_a_bank_holiday_alone_empties_no_week():
    """They matter only where they empty a week (W4)."""
    assert D(2026, 5, 4) in bank_holidays(2026)
    assert Week(D(2026, 5, 4)) in list(TermDates(D(2026, 4, 13), D(2026, 7, 21)).weeks)


def test_a_bank_holiday_that_is_the_only_day_left_empties_its_week():
    """They matter only where they empty a week (W4)."""
    ends_on_may_day = TermDates(D(2026, 4, 13), D(2026, 5, 4))
    assert Week(D(2026, 5, 4)) not in list(ends_on_may_day.weeks)
    half_term = (D(2026, 5, 26), D(2026, 5, 29))  # Tuesday to Friday; Monday is the spring bank holiday
    assert D(2026, 5, 25) in bank_holidays(2026)
    assert Week(D(2026, 5, 25)) not in list(TermDates(D(2026, 4, 13), D(2026, 7, 21), half_term).weeks)


def test_bank_holidays_are_the_observed_ones():
    """A substitute stands for the day itself (W4)."""
    assert {D(2027, 12, 27), D(2027, 12, 28)} <= bank_holidays(2027)  # Christmas on a Saturday
    assert D(2027, 12, 25) not in bank_holidays(2027)
    assert D(2026, 12, 28) in bank_holidays(2026)  # Boxing Day on a Saturday
    assert D(2028, 1, 3) in bank_holidays(2028)  # New Year on a Saturday
    assert len(bank_holidays(2026)) == 8


@given(days, some.integers(1, 12))
def test_the_nth_working_day_has_n_working_days_up_to_it(day, number):
    found = working_day(day, number)
    first = first_of_month(day)
    between = [first + dt.timedelta(days=n) for n in range((found - first).days + 1)]
    assert is_working_day(found)
    assert sum(map(is_working_day, between)) == number


def test_the_first_working_day_leaves_new_year_and_week_ends_out():
    assert working_day(D(2027, 1, 1), 1) == D(2027, 1, 4)
    assert working_day(D(2026, 11, 15), 1) == D(2026, 11, 2)
    assert working_day(D(2026, 12, 1), 1) == D(2026, 12, 1)


@given(days)
def test_the_next_month_and_the_one_before_come_back_to_the_same(day):
    month = first_of_month(day)
    assert previous_month(next_month(month)) == month
    assert next_month(previous_month(month)) == month
    assert (next_month(month) - month).days in (28, 29, 30, 31)


@given(some.lists(weeks, unique=True, max_size=20).map(sorted), some.integers(0, 25))
def test_lessons_come_first_and_spare_weeks_are_left_at_the_end(found, wanted):
    lessons = spread_lesson_weeks(found, wanted)
    assert len(lessons) == min(wanted, len(found))
    assert all(lesson < spare for lesson in lessons for spare in set(found) - lessons)


@pytest.mark.parametrize(
    ("mondays", "words"),
    [
        ([], ""),
        ([D(2026, 10, 5)], "5 October"),
        ([D(2026, 10, 5), D(2026, 10, 12), D(2026, 10, 19)], "5, 12 and 19 October"),
        ([D(2026, 10, 19), D(2026, 11, 2)], "19 October and 2 November"),
    ],
)
def test_mondays_are_spelled_as_people_write_them(mondays, words):
    assert spell_weeks(map(Week, mondays)) == words


@pytest.mark.parametrize(
    ("born", "day", "group"),
    [
        (D(2022, 8, 31), D(2026, 9, 1), 0),  # four on the last day: Reception
        (D(2022, 9, 1), D(2026, 9, 1), None),
        (D(2022, 9, 1), D(2027, 9, 1), 0),
        (D(2016, 3, 14), D(2026, 8, 31), 5),
        (D(2016, 3, 14), D(2026, 9, 1), 6),
        (D(2016, 3, 14), D(2027, 7, 21), 6),
        (D(2016, 2, 29), D(2026, 11, 18), 6),
        (D(2009, 5, 1), D(2026, 11, 18), 13),
        (D(2008, 5, 1), D(2026, 11, 18), None),
    ],
)
def test_a_year_group_follows_from_the_age_on_the_last_day_of_august(born, day, group):
    assert year_group(born, day) == group


@given(some.dates(D(2001, 1, 1), D(2030, 12, 31)), some.dates(D(2019, 9, 1), D(2040, 8, 31)))
def test_a_year_later_everybody_is_one_group_higher_or_has_left(born, day):
    before, after = year_group(born, day), year_group(born, Week.of(day).monday + dt.timedelta(days=366 + 6))
    if before is not None and day.month not in (8, 9):
        assert after in (before + 1, None)
        assert after is not None or before == 13
