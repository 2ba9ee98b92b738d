"""The head of service's page of reasons."""

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Reason

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")


def answers(**changes):
    fields = {"name": "Rehearsal", "short": "Reh.", "cause": "school", "owed": "on", "for_lesson": "on"}
    return {**fields, "from_week": str(THIS_WEEK), **changes}


def test_the_list_says_what_follows(as_member, url, robin):
    page = as_member(robin).get(url(robin, "reasons")).content.decode()
    assert "Trip, told in time" in page and "A lesson is owed" in page and "School is not charged" in page


def test_only_the_head_of_service_changes_reasons(as_member, url, rosa, hannah, northshire):
    ill = Reason.objects.get(service=northshire, code="ill")
    for member in (rosa, hannah):
        for name, args in [
            ("reasons", []),
            ("reason_add", []),
            ("reason_change", [ill.pk]),
            ("reason_retire", [ill.pk]),
        ]:
            assert as_member(member).get(url(member, name, *args)).status_code == 403


def test_a_reason_is_added_once_however_often_it_is_sent(as_member, url, robin, northshire):
    sent = [as_member(robin).post(url(robin, "reason_add"), answers()).status_code for _ in range(2)]
    made = Reason.objects.get(service=northshire, name="Rehearsal")
    assert sent == [302, 302]
    assert (made.counts, made.paid, made.charged, made.owed, made.for_pupil) == (False, False, False, True, False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"counts": "on"}, "cannot be owed as well"),
        ({"for_lesson": ""}, "Say where it is offered"),
        ({"short": "closed", "owed": ""}, "The grid says “Closed” where nothing was due"),
        ({"name": ""}, "is needed"),
        ({"short": "x" * 15}, "14"),
        ({"name": "Ill"}, "There is a reason of this name"),
        ({"cause": "weather"}, "Select a valid choice"),
        ({"from_week": "2026-08-10"}, "not in term"),
    ],
)
def test_what_is_wrong_is_said(as_member, url, robin, northshire, changes, words):
    before = Reason.objects.count()
    page = as_member(robin).post(url(robin, "reason_add"), answers(**changes))
    assert page.status_code == 422 and words in page.content.decode()
    assert Reason.objects.count() == before


def test_a_change_stands_in_its_place_from_next_week(as_member, url, robin, northshire):
    ill = Reason.objects.get(service=northshire, code="ill")
    asked = answers(name="Ill at home", from_week=str(THIS_WEEK + 1))
    assert as_member(robin).post(url(robin, "reason_change", ill.pk), asked).status_code == 302
    ill.refresh_from_db()
    assert ill.retired_from == THIS_WEEK + 1
    assert Reason.objects.get(service=northshire, code="ill", retired_from=None).name == "Ill at home"


def test_retiring(as_member, url, robin, northshire):
    ill = Reason.objects.get(service=northshire, code="ill")
    early = as_member(robin).post(url(robin, "reason_retire", ill.pk), {"from_week": "2026-10-05"})
    assert early.status_code == 422 and "Choose a later week" in early.content.decode()
    as_member(robin).post(url(robin, "reason_retire", ill.pk), {"from_week": str(THIS_WEEK + 1)})
    ill.refresh_from_db()
    assert ill.retired_from == THIS_WEEK + 1


def test_another_service_s_reason_is_not_there(as_member, url, robin, southshire, inside):
    with inside(southshire):
        theirs = Reason.objects.filter(service=southshire).first()
    assert as_member(robin).get(url(robin, "reason_change", theirs.pk)).status_code == 404
