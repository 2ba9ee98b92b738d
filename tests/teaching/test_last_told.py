"""Corrections on the next summary: what the school was last told, and what is true now (S3, H17, R10, C5)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.teaching.small_school import FIFTH, NINETEENTH, NOVEMBER, OCTOBER, TWELFTH, SmallSchool, week
from tutti.core.calendar import Day, today
from tutti.teaching.models import Register, Summary
from tutti.teaching.models.correction import propose
from tutti.teaching.models.lock import lock_month
from tutti.teaching.models.month import figures_of
from tutti.teaching.models.summary import draft_of, make_summary
from tutti.teaching.models.summary_words import lesson_rows, pupil_rows

pytestmark = pytest.mark.django_db
DECEMBER_FIRST = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Europe/London"))
DECEMBER = Day(2026, 12, 1)


@pytest.fixture
def small(hannah, rosa):
    """One group and one pupil alone, recorded in October and told of; 19 October is not recorded."""
    small = SmallSchool(hannah, rosa)
    small.violin = small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.cello = small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH, absent={"Noah Castle": "absent", "Isla Fenwick": "ill"})
    small.record(TWELFTH)
    make_summary(small.school, OCTOBER)
    return small


def changed(small, in_week, **facts):
    """Open a week again and record it otherwise."""
    Register.objects.get(allocation=small.allocation, week=in_week).open_again(small.by, "opened again")
    small.record(in_week, **facts)


def told(small, month=NOVEMBER):
    """Every correction of the month's draft, as a school reads it."""
    return [
        (row["name"], row["weeks"], row["told"], row["now"], row["minutes"])
        for one in draft_of(small.school, month).told()["corrections"]
        for row in one["rows"]
    ]


def test_s3_a_mark_put_right_is_told_with_what_was_told_before_and_nothing_else_is(small):
    assert told(small) == []
    changed(small, FIFTH, absent={"Noah Castle": "present", "Isla Fenwick": "ill"})
    assert told(small) == [("Noah Castle", "5 Oct", "Absent", "Here", "")]
    draft = draft_of(small.school, NOVEMBER)
    assert draft.corrections == 1 and "1 correction to earlier months." in draft.in_a_sentence


def test_s3_a_lesson_that_was_not_given_after_all_takes_its_minutes_with_it(small):
    changed(small, TWELFTH, struck={small.violin: "teacher-ill"})
    assert told(small) == [
        ("Violin", "12 Oct", "Given, 30 minutes", "Not given: teacher ill, owed", "−30"),
        ("Noah Castle", "12 Oct", "Here", "Teacher ill, owed", ""),
        ("Zara Hughes", "12 Oct", "Here", "Teacher ill, owed", ""),
    ]
    (month,) = draft_of(small.school, NOVEMBER).told()["corrections"]
    assert month["month"] == "October 2026"
    assert month["sum"] == "1 lesson fewer given, 30 minutes fewer, 1 more owed"


def test_s3_a_late_register_is_told_once_it_is_in_and_not_while_it_is_missing(small):
    assert told(small) == []
    small.record(NINETEENTH)
    assert told(small)[:2] == [
        ("Cello", "19 Oct", "Not yet recorded", "Given, 20 minutes", "+20"),
        ("Violin", "19 Oct", "Not yet recorded", "Given, 30 minutes", "+30"),
    ]
    assert len(told(small)) == 5 and draft_of(small.school, NOVEMBER).corrections == 3


def test_r10_a_register_never_recorded_comes_late_into_a_locked_month_and_counts_as_a_change(small, northshire, rosa):
    """(R10, S3)"""
    lock_month(northshire, rosa, OCTOBER)
    small.record(NINETEENTH)
    assert ("Cello", "19 Oct", "Not yet recorded", "Given, 20 minutes", "+20") in told(small)


def test_s3_other_minutes_and_another_teacher_are_told(small, marcus):
    register = Register.objects.get(allocation=small.allocation, week=TWELFTH)
    register.open_again(small.by, "opened again")
    small.sheet(TWELFTH).set_minutes(small.teacher, small.cello.pk, 35)
    small.sheet(TWELFTH).confirm(small.teacher)
    register.lines.filter(lesson=small.violin).update(given_by=marcus)
    assert told(small) == [
        ("Cello", "12 Oct", "Given, 20 minutes", "Given, 35 minutes", "+15"),
        ("Violin", "12 Oct", "Given, 30 minutes", "Given, by Marcus Bellweather, 30 minutes", ""),
    ]


def test_s3_what_was_sent_keeps_its_figures_and_a_correction_is_told_once(small, clock):
    before = Summary.objects.get(school=small.school, month=OCTOBER).figures
    changed(small, FIFTH, absent={"Noah Castle": "present", "Isla Fenwick": "ill"})
    clock.move_to(DECEMBER_FIRST)
    november = make_summary(small.school, NOVEMBER)
    assert november.corrections == 1
    assert told(small, DECEMBER) == []
    assert Summary.objects.get(school=small.school, month=OCTOBER).figures == before


def test_s3_told_back_and_forth_each_summary_says_what_it_said_last(small, clock):
    changed(small, FIFTH, absent={"Noah Castle": "present", "Isla Fenwick": "ill"})
    clock.move_to(DECEMBER_FIRST)
    make_summary(small.school, NOVEMBER)
    clock.shift(timedelta(days=1))
    changed(small, FIFTH, absent={"Noah Castle": "absent", "Isla Fenwick": "ill"})
    assert told(small, DECEMBER) == [("Noah Castle", "5 Oct", "Here", "Absent", "")]
    clock.move_to(datetime(2027, 1, 5, 9, 0, tzinfo=ZoneInfo("Europe/London")))
    assert make_summary(small.school, DECEMBER).corrections == 1
    changed(small, FIFTH, absent={"Noah Castle": "present", "Isla Fenwick": "ill"})
    assert told(small, Day(2027, 1, 1)) == [("Noah Castle", "5 Oct", "Absent", "Here", "")]


def test_r10_an_accepted_correction_of_a_locked_month_is_told(small, northshire, rosa, hannah):
    lock_month(northshire, rosa, OCTOBER)
    sheet = small.sheet(FIFTH)
    noah = next(pupil for pupil in sheet.pupils if pupil.name == "Noah Castle")
    correction = propose(sheet.register, hannah, "He came later", marks={noah.key: small.reason("late")})
    assert told(small) == []
    correction.accept(rosa)
    assert told(small) == [("Noah Castle", "5 Oct", "Absent", "Late", "")]


def test_s3_an_instrument_or_a_name_put_right_is_no_correction(small):
    small.violin.change(small.by, instrument="Viola")
    small.cello.places.get().pupil.change(small.by, name="Isla Fenwicke")
    assert told(small) == []


def test_s3_what_was_made_up_later_is_told_in_its_own_month_and_is_no_correction(hannah, rosa):
    """(C5)"""
    small = SmallSchool(hannah, rosa)
    cello = small.lesson("Isla Fenwick", instrument="Cello")
    for one in (FIFTH, TWELFTH):
        small.record(one)
    small.record(NINETEENTH, struck={cello: "teacher-ill"})
    make_summary(small.school, OCTOBER)
    small.make_up(week(11, 2), cello, NINETEENTH)
    assert told(small) == []
    november = draft_of(small.school, NOVEMBER).figures
    assert november["totals"]["made_up"] == 1 and november["pupils"][0]["owed"] == 0


def test_s3_a_school_is_told_of_no_month_before_the_service_told_any(hannah, rosa):
    """A service that begins with Tutti in November tells nobody that October was recorded since."""
    Summary.objects.filter(service=rosa.service).delete()
    small = SmallSchool(hannah, rosa)
    small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH)
    assert told(small) == []


def test_s3_a_school_that_was_told_nothing_is_told_what_was_recorded_since(hannah, rosa):
    """Its lessons were set up after October's summaries had gone out (P9)."""
    small = SmallSchool(hannah, rosa)
    small.lesson("Isla Fenwick", instrument="Cello")
    assert told(small) == []
    small.record(FIFTH)
    assert told(small) == [
        ("Cello", "5 Oct", "No lesson", "Given, 20 minutes", "+20"),
        ("Isla Fenwick", "5 Oct", "Not due", "Here", ""),
    ]


def test_s3_figures_of_the_first_version_still_open_and_are_corrected(small):
    summary = Summary.objects.get(school=small.school, month=OCTOBER)
    summary.figures = first_version(summary.figures)
    summary.save()
    assert summary.told()["pupils"][0]["name"] == "Isla Fenwick" and summary.told()["corrections"] == []
    assert lesson_rows(summary.said) and pupil_rows(summary.said)
    assert told(small) == []
    changed(small, TWELFTH, struck={small.cello: "teacher-ill"})
    small.record(NINETEENTH, absent={"Noah Castle": "trip"})
    assert ("Cello", "12 Oct", "Given", "Not given: teacher ill, owed", "") in told(small)
    assert ("Noah Castle", "19 Oct", "Not yet recorded", "Trip, owed", "") in told(small)


def first_version(figures):
    new = {"made_up", "beside", "lines", "lesson", "promise"}
    rows = [
        {**t, "lessons": [{k: v for k, v in r.items() if k not in new - {"lesson"}} for r in t["lessons"]]}
        for t in figures["teachers"]
    ]
    pupils = [{k: v for k, v in p.items() if k not in new} for p in figures["pupils"]]
    totals = {k: v for k, v in figures["totals"].items() if k != "made_up"}
    old = {k: v for k, v in figures.items() if k != "corrections"}
    return {**old, "version": 1, "teachers": rows, "pupils": pupils, "totals": totals}


def test_s3_the_whole_year_is_compared_in_as_many_queries_as_one_month(small, clock, django_assert_num_queries):
    with django_assert_num_queries(16):
        draft_of(small.school, NOVEMBER)
    clock.move_to(datetime(2027, 6, 1, 9, 0, tzinfo=ZoneInfo("Europe/London")))
    for month in (Day(2026, 11, 1), Day(2026, 12, 1), Day(2027, 1, 1), Day(2027, 2, 1)):
        make_summary(small.school, month)
    with django_assert_num_queries(16):
        draft_of(small.school, Day(2027, 5, 1))


def test_s3_a_week_that_was_told_as_closed_too_late_and_counted_is_told_anew_once_it_is_open_again(hannah, rosa):
    """The word for it in the grid is not that of a week in which nothing was due."""
    small = SmallSchool(hannah, rosa)
    violin = small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.record(FIFTH, struck={violin: "closed-late"})
    make_summary(small.school, OCTOBER)
    Register.objects.get(allocation=small.allocation, week=FIFTH).open_again(small.by, "opened again")
    assert told(small) == [
        ("Violin", "5 Oct", "Not given: school closed, not told", "Not yet recorded", ""),
        ("Noah Castle", "5 Oct", "Closed late", "Not yet recorded", ""),
        ("Zara Hughes", "5 Oct", "Closed late", "Not yet recorded", ""),
    ]


def test_s3_a_pupil_with_two_lessons_that_nobody_recorded_yet_is_no_correction(small):
    """They start in a second lesson of that instrument after the month was told; its register is open again."""
    extra = small.lesson("Noah Castle", minutes=15, from_week=NINETEENTH)
    small.place(extra, "Isla Fenwick", NINETEENTH)
    assert told(small) == []
    (noah,) = [row for row in figures_of(small.school, OCTOBER, today())["pupils"] if row["name"] == "Noah Castle"]
    assert [cell["word"] for cell in noah["cells"]] == ["Absent", "✓", "Not yet recorded"]
