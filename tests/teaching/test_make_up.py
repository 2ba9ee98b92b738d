"""Make-ups: given in one week for another, they count, are paid, not charged again, and close what was owed (C5)."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum

from tests.teaching.small_school import FIFTH, NINETEENTH, TWELFTH, SmallSchool
from tutti.core.history import Event
from tutti.teaching.models import Allocation, Line, Mark
from tutti.teaching.models.make_up import begin_make_up, drop_make_up
from tutti.teaching.models.my_week import minutes_in_month
from tutti.teaching.models.owed import count_owed, idle_make_ups, let_stand, owed_in, read_owed
from tutti.teaching.models.place_balances import Balances
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.tap import tap

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


@pytest.fixture
def group(small):
    """Ada and Bo; on 5 October the lesson fell out for an event and is owed to both."""
    lesson = small.lesson("Ada Quill", "Bo Lark", minutes=30)
    small.record(FIFTH, struck={lesson: "event"})
    return lesson


def make_up(small, lesson, week=NINETEENTH, for_week=FIFTH, absent=None, confirm=True):
    begin_make_up(small.sheet(week).register, small.teacher, lesson, for_week)
    sheet = small.sheet(week)
    card = next(x for x in sheet.lessons if x.is_make_up)
    marks = {pupil.key: small.reason((absent or {}).get(pupil.name, "present")) for pupil in card.pupils}
    sheet.record(small.teacher, marks, {}, {})
    if confirm:
        small.sheet(week).fill_as_planned(small.teacher)
        small.sheet(week).confirm(small.teacher)
    return card


def owed_at(small):
    return read_owed(Allocation.objects.filter(pk=small.allocation.pk))


def balances(small, week=NINETEENTH):
    places = small.allocation.lessons.get().places.order_by("pk")
    found = Balances(
        small.school.service, type(places[0]).objects.filter(lesson__allocation=small.allocation), week + 1
    )
    return [(b.due, b.had, b.owed) for b in (found.of(place.pk) for place in places)]


def test_c5_a_make_up_counts_and_closes_what_was_owed(small, group):
    small.record(TWELFTH)
    assert balances(small, TWELFTH) == [(2, 1, 1), (2, 1, 1)]
    make_up(small, group)
    assert balances(small) == [(3, 3, 0), (3, 3, 0)]
    assert owed_at(small) == []


def test_c5_it_is_paid_and_not_charged_again(small, group, hannah):
    make_up(small, group)
    lines = Line.objects.filter(register__allocation=small.allocation)
    paid = [(line.register.week, line.for_week) for line in lines.payable().select_related("register")]
    assert (NINETEENTH, FIFTH) in paid and (NINETEENTH, NINETEENTH) in paid and len(paid) == 2
    charged = [line.for_week for line in lines.chargeable()]
    assert charged == [NINETEENTH]
    assert lines.payable().aggregate(all=Sum("minutes"))["all"] == 60
    before = minutes_in_month(hannah, NINETEENTH.monday.replace(day=1))
    small.sheet(NINETEENTH).reopen(hannah)
    assert minutes_in_month(hannah, NINETEENTH.monday.replace(day=1)) == before - 60


def test_c5_a_week_is_made_up_once(small, group):
    make_up(small, group, week=TWELFTH)
    assert not owed_in(group, FIFTH)
    with pytest.raises(ValidationError, match="Nothing is owed"):
        begin_make_up(small.sheet(NINETEENTH).register, small.teacher, group, FIFTH)


def test_c5_begun_twice_it_is_one_line(small, group):
    register = small.sheet(NINETEENTH).register
    first = begin_make_up(register, small.teacher, group, FIFTH)
    assert begin_make_up(register, small.teacher, group, FIFTH) == first
    assert Line.objects.make_ups().filter(lesson=group).count() == 1


def test_c5_owed_follows_each_pupil(small, group):
    """Bo misses the make-up for a school event and is still owed; Ada is not."""
    make_up(small, group, absent={"Bo Lark": "event"})
    (row,) = owed_at(small)
    assert (row.week, row.pupils) == (FIFTH, ["Bo Lark"])
    card = next(x for x in _again(small, group).lessons if x.is_make_up)
    assert [pupil.name for pupil in card.pupils] == ["Bo Lark"]


def _again(small, group):
    week = NINETEENTH + 2  # after half term
    begin_make_up(small.sheet(week).register, small.teacher, group, FIFTH)
    return small.sheet(week)


def test_c5_a_pupil_absent_from_the_make_up_had_the_lesson(small, group):
    make_up(small, group, absent={"Bo Lark": "ill"})
    assert owed_at(small) == []


def test_c5_when_the_old_mark_stops_being_owed_it_is_an_extra_lesson_and_the_office_is_asked(small, group, rosa):
    make_up(small, group)
    small.sheet(FIFTH).reopen(small.teacher)
    sheet = small.sheet(FIFTH)
    sheet.record(small.teacher, {}, {}, {group.pk: None})
    small.sheet(FIFTH).fill_as_planned(small.teacher)
    small.sheet(FIFTH).confirm(small.teacher)
    small.record(TWELFTH)
    assert balances(small) == [(3, 4, 0), (3, 4, 0)]  # one more had than due

    own = Line.objects.filter(register__allocation=small.allocation)
    (line,) = idle_make_ups(own)
    let_stand(line, rosa)
    assert not idle_make_ups(own).exists()
    assert Event.objects.about(line.register).filter(verb="let it stand as an extra lesson", by=rosa.person).exists()


def test_c5_only_this_years_allocation_knows_it(small, group):
    """Not across academic years: a make-up stands in a register of the allocation, which lasts a year at most."""
    with pytest.raises(ValidationError, match="Nothing is owed"):
        begin_make_up(small.sheet(NINETEENTH).register, small.teacher, group, TWELFTH)
    assert small.allocation.until_week.monday <= small.year.last_day


def test_a_make_up_that_is_only_begun_closes_nothing(small, group):
    make_up(small, group, confirm=False)
    assert len(owed_at(small)) == 1 and count_owed(Allocation.objects.filter(pk=small.allocation.pk)) == 2


def test_a_make_up_can_be_taken_off_again(small, group):
    make_up(small, group, confirm=False)
    sheet = small.sheet(NINETEENTH)
    drop_make_up(sheet.register, small.teacher, next(x for x in sheet.lessons if x.is_make_up))
    assert not Line.objects.make_ups().filter(lesson=group).exists()
    assert [x.key for x in small.sheet(NINETEENTH).lessons] == [group.pk]


def test_a_tap_on_a_make_up_leaves_the_weeks_own_mark_alone(small, group, hannah):
    begin_make_up(small.sheet(NINETEENTH).register, hannah, group, FIFTH)
    place = group.places.first()
    assert tap(hannah, small.allocation.pk, NINETEENTH, place.pk, "here", FIFTH)
    assert tap(hannah, small.allocation.pk, NINETEENTH, place.pk, str(small.reason("ill").pk))
    marks = Mark.objects.filter(place=place, line__register__week=NINETEENTH).order_by("line__for_week")
    assert [mark.reason.code for mark in marks] == ["present", "ill"]


def test_a_tap_on_a_make_up_that_nobody_began_is_not_there(small, group, hannah):
    place = group.places.first()
    assert not tap(hannah, small.allocation.pk, NINETEENTH, place.pk, "here", FIFTH)


def test_a_class_that_was_not_given_is_owed_and_made_up_as_a_class(small):
    maple = small.programme()
    small.record(FIFTH, struck={maple: "event"})
    (row,) = owed_at(small)
    assert row.names == "Whole class, 28"
    begin_make_up(small.sheet(TWELFTH).register, small.teacher, maple, FIFTH)
    sheet = small.sheet(TWELFTH)
    card = next(x for x in sheet.lessons if x.is_make_up)
    sheet.record(small.teacher, {}, {card.key: 27}, {})
    small.sheet(TWELFTH).fill_as_planned(small.teacher)
    small.sheet(TWELFTH).confirm(small.teacher)
    assert owed_at(small) == []
    line = Line.objects.make_ups().get(lesson=maple)
    assert (line.given, line.head_count) == (True, 27)


def test_confirm_waits_for_a_make_up_that_is_not_marked(small, group):
    begin_make_up(small.sheet(NINETEENTH).register, small.teacher, group, FIFTH)
    sheet = Sheet.open(small.teacher, small.allocation.pk, NINETEENTH)
    assert len(sheet.lessons) == 2 and not sheet.is_complete


def test_the_register_reads_a_make_up_with_the_pupils_sums(small, group):
    begin_make_up(small.sheet(NINETEENTH).register, small.teacher, group, FIFTH)
    card = next(x for x in Sheet.open(small.teacher, small.allocation.pk, NINETEENTH).lessons if x.is_make_up)
    assert [pupil.balance.owed for pupil in card.pupils] == [1, 1]
    assert card.for_week == FIFTH and card.minutes == 30
