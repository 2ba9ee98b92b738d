"""Cover: a line given by somebody else; the register stays the absent teacher's (R7)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.small_school import NINETEENTH, NOVEMBER, OCTOBER, SmallSchool, week
from tutti.core.calendar import today
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.people.models import Member
from tutti.teaching.models import Allocation, Cover, Line, Mark, Pupil, Reason, Register, Summary
from tutti.teaching.models.arrangement import Arrangement, call_off, cover_cards
from tutti.teaching.models.candidate import read_candidates
from tutti.teaching.models.cover import arrange_cover, arrange_covers
from tutti.teaching.models.make_up import begin_make_up
from tutti.teaching.models.month import figures_of
from tutti.teaching.models.my_week import minutes_in_month
from tutti.teaching.models.notice import give_notice
from tutti.teaching.models.notice_reach import visits_without_cover
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.tap import tap
from tutti.teaching.models.visit import read_visits

pytestmark = pytest.mark.django_db
NOW, NEXT, AFTER = week(11, 16), week(11, 23), week(11, 30)


@pytest.fixture
def small(hannah, rosa):
    made = SmallSchool(hannah, rosa)
    made.pair, made.alone = made.lesson("Ada Quill", "Ben Frost", minutes=30), made.lesson("Cleo Marsh")
    return made


def visits(small, first=NOW, last=None):
    return read_visits(Allocation.objects.filter(pk=small.allocation.pk), first, last or first)


def arrangement(small, teacher, first=NOW, last=None):
    found = visits(small, first, last)
    return Arrangement(teacher, found, {visit.key for visit in found})


def written(small, teacher, in_week=NOW):
    return Sheet.open_to_write(teacher, small.allocation.pk, in_week)


def test_r7_who_covers_a_visit_marks_fills_and_confirms_it(small, owen):
    """Pay and "given by" follow the one who covered; the register stays the absent teacher's."""
    before = {teacher: minutes_in_month(teacher, NOVEMBER) for teacher in (owen, small.teacher)}
    arrange_cover(small.allocation, small.by, NOW, owen)
    cleo = small.alone.places.get()
    assert tap(owen, small.allocation.pk, NOW, cleo.pk, "here")
    written(small, owen).fill_as_planned(owen)
    written(small, owen).confirm(owen)
    register = Register.objects.get(allocation=small.allocation, week=NOW)
    assert (register.allocation.teacher, register.confirmed_by) == (small.teacher, owen)
    assert set(register.lines.values_list("given_by", flat=True)) == {owen.pk}
    assert minutes_in_month(owen, NOVEMBER) == before[owen] + 50
    assert minutes_in_month(small.teacher, NOVEMBER) == before[small.teacher]


def test_r7_the_summary_says_given_by(small, owen):
    arrange_cover(small.allocation, small.by, NINETEENTH, owen)
    small.record(NINETEENTH)
    rows = [row for table in figures_of(small.school, OCTOBER, today())["teachers"] for row in table["lessons"]]
    assert all(row["covers"] == [{"monday": "2026-10-19", "by": "Owen Tregarth"}] for row in rows)
    assert len(rows) == 2 and sum(row["given"] for row in rows) == 2


def test_r7_the_demo_world_s_last_summary_tells_of_cover(northshire):
    summary = Summary.objects.get(school__name="Pennock Primary School", month=date(2026, 10, 1))
    covers = [one["by"] for table in summary.figures["teachers"] for row in table["lessons"] for one in row["covers"]]
    assert covers and set(covers) == {"Lena Farrow"}


def test_r7_who_covers_single_lessons_sees_those_and_leaves_the_week_to_its_teacher(small, owen):
    arrange_cover(small.allocation, small.by, NOW, owen, small.pair)
    sheet = written(small, owen)
    assert [lesson.lesson_pk for lesson in sheet.lessons] == [small.pair.pk]
    sheet.fill_as_planned(owen)
    with pytest.raises(ValidationError, match="Hannah Whitlock confirms the week"):
        written(small, owen).confirm(owen)
    assert not tap(owen, small.allocation.pk, NOW, small.alone.places.get().pk, "here")
    assert set(Mark.objects.filter(line__register__allocation=small.allocation).values_list("place__lesson")) == {
        (small.pair.pk,)
    }
    small.record(NOW)
    assert {small.line(small.pair, NOW).given_by, small.line(small.alone, NOW).given_by} == {owen, small.teacher}


def test_r7_they_see_those_pupils_for_that_week_only(small, owen, clock):
    arrange_cover(small.allocation, small.by, NOW, owen)
    assert Sheet.open(owen, small.allocation.pk, NOW)
    for other in (NOW - 1, NOW - 3, NEXT, AFTER):
        assert Sheet.open(owen, small.allocation.pk, other) is None
        assert not tap(owen, small.allocation.pk, other, small.alone.places.get().pk, "here")
    assert not Pupil.objects.visible_to(owen).filter(school=small.school).exists()
    assert not Allocation.objects.visible_to(owen).filter(pk=small.allocation.pk).exists()
    assert [card.week for card in cover_cards(owen, NOW)] == [NOW]
    assert cover_cards(owen, NEXT) == []


def test_r7_a_lesson_s_own_cover_goes_before_that_of_the_visit(small, owen, marcus):
    arrange_cover(small.allocation, small.by, NOW, owen)
    arrange_cover(small.allocation, small.by, NOW, marcus, small.alone)
    assert {len(cover_cards(owen, NOW)[0].lessons), len(cover_cards(marcus, NOW)[0].lessons)} == {1}
    small.record(NOW)
    assert (small.line(small.pair, NOW).given_by, small.line(small.alone, NOW).given_by) == (owen, marcus)


def test_r7_leave_strikes_out_what_nobody_covers(small, owen):
    ill = Reason.objects.get(service=small.school.service, code="teacher-ill")
    give_notice(small.school.service, small.by, reason=ill, from_week=NOW, until_week=NEXT, teacher=small.teacher)
    arrange_cover(small.allocation, small.by, NOW, owen, small.alone)
    small.record(NOW)
    assert (small.line(small.pair, NOW).given, small.line(small.alone, NOW).given) == (False, True)
    gaps = {notice.teacher: own for notice, own in visits_without_cover(small.by, NEXT)}[small.teacher]
    assert (small.allocation, NEXT) in {(visit.allocation, visit.week) for visit in gaps}


def test_c5_a_make_up_that_is_begun_while_somebody_covers_is_theirs(small, owen):
    small.record(NINETEENTH, struck={small.alone: "event"})
    arrange_cover(small.allocation, small.by, NOW, owen)
    sheet = written(small, owen)
    begin_make_up(sheet.register, owen, small.alone, NINETEENTH)
    written(small, owen).fill_as_planned(owen)
    written(small, owen).confirm(owen)
    made = Line.objects.make_ups().get(lesson=small.alone)
    assert (made.given_by, made.given) == (owen, True)


def test_w2_a_week_that_is_spare_there_has_no_visit(small):
    small.allocation.set_spare_weeks(small.by, [NEXT])
    assert [visit.week for visit in visits(small, NOW, AFTER)] == [NOW, AFTER]


def test_r7_lines_begun_already_follow_who_gives_them(small, owen, marcus):
    small.record(NOW, confirm=False)
    arrange_cover(small.allocation, small.by, NOW, owen)
    cover = arrange_cover(small.allocation, small.by, NOW, marcus, small.alone)
    assert (small.line(small.pair, NOW).given_by, small.line(small.alone, NOW).given_by) == (owen, marcus)
    cover.call_off(small.by)
    assert small.line(small.alone, NOW).given_by == owen
    Cover.objects.get(allocation=small.allocation).call_off(small.by)
    assert set(Line.objects.filter(register__allocation=small.allocation).values_list("given_by", flat=True)) == {
        small.teacher.pk
    }


def test_a_confirmed_week_is_not_covered_any_more_nor_called_off(small, owen):
    arrange_cover(small.allocation, small.by, NOW, owen)
    small.record(NOW)
    with pytest.raises(ValidationError, match="this week is confirmed"):
        Cover.objects.get(allocation=small.allocation).call_off(small.by)
    with pytest.raises(ValidationError, match=r"Quarry Lane School.*this week is confirmed"):
        arrange_cover(small.allocation, small.by, NOW, small.by.service.members.get(name="Marcus Bellweather"))
    assert Cover.objects.get(allocation=small.allocation).teacher == owen


def test_the_absent_teacher_and_strangers_do_not_cover(small, rosa, owen):
    for wrong, words in ((small.teacher, "Somebody else"), (rosa, "who teaches for this service")):
        with pytest.raises(ValidationError, match=words):
            arrange_cover(small.allocation, small.by, NOW, wrong)
    owen.leave(small.by)
    with pytest.raises(ValidationError, match="who teaches for this service"):
        arrange_cover(small.allocation, small.by, NOW, owen)
    assert not Cover.objects.filter(allocation=small.allocation).exists()


def test_a_week_outside_of_the_allocation_is_refused(small, owen):
    with pytest.raises(ValidationError, match="not at this school"):
        arrange_cover(small.allocation, small.by, week(9, 14), owen)


def test_many_covers_take_as_many_statements_as_one(small, owen, marcus):
    counts = []
    for teacher, weeks in ((owen, [NOW]), (marcus, [NEXT, AFTER, week(12, 7)])):
        with CaptureQueriesContext(connection) as queries:
            arrange_covers([(small.allocation, one, None) for one in weeks], small.by, teacher)
        counts.append(len(queries))
    with CaptureQueriesContext(connection) as queries:
        arrange_covers([(small.allocation, week(12, 14), one.pk) for one in (small.pair, small.alone)], small.by, owen)
    assert counts[0] == counts[1] == len(queries) - 1 <= 12
    Cover.objects.exclude(lesson=None).filter(allocation=small.allocation).delete()
    assert Cover.objects.filter(allocation=small.allocation).count() == 4


def test_nothing_is_arranged_if_one_of_the_weeks_cannot_be(small, owen):
    small.record(NOW)
    with pytest.raises(ValidationError):
        arrange_covers([(small.allocation, NEXT, None), (small.allocation, NOW, None)], small.by, owen)
    assert not Cover.objects.filter(allocation=small.allocation).exists()


def test_both_teachers_are_told_without_a_pupil_s_name(small, owen):
    assert arrangement(small, owen, NOW, NEXT).arrange(small.by) == 2
    asked, told = Letter.objects.get(kind="cover_arranged"), Letter.objects.get(kind="cover_told")
    assert (asked.to_email, told.to_email) == (owen.person.email, small.teacher.person.email)
    for part in ("Quarry Lane School", "16 November 2026", "23 November 2026", "Otterbridge", "/registers/"):
        assert part in asked.body
    assert "Violin, group of 2, 30 minutes" in asked.body and "Owen Tregarth covers for you" in told.subject
    assert not any(name in asked.body + told.body for name in ("Ada", "Ben", "Cleo"))
    assert Event.objects.about(small.allocation).filter(verb="arranged cover").count() == 2


def test_arranged_twice_it_is_arranged_and_told_once(small, owen):
    arrangement(small, owen).arrange(small.by)
    assert arrangement(small, owen).arrange(small.by) == 0
    assert Letter.objects.filter(kind__startswith="cover_").count() == 2
    assert Cover.objects.filter(allocation=small.allocation).count() == 1


def test_who_covered_before_is_told_that_somebody_else_does(small, owen, marcus):
    arrangement(small, owen).arrange(small.by)
    taken_over = arrangement(small, marcus)
    assert {(one.kind, one.to) for one in taken_over.news} == {
        ("cover_called_off", owen),
        ("cover_called_off", small.teacher),
        ("cover_arranged", marcus),
        ("cover_told", small.teacher),
    }
    assert taken_over.arrange(small.by) == 1
    assert Letter.objects.filter(kind="cover_called_off", to_email=owen.person.email).count() == 1
    assert Cover.objects.get(allocation=small.allocation).teacher == marcus


def test_calling_off_tells_both_once(small, owen):
    arrangement(small, owen).arrange(small.by)
    cover = Cover.objects.for_list().get(allocation=small.allocation)
    assert (call_off([cover], small.by), call_off([cover], small.by)) == (1, 0)
    letters = Letter.objects.filter(kind="cover_called_off")
    assert {letter.to_email for letter in letters} == {owen.person.email, small.teacher.person.email}
    assert letters.count() == 2 and not Cover.objects.filter(allocation=small.allocation).exists()


def test_candidates_teach_the_instrument_are_there_and_their_load_is_said(small, northshire):
    """Sunniva and Nadia teach strings; whoever is on leave is not offered; the nearest stand first."""
    found = {one.teacher.name: one for one in read_candidates(visits(small, NEXT))}
    assert "Sunniva Marsh" in found and small.teacher.name not in found and "Idris Vale" not in found
    assert "Violin" in found["Sunniva Marsh"].instruments
    sunniva = found["Sunniva Marsh"].teacher
    own = read_visits(Allocation.objects.filter(teacher=sunniva), NEXT, NEXT)
    load = found["Sunniva Marsh"].loads[NEXT]
    assert (load.schools, load.minutes, load.covers) == (len(own), sum(one.minutes for one in own), 0)
    arrange_cover(small.allocation, small.by, NEXT, sunniva, small.pair)
    again = next(one for one in read_candidates(visits(small, NEXT)) if one.teacher == sunniva).loads[NEXT]
    assert (again.covers, again.minutes) == (1, load.minutes + 30) and "covers 1 visit already" in again.words
    away = Reason.objects.get(service=northshire, code="teacher-away")
    give_notice(northshire, small.by, reason=away, from_week=NEXT, until_week=NEXT, teacher=sunniva)
    assert sunniva not in [one.teacher for one in read_candidates(visits(small, NEXT))]
    assert sunniva in [one.teacher for one in read_candidates(visits(small, AFTER))]


def test_candidates_who_are_at_the_school_already_stand_first(small, larkrise, hannah, marcus):
    at_larkrise = Allocation.objects.get(teacher=hannah, school=larkrise)
    Member.objects.filter(pk=marcus.pk).update(teaches="Violin, brass and guitar")
    first = read_candidates(read_visits(Allocation.objects.filter(pk=at_larkrise.pk), NEXT, NEXT))
    marks = {one.teacher: one.is_at_school for one in first}
    assert marks[marcus] and not any(there for teacher, there in marks.items() if teacher != marcus)
