"""Who teaches where: no overlap, gaps allowed, ending keeps what was recorded (H1, P2)."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.schools.models import AcademicYear, School
from tutti.teaching.models import Allocation, Register
from tutti.teaching.models.allocation import allocate
from tutti.teaching.models.sheet import Sheet

pytestmark = pytest.mark.django_db
FIRST = Week.parse("2026-09-07")
LAST_RECORDED = Week.parse("2026-11-09")


@pytest.fixture
def year(northshire):
    return AcademicYear.objects.get(service=northshire)


@pytest.fixture
def free_school(northshire):
    return School.objects.filter(service=northshire, allocations=None).first()


def test_an_allocation_is_made_with_its_history(tess, free_school, year, rosa):
    made = allocate(tess, free_school, year, rosa, from_week=FIRST, until_week=FIRST + 10)
    event = Event.objects.about(made).get()
    assert (event.verb, event.by_name) == ("allocated", "Rosa Pike")
    assert event.after["teacher"] == "Tess Arden"


def test_asking_for_the_same_allocation_twice_makes_one(tess, free_school, year, rosa):
    weeks = {"from_week": FIRST, "until_week": FIRST + 10}
    first = allocate(tess, free_school, year, rosa, **weeks)
    assert allocate(tess, free_school, year, rosa, **weeks) == first
    assert free_school.allocations.count() == 1


def test_two_allocations_of_the_same_teacher_and_school_may_not_overlap(tess, free_school, year, rosa):
    """(P2)"""
    allocate(tess, free_school, year, rosa, from_week=FIRST, until_week=FIRST + 10)
    with pytest.raises(ValidationError, match="some of these weeks already"):
        allocate(tess, free_school, year, rosa, from_week=FIRST + 10, until_week=FIRST + 20)


def test_a_gap_between_two_is_allowed(tess, free_school, year, rosa):
    allocate(tess, free_school, year, rosa, from_week=FIRST, until_week=FIRST + 5)
    allocate(tess, free_school, year, rosa, from_week=FIRST + 8, until_week=FIRST + 20)
    weeks = [FIRST + 5, FIRST + 6, FIRST + 7, FIRST + 8]
    held = [free_school.allocations.in_week(week).count() for week in weeks]
    assert held == [1, 0, 0, 1]


def test_the_last_week_must_not_be_before_the_first(tess, free_school, year, rosa):
    with pytest.raises(ValidationError, match="must not be before"):
        allocate(tess, free_school, year, rosa, from_week=FIRST + 3, until_week=FIRST)


def test_ending_keeps_what_was_recorded(hannah, larkrise, rosa):
    """(P2)"""
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    recorded = Register.objects.filter(allocation=allocation).count()
    assert recorded
    allocation.end(rosa, LAST_RECORDED)
    assert Register.objects.filter(allocation=allocation).count() == recorded


def test_an_end_before_a_recorded_week_is_refused_and_says_which(hannah, larkrise, rosa):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    until = allocation.until_week
    with pytest.raises(ValidationError, match="is recorded up to the week commencing 9 November"):
        allocation.end(rosa, LAST_RECORDED - 1)
    allocation.refresh_from_db()
    assert allocation.until_week == until


def test_a_week_that_was_begun_but_not_confirmed_does_not_hold_up_the_end(hannah, larkrise, rosa):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    Sheet.open_to_write(hannah, allocation.pk, LAST_RECORDED + 1).fill_as_planned(hannah)
    allocation.end(rosa, LAST_RECORDED)
    assert Register.objects.filter(allocation=allocation, week=LAST_RECORDED + 1).exists()


def test_an_allocation_with_lessons_cannot_be_taken_back(hannah, larkrise, rosa):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    with pytest.raises(ValidationError, match="End the allocation instead"):
        allocation.remove(rosa)


def test_an_empty_one_can_be_taken_back_and_the_history_says_so(tess, rosa):
    allocation = Allocation.objects.filter(teacher=tess).first()
    pk = allocation.pk
    allocation.remove(rosa)
    assert not Allocation.objects.filter(pk=pk).exists()
    assert Event.objects.filter(thing="teaching.allocation", thing_id=pk, verb="took back the allocation").exists()


def test_a_teacher_sees_their_own_allocations_and_the_office_all(hannah, rosa, sam, northshire):
    assert {a.teacher_id for a in Allocation.objects.visible_to(hannah)} == {hannah.pk}
    assert Allocation.objects.visible_to(rosa).count() == Allocation.objects.filter(service=northshire).count()
    assert not Allocation.objects.visible_to(sam).filter(service=northshire).exists()


SPAN = st.tuples(st.integers(0, 30), st.integers(0, 10))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(SPAN, min_size=1, max_size=6))
def test_whatever_is_asked_for_no_week_has_two_allocations_of_a_pair(spans, tess, free_school, year, rosa):
    free_school.allocations.all().delete()
    for start, length in spans:
        try:
            allocate(tess, free_school, year, rosa, from_week=FIRST + start, until_week=FIRST + start + length)
        except ValidationError:
            continue
    for n in range(45):
        assert free_school.allocations.in_week(FIRST + n).count() <= 1
