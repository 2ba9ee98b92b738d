"""The register's page in every case: parts, make-ups, what is known beforehand, second teachers, a locked month."""

import datetime as dt

import pytest

from tests.teaching.small_school import FIFTH, NINETEENTH, OCTOBER, TWELFTH, SmallSchool
from tutti.core.history import Event
from tutti.teaching.models import Correction, Line, Mark, Register, Share
from tutti.teaching.models.lock import lock_month
from tutti.teaching.models.notice import give_notice
from tutti.teaching.models.second_teacher import add_second_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


@pytest.fixture
def teacher(as_member, hannah):
    return as_member(hannah)


def open_week(teacher, url, small, week, **query):
    return teacher.get(url(small.teacher, "register", small.allocation.pk, week, **query)).content.decode()


def send(teacher, url, small, week, **typed):
    return teacher.post(url(small.teacher, "register", small.allocation.pk, week), typed)


def codes(small, week):
    marks = Mark.objects.filter(line__register__allocation=small.allocation, line__register__week=week)
    return dict(marks.values_list("place__pupil__name", "reason__code"))


def test_r3_a_part_of_the_visit_is_missed(teacher, url, small):
    first, second = small.lesson("Ada Quill"), small.lesson("Bo Lark")
    ill = small.reason("teacher-ill")
    refused = send(teacher, url, small, FIFTH, part=ill.pk)
    assert refused.status_code == 422 and "Tick the lessons that you missed" in refused.content.decode()

    assert send(teacher, url, small, FIFTH, part=ill.pk, missed=[first.pk]).status_code == 303
    assert codes(small, FIFTH) == {"Ada Quill": "teacher-ill"}
    send(teacher, url, small, FIFTH, move="planned")
    send(teacher, url, small, FIFTH, move="confirm")
    register = Register.objects.get(allocation=small.allocation, week=FIFTH)
    assert register.there == "part"
    assert Line.objects.get(register=register, lesson=first).given is False
    assert Line.objects.get(register=register, lesson=second).given is True

    send(teacher, url, small, FIFTH, move="reopen")
    send(teacher, url, small, FIFTH, move="there")
    assert codes(small, FIFTH) == {"Bo Lark": "present"}


def test_c5_a_lesson_is_made_up_from_the_register_and_taken_off_again(teacher, url, small):
    lesson = small.lesson("Ada Quill", "Bo Lark")
    small.record(FIFTH, struck={lesson: "event"})
    page = open_week(teacher, url, small, TWELFTH)
    assert "Make up a lesson: 1 owed here" in page and "Owed for the week of 5 October" in page

    key = f"{lesson.pk}-20261005"
    assert send(teacher, url, small, TWELFTH, make_up=key).status_code == 303
    page = open_week(teacher, url, small, TWELFTH)
    assert "Makes up for the week of 5 October" in page and "owed here" not in page
    place = lesson.places.get(pupil__name="Ada Quill")
    tap = url(small.teacher, "register_tap", small.allocation.pk, TWELFTH)
    assert teacher.post(tap, {"place": f"{place.pk}-20261005", "why": "here"}).status_code == 204
    mark = Mark.objects.get(place=place, line__register__week=TWELFTH)
    assert mark.line.for_week == FIFTH

    send(teacher, url, small, TWELFTH, drop=key)
    assert not Mark.objects.filter(line__register__week=TWELFTH, place=place).exists()


@pytest.mark.parametrize("text", ["", "x", "9" * 30, "12-20261301", "12-20261006", "0-20261005", "12"])
def test_a_make_up_that_makes_no_sense_is_refused_in_words(teacher, url, small, text):
    small.lesson("Ada Quill")
    answer = send(teacher, url, small, TWELFTH, make_up=text or "-")
    assert answer.status_code == 422 and "Nothing is owed for that week" in answer.content.decode()


def test_r6_what_is_known_beforehand_waits_and_the_teacher_may_say_otherwise(teacher, url, small):
    lesson = small.lesson("Ada Quill", "Bo Lark")
    ada = lesson.places.get(pupil__name="Ada Quill").pupil
    trip = small.reason("trip")
    give_notice(small.school.service, small.by, reason=trip, from_week=FIFTH, until_week=FIFTH, pupil=ada)
    assert "Known: Trip, told in time" in open_week(teacher, url, small, FIFTH)
    assert "Known:" not in open_week(teacher, url, small, TWELFTH)

    send(teacher, url, small, FIFTH, move="planned")
    assert codes(small, FIFTH) == {"Ada Quill": "trip", "Bo Lark": "present"}
    send(teacher, url, small, FIFTH, move="undo")
    assert codes(small, FIFTH) == {}
    place = lesson.places.get(pupil=ada)
    teacher.post(url(small.teacher, "register_tap", small.allocation.pk, FIFTH), {"place": place.pk, "why": "here"})
    send(teacher, url, small, FIFTH, move="planned")
    assert codes(small, FIFTH) == {"Ada Quill": "present", "Bo Lark": "present"}


def test_r6_a_whole_school_s_notice_strikes_out_every_lesson_when_filled(teacher, url, small):
    small.lesson("Ada Quill")
    small.programme()
    event = small.reason("event")
    give_notice(small.school.service, small.by, reason=event, from_week=FIFTH, until_week=FIFTH, school=small.school)
    assert open_week(teacher, url, small, FIFTH).count("Known beforehand: School event, told in time") == 2
    send(teacher, url, small, FIFTH, move="planned")
    lines = Line.objects.filter(register__allocation=small.allocation, register__week=FIFTH)
    assert [(line.given, line.reason) for line in lines] == [(False, event)] * 2
    send(teacher, url, small, FIFTH, move="undo")
    assert [(line.given, line.reason) for line in lines.all()] == [(None, None)] * 2


def test_r8_the_second_teacher_has_a_share_unless_they_were_away(teacher, url, small, marcus):
    maple = small.programme()
    add_second_teacher(maple, small.by, teacher=marcus, minutes=45, from_week=FIFTH)
    assert "Marcus Bellweather, who teaches with you, was not there" in open_week(teacher, url, small, FIFTH)
    small.record(FIFTH)
    away = {f"was-alone-{maple.pk}": "", f"alone-{maple.pk}": "on", "move": "save"}
    assert send(teacher, url, small, TWELFTH, **away).status_code == 303
    small.record(TWELFTH)
    shares = Share.objects.filter(line__lesson=maple)
    assert [(share.teacher, share.minutes, share.line.for_week) for share in shares] == [(marcus, 45, FIFTH)]


def test_the_last_weeks_stand_beside_the_name(teacher, url, small):
    small.lesson("Ada Quill")
    small.record(FIFTH, absent={"Ada Quill": "ill"})
    small.record(TWELFTH)
    page = open_week(teacher, url, small, NINETEENTH)
    assert "Last weeks: ill, here" in page and "✗✓" in page


def test_c4_the_register_says_what_is_promised(teacher, url, small):
    small.lesson("Ada Quill")
    small.record(FIFTH)
    lessons = small.allocation.teaching_weeks().exclude(lesson_number=None).count()
    assert f"1 had, 1 due of {min(33, lessons)}" in open_week(teacher, url, small, TWELFTH)


@pytest.fixture
def locked(small, clock):
    """October is over and locked; Ada and Bo were recorded as here on 5 October."""
    small.lesson("Ada Quill", "Bo Lark")
    small.record(FIFTH)
    lock_month(small.school.service, small.by, OCTOBER)
    return small


def test_r10_a_locked_register_is_changed_by_a_correction_only(teacher, url, locked):
    page = open_week(teacher, url, locked, FIFTH)
    assert "This month is locked" in page and "Propose a correction" in page and "Change it again" not in page
    answer = send(teacher, url, locked, FIFTH, move="reopen")
    assert answer.status_code == 422 and "by a correction only" in answer.content.decode()
    assert Register.objects.confirmed().filter(allocation=locked.allocation, week=FIFTH).exists()


def _correction(locked, name="Ada Quill", code="ill"):
    place = locked.allocation.lessons.get().places.get(pupil__name=name)
    return {f"mark-{place.pk}": "away", f"why-{place.pk}": str(locked.reason(code).pk), f"was-{place.pk}": "here"}


def test_r10_the_teacher_proposes_with_a_reason_and_nothing_changes_yet(teacher, url, locked, hannah):
    page = open_week(teacher, url, locked, FIFTH, correct=1)
    assert "What was wrong?" in page and "Send it" in page and "register.js" not in page
    typed = {**_correction(locked), "why": "Ada was ill, I mixed up two rows.", "move": "propose"}
    assert send(teacher, url, locked, FIFTH, **typed).status_code == 303
    assert send(teacher, url, locked, FIFTH, **typed).status_code == 303  # sent twice, it is one
    correction = Correction.objects.get(register__allocation=locked.allocation)
    assert (correction.proposed_by, correction.state) == (hannah, "proposed")
    assert codes(locked, FIFTH) == {"Ada Quill": "present", "Bo Lark": "present"}


def test_r10_accepted_it_is_changed_and_both_are_recorded(teacher, url, locked, hannah, rosa):
    typed = {**_correction(locked), "why": "Ada was ill.", "move": "propose"}
    send(teacher, url, locked, FIFTH, **typed)
    correction = Correction.objects.get(register__allocation=locked.allocation)
    assert correction.accept(rosa)
    assert not correction.accept(rosa)
    assert codes(locked, FIFTH) == {"Ada Quill": "ill", "Bo Lark": "present"}
    verbs = Event.objects.about(correction.register).values_list("verb", "by")
    assert ("proposed a correction", hannah.person_id) in verbs and ("accepted the correction", rosa.person_id) in verbs


def test_a_proposal_without_a_reason_loses_nothing_that_was_marked(teacher, url, locked):
    answer = send(teacher, url, locked, FIFTH, **_correction(locked), why=" ", move="propose")
    page = answer.content.decode()
    assert answer.status_code == 422 and "Say what was wrong" in page
    ill = locked.reason("ill").pk
    assert f'value="{ill}" checked' in page
    assert not Correction.objects.filter(register__allocation=locked.allocation).exists()


def test_a_proposal_that_changes_nothing_says_so(teacher, url, locked):
    answer = send(teacher, url, locked, FIFTH, why="Hm", move="propose")
    assert answer.status_code == 422 and "Nothing is different" in answer.content.decode()


def test_r10_a_register_never_recorded_may_still_come_late(teacher, url, locked):
    assert send(teacher, url, locked, TWELFTH, move="planned").status_code == 303
    assert send(teacher, url, locked, TWELFTH, move="confirm").status_code == 303
    assert Register.objects.confirmed().filter(allocation=locked.allocation, week=TWELFTH).exists()
    assert send(teacher, url, locked, TWELFTH, move="reopen").status_code == 422


def test_an_open_week_takes_no_proposal(teacher, url, small):
    small.lesson("Ada Quill")
    small.record(FIFTH)
    answer = send(teacher, url, small, FIFTH, **_correction(small), why="Ill", move="propose")
    assert answer.status_code == 422 and "This week is open" in answer.content.decode()
    assert dt.date(2026, 10, 5) == FIFTH.monday


def test_r10_a_lesson_given_after_all_asks_who_was_there(teacher, url, small, rosa, northshire):
    """Accepted without marks, the pupils would stand there unmarked, and what is owed to them would be gone."""
    lesson = small.lesson("Ada Quill", "Bo Lark")
    small.record(FIFTH, struck={lesson: "teacher-ill"})
    lock_month(northshire, rosa, OCTOBER)
    was = small.reason("teacher-ill").pk
    typed = {"move": "propose", "why": "I was there", f"given-{lesson.pk}": "yes", f"was-given-{lesson.pk}": was}
    answer = send(teacher, url, small, FIFTH, **typed)
    own = Correction.objects.filter(register__allocation=small.allocation)
    assert answer.status_code == 422 and "Say whether" in answer.content.decode() and not own.exists()
    here = {f"mark-{place.pk}": "here" for place in lesson.places.all()}
    send(teacher, url, small, FIFTH, **typed, **here, **{f"was-{place.pk}": was for place in lesson.places.all()})
    assert own.get().accept(rosa)
    assert small.line(lesson, FIFTH).given and set(codes(small, FIFTH).values()) == {"present"}


def test_signs_that_no_database_keeps_are_left_out(teacher, url, small):
    assert send(teacher, url, small, FIFTH, note="Here\0 now").status_code == 303
    assert Register.objects.get(allocation=small.allocation, week=FIFTH).note == "Here now"
    place = small.lesson("Ada Quill").places.get()
    address = url(small.teacher, "register_tap", small.allocation.pk, FIFTH)
    assert teacher.post(address, {"place": place.pk, "why": "here", "once": "a\0b"}).status_code == 204


def test_a_button_on_the_page_of_a_correction_loses_nothing_and_sends_nothing(teacher, url, locked, rosa):
    """Struck out by its button, a lesson stands there so, and is then proposed."""
    lesson, ill = locked.allocation.lessons.get(), locked.reason("teacher-ill")
    answer = send(teacher, url, locked, FIFTH, why="I was in bed", **{f"strike-{lesson.pk}": ill.pk})
    page = answer.content.decode()
    assert answer.status_code == 200 and "I was in bed" in page and f"Not given: {ill}" in page and "Send it" in page
    own = Correction.objects.filter(register__allocation=locked.allocation)
    assert not own.exists() and set(codes(locked, FIFTH).values()) == {"present"}
    places = lesson.places.values_list("pk", flat=True)
    assert f'name="strike-{lesson.pk}" value="{ill.pk}" checked' in page
    typed = {f"mark-{pk}": "away" for pk in places} | {f"was-{pk}": "here" for pk in places}
    typed |= {f"strike-{lesson.pk}": ill.pk, "move": "propose", "why": "I was in bed"}
    send(teacher, url, locked, FIFTH, **typed)
    assert own.get().accept(rosa) and not locked.line(lesson, FIFTH).given
