"""The pages of what is owed: the teacher's with a button a lesson, the office's to filter and take away (C4, C5)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.small_school import FIFTH, TWELFTH, SmallSchool
from tutti.teaching.models import Line
from tutti.teaching.models.make_up import begin_make_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    small = SmallSchool(hannah, rosa)
    small.group = small.lesson("Ada Quill", "Bo Lark", minutes=30)
    small.record(FIFTH, struck={small.group: "event"})
    return small


def test_a_teacher_sees_what_they_owe_and_puts_it_on_this_weeks_register(small, as_member, url, hannah):
    client = as_member(hannah)
    page = client.get(url(hannah, "my_owed")).content.decode()
    assert "Quarry Lane School" in page and "Violin, Ada Quill, Bo Lark" in page
    assert "Week of 5 October: School event, told in time. 30 minutes" in page
    this_week = small.sheet(FIFTH + 6).week  # 16 November
    register = url(hannah, "register", small.allocation.pk, this_week)
    assert client.post(register, {"make_up": f"{small.group.pk}-20261005"}).status_code == 303
    assert Line.objects.make_ups().get(lesson=small.group).register.week == this_week


def test_what_is_made_up_is_gone_from_the_page(small, as_member, url, hannah):
    begin_make_up(small.sheet(TWELFTH).register, hannah, small.group, FIFTH)
    small.sheet(TWELFTH).fill_as_planned(hannah)
    small.sheet(TWELFTH).confirm(hannah)
    assert "Quarry Lane School" not in as_member(hannah).get(url(hannah, "my_owed")).content.decode()


def test_another_teacher_sees_nothing_of_it(small, as_member, url, owen):
    assert "Quarry Lane School" not in as_member(owen).get(url(owen, "my_owed")).content.decode()
    assert as_member(owen).get(url(owen, "owed")).status_code == 403


def test_the_office_filters_the_list_and_takes_it_away(small, as_member, url, rosa):
    client = as_member(rosa)
    page = client.get(url(rosa, "owed", school="Quarry Lane")).content.decode()
    assert "1 lesson is still to be made up" in page and "Ada Quill, Bo Lark" in page
    rows = client.get(url(rosa, "owed", school="Quarry Lane", **{"as": "csv"})).content.decode("utf-8-sig").splitlines()
    told = "Quarry Lane School,Hannah Whitlock,Violin,2026-10-05"
    assert len(rows) == 2 and rows[1].startswith(f'{told},"School event, told in time",30')
    assert "Nothing is owed here" in client.get(url(rosa, "owed", school="Nowhere")).content.decode()


def test_c5_the_office_lets_a_make_up_for_nothing_stand(small, as_member, url, rosa, hannah):
    begin_make_up(small.sheet(TWELFTH).register, hannah, small.group, FIFTH)
    small.sheet(TWELFTH).fill_as_planned(hannah)
    small.sheet(TWELFTH).confirm(hannah)
    small.sheet(FIFTH).reopen(hannah)
    small.sheet(FIFTH).record(hannah, {}, {}, {small.group.pk: None})
    small.sheet(FIFTH).fill_as_planned(hannah)
    small.sheet(FIFTH).confirm(hannah)
    client = as_member(rosa)
    assert "Leave it as an extra lesson" in client.get(url(rosa, "owed", school="Quarry Lane")).content.decode()
    line = Line.objects.make_ups().get(lesson=small.group)
    assert client.post(url(rosa, "make_up_stands", line.pk)).status_code == 302
    assert "Leave it as an extra lesson" not in client.get(url(rosa, "owed", school="Quarry Lane")).content.decode()


def test_the_list_takes_the_same_queries_for_little_and_for_much(small, as_member, url, rosa):
    client, address = as_member(rosa), url(rosa, "owed", school="Quarry Lane")
    few = count(client, address)
    small.record(TWELFTH, struck={small.group: "event"})
    small.record(TWELFTH + 1, struck={small.group: "event"})
    assert count(client, address) == few <= 16


def count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
