"""The demo world stands in mid-term whatever day it is loaded, and keeps out of real data."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from tutti.core.calendar import Week
from tutti.core.letters import Letter
from tutti.front.demo.year import add_year
from tutti.people.models import Member, MusicService
from tutti.schools.models import AcademicYear
from tutti.teaching.models import Allocation, Correction, Lesson, Lock, Mark, Place, Pupil, Summary


def test_the_week_of_the_tests_is_week_11_of_40_and_lesson_10_of_33(northshire):
    weeks = AcademicYear.objects.get(service=northshire).weeks
    now = weeks.get(monday=Week.parse("2026-11-16"))
    assert (now.number, now.lesson_number) == (11, 10)
    assert (weeks.count(), weeks.lesson_weeks().count()) == (40, 33)


@pytest.mark.parametrize("day", ["2026-12-27", "2027-04-05", "2027-08-14", "2028-02-29", "2030-06-01"])
def test_it_is_mid_term_on_whatever_day_it_is_loaded(robin, empty_service, day):
    today = dt.date.fromisoformat(day)
    year = add_year(empty_service, robin, today)
    now = year.weeks.get(monday=Week.of(today))
    assert 10 <= now.number <= 12
    assert now.lesson_number
    assert year.weeks.lesson_weeks().count() == 33


def test_the_world_holds_what_it_promises(northshire, larkrise, hannah):
    assert northshire.schools.count() == 30
    assert northshire.members.teachers().count() == 15
    assert 300 <= Pupil.objects.filter(service=northshire).count() <= 500
    at_larkrise = Lesson.objects.filter(allocation__school=larkrise, allocation__teacher=hannah)
    assert list(at_larkrise.values_list("instrument", flat=True)) == [
        *("Violin", "Violin", "Cello", "Violin", "Viola", "Cello", "Violin"),
    ]
    reasons = set(Mark.objects.filter(service=northshire).values_list("reason__code", flat=True))
    assert {"present", "ill", "absent", "forgot", "no-instrument", "late", "trip", "event", "teacher-ill"} <= reasons
    assert {"every", "odd", "even", "rota"} == set(
        Lesson.objects.filter(service=northshire).values_list("due", flat=True)
    )


def test_last_months_summaries_were_sent_and_their_letters_kept(northshire):
    assert set(Summary.objects.filter(service=northshire).values_list("month", flat=True)) == {
        dt.date(2026, 9, 1),
        dt.date(2026, 10, 1),
    }
    letters = Letter.objects.filter(service=northshire, kind="summary")
    assert letters.count() > 20
    assert set(letters.exclude(to_name="Keith Orwin").values_list("state", flat=True)) == {"kept"}
    assert letters.filter(to_name="Keith Orwin").latest("written_at").state == "bounced", "one came back"


def test_nothing_of_southshire_has_a_name_of_northshire(northshire, southshire, inside):
    def names(service):
        found = {*service.schools.values_list("name", flat=True), *service.pupils.values_list("name", flat=True)}
        return found | set(service.members.values_list("name", flat=True))

    ours = names(northshire)
    with inside(southshire):
        theirs = names(southshire)
    assert len(theirs) > 40
    assert ours & theirs == {"Priya Raman-Cole"}


def test_everybody_can_be_reached_nowhere(northshire):
    for email in Letter.objects.filter(service=northshire).values_list("to_email", flat=True):
        assert email.endswith(".example")


def test_it_refuses_to_come_where_a_real_service_is(db):
    MusicService.objects.filter(slug="southshire").update(is_demo=False)
    with pytest.raises(CommandError, match="real"):
        call_command("demo")


def test_loading_it_again_changes_nothing(db, capsys):
    before = MusicService.objects.count()
    call_command("demo")
    assert MusicService.objects.count() == before
    assert "already" in capsys.readouterr().out


def test_each_pupil_of_a_lesson_goes_to_its_school(northshire):
    """But for one who went to another school (P5)."""
    places = Place.objects.filter(service=northshire, until_week=None)
    for school, pupils_school in places.values_list("lesson__allocation__school", "pupil__school").distinct():
        assert school == pupils_school


def test_p5_one_pupil_has_changed_school_and_p4_one_teacher_is_to_take_over(northshire, tess):
    left = Place.objects.filter(service=northshire).exclude(pupil__school=F("lesson__allocation__school")).get()
    assert left.until_week == Week.parse("2026-11-09") and left.pupil.carries.get().place.had_before > 4
    assert Allocation.objects.get(teacher=tess, succeeds__isnull=False).succeeds.lessons.count() == 3


def test_the_month_before_last_is_locked_and_a_correction_of_it_is_told_on_the_next_summary(northshire):
    """(R10, S3)"""
    teachers = Member.objects.filter(service=northshire).teachers()
    assert Lock.objects.filter(service=northshire, month=dt.date(2026, 9, 1)).count() == teachers.count()
    accepted, waiting = Correction.objects.filter(service=northshire).order_by("state")
    assert (accepted.state, waiting.state) == ("accepted", "proposed")
    assert accepted.decided_at.date() == dt.date(2026, 10, 14)
    school = accepted.register.allocation.school
    october = Summary.objects.get(school=school, month=dt.date(2026, 10, 1))
    assert october.corrections == 1 and school.name != "Larkrise Primary School"
    assert Summary.objects.filter(service=northshire).exclude(pk=october.pk).exclude(corrections=0).count() == 0
