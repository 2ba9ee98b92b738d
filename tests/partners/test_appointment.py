"""An appointment in the calendars of both: sent with the letters, changed and taken out again (M6, M9)."""

import datetime as dt

import pytest
from icalendar import Calendar

from tutti.core.calendar import today
from tutti.core.letter_message import message_of
from tutti.core.letters import Letter
from tutti.partners.models import Induction, Observation

pytestmark = pytest.mark.django_db


def entries(walk, kind):
    """What the applicant and the hub's member got with the letters of this kind, newest first."""
    letters = Letter.objects.about(walk.case).filter(kind=kind).exclude(calendar="").order_by("-pk")
    return [(letter.to_email, Calendar.from_ical(letter.calendar)) for letter in letters]


def entry(calendar):
    return calendar.walk("VEVENT")[0]


def test_m6_both_get_the_same_entry_at_the_hour_of_the_place(walk, miles):
    walk.go("send", "proceed", "arrange")
    (to, calendar), *_ = entries(walk, "application_arrange")
    (mine, the_same), *_ = entries(walk, "case_appointment")
    assert (to, mine) == (walk.case.email, miles.person.email)
    held, seen = entry(calendar), Observation.objects.get(application=walk.case)
    assert calendar["method"] == "REQUEST" and held["uid"] == entry(the_same)["uid"]
    assert held.decoded("dtstart") == dt.datetime.combine(seen.on, seen.at, held.decoded("dtstart").tzinfo)
    assert held.decoded("dtstart").utcoffset() == dt.timedelta(0), "winter time in the United Kingdom"
    assert held.decoded("dtend") - held.decoded("dtstart") == dt.timedelta(minutes=45)
    assert held["location"] == "Larkrise, room 3"
    assert {str(one).removeprefix("MAILTO:") for one in held["attendee"]} == {walk.case.email, miles.person.email}


def test_m6_rearranged_it_is_the_same_entry_with_a_higher_number(walk):
    walk.go("send", "proceed", "arrange")
    first = entry(entries(walk, "application_arrange")[0][1])
    walk.go("rearrange")
    again = entry(entries(walk, "application_rearrange")[0][1])
    assert again["uid"] == first["uid"] and again["sequence"] > first["sequence"]
    assert again.decoded("dtend") - again.decoded("dtstart") == dt.timedelta(minutes=30)


def test_m6_called_off_the_calendars_of_both_forget_it(walk):
    walk.go("send", "proceed", "arrange")
    first = entry(entries(walk, "application_arrange")[0][1])
    walk.go("call_off")
    for kind in ("application_call_off", "case_called_off"):
        calendar = entries(walk, kind)[0][1]
        assert calendar["method"] == "CANCEL" and entry(calendar)["status"] == "CANCELLED"
        assert entry(calendar)["uid"] == first["uid"] and entry(calendar)["sequence"] > first["sequence"]


def test_the_hour_says_which_zone_it_means(walk):
    """RFC 5545, 3.6.5: whoever names a zone defines it."""
    walk.go("send", "proceed", "arrange")
    calendar = entries(walk, "application_arrange")[0][1]
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]


def test_a_place_cannot_call_an_appointment_off(walk):
    walk.go("send", "proceed")
    own = {"on": today(), "at": dt.time(9), "minutes": 30, "kind": "both", "place": "METHOD:CANCEL"}
    walk.case.arrange(walk.mentor, walk.letter("arrange", walk.mentor), **own)
    letter = Letter.objects.about(walk.case).get(kind="application_arrange")
    (entry_part,) = message_of(letter).attachments
    assert entry_part.mimetype == "text/calendar; method=REQUEST"


def test_a_second_observation_is_another_entry(walk):
    walk.go("send", "proceed", "arrange", "call_off", "arrange")
    newest, oldest = entries(walk, "application_arrange")
    assert entry(newest[1])["uid"] != entry(oldest[1])["uid"]


def test_m9_an_induction_goes_to_the_leader_who_holds_it_and_off_with_a_withdrawal(walk, lorna):
    walk.go("send", "proceed", "arrange", "observe", "recommend", "succeed", "arrange_induction")
    held = entry(entries(walk, "application_arrange_induction")[0][1])
    assert held["summary"].startswith("Induction") and Induction.objects.get(application=walk.case)
    walk.go("withdraw")
    (to, calendar), *_ = entries(walk, "case_withdrawn")
    assert to == lorna.person.email and calendar["method"] == "CANCEL" and entry(calendar)["uid"] == held["uid"]


def test_a4_who_withdraws_hears_that_we_know_and_their_calendar_forgets_it(walk):
    walk.go("send", "proceed", "arrange", "withdraw")
    letter = Letter.objects.about(walk.case).get(kind="application_withdraw")
    assert letter.to_email == walk.case.email and "You have withdrawn" in letter.body
    assert Calendar.from_ical(letter.calendar)["method"] == "CANCEL"


def test_m8_more_time_for_the_mentoring_is_told_with_its_day(walk):
    walk.go("send", "proceed", "arrange", "observe", "recommend_not", "mentor_first", "extend")
    letter = Letter.objects.about(walk.case).get(kind="application_extend")
    assert "16 February 2027" in letter.body and "[UNTIL]" not in letter.body


def test_what_has_been_is_not_called_off_by_a_withdrawal(walk):
    walk.go("send", "proceed", "arrange", "observe", "withdraw")
    assert entries(walk, "case_withdrawn") == []
    assert Observation.objects.get(application=walk.case).called_off_at is None


def test_in_summer_the_hour_is_that_of_the_clock_on_the_wall(walk, clock):
    walk.go("send", "proceed")
    letter = walk.letter("arrange", walk.mentor)
    when = {"on": dt.date(2027, 6, 14), "at": dt.time(14, 30), "minutes": 45}
    walk.case.arrange(walk.mentor, letter, kind="interview", place="On line", **when)
    held = entry(entries(walk, "application_arrange")[0][1])
    assert held.decoded("dtstart").astimezone(dt.UTC) == dt.datetime(2027, 6, 14, 13, 30, tzinfo=dt.UTC)
