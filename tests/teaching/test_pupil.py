"""Pupils: a name, a birthday and a school; one child is one pupil; nobody sees what is not theirs (H2, P3, P4)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.teaching.models import Allocation, Pupil
from tutti.teaching.models.pupil import NewLesson, check_birthday, find_or_add, set_up_pupil, tidy_name

pytestmark = pytest.mark.django_db
BORN = dt.date(2015, 3, 14)
VIOLIN = NewLesson("individual", 20, "Violin")
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


@pytest.mark.parametrize("again", ["Ada Quill", "ada quill", "  Ada   Quill ", "ADA QUILL"])
def test_the_same_name_and_birthday_is_the_same_child(larkrise, hannah, again):
    ada, is_new = find_or_add(larkrise, hannah, "Ada Quill", BORN)
    assert is_new
    assert find_or_add(larkrise, hannah, again, BORN) == (ada, False)


def test_an_accent_typed_in_two_ways_is_the_same_child(larkrise, hannah):
    zoe, _ = find_or_add(larkrise, hannah, "Zoe\u0308 Lund", BORN)
    assert find_or_add(larkrise, hannah, "Zo\u00eb Lund", BORN) == (zoe, False)


def test_another_birthday_or_another_school_is_another_child(larkrise, hannah):
    ada, _ = find_or_add(larkrise, hannah, "Ada Quill", BORN)
    elsewhere = Allocation.objects.filter(teacher=hannah).exclude(school=larkrise).first().school
    assert find_or_add(larkrise, hannah, "Ada Quill", BORN + dt.timedelta(days=1))[0] != ada
    assert find_or_add(elsewhere, hannah, "Ada Quill", BORN)[0] != ada


@pytest.mark.parametrize("day", [dt.date(2026, 11, 19), dt.date(2062, 3, 14)])
def test_a_birthday_to_come_is_refused(day):
    with pytest.raises(ValidationError, match="must be in the past"):
        check_birthday(day)


@pytest.mark.parametrize("day", [dt.date(1915, 3, 14), dt.date(2000, 12, 31), dt.date(1, 1, 1)])
def test_a_birthday_a_century_ago_is_refused(day):
    with pytest.raises(ValidationError, match="25 years ago"):
        check_birthday(day)


@given(st.dates(min_value=dt.date(2001, 11, 18), max_value=dt.date(2026, 11, 18)))
def test_any_birthday_of_the_last_twenty_five_years_is_taken(day):
    check_birthday(day)


@given(st.text(max_size=80))
def test_a_tidy_name_stays_as_it_is(text):
    assert tidy_name(tidy_name(text)) == tidy_name(text)


def test_a_name_is_put_right_with_its_history(larkrise, hannah):
    ada, _ = find_or_add(larkrise, hannah, "Ada Quil", BORN)
    ada.change(hannah, name="Ada  Quill")
    event = Event.objects.about(ada).get(verb="changed the pupil")
    assert (ada.name, event.before, event.after) == ("Ada Quill", {"name": "Ada Quil"}, {"name": "Ada Quill"})


def test_it_cannot_be_made_another_pupil_of_the_school(larkrise, hannah):
    find_or_add(larkrise, hannah, "Ada Quill", BORN)
    other, _ = find_or_add(larkrise, hannah, "Ida Quill", BORN)
    with pytest.raises(ValidationError, match="already"):
        other.change(hannah, name="ada quill")


def test_setting_up_makes_the_pupil_the_lesson_and_the_place(at_larkrise, hannah):
    """(P10) With who asked for it, and the lessons had before Tutti."""
    place = set_up_pupil(
        at_larkrise,
        hannah,
        name="Ada Quill",
        date_of_birth=BORN,
        lesson=VIOLIN,
        from_week=THIS_WEEK,
        asked_by_school=True,
        had_before=4,
    )
    shape = place.lesson.shape_in(THIS_WEEK)
    assert (place.pupil.name, place.lesson.instrument, shape.kind, shape.minutes) == (
        "Ada Quill",
        "Violin",
        "individual",
        20,
    )
    assert (place.asked_by_school, place.had_before, place.from_week) == (True, 4, THIS_WEEK)


def test_a_child_with_two_teachers_is_one_pupil(at_larkrise, hannah, marcus, larkrise):
    trumpet = Allocation.objects.get(teacher=marcus, school=larkrise)
    fields = {"name": "Ada Quill", "date_of_birth": BORN, "from_week": THIS_WEEK}
    one = set_up_pupil(at_larkrise, hannah, lesson=VIOLIN, **fields)
    two = set_up_pupil(trumpet, marcus, lesson=NewLesson("individual", 20, "Trumpet"), **fields)
    assert one.pupil == two.pupil
    assert Pupil.objects.filter(name="Ada Quill").count() == 1


def test_a_teacher_sees_the_pupils_of_their_own_lessons_only(hannah, marcus, rosa, sam, larkrise, northshire):
    own = Pupil.objects.visible_to(hannah).filter(school=larkrise)
    assert "Amelia Thorne" in [pupil.name for pupil in own]
    assert "Albie Stroud" not in [pupil.name for pupil in own]
    assert Pupil.objects.visible_to(rosa).count() == Pupil.objects.filter(service=northshire).count()
    assert not Pupil.objects.visible_to(sam).filter(service=northshire).exists()


def test_a_teacher_reads_nothing_of_what_another_teacher_did(at_larkrise, hannah, marcus, rosa, larkrise):
    trumpet = Allocation.objects.get(teacher=marcus, school=larkrise)
    fields = {"name": "Ada Quill", "date_of_birth": BORN, "from_week": THIS_WEEK}
    set_up_pupil(trumpet, marcus, lesson=NewLesson("individual", 20, "Trumpet"), **fields)
    ada = set_up_pupil(at_larkrise, hannah, lesson=VIOLIN, **fields).pupil
    for_hannah = str(ada.history_for(hannah))
    assert "Violin" in for_hannah and "Trumpet" not in for_hannah and "Marcus" not in for_hannah
    assert "Trumpet" in str(ada.history_for(rosa))
