"""Corrections of locked months: proposed, decided by the office once, told to the teacher (R10)."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tests.teaching.small_school import FIFTH, OCTOBER, SmallSchool
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.teaching.models import Correction, Mark
from tutti.teaching.models.correction import propose
from tutti.teaching.models.lock import lock_month, unlock_month
from tutti.teaching.models.summary import make_summary


@pytest.fixture
def small(hannah, rosa):
    small = SmallSchool(hannah, rosa)
    small.violin = small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.record(FIFTH, absent={"Noah Castle": "absent"})
    lock_month(rosa.service, rosa, OCTOBER)
    return small


@pytest.fixture
def proposed(small, hannah):
    sheet = small.sheet(FIFTH)
    noah = next(pupil for pupil in sheet.pupils if pupil.name == "Noah Castle")
    return propose(sheet.register, hannah, "He came late", marks={noah.key: small.reason("late")})


def mark_of(name):
    return Mark.objects.get(
        place__pupil__name=name,
        line__register__week=FIFTH,
        line__lesson__instrument="Violin",
        line__register__allocation__school__name="Quarry Lane School",
    ).reason.code


def words(page):
    return " ".join(page.content.decode().split())


def test_the_page_says_who_when_why_from_what_to_what_and_what_follows(proposed, as_member, url, rosa, small):
    make_summary(small.school, OCTOBER)
    page = words(as_member(rosa).get(url(rosa, "correction", proposed.pk)))
    assert "He came late" in page and "Hannah Whitlock, 18 November 2026, 10:00" in page
    assert "Noah Castle, Violin" in page and "Absent from school" in page and "<b>Came late</b>" in page
    assert "Minutes given: 30, as before" in page and "Owed to pupils: 0, as before" in page
    assert "The school was told of this week on 18 November 2026. Its next summary says" in page


def test_what_follows_counts_minutes_and_what_is_owed(small, as_member, url, rosa, hannah):
    register = small.sheet(FIFTH).register
    given = {small.violin.pk: small.reason("teacher-ill")}
    correction = propose(register, hannah, "I was ill that week", given=given)
    page = words(as_member(rosa).get(url(rosa, "correction", correction.pk)))
    assert "Minutes given: 30, then <b>0</b>" in page and "Owed to pupils: 0, then <b>1</b>" in page
    assert "Not given: Teacher ill" in page


def test_r3_accepted_the_register_says_that_its_teacher_was_not_there_and_then_that_they_were(small, rosa, hannah):
    register = small.sheet(FIFTH).register
    assert (register.there, register.reason) == ("all", None)
    ill = small.reason("teacher-ill")
    assert propose(register, hannah, "I was ill that week", given={small.violin.pk: ill}).accept(rosa)
    register.refresh_from_db()
    assert (register.there, register.reason) == ("none", ill)
    here = {pupil.key: small.reason("present") for pupil in small.sheet(FIFTH).pupils}
    assert propose(register, hannah, "That was another week", marks=here, given={small.violin.pk: None}).accept(rosa)
    register.refresh_from_db()
    assert (register.there, register.reason) == ("all", None)


def test_r10_accepted_it_changes_the_register_and_the_teacher_gets_a_letter_without_a_name(
    proposed, as_member, url, rosa, hannah
):
    answer = as_member(rosa).post(
        url(rosa, "correction", proposed.pk), {"decision": "accept", "answer": "Thank you"}, follow=True
    )
    assert "Accepted. Hannah Whitlock is told." in answer.content.decode() and mark_of("Noah Castle") == "late"
    letter = Letter.objects.get(kind="correction", slot=str(proposed.pk))
    assert letter.to_email == hannah.person.email
    assert letter.subject == "Your correction was accepted: Quarry Lane School"
    assert "Rosa Pike writes: Thank you" in letter.body and "Noah" not in letter.body
    verbs = list(Event.objects.about(proposed.register).order_by("pk").values_list("verb", flat=True))
    assert verbs[-3:] == ["proposed a correction", "corrected", "accepted the correction"]
    page = words(as_member(hannah).get(url(hannah, "correction", proposed.pk)))
    assert "Absent from school" in page and "<b>Came late</b>" in page and "Thank you" in page


def test_r10_declined_it_changes_nothing_and_needs_an_answer(proposed, as_member, url, rosa):
    client, address = as_member(rosa), url(rosa, "correction", proposed.pk)
    page = client.post(address, {"decision": "decline", "answer": " "})
    assert page.status_code == 422 and "Say why, so that the teacher knows." in page.content.decode()
    client.post(address, {"decision": "decline", "answer": "The school says otherwise"})
    proposed.refresh_from_db()
    assert proposed.state == "declined" and mark_of("Noah Castle") == "absent"
    assert "The school says otherwise" in Letter.objects.get(kind="correction", slot=str(proposed.pk)).body


def test_r10_decided_once_whoever_comes_second(proposed, as_member, url, rosa, robin):
    as_member(rosa).post(url(rosa, "correction", proposed.pk), {"decision": "accept"})
    answer = as_member(robin).post(
        url(robin, "correction", proposed.pk), {"decision": "decline", "answer": "No"}, follow=True
    )
    assert "Somebody else has decided it already." in answer.content.decode()
    proposed.refresh_from_db()
    assert (proposed.state, proposed.decided_by) == ("accepted", rosa)


def test_r10_two_at_the_same_moment_decide_once(real_database, clock, hannah, rosa, robin, northshire):
    with northshire.entered():
        small = SmallSchool(hannah, rosa)
        small.lesson("Noah Castle")
        small.record(FIFTH)
        sheet = small.sheet(FIFTH)
        correction = propose(sheet.register, hannah, "Was ill", marks={sheet.pupils[0].key: small.reason("ill")})
    gate, done = threading.Barrier(2, timeout=20), []

    def decide(by, accepts):
        try:
            gate.wait()
            with northshire.entered():
                own = Correction.objects.get(pk=correction.pk)
                done.append(own.accept(by) if accepts else own.decline(by, "No"))
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=args) for args in ((rosa, True), (robin, False))]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert sorted(done) == [False, True]


def test_one_that_no_longer_fits_says_so_and_waits_on(small, proposed, as_member, url, rosa, hannah):
    unlock_month(rosa.service, rosa, OCTOBER)
    small.sheet(FIFTH).reopen(hannah)
    page = as_member(rosa).post(url(rosa, "correction", proposed.pk), {"decision": "accept"})
    assert page.status_code == 422 and "The register is open" in page.content.decode()
    proposed.refresh_from_db()
    assert proposed.is_open and mark_of("Noah Castle") == "absent"


def test_a_pupil_who_is_gone_from_the_register_makes_it_unfit(small, proposed, rosa):
    proposed.changes = {**proposed.changes, "marks": {"999999": small.reason("late").pk}}
    with pytest.raises(ValidationError, match="not on the register any more"):
        proposed.accept(rosa)


def test_the_office_s_list_has_those_that_wait_first_and_its_home_says_how_many(proposed, as_member, url, rosa):
    client = as_member(rosa)
    page = words(client.get(url(rosa, "corrections")))
    assert "2 corrections wait for a decision." in page
    assert page.index("Waits for the office") < page.index("Accepted")
    assert "2 corrections wait for a decision" in client.get(url(rosa, "home")).content.decode()


def test_the_teacher_s_list_has_their_own_and_nobody_else_s(proposed, as_member, url, hannah, marcus):
    assert "Quarry Lane School, 5 October 2026" in words(as_member(hannah).get(url(hannah, "my_corrections")))
    assert "Quarry Lane" not in words(as_member(marcus).get(url(marcus, "my_corrections")))
    assert as_member(marcus).get(url(marcus, "correction", proposed.pk)).status_code == 404
    as_member(hannah).post(url(hannah, "correction", proposed.pk), {"decision": "accept"})
    proposed.refresh_from_db()
    assert proposed.is_open
