"""Places: this pupil in this lesson from a week until a week; moving keeps what was (H3, P3)."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.teaching.models import Allocation, Kind, Lesson, Mark, Place, Pupil
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.lesson_end import end_lesson
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.tap import tap

pytestmark = pytest.mark.django_db
FIRST = Week.parse("2026-09-07")
THIS_WEEK = Week.parse("2026-11-16")
BORN = Week.parse("2015-03-16").monday


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


@pytest.fixture
def group(at_larkrise, hannah):
    return add_lesson(at_larkrise, hannah, kind=Kind.SMALL_GROUP, minutes=30, instrument="Violin")


@pytest.fixture
def alone(at_larkrise, hannah):
    return add_lesson(at_larkrise, hannah, kind=Kind.INDIVIDUAL, minutes=20, instrument="Violin")


@pytest.fixture
def ada(larkrise, hannah):
    return find_or_add(larkrise, hannah, "Ada Quill", BORN)[0]


def test_moving_ends_one_place_and_begins_another(alone, group, ada, hannah):
    old = add_place(alone, ada, hannah, from_week=FIRST, asked_by_school=True)
    new = old.move(hannah, group, THIS_WEEK)
    assert (old.until_week, new.from_week, new.until_week) == (THIS_WEEK - 1, THIS_WEEK, None)
    assert new.asked_by_school
    assert Place.objects.filter(pupil=ada).in_week(THIS_WEEK).get() == new


def test_what_was_recorded_stays_with_the_old_place(hannah, at_larkrise, group):
    amelia = Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)
    marks = Mark.objects.filter(place=amelia).count()
    amelia.move(hannah, group, THIS_WEEK)
    assert marks and Mark.objects.filter(place=amelia).count() == marks


def test_moving_twice_with_one_form_moves_once(alone, group, ada, hannah):
    place = add_place(alone, ada, hannah, from_week=FIRST)
    first = place.move(hannah, group, THIS_WEEK)
    assert place.move(hannah, group, THIS_WEEK) == first
    assert Place.objects.filter(pupil=ada).count() == 2


def test_moving_back_the_next_week_carries_on_the_old_place(group, at_larkrise, ada, hannah):
    other = add_lesson(at_larkrise, hannah, kind=Kind.SMALL_GROUP, minutes=30, instrument="Viola")
    old = add_place(group, ada, hannah, from_week=FIRST)
    old.move(hannah, other, THIS_WEEK).move(hannah, group, THIS_WEEK)
    assert list(Place.objects.filter(pupil=ada).values_list("lesson", "until_week")) == [(group.pk, None)]


def test_nobody_is_moved_out_of_a_lesson_before_they_were_in_it(alone, group, ada, hannah):
    place = add_place(alone, ada, hannah, from_week=THIS_WEEK)
    with pytest.raises(ValidationError, match="from 16 November on"):
        place.move(hannah, group, THIS_WEEK - 1)


def test_an_individual_lesson_ends_with_its_pupil_s_place(alone, group, ada, hannah):
    add_place(alone, ada, hannah, from_week=FIRST).move(hannah, group, THIS_WEEK)
    alone.refresh_from_db()
    assert alone.until_week == THIS_WEEK - 1


def test_and_goes_on_with_it(alone, ada, hannah):
    place = add_place(alone, ada, hannah, from_week=FIRST)
    place.end(hannah, THIS_WEEK)
    place.carry_on(hannah)
    assert Lesson.objects.get(pk=alone.pk).until_week is None
    assert Place.objects.get(pk=place.pk).until_week is None


def test_p9_an_end_before_recorded_weeks_takes_the_marks_off_and_opens_them_again(hannah, at_larkrise):
    amelia = Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)
    assert amelia.end(hannah, THIS_WEEK - 2)
    assert Place.objects.get(pk=amelia.pk).until_week == THIS_WEEK - 2
    assert not Mark.objects.filter(place=amelia, line__register__week__gt=THIS_WEEK - 2).exists()
    assert not at_larkrise.registers.get(week=THIS_WEEK - 1).is_confirmed
    assert at_larkrise.registers.get(week=THIS_WEEK - 2).is_confirmed


def test_a_mark_that_is_not_confirmed_goes_with_the_end_and_the_history_keeps_it(hannah, at_larkrise):
    amelia = Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)
    assert tap(hannah, at_larkrise.pk, THIS_WEEK, amelia.pk, "here")
    assert amelia.end(hannah, THIS_WEEK - 1)
    assert not Mark.objects.filter(place=amelia, line__register__week=THIS_WEEK).exists()
    event = Event.objects.about(amelia).get(verb="took the marks after the last week off")
    assert event.before == {str(THIS_WEEK): "present"}


def test_nobody_carries_on_in_a_lesson_to_which_they_came_back(group, ada, hannah):
    old = add_place(group, ada, hannah, from_week=FIRST)
    old.end(hannah, FIRST + 3)
    add_place(group, ada, hannah, from_week=FIRST + 6)
    with pytest.raises(ValidationError, match="already"):
        old.carry_on(hannah)
    assert Place.objects.filter(pupil=ada).in_week(FIRST + 6).count() == 1


def test_a_group_does_not_end_with_its_last_pupil(group, ada, hannah):
    add_place(group, ada, hannah, from_week=FIRST).end(hannah, THIS_WEEK)
    assert Lesson.objects.get(pk=group.pk).until_week is None


def test_a_pupil_of_another_school_is_refused(group, hannah):
    stranger = Pupil.objects.exclude(school=group.allocation.school).first()
    with pytest.raises(ValidationError, match="another school"):
        add_place(group, stranger, hannah, from_week=FIRST)


def test_nobody_has_two_places_in_one_lesson(group, ada, hannah):
    add_place(group, ada, hannah, from_week=FIRST)
    with pytest.raises(ValidationError, match="already"):
        add_place(group, ada, hannah, from_week=THIS_WEEK)


def test_a_place_lies_within_its_lesson(group, ada, hannah):
    end_lesson(group, hannah, FIRST + 5)
    with pytest.raises(ValidationError, match="not given in that week"):
        add_place(group, ada, hannah, from_week=FIRST + 6)


def test_a_mistake_is_taken_out_with_its_lesson(alone, ada, hannah):
    add_place(alone, ada, hannah, from_week=FIRST).remove(hannah)
    assert not Lesson.objects.filter(pk=alone.pk).exists()
    assert Event.objects.about(ada).filter(verb="took out of the lesson").exists()


def test_a_place_with_marks_is_not_taken_out(hannah, at_larkrise):
    amelia = Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)
    with pytest.raises(ValidationError, match="has marks"):
        amelia.remove(hannah)


def test_a_teacher_sees_only_the_places_in_their_own_lessons(hannah, marcus, larkrise):
    """Noah has violin with Hannah and guitar with Marcus: one pupil, two places (P3)."""
    noah = Pupil.objects.get(name="Noah Castle", school=larkrise)
    assert [place.lesson.instrument for place in noah.places_for(hannah)] == ["Violin"]
    assert [place.lesson.instrument for place in noah.places_for(marcus)] == ["Guitar"]


MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 35)), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_however_a_pupil_is_moved_no_week_has_two_places_of_one_journey(moves, at_larkrise, larkrise, hannah):
    groups = [add_lesson(at_larkrise, hannah, kind=Kind.SMALL_GROUP, minutes=30, instrument="Viola") for _ in range(3)]
    ada, _ = find_or_add(larkrise, hannah, "Ada Quill", BORN)
    Place.objects.filter(pupil=ada).delete()
    place = add_place(groups[0], ada, hannah, from_week=FIRST)
    for to, week in moves:
        try:
            place = place.move(hannah, groups[to], FIRST + week)
        except ValidationError:
            continue
    for n in range(38):
        assert Place.objects.filter(pupil=ada).in_week(FIRST + n).count() == 1
