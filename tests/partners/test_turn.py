"""Whom an application waits for, and in which words: asked of the day and of who may act (screens, A3)."""

import datetime as dt

import pytest

from tests.partners.walk import IN_TIME, Walk
from tutti.core.calendar import today
from tutti.partners.models.pipeline import read_pipeline

pytestmark = pytest.mark.django_db
LEADERS, MENTORS = "leader", "mentor"


def waits_for(walk):
    """The names of those whose list it heads, and what each reads there."""
    found = {}
    for name, member in ((LEADERS, walk.leader), (MENTORS, walk.mentor)):
        for one in read_pipeline(member).mine:
            if one.application == walk.case:
                found[name] = one.words
    return found


@pytest.mark.parametrize(
    ("done", "whose"),
    [(1, LEADERS), (2, MENTORS), (3, MENTORS), (4, MENTORS), (5, LEADERS), (6, LEADERS), (7, LEADERS)],
)
def test_each_stage_waits_for_one_of_the_two(walk, done, whose):
    walk.go(*IN_TIME[:done])
    assert list(waits_for(walk)) == [whose]
    assert waits_for(walk)[whose].startswith("Waits for you")


def test_what_is_arranged_waits_for_somebody_once_its_day_has_come(walk, clock):
    walk.go("send", "proceed")
    walk.arrange(days=3)
    assert waits_for(walk) == {}
    clock.shift(dt.timedelta(days=3))
    assert waits_for(walk) == {MENTORS: "Waits for you: has it taken place?"}
    walk.go("observe", "recommend", "succeed")
    walk.arrange_induction(days=2)
    assert waits_for(walk) == {}
    clock.shift(dt.timedelta(days=5))
    assert waits_for(walk) == {LEADERS: "Waits for you: has the induction taken place?"}


def test_mentoring_waits_for_the_leader_once_its_time_is_over(walk, clock):
    walk.go("send", "proceed", "arrange", "observe", "recommend_not", "mentor_first")
    assert waits_for(walk) == {}
    clock.shift(dt.timedelta(days=61))
    assert waits_for(walk) == {LEADERS: "Waits for you: the mentoring is over, end it or extend it"}


def test_a_mentor_who_cannot_act_any_more_leaves_it_to_the_leader(walk, miles, robin):
    walk.go("send", "proceed")
    miles.change(robin, roles=["teacher"])
    walk.case.refresh_from_db()
    assert waits_for(walk)[LEADERS] == "Waits for you: its mentor cannot act any more, choose another"


def test_somebody_who_is_both_reads_their_own_case_as_its_mentor(lorna, miles, robin):
    lorna.change(robin, roles=["leader", "mentor"])
    walk = Walk(lorna, lorna)
    walk.go("send", "proceed")
    assert waits_for(walk)[LEADERS] == "Waits for you: arrange the observation"
    walk.go("arrange", "observe", "recommend")
    assert waits_for(walk)[LEADERS] == "Waits for you: the report and a recommendation are here"


def test_the_office_home_says_what_waits_for_who_is_leader_too(walk, as_member, url, rosa, robin):
    walk.go("send")
    page = as_member(rosa).get(url(rosa, "home")).content.decode()
    assert "for you" not in page or "applications wait for you" not in page
    rosa.change(robin, roles=["office", "leader"])
    page = as_member(rosa).get(url(rosa, "home")).content.decode()
    assert "applications wait for you" in page and url(rosa, "applications") in page
    assert read_pipeline(rosa).mine and today()
