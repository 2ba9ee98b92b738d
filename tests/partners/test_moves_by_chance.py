"""Moves by chance, made by anybody: no path leads to a partner but through an observation or interview and an
induction, and no move is lost, doubled or made by the wrong person (A3, A4).

The chart stands here a second time, plainly, as it is drawn in the seed: who may do what where, and where it leads.
"""

import datetime as dt
from collections import Counter
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.partners.walk import Walk
from tutti.core.calendar import today
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.partners.models import Partner

RUNNING = "received observation_due observation_arranged observed recommended mentoring induction_due "
RUNNING = [*RUNNING.split(), "induction_arranged"]
# move: whose it is, from where, to where, and the letter to the applicant
CHART = {
    "send": ("applicant", ["draft"], "received", "received"),
    "withdraw": ("applicant", RUNNING, "withdrawn", "withdraw"),
    "proceed": ("leader", ["received"], "observation_due", "proceed"),
    "decline": ("leader", ["received"], "not_proceeding", "decline"),
    "arrange": ("mentor", ["observation_due"], "observation_arranged", "arrange"),
    "rearrange": ("mentor", ["observation_arranged"], "observation_arranged", "rearrange"),
    "call_off": ("mentor", ["observation_arranged"], "observation_due", "call_off"),
    "change_mentor": (
        "leader",
        ["observation_due", "observation_arranged", "observed"],
        "observation_due",
        "change_mentor",
    ),
    "observe": ("mentor", ["observation_arranged"], "observed", ""),
    "take_back": ("mentor", ["observed"], "observation_arranged", ""),
    "recommend": ("mentor", ["observed"], "recommended", ""),
    "recommend_not": ("mentor", ["observed"], "recommended", ""),
    "send_back": ("leader", ["recommended"], "observed", ""),
    "succeed": ("leader", ["recommended"], "induction_due", "succeed"),
    "mentor_first": ("leader", ["recommended"], "mentoring", "mentor_first"),
    "fail": ("leader", ["recommended"], "unsuccessful", "fail"),
    "extend": ("leader", ["mentoring"], "mentoring", "extend"),
    "hand_over": ("leader", ["mentoring"], "mentoring", "hand_over"),
    "end_mentoring": ("leader", ["mentoring"], "observation_due", "end_mentoring"),
    "arrange_induction": ("leader", ["induction_due"], "induction_arranged", "arrange_induction"),
    "call_off_induction": ("leader", ["induction_arranged"], "induction_due", "call_off_induction"),
    "complete": ("leader", ["induction_arranged"], "completed", "complete"),
}
WITH_WHY = {"succeed", "mentor_first", "fail"}
SELDOM = {
    "decline": 0.06,
    "withdraw": 0.04,
    "change_mentor": 0.2,
    "hand_over": 0.2,
    "take_back": 0.1,
}  # else a walk gets nowhere


class People:
    """Who tries: for each step somebody stands in the place of whoever the move belongs to."""

    def __init__(self, walk, office):
        self.walk, self.office = walk, office

    def all(self):
        walk = self.walk
        mentors = {"mentor": walk.mentor, "colleague": walk.colleague}
        return {"leader": walk.leader, **mentors, "applicant": walk.who, "office": self.office}

    def make(self, move, who):
        """Let somebody make a move; True if it was made."""
        walk, whose, own = self.walk, CHART[move][0], self.all()
        name = {"leader": "leader", "mentor": "mentor", "applicant": "who"}[whose]
        try:
            with transaction.atomic():
                setattr(walk, name, own[who])
                if move == "proceed":
                    walk.case.proceed(walk.leader, own["mentor"], "Subject\n\nGo on.")
                elif move in WITH_WHY:
                    getattr(walk, move)(why="It is so.")
                else:
                    getattr(walk, move)()
        except (PermissionDenied, ValidationError):
            return False
        finally:
            setattr(walk, name, own[whose])
            walk.case.refresh_from_db()
        return True


def expected(walk, move, who):
    """Whether the chart lets them: theirs, due, and for "unsuccessful" with a mentoring programme before it."""
    whose, stages, *_ = CHART[move]
    if who != whose or walk.case.stage not in stages:
        return False
    if move == "extend":
        return walk.case.programme.until_day < today() + dt.timedelta(days=90)
    if move == "take_back":
        return not walk.case.observation.recommendation
    return move != "fail" or walk.case.programmes.exists()


def choose(walk, chance):
    """Mostly a move that is open where it stands, by whoever it belongs to; now and then anything by anybody."""
    open_now = [move for move, (_, stages, *_) in CHART.items() if walk.case.stage in stages]
    onwards = [move for move in open_now if chance.random() < SELDOM.get(move, 1)]
    if onwards and chance.random() < 0.7:
        move = chance.choice(onwards)
        return move, CHART[move][0]
    return chance.choice(list(CHART)), chance.choice(["leader", "mentor", "colleague", "office", "applicant"])


@pytest.mark.django_db
def test_a3_a4_no_path_leads_to_a_partner_but_through_an_observation_and_an_induction(lorna, miles, cleo, rosa):
    reached = Counter()

    @settings(max_examples=50, deadline=None, derandomize=True, phases=[Phase.generate], database=None)
    @given(seed=st.integers(0, 2**32))
    def walk_by_chance(seed):
        chance = Random(seed)
        with transaction.atomic():
            walk = Walk(lorna, miles, colleague=cleo)
            people, made = People(walk, rosa), []
            for _ in range(30):
                move, by = choose(walk, chance)
                may = expected(walk, move, by)
                assert people.make(move, by) == may, f"{move} by {by} at {walk.case.stage}"
                made += [move] if may else []
                check(walk, made)
                reached[walk.case.stage] += may
            transaction.set_rollback(True)

    walk_by_chance()
    assert {to for _, _, to, _ in CHART.values()} <= set(+reached), reached


def check(walk, made):
    """What must hold after every move."""
    case = walk.fresh()
    assert case.moves_made == len(made) and case.stage == (CHART[made[-1]][2] if made else "draft")
    events = [event for event in Event.objects.about(case).order_by("pk") if "stage" in event.after]
    assert [event.after["stage"] for event in events] == [CHART[move][2] for move in made], "each once, none lost"
    told = Letter.objects.about(case).filter(kind__startswith="application_").exclude(kind="application_start")
    wanted = [f"application_{CHART[move][3]}" for move in made if CHART[move][3]]
    assert list(told.order_by("pk").values_list("kind", flat=True)) == wanted
    partners = Partner.objects.filter(application=case).count()
    assert partners == (case.stage == "completed")
    if partners:
        assert case.observations.took_place().exclude(sent_at=None).exists()
        assert case.inductions.exclude(completed_at=None).count() == 1
