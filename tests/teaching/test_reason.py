"""Reasons: the four consequences in words, and never another truth about what was recorded (C1, C2)."""

import pytest
from django.core.exceptions import ValidationError

from tutti.core.calendar import Week
from tutti.teaching.models import Mark, Reason
from tutti.teaching.models.reason import add_reason

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")
FOLLOWS = {"counts": False, "paid": True, "charged": False, "owed": True}
FIELDS = {"short": "Reh.", "cause": "school", "for_pupil": True, "for_lesson": True, **FOLLOWS}


@pytest.fixture
def ill(northshire):
    return Reason.objects.get(service=northshire, code="ill")


def test_c1_the_consequences_are_said_in_words(ill, northshire):
    assert ill.consequences == "Paid, charged, nothing owed"
    event = Reason.objects.get(service=northshire, code="event")
    assert event.consequences == "Not paid, not charged, a lesson to make up"
    assert [yes for yes, _ in event.facts] == [False, False, False, True]


def test_a_reason_is_offered_until_the_week_it_is_retired_from(ill, robin, northshire):
    ill.retire(robin, THIS_WEEK + 1)
    assert ill in Reason.objects.in_use(THIS_WEEK)
    assert ill not in Reason.objects.in_use(THIS_WEEK + 1)


def test_c1_it_cannot_be_retired_from_a_week_in_which_it_was_used(ill, robin):
    last = ill.last_week_used()
    assert last and last < THIS_WEEK + 1
    with pytest.raises(ValidationError, match="Choose a later week"):
        ill.retire(robin, last)


def test_c1_a_change_makes_a_new_one_and_leaves_the_marks_alone(ill, robin, northshire):
    marks = Mark.objects.filter(reason=ill).count()
    new = ill.replace(robin, THIS_WEEK + 1, name="Ill at home", **FIELDS)
    assert marks and Mark.objects.filter(reason=ill).count() == marks
    assert (ill.paid, ill.charged, ill.owed) == (True, True, False)
    assert (new.code, new.from_week, new.position) == ("ill", THIS_WEEK + 1, ill.position)
    in_use = Reason.objects.filter(service=northshire, code="ill")
    assert in_use.in_use(THIS_WEEK).get() == ill
    assert in_use.in_use(THIS_WEEK + 1).get() == new


def test_changing_twice_with_one_form_makes_one(ill, robin):
    new = ill.replace(robin, THIS_WEEK + 1, name="Ill at home", **FIELDS)
    assert ill.replace(robin, THIS_WEEK + 1, name="Ill at home", **FIELDS) == new


def test_registers_cannot_do_without_here(robin, northshire):
    with pytest.raises(ValidationError, match="cannot do without"):
        Reason.objects.get(service=northshire, code="present").retire(robin, THIS_WEEK + 1)


def test_a_new_reason_holds_from_its_week_on(northshire, robin):
    made = add_reason(northshire, robin, name="Rehearsal", from_week=THIS_WEEK, **FIELDS)
    assert made in Reason.objects.in_use(THIS_WEEK)
    assert made not in Reason.objects.in_use(THIS_WEEK - 1)


@pytest.mark.parametrize("name", ["Ill", "ILL"])
def test_two_in_use_do_not_share_a_name(northshire, robin, name):
    with pytest.raises(ValidationError, match="already"):
        add_reason(northshire, robin, name=name, from_week=THIS_WEEK, **FIELDS)


def test_each_service_has_its_own(northshire, southshire, robin, sam):
    assert not Reason.objects.visible_to(sam).filter(service=northshire).exists()
