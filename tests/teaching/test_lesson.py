"""Lessons: exactly one kind and length in any week, due when the rota says so, nothing changed in the past (P6, P7)."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.schools.models import TeachingWeek
from tutti.teaching.models import Allocation, Kind, Lesson, Line, Register
from tutti.teaching.models.lesson import Due, add_lesson, is_due
from tutti.teaching.models.lesson_end import carry_lesson_on, end_lesson
from tutti.teaching.models.sheet import Sheet

pytestmark = pytest.mark.django_db
FIRST = Week.parse("2026-09-07")
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


@pytest.fixture
def lesson(at_larkrise, hannah):
    return add_lesson(at_larkrise, hannah, kind=Kind.SMALL_GROUP, minutes=30, instrument="Violin", from_week=FIRST + 2)


def shape(lesson, week):
    found = lesson.shape_in(week)
    return (found.kind, found.minutes)


def due_in(lesson, week):
    number = TeachingWeek.objects.get(service=lesson.service, monday=week).lesson_number
    return Lesson.objects.due_in(week, number).filter(pk=lesson.pk).exists()


def test_a_change_holds_from_a_week_on_and_the_weeks_before_keep_theirs(lesson, hannah):
    """(P7)"""
    lesson.reshape(hannah, FIRST + 6, kind=Kind.INDIVIDUAL, minutes=20)
    assert shape(lesson, FIRST + 5) == (Kind.SMALL_GROUP, 30)
    assert shape(lesson, FIRST + 6) == shape(lesson, FIRST + 30) == (Kind.INDIVIDUAL, 20)


def test_a_change_dated_back_replaces_the_later_one(lesson, hannah):
    lesson.reshape(hannah, FIRST + 10, kind=Kind.INDIVIDUAL, minutes=20)
    lesson.reshape(hannah, FIRST + 4, kind=Kind.SMALL_GROUP, minutes=30)
    assert {shape(lesson, FIRST + n) for n in range(2, 30)} == {(Kind.SMALL_GROUP, 30)}


def test_no_change_is_no_event(lesson, hannah):
    assert lesson.reshape(hannah, FIRST + 6, kind=Kind.SMALL_GROUP, minutes=30) is False
    assert not Event.objects.about(lesson).filter(verb="changed the lesson").exists()


@pytest.mark.parametrize("week", [FIRST, FIRST + 1])
def test_a_lesson_cannot_change_before_it_begins(lesson, hannah, week):
    with pytest.raises(ValidationError, match="not given in that week"):
        lesson.reshape(hannah, week, kind=Kind.INDIVIDUAL, minutes=20)


@pytest.mark.parametrize("minutes", [0, 4, 301, 9999])
def test_the_database_refuses_absurd_minutes(at_larkrise, hannah, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        add_lesson(at_larkrise, hannah, kind=Kind.INDIVIDUAL, minutes=minutes, instrument="Violin")


CHANGES = st.lists(
    st.tuples(st.integers(2, 40), st.sampled_from([Kind.INDIVIDUAL, Kind.SMALL_GROUP]), st.sampled_from([20, 30])),
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_in_any_week_of_the_lesson_there_is_exactly_one_shape(changes, at_larkrise, hannah):
    lesson = add_lesson(
        at_larkrise, hannah, kind=Kind.SMALL_GROUP, minutes=30, instrument="Violin", from_week=FIRST + 2
    )
    wanted = dict.fromkeys(range(2, 45), (Kind.SMALL_GROUP, 30))
    for start, kind, minutes in changes:
        lesson.reshape(hannah, FIRST + start, kind=kind, minutes=minutes)
        wanted |= {n: (kind, minutes) for n in wanted if n >= start}
    assert {n: shape(lesson, FIRST + n) for n in wanted} == wanted


def test_a_form_sent_twice_makes_one_lesson(at_larkrise, hannah):
    once = uuid.uuid4()
    fields = {"kind": Kind.SMALL_GROUP, "minutes": 30, "instrument": "Violin", "once": once}
    assert add_lesson(at_larkrise, hannah, **fields) == add_lesson(at_larkrise, hannah, **fields)
    assert at_larkrise.lessons.filter(once=once).count() == 1


def test_two_forms_make_two_lessons_that_look_the_same(at_larkrise, hannah):
    fields = {"kind": Kind.SMALL_GROUP, "minutes": 30, "instrument": "Violin"}
    one = add_lesson(at_larkrise, hannah, **fields, once=uuid.uuid4())
    assert add_lesson(at_larkrise, hannah, **fields, once=uuid.uuid4()) != one


def test_a_lesson_begins_within_its_allocation(at_larkrise, hannah):
    with pytest.raises(ValidationError, match="not at this school"):
        add_lesson(
            at_larkrise,
            hannah,
            kind=Kind.INDIVIDUAL,
            minutes=20,
            instrument="Viola",
            from_week=at_larkrise.from_week - 1,
        )


def test_every_second_week(lesson, hannah):
    lesson.set_due(hannah, lesson.from_week, Due.ODD)
    lesson.refresh_from_db()
    weeks = TeachingWeek.objects.filter(service=lesson.service, monday__gte=lesson.from_week).lesson_weeks()
    assert all(due_in(lesson, week.monday) == (week.lesson_number % 2 == 1) for week in weeks[:10])
    assert lesson.due == Due.ODD


def test_a_new_rhythm_leaves_what_was_due_before_as_it_was(lesson, hannah):
    weeks = [week.monday for week in TeachingWeek.objects.filter(service=lesson.service).lesson_weeks()]
    so_far = [week for week in weeks if lesson.from_week <= week < THIS_WEEK]
    later = [week for week in weeks if week >= THIS_WEEK]
    lesson.set_due(hannah, THIS_WEEK, Due.ODD)
    assert all(due_in(lesson, week) for week in so_far)
    assert [due_in(lesson, week) for week in later[:4]].count(True) == 2


def test_p6_where_the_end_is_put_off_the_new_rhythm_goes_on(lesson, hannah, rosa):
    lesson.allocation.end(rosa, THIS_WEEK + 2)
    lesson.set_due(hannah, THIS_WEEK, Due.ODD)
    lesson.allocation.end(rosa, THIS_WEEK + 12)
    later = TeachingWeek.objects.filter(monday__gt=THIS_WEEK + 2, monday__lte=THIS_WEEK + 12).lesson_weeks()
    due = [due_in(lesson, week.monday) for week in later.filter(service=lesson.service)]
    assert due.count(True) == len(due) // 2 > 0


def test_a_rota_names_its_weeks(lesson, hannah):
    """(P6)"""
    named = [FIRST + 3, FIRST + 5]
    lesson.set_due(hannah, lesson.from_week, Due.ROTA, named)
    due = [
        n for n in range(2, 12) if TeachingWeek.objects.filter(monday=FIRST + n).exists() and due_in(lesson, FIRST + n)
    ]
    assert due == [3, 5]


@given(
    first=st.integers(0, 20),
    length=st.integers(0, 20),
    week=st.integers(0, 45),
    number=st.one_of(st.none(), st.integers(1, 33)),
    due=st.sampled_from(list(Due)),
)
def test_nothing_is_due_outside_of_its_span_or_in_a_spare_week(first, length, week, number, due):
    span = (FIRST + first, FIRST + first + length)
    found = is_due(due, {FIRST + week}, span, FIRST + week, number)
    inside = first <= week <= first + length and number is not None
    assert not found or inside
    if due == Due.EVERY:
        assert found == inside


@given(number=st.integers(1, 33))
def test_odd_and_even_share_every_lesson_week(number):
    span = (FIRST, None)
    assert is_due(Due.ODD, (), span, FIRST, number) != is_due(Due.EVEN, (), span, FIRST, number)


def test_ending_ends_the_places_and_keeps_what_was_recorded(hannah, at_larkrise):
    lesson = at_larkrise.lessons.filter(instrument="Cello").first()
    lines = Line.objects.filter(lesson=lesson).count()
    end_lesson(lesson, hannah, THIS_WEEK)
    assert set(lesson.places.values_list("until_week", flat=True)) == {THIS_WEEK}
    assert lines and Line.objects.filter(lesson=lesson).count() == lines


def test_an_end_before_the_first_week_is_refused_and_ends_no_place(hannah, at_larkrise):
    lesson = at_larkrise.lessons.filter(instrument="Cello").first()
    with pytest.raises(ValidationError, match="must not be before the first week"):
        end_lesson(lesson, hannah, lesson.from_week - 1)
    assert Lesson.objects.get(pk=lesson.pk).until_week is None
    assert set(lesson.places.values_list("until_week", flat=True)) == {None}


def test_the_last_recorded_week_may_be_the_last(hannah, at_larkrise):
    lesson = at_larkrise.lessons.filter(instrument="Cello").first()
    assert end_lesson(lesson, hannah, THIS_WEEK - 1)


def test_p9_what_was_begun_in_a_week_after_the_end_is_taken_off(hannah, at_larkrise):
    lesson = at_larkrise.lessons.filter(instrument="Cello").first()
    Sheet.open_to_write(hannah, at_larkrise.pk, THIS_WEEK).fill_as_planned(hannah)
    assert lesson.lines.filter(register__week=THIS_WEEK).exists()
    assert end_lesson(lesson, hannah, THIS_WEEK - 1)
    assert not lesson.lines.filter(register__week=THIS_WEEK).exists()
    assert Register.objects.get(allocation=at_larkrise, week=THIS_WEEK - 1).is_confirmed


def test_an_end_can_be_undone_with_everybody_in_it(hannah, at_larkrise):
    lesson = at_larkrise.lessons.filter(instrument="Cello").first()
    end_lesson(lesson, hannah, THIS_WEEK)
    carry_lesson_on(lesson, hannah)
    assert lesson.until_week is None
    assert set(lesson.places.values_list("until_week", flat=True)) == {None}


def test_what_a_register_speaks_of_cannot_be_taken_out(hannah, at_larkrise):
    lesson = at_larkrise.lessons.filter(instrument="Cello").first()
    with pytest.raises(ValidationError, match="End it instead"):
        lesson.remove(hannah)


def test_a_mistake_can_be_taken_out(lesson, hannah, at_larkrise):
    lesson.remove(hannah)
    assert not Lesson.objects.filter(instrument="Violin", from_week=FIRST + 2, allocation=at_larkrise).exists()
    assert Event.objects.about(at_larkrise).filter(verb="took out the lesson").exists()


def test_a_group_that_shrinks_to_one_stays_a_group(marcus, hannah, northshire):
    """Marnie is alone since Josiah left; only the office or the teacher makes it an individual lesson (P7)."""
    lesson = Lesson.objects.get(places__pupil__name="Josiah Bell")
    assert lesson.places.in_week(THIS_WEEK).count() == 1
    assert lesson.until_week is None
    assert shape(lesson, THIS_WEEK) == (Kind.SMALL_GROUP, 30)
