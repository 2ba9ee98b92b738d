"""The rules of the register: marking, filling, confirming, and what counts (R1 to R6, R9, C1 to C4)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.schools.models import TeachingWeek
from tutti.teaching.models import Allocation, Line, Mark, Reason, Register
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.register import There
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.tap import tap

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")
NEXT_WEEK = Week.parse("2026-11-23")


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


def write(member, allocation, week=THIS_WEEK):
    return Sheet.open_to_write(member, allocation.pk, week)


def read(member, allocation, week=THIS_WEEK):
    return Sheet.open(member, allocation.pk, week)


def reason(member, code):
    return Reason.objects.get(service=member.service, code=code)


def lesson_of(sheet, name):
    return next(lesson for lesson in sheet.lessons if any(pupil.name == name for pupil in lesson.pupils))


def test_r4_all_as_planned_marks_every_pupil_here_and_every_class_whole(hannah, at_larkrise):
    write(hannah, at_larkrise).fill_as_planned(hannah)
    sheet = read(hannah, at_larkrise)
    assert sheet.is_complete and sheet.away == 0 and sheet.here == len(sheet.pupils)
    maple = next(lesson for lesson in sheet.lessons if lesson.is_programme)
    assert maple.given and maple.head_count == maple.class_size == 29


def test_r4_undo_takes_back_what_was_filled_and_leaves_what_a_person_marked(hannah, at_larkrise):
    noah = read(hannah, at_larkrise).pupils[1]
    tap(hannah, at_larkrise.pk, THIS_WEEK, noah.place_pk, str(reason(hannah, "ill").pk))
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).undo_fill(hannah)
    marks = Mark.objects.filter(line__register__allocation=at_larkrise, line__register__week=THIS_WEEK)
    assert [(mark.place_id, mark.reason.code) for mark in marks] == [(noah.place_pk, "ill")]


def test_a_pupil_changed_after_filling_survives_undo(hannah, at_larkrise):
    write(hannah, at_larkrise).fill_as_planned(hannah)
    pupil = read(hannah, at_larkrise).pupils[0]
    tap(hannah, at_larkrise.pk, THIS_WEEK, pupil.place_pk, str(reason(hannah, "absent").pk))
    write(hannah, at_larkrise).undo_fill(hannah)
    assert [p.reason.code for p in read(hannah, at_larkrise).pupils if p.reason] == ["absent"]


def test_only_a_complete_register_can_be_confirmed(hannah, at_larkrise):
    with pytest.raises(ValidationError, match="7 lessons are not marked yet"):
        write(hannah, at_larkrise).confirm(hannah)
    assert not Register.objects.confirmed().filter(allocation=at_larkrise, week=THIS_WEEK).exists()


def test_r6_a_week_to_come_can_be_marked_but_not_confirmed(hannah, at_larkrise):
    write(hannah, at_larkrise, NEXT_WEEK).fill_as_planned(hannah)
    with pytest.raises(ValidationError, match="has not begun"):
        write(hannah, at_larkrise, NEXT_WEEK).confirm(hannah)
    assert read(hannah, at_larkrise, NEXT_WEEK).is_complete


def test_a_week_out_of_term_has_no_register(hannah, at_larkrise):
    half_term = Week.parse("2026-10-26")
    assert not TeachingWeek.objects.filter(service=hannah.service, monday=half_term).exists()
    assert Sheet.open(hannah, at_larkrise.pk, half_term) is None


def test_another_teacher_has_no_such_register(owen, at_larkrise):
    assert Sheet.open(owen, at_larkrise.pk, THIS_WEEK) is None
    assert Sheet.open_to_write(owen, at_larkrise.pk, THIS_WEEK) is None
    assert not Register.objects.filter(allocation=at_larkrise, week=THIS_WEEK).exists()


def test_r5_confirmed_marks_count_and_unconfirmed_do_not(hannah, at_larkrise):
    before = read(hannah, at_larkrise).pupils[0].balance
    write(hannah, at_larkrise).fill_as_planned(hannah)
    assert read(hannah, at_larkrise).pupils[0].balance == before
    write(hannah, at_larkrise).confirm(hannah)
    after = read(hannah, at_larkrise).pupils[0].balance
    assert (after.due, after.had, after.owed) == (before.due + 1, before.had + 1, before.owed)


def test_a_confirmed_register_is_changed_only_after_change_it_again(hannah, at_larkrise):
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).confirm(hannah)
    pupil = read(hannah, at_larkrise).pupils[0]
    with pytest.raises(ValidationError, match="confirmed"):
        tap(hannah, at_larkrise.pk, THIS_WEEK, pupil.place_pk, "here")
    with pytest.raises(ValidationError, match="confirmed"):
        write(hannah, at_larkrise).set_note(hannah, "late")
    write(hannah, at_larkrise).reopen(hannah)
    assert tap(hannah, at_larkrise.pk, THIS_WEEK, pupil.place_pk, str(reason(hannah, "absent").pk))
    write(hannah, at_larkrise).confirm(hannah)
    assert read(hannah, at_larkrise).away == 1


def test_w5_who_confirmed_and_when_is_in_the_history_not_on_the_register(hannah, at_larkrise):
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).confirm(hannah)
    register = Register.objects.get(allocation=at_larkrise, week=THIS_WEEK)
    event = Event.objects.about(register).get(verb="confirmed")
    assert event.by == hannah.person and event.after["given"] == 7
    assert register.confirmed_by == hannah


def test_c3_an_absent_pupil_of_a_group_does_not_reduce_the_hours(hannah, at_larkrise):
    sheet = read(hannah, at_larkrise)
    group = next(lesson for lesson in sheet.lessons if len(lesson.pupils) == 3)
    tap(hannah, at_larkrise.pk, THIS_WEEK, group.pupils[0].place_pk, str(reason(hannah, "event").pk))
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).confirm(hannah)
    after = read(hannah, at_larkrise)
    assert after.minutes_given == sum(lesson.minutes for lesson in after.lessons)


def test_a_lone_pupil_whose_lesson_is_owed_makes_a_lesson_not_given(hannah, at_larkrise):
    lone = next(lesson for lesson in read(hannah, at_larkrise).lessons if len(lesson.pupils) == 1)
    tap(hannah, at_larkrise.pk, THIS_WEEK, lone.pupils[0].place_pk, str(reason(hannah, "event").pk))
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).confirm(hannah)
    line = Line.objects.get(register__allocation=at_larkrise, register__week=THIS_WEEK, lesson=lone.lesson_pk)
    assert line.given is False
    pupil = lesson_of(read(hannah, at_larkrise), lone.pupils[0].name).pupils[0]
    assert pupil.balance.owed == lone.pupils[0].balance.owed + 1


def test_a_lone_pupil_who_is_ill_leaves_the_lesson_given(hannah, at_larkrise):
    lone = next(lesson for lesson in read(hannah, at_larkrise).lessons if len(lesson.pupils) == 1)
    tap(hannah, at_larkrise.pk, THIS_WEEK, lone.pupils[0].place_pk, str(reason(hannah, "ill").pk))
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).confirm(hannah)
    line = Line.objects.get(register__allocation=at_larkrise, register__week=THIS_WEEK, lesson=lone.lesson_pk)
    assert line.given is True


def test_r3_not_there_strikes_out_the_week_for_one_reason_and_can_be_taken_back(hannah, at_larkrise):
    ill = reason(hannah, "teacher-ill")
    write(hannah, at_larkrise).set_there(hannah, There.NONE, ill)
    sheet = read(hannah, at_larkrise)
    assert sheet.is_complete and not sheet.given and all(pupil.reason == ill for pupil in sheet.pupils)
    write(hannah, at_larkrise).set_there(hannah, There.ALL)
    assert not read(hannah, at_larkrise).marked
    assert not Mark.objects.filter(line__register__allocation=at_larkrise, line__register__week=THIS_WEEK).exists()


def test_not_there_without_a_reason_is_refused(hannah, at_larkrise):
    with pytest.raises(ValidationError, match="why"):
        write(hannah, at_larkrise).set_there(hannah, There.NONE)


def test_r3_the_nearest_reason_counts(hannah, at_larkrise):
    ill = read(hannah, at_larkrise).pupils[0]
    tap(hannah, at_larkrise.pk, THIS_WEEK, ill.place_pk, str(reason(hannah, "ill").pk))
    write(hannah, at_larkrise).set_there(hannah, There.NONE, reason(hannah, "teacher-ill"))
    reasons = {pupil.place_pk: pupil.reason.code for pupil in read(hannah, at_larkrise).pupils}
    assert reasons.pop(ill.place_pk) == "ill"
    assert set(reasons.values()) == {"teacher-ill"}


def test_a_part_of_the_week_is_what_was_struck_out(hannah, at_larkrise):
    sheet = write(hannah, at_larkrise)
    sheet.record(hannah, {}, {}, {sheet.lessons[0].lesson_pk: reason(hannah, "kept")})
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).confirm(hannah)
    register = Register.objects.get(allocation=at_larkrise, week=THIS_WEEK)
    assert register.there == There.PART


def test_r9_the_same_tap_twice_is_one_tap(hannah, at_larkrise):
    pupil = read(hannah, at_larkrise).pupils[0]
    for _ in range(2):
        assert tap(hannah, at_larkrise.pk, THIS_WEEK, pupil.place_pk, "here")
    assert Mark.objects.filter(place=pupil.place_pk, line__register__week=THIS_WEEK).count() == 1


def test_r9_two_tabs_never_undo_each_others_marks(hannah, at_larkrise):
    first, second = read(hannah, at_larkrise).pupils[:2]
    old_tab = read(hannah, at_larkrise)
    tap(hannah, at_larkrise.pk, THIS_WEEK, first.place_pk, str(reason(hannah, "absent").pk))
    assert old_tab.pupils[0].reason is None
    write(hannah, at_larkrise).record(hannah, {second.place_pk: reason(hannah, "ill")}, {}, {})
    codes = [pupil.reason.code for pupil in read(hannah, at_larkrise).pupils[:2]]
    assert codes == ["absent", "ill"]


def test_a_tap_for_a_pupil_of_another_school_is_not_there(hannah, at_larkrise):
    elsewhere = Allocation.objects.filter(teacher=hannah).exclude(pk=at_larkrise.pk).first()
    stranger = read(hannah, elsewhere).pupils[0]
    assert not tap(hannah, at_larkrise.pk, THIS_WEEK, stranger.place_pk, "here")


def test_a_tap_with_another_services_reason_is_refused(hannah, at_larkrise, southshire):
    pupil = read(hannah, at_larkrise).pupils[0]
    with pytest.raises(ValidationError):
        tap(hannah, at_larkrise.pk, THIS_WEEK, pupil.place_pk, "99999999")
    with transaction.atomic():
        assert not Mark.objects.filter(place=pupil.place_pk, line__register__week=THIS_WEEK).exists()


def test_p7_minutes_of_one_week_leave_the_lesson_as_it_was(hannah, at_larkrise):
    lesson = read(hannah, at_larkrise).lessons[0]
    write(hannah, at_larkrise).set_minutes(hannah, lesson.lesson_pk, 45)
    assert read(hannah, at_larkrise).lessons[0].minutes == 45
    assert read(hannah, at_larkrise, NEXT_WEEK).lessons[0].minutes == lesson.minutes


def test_w2_a_spare_week_expects_nothing_and_takes_what_was_given(hannah, at_larkrise):
    spare = TeachingWeek.objects.filter(service=hannah.service, lesson_number=None, monday__lte=THIS_WEEK).first()
    sheet = read(hannah, at_larkrise, spare.monday)
    assert sheet.is_spare and sheet.lessons and not sheet.is_complete
    tap(hannah, at_larkrise.pk, spare.monday, sheet.pupils[0].place_pk, "here")
    write(hannah, at_larkrise, spare.monday).confirm(hannah)
    assert read(hannah, at_larkrise, spare.monday).minutes_given == sheet.lessons[0].minutes


def test_a_pupil_who_joins_later_is_not_on_an_earlier_register(hannah, at_larkrise):
    sheet = read(hannah, at_larkrise)
    pupil, _ = find_or_add(at_larkrise.school, hannah, "Wren Ashby", sheet_birthday())
    lesson = at_larkrise.lessons.get(pk=sheet.lessons[0].lesson_pk)
    add_place(lesson, pupil, hannah, from_week=THIS_WEEK)
    assert "Wren Ashby" in [p.name for p in read(hannah, at_larkrise).pupils]
    assert "Wren Ashby" not in [p.name for p in read(hannah, at_larkrise, THIS_WEEK - 1).pupils]


def sheet_birthday():
    return Week.parse("2016-02-01").monday


def test_a_week_in_which_the_school_was_closed_is_never_due(hannah, rosa, at_larkrise):
    before = read(hannah, at_larkrise).pupils[0].balance
    last_week = THIS_WEEK - 1
    write(hannah, at_larkrise, last_week).reopen(hannah)
    Register.objects.filter(allocation=at_larkrise, week=last_week).delete()
    at_larkrise.school.close_for_week(rosa, last_week, "Burst pipe")
    after = read(hannah, at_larkrise).pupils[0].balance
    assert (after.due, after.had) == (before.due - 1, before.had - 1)
    closed = read(hannah, at_larkrise, last_week)
    assert closed.is_spare and closed.closed == "Burst pipe"


def test_a_lesson_had_in_a_spare_week_counts(hannah, at_larkrise):
    before = read(hannah, at_larkrise).pupils[0].balance
    spare = TeachingWeek.objects.filter(service=hannah.service, lesson_number=None, monday__lt=THIS_WEEK).first()
    tap(hannah, at_larkrise.pk, spare.monday, read(hannah, at_larkrise).pupils[0].place_pk, "here")
    write(hannah, at_larkrise, spare.monday).confirm(hannah)
    after = read(hannah, at_larkrise).pupils[0].balance
    assert (after.due, after.had) == (before.due, before.had + 1)


def test_a_week_for_which_nothing_was_owed_is_not_due_either(hannah, at_larkrise):
    before = read(hannah, at_larkrise).pupils[0].balance
    tap(
        hannah,
        at_larkrise.pk,
        THIS_WEEK,
        read(hannah, at_larkrise).pupils[0].place_pk,
        str(reason(hannah, "not-started").pk),
    )
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).confirm(hannah)
    after = read(hannah, at_larkrise).pupils[0].balance
    assert (after.due, after.had, after.owed) == (before.due, before.had, before.owed)


def test_a_week_given_after_all_keeps_no_reason_for_being_away(hannah, at_larkrise):
    write(hannah, at_larkrise).set_there(hannah, There.NONE, reason(hannah, "teacher-ill"))
    for pupil in read(hannah, at_larkrise).pupils:
        tap(hannah, at_larkrise.pk, THIS_WEEK, pupil.place_pk, "here")
    write(hannah, at_larkrise).fill_as_planned(hannah)
    write(hannah, at_larkrise).confirm(hannah)
    register = Register.objects.get(allocation=at_larkrise, week=THIS_WEEK)
    assert (register.there, register.reason) == (There.PART, None)
