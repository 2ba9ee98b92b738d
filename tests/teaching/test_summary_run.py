"""Sending a month: once a school and contact, stopped and gone on with, by itself on its day (H8, S2, S4, L1, B6)."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from tests.teaching.small_school import FIFTH, NOVEMBER, OCTOBER, SmallSchool, week
from tutti.core.letters import Letter
from tutti.core.runs import KINDS, Run
from tutti.people.models import MusicService
from tutti.teaching import letters
from tutti.teaching.daily import daily
from tutti.teaching.models import Register, Summary, SummaryLink
from tutti.teaching.models.summary import RUN, make_summary, schools_taught, start_sending

DECEMBER_FIRST = datetime(2026, 12, 1, 7, 0, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def small(hannah, rosa):
    small = SmallSchool(hannah, rosa)
    small.lesson("Amelia Thorne")
    small.record(FIFTH)
    small.contact()
    return small


def letters_to(small):
    return Letter.objects.filter(kind=letters.SUMMARY, to_email="ada.crane@quarrylane.example")


def november(service):
    return Run.objects.filter(service=service, kind=RUN, slot="2026-11")


def test_a_run_writes_to_each_contact_once_and_repeating_it_writes_nothing(small, rosa, northshire, run_jobs):
    before = Letter.objects.filter(kind=letters.SUMMARY).count()
    run = start_sending(northshire, OCTOBER, rosa)
    run_jobs()
    run.refresh_from_db()
    assert run.state == "done" and run.done == run.total == schools_taught(northshire, OCTOBER).count()
    assert letters_to(small).count() == 1 and Letter.objects.filter(kind=letters.SUMMARY).count() == before + 1
    start_sending(northshire, OCTOBER, rosa)
    run_jobs()
    assert Letter.objects.filter(kind=letters.SUMMARY).count() == before + 1
    assert Summary.objects.filter(school=small.school).count() == 1


def test_a_stopped_run_goes_on_and_nobody_gets_two_letters(northshire, rosa, run_jobs, clock):
    """(L1)"""
    clock.move_to(DECEMBER_FIRST)
    run = start_sending(northshire, NOVEMBER, rosa)
    steps = list(KINDS[RUN](run))
    for step in steps[:4]:
        step()
    written = Letter.objects.filter(kind=letters.SUMMARY, slot__startswith="2026-11:").count()
    assert 0 < written < len(steps)
    run.stop()
    run_jobs()
    run.refresh_from_db()
    assert run.state == "stopped"
    run.go_on()
    run_jobs()
    slots = list(
        Letter.objects.filter(kind=letters.SUMMARY, slot__startswith="2026-11:").values_list("slot", flat=True)
    )
    assert len(slots) == len(set(slots)) > written
    run.refresh_from_db()
    assert run.state == "done"


def test_the_letter_tells_totals_and_until_when_and_whom_to_ask_and_no_name(small):
    make_summary(small.school, OCTOBER).send()
    letter = letters_to(small).get()
    assert letter.subject == "October 2026: music lessons at Quarry Lane School"
    assert "1 of 3 lessons were given: 20 minutes of teaching" in letter.body
    assert "16 February 2027" in letter.body and small.school.office.phone in letter.body
    assert "Amelia" not in letter.body + letter.subject and "Thorne" not in letter.body
    assert letter.is_secret and "http://" in letter.body and "/northshire/month/" in letter.body


def test_the_links_address_is_the_same_when_a_request_writes_the_letter(small, as_member, url, rosa):
    summary = make_summary(small.school, OCTOBER)
    contact = small.school.contacts.get()
    as_member(rosa).post(url(rosa, "summary_again", summary.pk, contact.pk))
    assert "/northshire/month/" in letters_to(small).get().body
    assert "/northshire/northshire/" not in letters_to(small).get().body


def test_a_school_without_a_contact_gets_its_summary_made_and_the_run_says_so(small, rosa, northshire, run_jobs):
    """(S4)"""
    small.school.contacts.get().remove(rosa)
    run = start_sending(northshire, OCTOBER, rosa)
    run_jobs()
    run.refresh_from_db()
    assert "Quarry Lane School has nobody to write to: print and post it." in run.report
    assert Summary.objects.filter(school=small.school, month=OCTOBER).exists()


def test_a_contact_who_gets_no_summaries_is_not_written_to(small, rosa):
    small.contact("Ben Moss", "ben.moss@quarrylane.example", gets_summary=False)
    assert make_summary(small.school, OCTOBER).send() == 1
    assert not Letter.objects.filter(to_email="ben.moss@quarrylane.example").exists()


def test_sending_again_to_one_contact_makes_a_new_link_and_a_double_click_one_letter(small, rosa):
    summary = make_summary(small.school, OCTOBER)
    summary.send()
    contact = small.school.contacts.get()
    assert summary.send_again(contact, rosa) is not None
    assert summary.links.count() == letters_to(small).count() == 2


def test_a_month_that_is_not_over_cannot_be_sent(northshire, rosa):
    with pytest.raises(ValidationError, match="November is not over yet"):
        start_sending(northshire, NOVEMBER, rosa)
    assert not november(northshire).exists()


def test_a_month_that_is_not_over_is_not_made_and_one_that_was_made_is_found(small, clock):
    with pytest.raises(ValidationError, match="November is not over yet"):
        make_summary(small.school, NOVEMBER)
    assert not Summary.objects.filter(school=small.school).exists()
    clock.move_to(DECEMBER_FIRST)
    made = make_summary(small.school, NOVEMBER)
    clock.move_to(DECEMBER_FIRST - timedelta(days=1))
    assert make_summary(small.school, NOVEMBER) == made


def test_they_go_out_by_themselves_on_the_day_the_service_set_and_not_before(northshire, clock, run_jobs):
    MusicService.objects.filter(pk=northshire.pk).update(summary_working_day=3)
    northshire.refresh_from_db()
    for day, started in [(1, 0), (2, 0), (3, 1)]:
        clock.move_to(DECEMBER_FIRST.replace(day=day))
        daily(northshire, DECEMBER_FIRST.replace(day=day).date())
        assert november(northshire).count() == started
    run_jobs()
    assert november(northshire).get().state == "done"
    assert SummaryLink.objects.filter(summary__month=NOVEMBER).count() >= 25


def test_a_weekend_is_no_working_day(northshire, clock):
    """1 August 2027 is a Sunday: July's go on Monday the 2nd. Here November 2026 begins on a Sunday."""
    Summary.objects.filter(service=northshire).delete()
    daily(northshire, datetime(2026, 11, 1).date())
    assert not Run.objects.filter(service=northshire, slot="2026-10").exists()
    daily(northshire, datetime(2026, 11, 2).date())
    assert Run.objects.filter(service=northshire, slot="2026-10").exists()


def test_running_it_every_ten_minutes_starts_one_run(northshire, clock, run_jobs):
    clock.move_to(DECEMBER_FIRST)
    for _ in range(4):
        daily(northshire, DECEMBER_FIRST.date())
        run_jobs()
        clock.shift(timedelta(minutes=10))
    assert november(northshire).count() == 1


def test_two_processes_at_the_same_moment_start_one_run(real_database, northshire, clock):
    clock.move_to(DECEMBER_FIRST)
    gate = threading.Barrier(3, timeout=20)

    def tick():
        try:
            gate.wait()
            with northshire.entered():
                daily(northshire, DECEMBER_FIRST.date())
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    with northshire.entered():
        assert november(northshire).count() == 1


def test_a_day_missed_is_made_up_the_next_day(northshire, clock):
    clock.move_to(DECEMBER_FIRST + timedelta(days=6))
    daily(northshire, (DECEMBER_FIRST + timedelta(days=6)).date())
    assert november(northshire).count() == 1


def test_a_run_that_the_office_stopped_is_not_started_again_by_itself(northshire, rosa, clock):
    clock.move_to(DECEMBER_FIRST)
    start_sending(northshire, NOVEMBER, rosa).stop()
    daily(northshire, DECEMBER_FIRST.date())
    assert november(northshire).get().state == "stopped"


def test_a_month_in_which_nothing_was_recorded_is_not_sent_by_itself(northshire, clock):
    Register.objects.filter(week__gte=week(11, 2)).update(confirmed_by=None)
    clock.move_to(DECEMBER_FIRST)
    daily(northshire, DECEMBER_FIRST.date())
    assert not november(northshire).exists()


def test_the_command_does_every_service_and_one_that_fails_holds_nobody_back(
    northshire, southshire, inside, clock, monkeypatch
):
    clock.move_to(DECEMBER_FIRST)

    def breaks(service, day):
        if service.slug == "northshire":
            raise RuntimeError("broken")
        daily(service, day)

    monkeypatch.setattr("tutti.front.management.commands.daily.teaching.daily", breaks)
    with pytest.raises(CommandError, match="northshire: summaries"):
        call_command("daily")
    assert not november(northshire).exists()
    with inside(southshire):
        assert november(southshire).count() == 1
