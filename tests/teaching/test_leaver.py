"""A teacher leaves: one last week for all schools; what was recorded stays, and successors are allocated (P2)."""

import pytest
from django.core.exceptions import ValidationError

from tests.teaching.small_school import SmallSchool, week
from tutti.core.letters import Letter
from tutti.teaching.models import Allocation, Cover, Register
from tutti.teaching.models.allocation import allocate
from tutti.teaching.models.cover import arrange_cover
from tutti.teaching.models.leaver import read_leaver
from tutti.teaching.models.second_teacher import add_second_teacher

pytestmark = pytest.mark.django_db
LAST, NOW, NEXT, AFTER = week(11, 9), week(11, 16), week(11, 23), week(11, 30)


@pytest.fixture
def two_schools(tess, rosa):
    """Tess has two empty schools in the demo world; here she has two more with lessons."""
    schools = [SmallSchool(tess, rosa, name=name) for name in ("Quarry Lane School", "Mill Race School")]
    for school in schools:
        school.lesson("Ada Quill")
    return schools


def test_p2_all_schools_end_at_once_and_what_was_recorded_stays(two_schools, tess, rosa):
    two_schools[0].record(NOW)
    leaver = read_leaver(tess, NOW)
    assert len(leaver.ends) == 4 and not leaver.stuck
    leaver.leave(rosa, {})
    assert set(Allocation.objects.filter(teacher=tess).values_list("until_week", flat=True)) == {NOW}
    assert Register.objects.confirmed().filter(allocation__teacher=tess).count() == 1
    assert read_leaver(tess, NOW).changes == 0


def test_p2_a_later_week_that_is_confirmed_stands_against_it_by_name(two_schools, tess, rosa):
    two_schools[1].record(NOW)
    leaver = read_leaver(tess, LAST)
    assert leaver.stuck == ["Mill Race School is recorded up to the week commencing 16 November."]
    with pytest.raises(ValidationError, match="Mill Race School"):
        leaver.leave(rosa, {})
    assert not Allocation.objects.filter(teacher=tess, until_week=LAST).exists()


def test_p2_a_successor_begins_the_week_after(two_schools, tess, rosa, owen):
    mine = two_schools[0].allocation
    until = mine.until_week
    made = read_leaver(tess, NOW).leave(rosa, {mine.pk: owen})
    assert [(row.teacher, row.school, row.from_week, row.until_week) for row in made] == [
        (owen, two_schools[0].school, NEXT, until)
    ]


def test_nothing_is_done_if_a_successor_is_there_already(two_schools, tess, rosa, owen):
    mine = two_schools[0].allocation
    allocate(owen, mine.school, mine.year, rosa, from_week=AFTER, until_week=mine.until_week)
    with pytest.raises(ValidationError, match="Owen Tregarth is allocated to Quarry Lane School"):
        read_leaver(tess, NOW).leave(rosa, {mine.pk: owen})
    mine.refresh_from_db()
    assert mine.until_week > NOW


def test_what_begins_later_and_is_empty_is_taken_back(two_schools, tess, rosa):
    year = two_schools[0].allocation.year
    later = SmallSchool(tess, rosa, from_week=AFTER, name="Later School")
    leaver = read_leaver(tess, NOW)
    assert leaver.removes == [later.allocation] and later.allocation.year == year
    leaver.leave(rosa, {})
    assert not Allocation.objects.filter(pk=later.allocation.pk).exists()


def test_lessons_set_up_for_later_stand_against_it(two_schools, tess, rosa):
    later = SmallSchool(tess, rosa, from_week=AFTER, name="Later School")
    later.lesson("Ben Frost")
    assert "Later School" in read_leaver(tess, NOW).stuck[0]


def test_r7_cover_to_come_is_called_off_on_both_sides_and_told(two_schools, tess, rosa, owen, hannah):
    """What somebody gives for them, and what they give for somebody; a past one stays."""
    mine, theirs = two_schools[0].allocation, SmallSchool(hannah, rosa, name="Hannah’s School")
    theirs.lesson("Cleo Marsh")
    arrange_cover(mine, rosa, NEXT, owen)
    arrange_cover(theirs.allocation, rosa, NEXT, tess)
    arrange_cover(mine, rosa, LAST, owen)
    leaver = read_leaver(tess, NOW)
    assert len(leaver.covers) == 2 and len(leaver.news) == 4
    leaver.leave(rosa, {})
    left = Cover.objects.filter(allocation__in=[mine, theirs.allocation])
    assert list(left.values_list("week", flat=True)) == [LAST]
    told = set(Letter.objects.filter(kind="cover_called_off").values_list("to_email", flat=True))
    assert told == {one.person.email for one in (tess, owen, hannah)}


def test_r8_they_end_as_the_second_teacher_too(two_schools, tess, rosa, hannah):
    theirs = SmallSchool(hannah, rosa, name="Hannah’s School")
    second = add_second_teacher(theirs.programme(), rosa, teacher=tess, minutes=30, from_week=LAST)
    read_leaver(tess, NOW).leave(rosa, {})
    second.refresh_from_db()
    assert second.until_week == NOW
