"""What is known beforehand waits on the registers that it touches; the nearest reason counts (R3, R6, P1)."""

import pytest
from django.core.exceptions import ValidationError

from tests.teaching.small_school import BORN, SmallSchool, week
from tutti.core.calendar import year_group
from tutti.core.history import Event
from tutti.teaching.models import Allocation, Mark, Notice, Pupil, Reason
from tutti.teaching.models.candidate import free_teachers
from tutti.teaching.models.notice import give_notice, plan_notice
from tutti.teaching.models.notice_reach import read_leave, read_reach, visits_without_cover
from tutti.teaching.models.register import There

pytestmark = pytest.mark.django_db
LAST, NOW, NEXT, AFTER = week(11, 9), week(11, 16), week(11, 23), week(11, 30)
OF_THE_CHILDREN = 6


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


def reason(small, code):
    return Reason.objects.get(service=small.school.service, code=code)


def give(small, code, first=NEXT, last=None, by=None, **scope):
    fields = {"reason": reason(small, code), "from_week": first, "until_week": last or first}
    return give_notice(small.school.service, by or small.by, **fields, **scope)


def known(small, in_week=NEXT):
    """By pupil or class what is known of a week."""
    sheet = small.sheet(in_week)
    found = {pupil.name: pupil.known or lesson.known for lesson in sheet.lessons for pupil in lesson.pupils}
    found |= {lesson.label: lesson.known for lesson in sheet.lessons if lesson.is_programme}
    return {name: why.code if why else None for name, why in found.items()}


def codes(small, in_week=NEXT):
    """By pupil what is marked."""
    marks = Mark.objects.filter(line__register__allocation=small.allocation, line__register__week=in_week)
    return dict(marks.values_list("place__pupil__name", "reason__code"))


def test_r6_a_year_group_s_trip_waits_there_and_is_filled_in(small):
    """A future week cannot be confirmed, but "All as planned" fills in what is known; the teacher may say otherwise."""
    assert year_group(BORN, NEXT.monday) == OF_THE_CHILDREN
    small.lesson("Ada Quill", "Ben Frost")
    small.lesson("Cleo Marsh")
    give(small, "trip", school=small.school, year_group=OF_THE_CHILDREN, words="Year 6 to the coast")
    assert known(small) == {"Ada Quill": "trip", "Ben Frost": "trip", "Cleo Marsh": "trip"}
    assert set(known(small, AFTER).values()) == {None}
    cleo = next(pupil for pupil in small.sheet(NEXT).pupils if pupil.name == "Cleo Marsh")
    small.sheet(NEXT).record(small.teacher, {cleo.key: small.sheet(NEXT).present}, {}, {})
    small.sheet(NEXT).fill_as_planned(small.teacher)
    assert codes(small) == {"Ada Quill": "trip", "Ben Frost": "trip", "Cleo Marsh": "present"}
    with pytest.raises(ValidationError, match="has not begun"):
        small.sheet(NEXT).confirm(small.teacher)


@pytest.mark.parametrize("words", ["Year 6", "Years 5 and 6"])
def test_r6_a_whole_class_of_the_year_is_struck_out_too(small, words):
    maple = small.programme()
    maple.change(small.by, year_group=words)
    give(small, "trip", school=small.school, year_group=6)
    assert known(small) == {"Year 4 Maple": "trip"}
    give(small, "event", school=small.school, year_group=5)
    small.sheet(NEXT).fill_as_planned(small.teacher)
    line = small.line(maple, NEXT)
    assert (line.given, line.head_count) == (False, None)


def test_r6_reception_is_a_year_group_like_any_other(small):
    small.programme().change(small.by, year_group="Reception")
    give(small, "trip", school=small.school, year_group=0)
    assert known(small) == {"Year 4 Maple": "trip"}


def test_r3_the_nearest_reason_counts(small):
    """A reason can be given to the week, to a lesson and to a pupil."""
    pair, alone = small.lesson("Ada Quill", "Ben Frost"), small.lesson("Cleo Marsh")
    pupils = {pupil.name: pupil for pupil in Pupil.objects.filter(school=small.school)}
    give(small, "weather")
    assert set(known(small).values()) == {"weather"}
    give(small, "closed", school=small.school)
    assert set(known(small).values()) == {"closed"}
    give(small, "event", lesson=pair)
    give(small, "ill", pupil=pupils["Ada Quill"])
    sheet = small.sheet(NEXT)
    assert [lesson.known.code for lesson in sheet.lessons] == ["event", "closed"]
    sheet.fill_as_planned(small.teacher)
    assert codes(small) == {"Ada Quill": "ill", "Ben Frost": "event", "Cleo Marsh": "closed"}
    assert small.line(alone, NEXT).reason.code == "closed"


def test_r3_a_pupil_s_own_reason_counts_where_the_lesson_is_given(small):
    small.lesson("Ada Quill", "Ben Frost")
    give(small, "absent", pupil=Pupil.objects.get(name="Ada Quill"))
    small.sheet(NEXT).fill_as_planned(small.teacher)
    assert codes(small) == {"Ada Quill": "absent", "Ben Frost": "present"}


def test_r3_whole_part_and_none_of_the_teacher_s_own_attendance(small):
    """All of it, part (which lessons were missed) or none; a pupil's own reason stays through all of them."""
    first, second = small.lesson("Ada Quill"), small.lesson("Ben Frost", "Cleo Marsh")
    ill, away = reason(small, "teacher-ill"), reason(small, "absent")
    keys = {pupil.name: pupil.key for pupil in small.sheet(NOW).pupils}
    small.sheet(NOW).record(small.teacher, {keys["Cleo Marsh"]: away}, {}, {})
    small.sheet(NOW).set_there(small.teacher, There.NONE, ill)
    assert codes(small, NOW) == {"Ada Quill": "teacher-ill", "Ben Frost": "teacher-ill", "Cleo Marsh": "absent"}
    small.sheet(NOW).set_there(small.teacher, There.PART, ill, missed=[second.pk])
    assert codes(small, NOW) == {"Ben Frost": "teacher-ill", "Cleo Marsh": "absent"}
    small.sheet(NOW).fill_as_planned(small.teacher)
    small.sheet(NOW).confirm(small.teacher)
    register = small.line(first, NOW).register
    assert (register.there, small.line(first, NOW).given, small.line(second, NOW).given) == (There.PART, True, False)


@pytest.mark.parametrize("missed", [(), None])
def test_r3_a_part_that_is_nothing_is_refused(small, missed):
    small.lesson("Ada Quill")
    with pytest.raises(ValidationError, match="Tick the lessons"):
        small.sheet(NOW).set_there(small.teacher, There.PART, reason(small, "teacher-ill"), missed)


def test_r6_the_reach_is_counted_before_it_is_given(small):
    """Two weeks, one of them recorded: three pupils in two lessons, and a class."""
    small.lesson("Ada Quill", "Ben Frost")
    small.lesson("Cleo Marsh")
    small.programme()
    small.record(LAST)
    fields = {"from_week": LAST, "until_week": NOW, "school": small.school}
    reach = read_reach(plan_notice(small.school.service, reason=reason(small, "event"), **fields))
    assert (reach.registers, reach.lessons, reach.pupils, reach.classes, reach.confirmed) == (1, 3, 3, 1, 1)
    assert reach.words == "1 register, 3 lessons, 3 pupils, 1 whole class"
    assert not Notice.objects.filter(school=small.school).exists()


def test_r6_the_reach_of_a_pupil_is_their_own_lessons(small):
    small.lesson("Ada Quill", "Ben Frost")
    small.lesson("Ada Quill", instrument="Cello")
    small.lesson("Cleo Marsh")
    ada = Pupil.objects.get(name="Ada Quill")
    planned = plan_notice(
        small.school.service, reason=reason(small, "ill"), from_week=NEXT, until_week=AFTER, pupil=ada
    )
    reach = read_reach(planned)
    assert (reach.registers, reach.lessons, reach.pupils) == (2, 4, 1)


def test_w4_a_closed_week_is_not_touched(small):
    small.lesson("Ada Quill")
    small.school.close_for_week(small.by, NEXT, "Flood")
    fields = {"from_week": NEXT, "until_week": AFTER, "school": small.school}
    assert read_reach(plan_notice(small.school.service, reason=reason(small, "event"), **fields)).registers == 1


def test_given_twice_it_is_one(small):
    small.lesson("Ada Quill")
    first, second = give(small, "event", school=small.school), give(small, "event", school=small.school)
    assert first == second
    events = Event.objects.about(small.school).filter(verb="gave notice")
    assert events.count() == 1 and events.get().by_name == small.by.name


def test_weeks_the_wrong_way_round_are_refused(small):
    with pytest.raises(ValidationError) as error:
        give(small, "event", AFTER, NEXT, school=small.school)
    assert "until_week" in error.value.message_dict


def test_a_reason_that_is_retired_by_then_is_refused(small):
    reason(small, "event").retire(small.by, AFTER)
    with pytest.raises(ValidationError, match="not offered in all of these weeks"):
        give(small, "event", NEXT, AFTER, school=small.school)


def test_taken_back_it_leaves_what_was_recorded(small):
    small.lesson("Ada Quill")
    notice = give(small, "event", NOW, school=small.school)
    small.sheet(NOW).fill_as_planned(small.teacher)
    notice.take_back(small.by)
    assert codes(small, NOW) == {"Ada Quill": "event"}
    assert set(known(small, NOW).values()) == {None}


def test_p4_a_teacher_sees_what_touches_their_registers_and_no_more(small, marcus, tess):
    small.lesson("Ada Quill")
    pupil = give(small, "ill", pupil=Pupil.objects.get(name="Ada Quill"))
    trip = give(small, "trip", school=small.school, year_group=6)
    leave = give(small, "teacher-away", teacher=small.teacher)
    for_all = give(small, "weather")
    mine = set(Notice.objects.visible_to(small.teacher))
    assert {pupil, trip, leave, for_all} <= mine
    assert {pupil, trip, leave} & set(Notice.objects.visible_to(marcus)) == set()
    assert for_all in Notice.objects.visible_to(tess)
    assert set(Notice.objects.changeable_by(small.teacher)) == {pupil, trip, leave}
    assert not Notice.objects.changeable_by(marcus).filter(pk__in=[pupil.pk, trip.pk, leave.pk, for_all.pk]).exists()


def test_leave_that_has_begun_is_the_office_s_to_take_back(small, rosa):
    running = give(small, "teacher-ill", NOW, teacher=small.teacher)
    assert not Notice.objects.changeable_by(small.teacher).exists()
    assert running in Notice.objects.changeable_by(rosa)


def test_p1_leave_in_one_service_says_nothing_in_the_other(priya, robin, southshire, inside, northshire):
    """Priya teaches for both: she is one person and two members."""
    away = Reason.objects.get(service=northshire, code="teacher-away")
    leave = give_notice(northshire, robin, reason=away, from_week=NEXT, until_week=NEXT, teacher=priya)
    assert {visit.allocation.teacher for visit in read_leave(leave)} == {priya}
    assert priya not in free_teachers(northshire, (), [NEXT])
    with inside(southshire):
        other = priya.person.memberships.get(service=southshire)
        assert not Notice.objects.visible_to(other).leave().filter(teacher=other).exists()
        assert other in free_teachers(southshire, (), [NEXT])
        office = southshire.members.get(name="Sam Holt")
        assert other not in {notice.teacher for notice, _ in visits_without_cover(office, NOW)}


def test_r6_a_notice_for_an_area_touches_its_schools_only(small, rosa):
    small.lesson("Ada Quill")
    give(small, "weather", office=small.school.office)
    assert known(small) == {"Ada Quill": "weather"}
    elsewhere = Allocation.objects.exclude(school__office=small.school.office).first()
    notice = Notice.objects.get(office=small.school.office)
    assert elsewhere.school not in {visit.allocation.school for visit in read_leave(notice)}
    assert notice.about == f"Every school of the {small.school.office}"
