"""Locking a month and opening it again, by the office, for all or one teacher (R10)."""

import pytest
from django.core.exceptions import ValidationError

from tests.teaching.small_school import FIFTH, NINETEENTH, NOVEMBER, OCTOBER, SmallSchool
from tutti.core.history import Event
from tutti.people.models import Member
from tutti.teaching.models import Lock, Register
from tutti.teaching.models.lock import lock_month, unlock_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    small = SmallSchool(hannah, rosa)
    small.lesson("Amelia Thorne")
    small.record(FIFTH)
    return small


@pytest.fixture
def client(as_member, rosa):
    return as_member(rosa)


def locked(month=OCTOBER):
    return set(Lock.objects.filter(month=month).values_list("teacher__name", flat=True))


def test_r10_one_button_locks_the_month_for_everybody_and_one_opens_it_again(client, url, rosa, northshire):
    everybody = set(Member.objects.filter(service=northshire).teachers().values_list("name", flat=True))
    answer = client.post(url(rosa, "month_lock"), {"month": "2026-10-01"}, follow=True)
    assert "October is locked for everybody." in answer.content.decode()
    assert locked() == everybody and "Open it again for everybody" in answer.content.decode()
    client.post(url(rosa, "month_unlock"), {"month": "2026-10-01"})
    assert locked() == set()
    events = Event.objects.filter(verb="opened the month again", by_name="Rosa Pike")
    assert events.count() == len(everybody) and events.first().before == {"month": "2026-10-01"}


def test_r10_one_teacher_s_month_is_locked_and_opened_alone(client, url, rosa, hannah):
    asked = {"month": "2026-10-01", "teacher": hannah.pk}
    page = client.post(url(rosa, "month_lock"), asked, follow=True).content.decode()
    assert locked() == {"Hannah Whitlock"} and "October is locked for Hannah Whitlock." in page
    assert "October is locked for 1 of" in page
    assert (
        "was locked for Hannah Whitlock already"
        in client.post(url(rosa, "month_lock"), asked, follow=True).content.decode()
    )
    client.post(url(rosa, "month_unlock"), asked)
    assert locked() == set()


def test_the_list_says_who_misses_registers_and_whose_correction_waits(client, url, rosa, small):
    page = " ".join(client.get(url(rosa, "locks"), {"month": "2026-10-01"}).content.decode().split())
    assert "October 2026" in page and "2 missing" in page and "Tess Arden" not in page
    page = client.get(url(rosa, "locks"), {"month": "2026-09-01"}).content.decode()
    assert "1 correction waits" in page and "September is locked for everybody" in page


def test_r10_a_locked_register_is_not_reopened_and_one_never_recorded_comes_late(small, northshire, rosa, hannah):
    lock_month(northshire, rosa, OCTOBER)
    with pytest.raises(ValidationError, match="locked"):
        small.sheet(FIFTH).reopen(hannah)
    assert Register.objects.get(allocation=small.allocation, week=FIFTH).is_confirmed
    small.record(NINETEENTH)
    assert Register.objects.get(allocation=small.allocation, week=NINETEENTH).is_confirmed
    unlock_month(northshire, rosa, OCTOBER)
    small.sheet(FIFTH).reopen(hannah)
    assert not Register.objects.get(allocation=small.allocation, week=FIFTH).is_confirmed


def test_r10_the_running_month_cannot_be_locked(client, url, rosa):
    page = client.post(url(rosa, "month_lock"), {"month": "2026-11-01"}, follow=True).content.decode()
    assert "Choose a month that is over" in page and locked(NOVEMBER) == set()


def test_another_service_s_teacher_is_none_of_ours(client, url, rosa, ivo, inside, southshire):
    client.post(url(rosa, "month_lock"), {"month": "2026-10-01", "teacher": ivo.pk})
    assert locked() == set()
    with inside(southshire):
        assert not Lock.objects.filter(teacher=ivo, month=OCTOBER).exists()


@pytest.mark.parametrize("who", ["hannah", "dilys"])
def test_only_office_and_head_lock(who, request, as_member, url):
    member = request.getfixturevalue(who)
    assert as_member(member).post(url(member, "month_lock"), {"month": "2026-10-01"}).status_code == 403


def test_the_list_costs_the_same_queries_for_few_and_many(client, url, rosa, northshire, django_assert_max_num_queries):
    with django_assert_max_num_queries(25) as few:
        client.get(url(rosa, "locks"), {"month": "2026-10-01"})
    lock_month(northshire, rosa, OCTOBER)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url(rosa, "locks"), {"month": "2026-10-01"})
