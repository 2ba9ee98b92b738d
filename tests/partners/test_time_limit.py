"""How long each stage may take: who is late, and who is reminded, once a week (M7); referees too (A2)."""

import datetime as dt

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from tests.partners.walk import Walk
from tutti.core.calendar import after_working_days, is_working_day, today
from tutti.core.letters import Letter
from tutti.partners import daily
from tutti.partners.models import Application, Scheme
from tutti.partners.models.time_limit import due_on, is_late, remind_the_late, with_days

pytestmark = pytest.mark.django_db
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 1))


def words(page):
    return " ".join(page.content.decode().split())


def due(walk):
    scheme = Scheme.objects.get(pk=walk.scheme.pk)
    return due_on(with_days(Application.objects.filter(pk=walk.case.pk)).get(), scheme)


@given(DAYS, st.integers(1, 60))
def test_a_limit_ends_on_a_working_day_with_that_many_of_them_since(day, number):
    last = after_working_days(day, number)
    between = [day + dt.timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert is_working_day(last) and sum(map(is_working_day, between)) == number


def test_ten_working_days_leave_christmas_out():
    assert after_working_days(dt.date(2026, 12, 18), 10) == dt.date(2027, 1, 6)


def test_m7_the_report_is_due_ten_working_days_after_the_observation(walk, clock):
    walk.go("send", "proceed", "arrange", "observe")
    last = after_working_days(today(), 10)
    assert due(walk) == last and not is_late(last, last) and is_late(last, last + dt.timedelta(days=1))
    Scheme.objects.filter(pk=walk.scheme.pk).update(report_days=5)
    assert due(walk) == after_working_days(today(), 5)


def test_what_is_agreed_is_due_on_its_day_and_what_is_over_never(walk):
    walk.go("send", "proceed")
    walk.arrange(days=20)
    assert due(walk) == after_working_days(today() + dt.timedelta(days=20), 2)
    walk.withdraw()
    assert due(walk) is None


def test_a_report_that_was_sent_back_has_its_days_again(walk, clock):
    walk.go("send", "proceed", "arrange", "observe", "recommend")
    clock.shift(dt.timedelta(days=25))
    walk.go("send_back")
    assert due(walk) == after_working_days(today(), 10)


def test_where_the_mentor_cannot_act_any_more_the_leaders_are_reminded(walk, clock, lorna, miles, robin):
    walk.go("send", "proceed")
    miles.change(robin, roles=["teacher"])
    clock.shift(dt.timedelta(days=40))
    remind_the_late(walk.case.service)
    late = Letter.objects.about(walk.case).filter(kind="case_late")
    assert [letter.to_email for letter in late] == [lorna.person.email]


def test_a_second_observation_is_due_on_its_own_day(walk):
    walk.go("send", "proceed", "arrange", "observe", "recommend_not", "mentor_first", "end_mentoring")
    walk.arrange(days=30)
    assert due(walk) == after_working_days(today() + dt.timedelta(days=30), 2)


def test_the_late_are_reminded_once_a_week_and_the_one_whose_turn_it_is(walk, clock, northshire, lorna, miles):
    walk.go("send", "proceed", "arrange", "observe")
    remind_the_late(northshire)
    before = Letter.objects.about(walk.case).filter(kind="case_late").count()
    clock.shift(dt.timedelta(days=20))
    assert remind_the_late(northshire) > 0 and remind_the_late(northshire) == 0, "once a week"
    told = Letter.objects.about(walk.case).filter(kind="case_late")
    assert before == 0 and [letter.to_email for letter in told] == [miles.person.email]
    assert "Ada Quill" not in told[0].body, "no name in a letter that only calls"
    clock.shift(dt.timedelta(days=7))
    remind_the_late(northshire)
    assert told.all().count() == 2
    walk.recommend()
    clock.shift(dt.timedelta(days=30))
    remind_the_late(northshire)
    assert set(told.all().values_list("to_email", flat=True)) == {miles.person.email, lorna.person.email}


def test_who_is_late_stands_first_and_says_so(walk, clock, lorna, as_member, url):
    walk.go("send")
    clock.shift(dt.timedelta(days=25))
    page = as_member(lorna).get(url(lorna, "applications"))
    mine = page.context["pipeline"].mine
    assert [one.is_late for one in mine] == sorted((one.is_late for one in mine), reverse=True)
    assert next(one for one in mine if one.application == walk.case).is_late and "Late" in words(page)
    stage = next(one for one in page.context["pipeline"].stages if one.stage.label == "Received")
    assert stage.late >= 1 and stage.count >= stage.late


def test_another_service_is_not_reminded_of_ours(walk, clock, southshire, inside):
    walk.go("send")
    clock.shift(dt.timedelta(days=40))
    with inside(southshire):
        remind_the_late(southshire)
    assert not Letter.objects.about(walk.case).filter(kind="case_late").exists()


# referees


def test_a2_a_silent_referee_is_asked_again_after_a_fortnight_and_twice_at_most(lorna, miles, clock, northshire):
    walk = Walk(lorna, miles, answered=1)
    walk.send()
    asked = Letter.objects.about(walk.case).filter(kind="reference")
    daily.remind_referees(northshire)
    assert asked.count() == 1, "not before a fortnight"
    for _ in range(4):
        clock.shift(dt.timedelta(days=15))
        daily.remind_referees(northshire)
        daily.remind_referees(northshire)
    assert asked.count() == 3 and {letter.to_email for letter in asked} == {"r1@school.example"}
    assert asked.latest("pk").subject.startswith("Again:")


def test_a2_nobody_is_reminded_once_it_is_decided(lorna, miles, clock, northshire):
    walk = Walk(lorna, miles, answered=1)
    walk.send()
    walk.proceed(without_references="We know her.")
    clock.shift(dt.timedelta(days=15))
    daily.remind_referees(northshire)
    assert Letter.objects.about(walk.case).filter(kind="reference").count() == 1


def test_all_of_it_happens_by_itself(lorna, miles, clock, world):
    walk = Walk(lorna, miles, answered=1)
    walk.send()
    draft = Walk(lorna, miles, name="Never Sent").case
    clock.shift(dt.timedelta(days=91))
    call_command("daily")
    world.again()
    assert not Application.objects.filter(pk=draft.pk).exists()
    assert Letter.objects.about(walk.case).filter(kind="case_late").exists()
    assert Letter.objects.about(walk.case).filter(kind="reference").count() == 2
