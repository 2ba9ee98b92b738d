"""Two teachers in one class: each is paid their own minutes, the lesson and its head count are counted once (R8)."""

import pytest
from django.core.exceptions import ValidationError

from tests.teaching.small_school import NINETEENTH, OCTOBER, TWELFTH, SmallSchool, week
from tutti.core.calendar import today
from tutti.teaching.models import Register, SecondTeacher, Share
from tutti.teaching.models.month import figures_of
from tutti.teaching.models.my_week import minutes_in_month
from tutti.teaching.models.second_teacher import add_second_teacher, classes_of, shared_minutes

pytestmark = pytest.mark.django_db
LAST, NOW, NEXT = week(11, 9), week(11, 16), week(11, 23)


@pytest.fixture
def small(hannah, rosa):
    made = SmallSchool(hannah, rosa)
    made.maple = made.programme()
    return made


def add(small, teacher, minutes=40, from_week=TWELFTH):
    return add_second_teacher(small.maple, small.by, teacher=teacher, minutes=minutes, from_week=from_week)


def shares(small):
    rows = Share.objects.filter(line__lesson=small.maple).order_by("line__for_week")
    return list(rows.values_list("line__for_week", "teacher__name", "minutes"))


def test_r8_a_confirmed_week_gives_the_second_teacher_their_share(small, marcus):
    """Not before it is confirmed, and not again when it is confirmed anew."""
    add(small, marcus)
    small.record(NINETEENTH, confirm=False)
    assert shares(small) == []
    small.sheet(NINETEENTH).confirm(small.teacher)
    assert shares(small) == [(NINETEENTH, "Marcus Bellweather", 40)]
    small.sheet(NINETEENTH).reopen(small.teacher)
    assert shared_minutes(marcus, [NINETEENTH]) == 0
    small.sheet(NINETEENTH).confirm(small.teacher)
    assert (shared_minutes(marcus, [NINETEENTH]), shared_minutes(marcus, [NOW])) == (40, 0)
    assert len(shares(small)) == 1


def test_r8_the_class_is_counted_once_with_its_lead(small, marcus):
    add(small, marcus)
    before = {teacher: minutes_in_month(teacher, OCTOBER) for teacher in (small.teacher, marcus)}
    small.record(NINETEENTH, counts={small.maple: 27})
    figures = figures_of(small.school, OCTOBER, today())
    assert [table["name"] for table in figures["teachers"]] == ["Hannah Whitlock"]
    assert (figures["totals"]["given"], figures["totals"]["minutes"]) == (1, 50)
    assert figures["teachers"][0]["lessons"][0]["heads"] == {"average": 27, "largest": 27, "class_size": 28}
    assert minutes_in_month(small.teacher, OCTOBER) == before[small.teacher] + 50
    assert minutes_in_month(marcus, OCTOBER) == before[marcus] + 40


def test_r8_a_week_alone_gives_no_share(small, marcus):
    add(small, marcus)
    small.record(NINETEENTH, confirm=False)
    small.sheet(NINETEENTH).set_alone(small.teacher, small.maple.pk, True)
    small.sheet(NINETEENTH).confirm(small.teacher)
    assert shares(small) == []
    assert small.line(small.maple, NINETEENTH).given


def test_r8_a_class_that_was_not_given_pays_neither(small, marcus):
    add(small, marcus)
    small.record(NINETEENTH, struck={small.maple: "event"})
    assert shares(small) == []


def test_r8_other_minutes_from_a_week_on_leave_confirmed_weeks_alone(small, marcus):
    add(small, marcus)
    small.record(TWELFTH)
    small.record(NINETEENTH)
    add(small, marcus, 25, NINETEENTH)
    assert shares(small) == [(TWELFTH, "Marcus Bellweather", 40), (NINETEENTH, "Marcus Bellweather", 40)]
    small.record(NOW)
    assert shares(small)[-1] == (NOW, "Marcus Bellweather", 25)
    spans = list(small.maple.second_teachers.values_list("minutes", "from_week", "until_week"))
    assert spans == [(40, TWELFTH, TWELFTH), (25, NINETEENTH, None)]


def test_added_twice_it_is_one_and_another_takes_over(small, marcus, owen):
    assert add(small, marcus) == add(small, marcus)
    add(small, owen, from_week=NOW)
    small.record(LAST)
    small.record(NOW)
    assert [name for _, name, _ in shares(small)] == ["Marcus Bellweather", "Owen Tregarth"]
    assert {small.maple.second_teachers.in_week(one).count() for one in (LAST, NOW, NEXT)} == {1}


def test_the_lead_and_a_week_without_the_class_are_refused(small, marcus):
    with pytest.raises(ValidationError, match="leads the class already"):
        add(small, small.teacher)
    with pytest.raises(ValidationError, match="not given in that week"):
        add(small, marcus, from_week=week(9, 14))
    assert not SecondTeacher.objects.filter(lesson=small.maple).exists()


def test_an_end_that_would_reach_into_another_s_time_is_refused(small, marcus, owen):
    """Else the class would stand on the register twice."""
    first = add(small, marcus)
    add(small, owen, from_week=NOW)
    first.refresh_from_db()
    with pytest.raises(ValidationError, match="Somebody else is the second teacher by then"):
        first.end(small.by, NEXT)
    assert first.end(small.by, LAST - 1)
    assert [lesson.label for lesson in small.sheet(NOW).lessons] == ["Year 4 Maple"]


def test_seconds_in_says_what_is_due_and_whether_it_is_recorded(small, marcus):
    add(small, marcus)
    found = SecondTeacher.objects.seconds_in(marcus, NOW).get(lesson=small.maple)
    assert (found.minutes, found.is_recorded, found.is_alone) == (40, False, False)
    small.record(NOW)
    assert SecondTeacher.objects.seconds_in(marcus, NOW).get(lesson=small.maple).is_recorded
    small.school.close_for_week(small.by, NEXT, "Flood")
    assert not SecondTeacher.objects.seconds_in(marcus, NEXT).filter(lesson=small.maple).exists()
    assert not SecondTeacher.objects.seconds_in(marcus, week(10, 26)).exists()
    assert not SecondTeacher.objects.seconds_in(small.teacher, NOW).filter(lesson=small.maple).exists()


def test_programmes_and_large_groups_may_have_one(small):
    pair = small.lesson("Ada Quill", "Ben Frost")
    large = small.lesson("Cleo Marsh", "Dan Pike", "Eve Lorne", kind="large_group")
    found = set(classes_of(small.school.service).filter(allocation=small.allocation))
    assert found == {small.maple, large} and pair not in found


def test_r8_the_demo_world_has_shares_in_every_confirmed_week(northshire):
    second = SecondTeacher.objects.get(teacher__name="Idris Vale")
    confirmed = Register.objects.confirmed().filter(allocation=second.lesson.allocation)
    given = confirmed.filter(lines__lesson=second.lesson, lines__given=True).values_list("week", flat=True)
    assert given and shared_minutes(second.teacher, list(given)) == 45 * len(given)
