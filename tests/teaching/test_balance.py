"""The one reckoning of due, had, owed and promise (C4), and what a line is paid and charged (C2, C3, R2)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.teaching.small_school import FIFTH, NINETEENTH, TWELFTH, SmallSchool
from tutti.core.calendar import Week
from tutti.teaching.models import Line, Mark, Place, Reason
from tutti.teaching.models.balance import Balance, PastMark, due_weeks, owed_weeks, reckon
from tutti.teaching.models.place_balances import Balances
from tutti.teaching.models.shape import Due
from tutti.teaching.models.sheet import Sheet

FIRST = Week.parse("2026-09-07")
WEEKS = [FIRST + n for n in range(20)]
marks = st.builds(
    lambda made, late, is_here, follows: PastMark(
        WEEKS[made], WEEKS[max(0, made - late)], is_here, follows == "counts", follows == "owed"
    ),
    st.integers(0, 19),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from(["counts", "owed", "nothing"]),
)


def once(found):
    """One mark a week and week that it is for, as the database holds them."""
    return list({(mark.week, mark.for_week): mark for mark in found}.values())


@given(st.lists(marks, max_size=40).map(once), st.sets(st.sampled_from(WEEKS)))
def test_c4_nothing_is_owed_twice_and_never_more_than_was_missed(found, due):
    balance = reckon(due, found)
    own = [mark for mark in found if not mark.is_make_up]
    assert balance.owed == len(owed_weeks(found)) <= sum(mark.owed for mark in own)
    assert balance.had == sum(mark.counts for mark in found)
    assert 0 <= balance.due <= len(due)


@given(st.lists(marks, max_size=40).map(once), st.sampled_from(WEEKS), st.integers(1, 3))
def test_c5_a_make_up_that_counts_lowers_what_is_owed_by_one_at_most(found, week, later):
    before = reckon(set(WEEKS), found)
    made = PastMark(week + later, week, is_here=True, counts=True, owed=False)
    after = reckon(set(WEEKS), once([*found, made]))
    assert before.owed - 1 <= after.owed <= before.owed


@given(st.integers(0, 12), st.integers(0, 12), st.sets(st.sampled_from(WEEKS)))
def test_p10_what_is_brought_along_was_due_as_well(had, owed, due):
    balance = reckon(due, [], had_before=had, owed_before=owed)
    assert balance == Balance(due=len(due) + had + owed, had=had, owed=owed)


@given(st.sampled_from([Due.EVERY, Due.ODD, Due.EVEN]), st.integers(0, 19), st.integers(0, 19))
def test_p6_odd_and_even_weeks_are_every_week_of_the_span(due, first, last):
    numbered = [(week, number + 1) for number, week in enumerate(WEEKS)]
    span = (WEEKS[first], WEEKS[max(first, last)])
    found = due_weeks(due, (), span, numbered)
    assert found <= {week for week in WEEKS if span[0] <= week <= span[1]}
    halves = due_weeks(Due.ODD, (), span, numbered) | due_weeks(Due.EVEN, (), span, numbered)
    assert halves == due_weeks(Due.EVERY, (), span, numbered)


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


@pytest.mark.django_db
def test_c4_every_page_reckons_as_the_register_does(northshire, hannah):
    """All of Hannah's places at a school: the register's sums are those of the other pages."""
    allocation = hannah.allocations.first()
    week = Week.parse("2026-11-16")
    sheet = Sheet.open(hannah, allocation.pk, week)
    places = Place.objects.filter(lesson__allocation=allocation)
    found = Balances(northshire, places, week)
    assert sheet.pupils
    assert {p.place_pk: p.balance for p in sheet.pupils} == {p.place_pk: found.of(p.place_pk) for p in sheet.pupils}


@pytest.mark.django_db
def test_c4_who_starts_within_the_year_is_promised_the_lesson_weeks_between(small, northshire):
    lesson = small.lesson("Ada Quill")
    numbers = [row.monday for row in small.allocation.teaching_weeks() if row.lesson_number]
    place = lesson.places.get()
    place.end(small.by, numbers[4])
    found = Balances(northshire, lesson.places.all(), NINETEENTH)
    assert found.of(place.pk).promise == 5
    northshire.promises = {"individual": 3}
    assert Balances(northshire, lesson.places.all(), NINETEENTH).of(place.pk).promise == 3


@pytest.mark.django_db
def test_c4_where_the_allocation_ends_nothing_more_is_due_or_promised_on_any_page(small, northshire):
    lesson = small.lesson("Ada Quill", "Bo Lark")
    small.allocation.end(small.by, TWELFTH)
    found = Balances(northshire, lesson.places.all(), NINETEENTH + 2)
    assert found.total == Balance(due=4, promise=4)


@pytest.mark.django_db
def test_r2_a_line_says_who_how_long_and_which_week(small, hannah):
    lesson = small.lesson("Ada Quill", minutes=20)
    sheet = small.sheet(FIFTH)
    sheet.set_minutes(hannah, lesson.pk, 25)
    small.record(FIFTH)
    line = Line.objects.get(lesson=lesson)
    assert (line.given_by, line.minutes, line.given, line.for_week) == (hannah, 25, True, FIFTH)


FOLLOWS = [  # code: counts, paid, charged, owed
    ("present ill absent forgot no-instrument kept trip-late late online concert", (True, True, True, False)),
    ("closed-late weather", (True, True, True, False)),
    ("event trip closed teacher-ill teacher-away", (False, False, False, True)),
    ("not-started", (False, False, False, False)),
]


@pytest.mark.django_db
def test_c2_the_default_reasons_have_the_trades_consequences(northshire):
    reasons = {reason.code: reason for reason in Reason.objects.filter(service=northshire, retired_from=None)}
    told = {code: follows for codes, follows in FOLLOWS for code in codes.split()}
    found = {code: (r.counts, r.paid, r.charged, r.owed) for code, r in reasons.items()}
    assert found == told


@pytest.mark.django_db
def test_c3_minutes_are_paid_and_charged_once_whoever_is_absent(small):
    group = small.lesson("Ada Quill", "Bo Lark", "Cy Moss", minutes=30)
    small.record(FIFTH, absent={"Ada Quill": "event", "Bo Lark": "event"})
    lines = Line.objects.filter(lesson=group)
    assert [line.minutes for line in lines.payable()] == [line.minutes for line in lines.chargeable()] == [30]
    assert Mark.objects.filter(line__lesson=group, reason__owed=True).count() == 2


@pytest.mark.django_db
def test_c3_a_lesson_nobody_had_is_neither_paid_nor_charged_unless_its_reason_says_so(small):
    lesson = small.lesson("Ada Quill")
    small.record(FIFTH, struck={lesson: "event"})
    small.record(TWELFTH, struck={lesson: "closed-late"})
    small.record(NINETEENTH, absent={"Ada Quill": "event"})
    lines = Line.objects.filter(lesson=lesson)
    assert [line.for_week for line in lines.payable()] == [line.for_week for line in lines.chargeable()] == [TWELFTH]


@pytest.mark.django_db
def test_r5_what_is_not_confirmed_is_neither_paid_nor_charged(small):
    small.lesson("Ada Quill")
    small.record(FIFTH, confirm=False)
    lines = Line.objects.filter(register__allocation=small.allocation)
    assert lines.exists() and not lines.payable().exists() and not lines.chargeable().exists()
    assert FIFTH.sunday - FIFTH.monday == timedelta(days=6)
