"""A pupil who changes school stays the same pupil, and each school keeps its own weeks (P5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.teaching.small_school import BORN, FIFTH, NINETEENTH, TWELFTH, SmallSchool, week
from tutti.core.history import Event
from tutti.teaching.models import Carry, Place, Pupil
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.summary import make_summary

pytestmark = pytest.mark.django_db
NOVEMBER = week(11, 2)


@pytest.fixture
def old(hannah, rosa):
    """Ada and Ben learn the violin together; Ada was ill once, and once the school had an event (which is owed)."""
    school = SmallSchool(hannah, rosa)
    lesson = school.lesson("Ada", "Ben")
    school.record(FIFTH)
    school.record(TWELFTH, absent={"Ada": "ill"})
    school.record(NINETEENTH, struck={lesson: "event"})
    return school


@pytest.fixture
def new(marcus, rosa):
    return SmallSchool(marcus, rosa, name="Hillside School")


@pytest.fixture
def ada(old):
    return Pupil.objects.get(name="Ada", school=old.school)


def test_p5_the_place_ends_a_new_one_begins_and_it_is_the_same_pupil(old, new, ada, rosa):
    assert ada.move_to(new.school, NOVEMBER, rosa) == ada
    lesson = new.lesson(instrument="Violin", kind="individual")
    place = new.place(lesson, "Ada", NOVEMBER)
    assert place.pupil == ada
    spans = Place.objects.filter(pupil=ada).values_list("lesson__allocation__school__name", "from_week", "until_week")
    assert list(spans) == [("Quarry Lane School", FIFTH, NOVEMBER - 1), ("Hillside School", NOVEMBER, None)]
    assert Event.objects.about(ada).filter(verb="moved to another school").count() == 1


def test_p5_each_school_sees_only_its_own_weeks(old, new, ada, rosa, clock):
    """Both have a lesson of hers in the year, and neither summary speaks of the other school's."""
    ada.move_to(new.school, NOVEMBER, rosa)
    new.place(new.lesson(instrument="Viola", kind="individual"), "Ada", NOVEMBER)
    new.record(NOVEMBER)
    old.record(NOVEMBER)
    clock.shift(timedelta(days=30))

    def pupils(school, month):
        rows = make_summary(school.school, month).figures["pupils"]
        return [(row["name"], row["instrument"], row["had"]) for row in rows if row["name"] == "Ada"]

    assert pupils(old, NOVEMBER.monday.replace(month=10, day=1)) == [("Ada", "Violin", 2)]
    assert pupils(new, NOVEMBER.monday.replace(day=1)) == [("Ada", "Viola", 1)]


@pytest.mark.parametrize(("ticked", "numbers"), [(True, (2, 1)), (False, (0, 0))])
def test_p5_the_balance_moves_along_only_if_the_office_says_so(old, new, ada, rosa, ticked, numbers):
    ada.move_to(new.school, NOVEMBER, rosa, with_balance=ticked)
    place = new.place(new.lesson(instrument="violin", kind="individual"), "Ada", NOVEMBER)
    assert (place.had_before, place.owed_before) == numbers
    second = new.place(new.lesson(instrument="Violin", kind="individual"), "Ada", NOVEMBER)
    assert (second.had_before, second.owed_before) == (0, 0)  # the first place has taken it up


def test_p5_what_was_brought_along_moves_on_and_is_not_counted_twice(old, new, ada, rosa, hannah):
    third = SmallSchool(hannah, rosa, name="Third School")
    ada.move_to(new.school, NOVEMBER, rosa, with_balance=True)
    new.place(new.lesson(instrument="Violin", kind="individual"), "Ada", NOVEMBER)
    new.record(NOVEMBER)
    ada.refresh_from_db()
    ada.move_to(third.school, NOVEMBER + 1, rosa, with_balance=True)
    carry = Carry.objects.get(pupil=ada, place=None)
    assert (carry.had, carry.owed) == (3, 1)


def test_p5_a_place_that_is_taken_out_leaves_what_was_brought_for_the_next(old, new, ada, rosa):
    ada.move_to(new.school, NOVEMBER, rosa, with_balance=True)
    new.place(new.lesson(instrument="Violin", kind="individual"), "Ada", NOVEMBER).remove(rosa)
    again = new.place(new.lesson(instrument="Violin", kind="individual"), "Ada", NOVEMBER)
    assert (again.had_before, again.owed_before) == (2, 1)


def test_p9_a_move_dated_back_takes_her_off_what_was_recorded_since(old, new, ada, rosa):
    ada.move_to(new.school, TWELFTH, rosa)
    ada.refresh_from_db()
    assert ada.school == new.school and ada.places.get().until_week == FIFTH
    assert [mark.line.for_week for mark in ada.places.get().marks.select_related("line")] == [FIFTH]
    registers = old.allocation.registers.order_by("week")
    assert [(register.week, register.is_confirmed) for register in registers] == [
        (FIFTH, True),
        (TWELFTH, False),
        (NINETEENTH, False),
    ]


def test_p5_a_child_whom_the_new_school_has_already_is_not_doubled(old, new, ada, rosa):
    there, _ = find_or_add(new.school, rosa, "ADA", BORN)
    with pytest.raises(ValidationError, match="already"):
        ada.move_to(new.school, NOVEMBER, rosa)
    assert ada.move_to(new.school, NOVEMBER, rosa, with_balance=True, join=True) == there
    assert not Pupil.objects.filter(pk=ada.pk).exists()
    assert there.places.get().until_week == NOVEMBER - 1
    assert Carry.objects.get(pupil=there).owed == 1


def test_p5_she_cannot_be_put_back_where_she_left(old, new, ada, rosa):
    place = ada.places.get()
    ada.move_to(new.school, NOVEMBER, rosa)
    place.refresh_from_db()
    with pytest.raises(ValidationError, match="another school"):
        place.carry_on(rosa)
    with pytest.raises(ValidationError, match="go to already"):
        ada.move_to(new.school, NOVEMBER, rosa)
