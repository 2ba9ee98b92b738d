"""The chart of the scheme along every path, by whoever each move belongs to (M3 to M10, A2 to A4)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from tests.partners.walk import IN_TIME, Walk
from tutti.core.calendar import today
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.core.workflow import WrongStage
from tutti.partners.models import Application, Partner
from tutti.partners.models.application_begin import ask_to_begin
from tutti.partners.models.application_stage import FINISHED, Stage

pytestmark = pytest.mark.django_db


def letters_to(case, kind=""):
    rows = Letter.objects.about(case).filter(service=case.service, to_email=case.email, kind__contains=kind)
    return [letter.subject for letter in rows.order_by("pk")]


def stages(case):
    events = Event.objects.about(case).order_by("pk")
    return [event.after["stage"] for event in events if "stage" in event.after]


def test_m10_successful_from_the_first_day_to_the_letter(walk):
    case = walk.go(*IN_TIME)
    assert stages(case) == [
        "received",
        "observation_due",
        "observation_arranged",
        "observed",
        "recommended",
        "induction_due",
        "induction_arranged",
        "completed",
    ]
    partner = Partner.objects.get(application=case)
    assert (partner.name, partner.since) == ("Ada Quill", today()) and partner.is_listed(today())
    assert letters_to(case) == [
        "Your application to Professional Partners",
        f"We have your application {case.reference}",
        f"Your application {case.reference} goes on",
        "Your observation or interview is arranged",
        "You were successful",
        "Your induction is arranged",
        "You are a Professional Partner",
    ]


def test_m4_not_proceeding_needs_feedback_which_is_sent(walk):
    walk.go("send")
    with pytest.raises(ValidationError, match="Say why"):
        walk.decline(feedback=" ")
    walk.decline()
    assert walk.fresh().stage == Stage.NOT_PROCEEDING
    letter = Letter.objects.about(walk.case).get(kind="application_decline")
    assert "Two years of teaching first, please." in letter.body and "[FEEDBACK]" not in letter.body


def test_m8_unsuccessful_mentored_and_successful(walk):
    walk.go("send", "proceed", "arrange", "observe", "recommend_not", "mentor_first", "extend", "end_mentoring")
    case = walk.go("arrange", "observe", "recommend", "succeed", "arrange_induction", "complete")
    assert case.observations.took_place().count() == 2 and case.programmes.get().ended_at
    assert Partner.objects.filter(application=case).exists()


def test_m8_unsuccessful_mentored_and_unsuccessful(walk):
    walk.go("send", "proceed", "arrange", "observe", "recommend_not")
    with pytest.raises(PermissionDenied):
        walk.fail()
    walk.go("mentor_first", "end_mentoring", "arrange", "observe", "recommend_not", "fail")
    assert walk.fresh().stage == Stage.UNSUCCESSFUL and "Not planned yet." in walk.fresh().feedback


def test_a3_mentoring_may_be_repeated(walk):
    walk.go("send", "proceed", "arrange", "observe", "recommend_not", "mentor_first", "end_mentoring")
    case = walk.go("arrange", "observe", "recommend_not", "mentor_first")
    assert case.stage == Stage.MENTORING and case.programmes.count() == 2
    assert case.programmes.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(("recommended", "decide"), [("unsuccessful", "succeed"), ("successful", "mentor_first")])
def test_a3_the_leader_may_differ_from_the_mentor_with_a_reason(walk, recommended, decide):
    walk.go("send", "proceed", "arrange", "observe")
    walk.recommend(recommended)
    with pytest.raises(ValidationError, match="Say why you decide as you do"):
        getattr(walk, decide)()
    assert walk.fresh().stage == Stage.RECOMMENDED and not walk.fresh().programmes.exists()
    getattr(walk, decide)(why="I have seen more of them.")
    assert Event.objects.about(walk.case).order_by("pk").last().after["why"] == "I have seen more of them."


def test_a3_a_report_is_sent_back_and_comes_again(walk):
    walk.go("send", "proceed", "arrange", "observe", "recommend", "send_back")
    assert walk.fresh().stage == Stage.OBSERVED and walk.fresh().observation.sent_at is None
    asked = Letter.objects.about(walk.case).get(kind="case_sent_back")
    assert asked.to_name == "Miles Askew" and "What did the pupils learn?" in asked.body
    assert walk.go("recommend").stage == Stage.RECOMMENDED


def test_m7_a_report_that_is_not_complete_is_not_sent(walk, miles):
    walk.go("send", "proceed", "arrange", "observe")
    with pytest.raises(ValidationError, match="The report still needs: What you agreed to look at"):
        walk.case.recommend(miles, "successful")


@pytest.mark.parametrize("done", range(1, len(IN_TIME)))
def test_a4_withdrawing_is_possible_at_every_stage_until_the_induction_is_completed(walk, done):
    walk.go(*IN_TIME[:done], "withdraw")
    case = walk.fresh()
    assert case.stage == Stage.WITHDRAWN
    assert not case.observations.filter(called_off_at=None, took_place_at=None).exists()
    assert not case.inductions.filter(called_off_at=None).exists()


def test_a4_a_partner_leaves_and_does_not_withdraw(walk):
    walk.go(*IN_TIME)
    with pytest.raises(WrongStage):
        walk.withdraw()


def test_m6_an_appointment_is_moved_called_off_and_made_anew(walk):
    walk.go("send", "proceed", "arrange", "rearrange")
    assert walk.case.observation.words == "Observation and interview: Wednesday 18 November 2026 at 09:00, On line"
    walk.go("call_off", "arrange")
    assert walk.case.observations.count() == 2 and walk.case.observations.standing().count() == 1


def test_m6_nothing_has_taken_place_before_its_day(walk):
    walk.go("send", "proceed")
    walk.arrange(days=1)
    with pytest.raises(ValidationError, match="still to come"):
        walk.observe()
    assert walk.fresh().stage == Stage.OBSERVATION_ARRANGED


def test_m9_the_induction_needs_its_day_and_its_checklist(walk):
    walk.go(*IN_TIME[:6])
    walk.arrange_induction(days=2)
    with pytest.raises(ValidationError, match="still to come"):
        walk.complete()
    walk.go("call_off_induction", "arrange_induction")
    with pytest.raises(ValidationError, match="Still to go through: Data and the yearly return"):
        walk.complete(done=walk.scheme.checklist[:-1])
    assert not Partner.objects.filter(application=walk.case).exists()


def test_a2_to_proceed_with_fewer_answers_needs_a_reason(lorna, miles):
    walk = Walk(lorna, miles, answered=1)
    walk.go("send")
    with pytest.raises(ValidationError, match="1 of 2 referees have not answered yet"):
        walk.proceed()
    walk.proceed(without_references="We know the school well.")
    assert walk.fresh().without_references == "We know the school well."


def test_a3_nobody_makes_a_move_that_is_not_theirs(walk, lorna, miles, rosa, robin):
    walk.go("send")
    for member in (miles, rosa, robin):
        with pytest.raises(PermissionDenied):
            walk.proceed(by=member)
    walk.proceed()
    for member in (lorna, rosa):
        with pytest.raises(PermissionDenied):
            walk.arrange(by=member)
    other = Walk(lorna, miles, name="Ben Holt")
    with pytest.raises(PermissionDenied):
        walk.case.withdraw(other.who)
    assert walk.fresh().stage == Stage.OBSERVATION_DUE


def test_a3_a_mentor_who_was_not_chosen_neither_moves_nor_sees_it(walk, miles, marcus):
    marcus.roles = ["teacher", "mentor"]
    marcus.save()
    walk.go("send", "proceed")
    with pytest.raises(PermissionDenied):
        walk.arrange(by=marcus)
    assert walk.case in Application.objects.visible_to(miles)
    assert walk.case not in Application.objects.visible_to(marcus)


def test_a3_nobody_decides_on_their_own_application(walk, lorna, miles):
    walk.go("send")
    Application.objects.filter(pk=walk.case.pk).update(email=lorna.person.email)
    assert walk.case not in Application.objects.visible_to(lorna)
    with pytest.raises(PermissionDenied):
        walk.proceed()
    Application.objects.filter(pk=walk.case.pk).update(email=miles.person.email)
    with pytest.raises(ValidationError, match="mentor cannot be the applicant"):
        walk.proceed()


def test_two_who_press_at_once_make_one_move(walk, lorna):
    walk.go("send")
    stale = walk.fresh()
    walk.proceed()
    with pytest.raises(WrongStage, match="in the meantime"):
        stale.decline(lorna, "No.", "Subject\n\nNo.")
    assert walk.fresh().stage == Stage.OBSERVATION_DUE and stages(walk.case) == ["received", "observation_due"]


def test_a_page_that_was_read_before_somebody_else_s_move_moves_nothing(walk, lorna):
    """Sent back and sent again the stage is the same, and yet the leader has not read that report."""
    walk.go("send", "proceed", "arrange", "observe", "recommend")
    seen = walk.case.moves_made
    walk.go("send_back", "recommend")
    with pytest.raises(WrongStage):
        walk.case.succeed(lorna, "Subject\n\nYes.", seen=seen)
    walk.case.refresh_from_db()
    walk.case.succeed(lorna, "Subject\n\nYes.", seen=walk.case.moves_made)


def test_a2_two_referees_who_are_not_the_applicant(walk):
    walk.case.referees.filter(name="Referee 1").update(email=walk.case.email.upper())
    with pytest.raises(ValidationError, match="None of them can be you"):
        walk.go("send")
    assert walk.fresh().reference == ""


def test_nobody_has_two_applications_at_a_time(walk, lorna):
    walk.go("send")
    own = {"service": lorna.service, "name": "Ada", "email": walk.case.email.upper(), "stage": Stage.DRAFT}
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(**own)
    walk.withdraw()
    Application.objects.create(**own)


def test_a_partner_does_not_apply_again(walk, lorna, miles):
    walk.go(*IN_TIME)
    again = Walk(lorna, miles)
    with pytest.raises(ValidationError, match="partner already"):
        again.send()


def test_a_partner_by_another_application_is_not_made_one_twice(walk, lorna, miles):
    other = Walk(lorna, miles, name="Ben Holt")
    other.go(*IN_TIME[:-1])
    walk.go(*IN_TIME)
    Application.objects.filter(pk=other.case.pk).update(email=walk.case.email)
    with pytest.raises(ValidationError, match="partner already"):
        other.complete()
    assert other.fresh().stage == Stage.INDUCTION_ARRANGED


def test_who_was_a_partner_may_apply_again(walk):
    walk.go(*IN_TIME)
    Partner.objects.filter(application=walk.case).update(since=today() - dt.timedelta(1), until=today())
    ask_to_begin(walk.scheme, name="Ada Quill", email=walk.case.email)
    assert not Application.objects.filter(email=walk.case.email, stage=Stage.DRAFT).exists(), "until today they are one"
    Partner.objects.filter(application=walk.case).update(until=today() - dt.timedelta(1))
    ask_to_begin(walk.scheme, name="Ada Quill", email=walk.case.email)
    assert Application.objects.filter(email=walk.case.email, stage=Stage.DRAFT).exists()


def test_m2_begun_twice_it_is_one_and_the_link_goes_to_the_address(walk):
    ask_to_begin(walk.scheme, name="Somebody Else", email="ADA.quill@studio.example")
    assert Application.objects.get(email=walk.case.email).name == "Ada Quill"
    assert len(letters_to(walk.case, "start")) == 2


def test_m2_each_application_has_a_reference_of_its_own(walk, lorna, miles):
    other = Walk(lorna, miles, name="Ben Holt")
    walk.go("send")
    other.go("send")
    first, second = walk.case.reference, other.case.reference
    assert first.startswith("PP-2026-") and int(second[-4:]) == int(first[-4:]) + 1


def test_every_stage_is_reached_and_left_by_the_moves_of_the_chart():
    moves = Application.moves()
    assert {move.to for move in moves} == set(Stage) - {Stage.DRAFT}
    assert {stage for move in moves for stage in move.stages} == set(Stage) - set(FINISHED)


def test_m3_the_leader_is_told_that_it_waits_without_a_word_about_whom(walk):
    walk.go("send")
    letter = Letter.objects.about(walk.case).get(kind="case_waits")
    assert letter.to_name == "Lorna Fairweather" and "Ada" not in letter.subject + letter.body


def test_a5_who_has_ended_is_not_listed_any_more(walk):
    partner = Partner.objects.get(application=walk.go(*IN_TIME))
    Partner.objects.filter(pk=partner.pk).update(until=today())
    assert partner.is_listed(today()) and not partner.is_listed(today() + dt.timedelta(days=1))
