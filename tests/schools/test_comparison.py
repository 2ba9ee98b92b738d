"""Taking in the national list: new, changed, closed, succeeded; what the list does not say changes nothing."""

import datetime as dt
from collections import Counter

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.schools.lists import HEADINGS, long_list, school, short_list
from tutti.core.history import Event
from tutti.schools.models import School
from tutti.schools.models.comparison import compare, link_successors, successions, take_in
from tutti.schools.models.national import NationalList, read_national
from tutti.schools.models.school import add_school

FIELDS = [field.name for field in School._meta.concrete_fields]


def rows(content):
    return NationalList.of(read_national(ContentFile(content, "list.csv"))).schools


@pytest.fixture
def take(northshire, rosa):
    """Take in a file; how many there were of each kind."""

    def take(content):
        return Counter(str(found.kind) for found in take_in(northshire, rows(content), rosa))

    return take


def known(northshire, urn):
    return School.objects.get(service=northshire, urn=urn)


def everything(northshire):
    return list(School.objects.filter(service=northshire).order_by("pk").values_list(*FIELDS))


LONG = long_list(school(100001, "Larkfield"), school(100002, "École Hexley"), school(100003, "Millbrook", status="2"))


def test_a_new_list_adds_its_schools_to_this_service_only(take, northshire, southshire, inside):
    before = School.objects.filter(service=northshire).count()
    assert take(LONG) == {"new": 3}
    assert School.objects.filter(service=northshire).count() == before + 3
    found = known(northshire, 100002)
    assert (found.name, found.town, found.authority) == ("École Hexley", "Upper Tarn", "Northshire")
    assert known(northshire, 100003).status == "closed"
    with inside(southshire):
        assert not School.objects.filter(service=southshire, urn=100001).exists()


def test_the_same_list_twice_changes_nothing_the_second_time(take, northshire):
    take(LONG)
    before, events = everything(northshire), Event.objects.count()
    assert take(LONG) == {"unchanged": 3}
    assert everything(northshire) == before
    assert Event.objects.count() == events


def test_what_is_absent_blanks_nothing_and_closes_nothing(take, northshire):
    take(LONG)
    before = everything(northshire)
    assert take(long_list(school(100001, "Larkfield"))) == {"unchanged": 1}  # two rows are absent
    assert take(b"URN\n100001\n100002\n") == {"unchanged": 2}  # all columns but one
    for heading in HEADINGS[1:]:
        less = [name for name in HEADINGS if name != heading]
        assert take(long_list(school(100001, "Larkfield"), headings=less)) == {"unchanged": 1}, heading
    empty = dict.fromkeys(HEADINGS[1:], "")
    assert take(long_list(school(100001, "Larkfield") | empty)) == {"unchanged": 1}
    assert everything(northshire) == before


def test_a_column_that_nobody_knows_changes_nothing(take, northshire):
    take(LONG)
    more = long_list(school(100001, "Larkfield", Colour="blue"), headings=[*HEADINGS, "Colour"])
    assert take(more) == {"unchanged": 1}


def test_what_changed_is_changed_with_history_and_nothing_else_is_touched(take, northshire, rosa):
    take(LONG)
    before = known(northshire, 100001)
    new = school(100001, "Larkfield Academy", "Lower Tarn", OpenDate="01-09-2026", CloseDate="")
    assert take(long_list(new)) == {"changed": 1}
    after = known(northshire, 100001)
    assert (after.name, after.town, after.opened_on) == ("Larkfield Academy", "Lower Tarn", dt.date(2026, 9, 1))
    assert (after.pk, after.street, after.phase) == (before.pk, before.street, before.phase)
    event = Event.objects.about(after).newest_first().first()
    assert (event.verb, event.by_id) == ("changed by the national list", rosa.person_id)
    assert event.before == {"name": "Larkfield", "town": "Upper Tarn", "opened_on": "1971-09-01"}
    assert event.after == {"name": "Larkfield Academy", "town": "Lower Tarn", "opened_on": "2026-09-01"}


def test_a_school_closes_when_the_list_says_so_and_keeps_its_area_office(take, northshire, larkrise):
    larkrise.change(None, urn=100009)
    office = larkrise.office
    gone = {"URN": "100009", "EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2026"}
    assert take(long_list(gone)) == {"closed": 1}
    larkrise.refresh_from_db()
    assert (larkrise.status, larkrise.closed_on) == ("closed", dt.date(2026, 8, 31))
    assert (larkrise.name, larkrise.office) == ("Larkrise Primary School", office)
    assert Event.objects.about(larkrise).newest_first().first().verb == "closed in the national list"


def test_two_shapes_of_the_list_by_turns_settle_at_once(take, northshire):
    """The long list writes towns so, the short one so: each says what it knows, spelling alone is no change."""
    long, short = (
        long_list(school(100001, "Larkfield", "Harpenden")),
        short_list((100001, "Larkfield", "", "HARPENDEN", "")),
    )
    take(short)
    assert take(long) == {"changed": 1}  # the better spelling, and what the short one did not know
    assert known(northshire, 100001).town == "Harpenden"
    assert take(short) == {"unchanged": 1}
    assert take(long) == {"unchanged": 1}
    assert known(northshire, 100001).town == "Harpenden"


def test_two_lists_that_differ_are_each_its_own_truth(take, northshire):
    one, other = (
        short_list((100001, "Larkfield", "", "Town", "")),
        short_list((100001, "Larkfield School", "", "Town", "")),
    )
    take(one)
    for content, name in ((other, "Larkfield School"), (one, "Larkfield"), (other, "Larkfield School")):
        assert take(content) == {"changed": 1}
        assert take(content) == {"unchanged": 1}
        assert known(northshire, 100001).name == name


def test_a_spelling_put_right_by_hand_stays_right(take, northshire, rosa):
    take(short_list((100001, "Larkfield", "", "milton tarn", "")))
    known(northshire, 100001).change(rosa, town="Milton Tarn")
    assert take(short_list((100001, "Larkfield", "", "milton tarn", ""))) == {"unchanged": 1}
    assert known(northshire, 100001).town == "Milton Tarn"


def test_a_school_typed_by_hand_is_met_again_by_name_and_postcode(take, northshire, rosa):
    typed = add_school(northshire, rosa, name="Larkfield", postcode="NT1 2AB")
    other = add_school(northshire, rosa, name="Larkfield", postcode="")
    assert take(short_list((100001, "LARKFIELD", "", "Upper Tarn", "nt12ab"))) == {"changed": 1}
    typed.refresh_from_db()
    assert (typed.urn, typed.name, typed.town) == (100001, "Larkfield", "Upper Tarn")
    other.refresh_from_db()
    assert other.urn is None
    assert take(short_list((100001, "LARKFIELD", "", "Upper Tarn", "nt12ab"))) == {"unchanged": 1}


def test_a_new_school_without_a_name_is_left_out(take, northshire):
    assert take(b"URN,Town\n100001,Upper Tarn\n") == {"unnamed": 1}
    assert not School.objects.filter(service=northshire, urn=100001).exists()


def test_a_succeeded_school_points_to_its_successor_with_history(take, northshire, rosa):
    take(LONG)
    pairs = {100003: 100001, 100002: 999999, 888888: 100001}
    found = successions(northshire, pairs)
    assert [(one.urn, one.name, one.successor) for one in found] == [(100003, "Millbrook", "Larkfield")]
    assert link_successors(northshire, pairs, rosa) == 1
    gone = known(northshire, 100003)
    assert gone.succeeded_by == known(northshire, 100001)
    assert Event.objects.about(gone).newest_first().first().after == {"succeeded_by": "Larkfield", "urn": 100001}
    assert link_successors(northshire, pairs, rosa) == 0


def test_the_preview_says_what_taking_in_will_do_and_does_nothing(northshire, rosa):
    listed = rows(LONG)
    before = everything(northshire)
    assert [str(found.kind) for found in compare(northshire, listed)] == ["new"] * 3
    coming = successions(northshire, {100003: 100001}, listed)
    assert [(one.name, one.successor) for one in coming] == [("Millbrook", "Larkfield")]
    assert everything(northshire) == before


def test_the_number_of_queries_does_not_grow_with_the_list(northshire, rosa):
    def cost(first, number):
        listed = rows(short_list(*((first + n, f"School {n}", "", "Town", "") for n in range(number))))
        take_in(northshire, listed, rosa)
        with CaptureQueriesContext(connection) as again:
            take_in(northshire, listed, rosa)
        changed = rows(short_list(*((first + n, f"School {n}", "", "Elsewhere", "") for n in range(number))))
        with CaptureQueriesContext(connection) as changing:
            take_in(northshire, changed, rosa)
        return len(again), len(changing)

    assert cost(300001, 3) == cost(400001, 30)
