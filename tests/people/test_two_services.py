"""Somebody who teaches for two services: one person, two members, and neither service hears of the other (P1)."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.people.models import Member, Person
from tutti.schools.models import School
from tutti.teaching.daily import reminders
from tutti.teaching.models import Register

pytestmark = pytest.mark.django_db
FRIDAY = dt.datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def here(priya):
    return priya


@pytest.fixture
def there(southshire, priya, inside):
    with inside(southshire):
        return Member.objects.select_related("person", "service").get(service=southshire, person=priya.person)


@pytest.fixture
def late(northshire, southshire, here, there, inside):
    """Of Northshire's weeks she has recorded all but last week's, of Southshire's none."""
    last_week = Register.objects.filter(service=northshire, allocation__teacher=here, week="2026-11-09")
    assert last_week.update(confirmed_by=None) > 1
    with inside(southshire):
        assert Register.objects.filter(allocation__teacher=there).update(confirmed_by=None) > 5


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_p1_she_is_one_person_and_two_members_and_sees_one_service_at_a_time(
    here, there, northshire, southshire, as_member, url, inside
):
    """(P1) One way to sign in, a name and a telephone in each service; the address says which one she is in."""
    assert Person.objects.filter(email=here.person.email).count() == 1
    assert (here.person, here.pk != there.pk) == (there.person, True)
    assert here.phone != there.phone and here.teaches != there.teaches
    client = as_member(here)
    schools = {}
    for service in (northshire, southshire):
        with inside(service):
            schools[service] = set(School.objects.filter(service=service).values_list("name", flat=True))
    for service, other in ((northshire, southshire), (southshire, northshire)):
        for name in ("home", "me", "my_pupils", "my_year", "more"):
            page = client.get(url(service, name)).content.decode()
            assert not [school for school in schools[other] if school in page], name
            assert other.name not in page, name
    client.post(url(southshire, "me"), {"name": "Priya of the South", "phone": "01632 960999"})
    here.refresh_from_db()
    assert (here.name, here.phone == "01632 960999") == ("Priya Raman-Cole", False)


def test_p1_each_service_reminds_her_of_its_own_registers_on_the_day_she_chose_there(
    here, there, late, northshire, southshire, clock, as_member, url, inside, world
):
    """(P1) Two letters to one address, neither of which counts for the other's one a week."""
    as_member(here).post(url(southshire, "my_reminders"), {"remind_on": "3"})
    here.refresh_from_db()
    assert here.remind_on == 4
    clock.move_to(FRIDAY - dt.timedelta(days=1))
    for service in (northshire, southshire):
        with service.entered():
            reminders(service)
    world.again()
    assert not Letter.objects.filter(service=northshire, kind="reminder", to_email=here.person.email).exists()
    clock.move_to(FRIDAY)
    for service in (northshire, southshire):
        with service.entered():
            reminders(service)
    world.again()
    found = {}
    for service in (northshire, southshire):
        with inside(service):
            found[service] = Letter.objects.get(service=service, kind="reminder", to_email=here.person.email)
            schools = set(School.objects.filter(service=service).values_list("name", flat=True))
            assert any(name in found[service].body for name in schools)
    ours, theirs = found[northshire], found[southshire]
    assert ours.written_at - theirs.written_at == dt.timedelta(days=1)
    assert "Zennick" not in ours.body and "/southshire/" not in ours.body and "on Fridays" in ours.body
    assert "Hexley" not in theirs.body and "/northshire/" not in theirs.body and "on Thursdays" in theirs.body


def test_p1_the_offices_see_only_their_own_reminders_letters_and_registers_of_her(
    here, there, late, rosa, sam, northshire, southshire, clock, as_member, url, inside, world
):
    clock.move_to(FRIDAY)
    with southshire.entered():
        reminders(southshire)
    world.again()
    theirs = text(as_member(sam).get(url(sam, "teacher", there.pk)))
    ours = text(as_member(rosa).get(url(rosa, "teacher", here.pk)))
    assert "Reminded 20 November, by itself" in theirs and "Zennick School" in theirs and "Hexley" not in theirs
    assert "Reminded 20 November" not in ours and "Zennick" not in ours and "3 registers are missing" in ours
    assert not Event.objects.about(here).filter(verb="reminded of registers").exists()
    as_member(rosa).post(url(rosa, "chase"), {"teacher": here.pk})
    assert Letter.objects.filter(service=northshire, kind="reminder", thing_id=here.pk).count() == 1


def test_p1_a_letter_that_came_back_in_one_service_marks_her_there_only(
    here, there, rosa, sam, southshire, as_member, url, inside
):
    with inside(southshire):
        letter = Letter.objects.create(
            service=southshire, kind="trial", to_name=there.name, to_email=there.person.email, state="sent"
        )
        letter.come_back(sam, "550 no such mailbox")
    assert "Last letter came back" in text(as_member(sam).get(url(sam, "teacher", there.pk)))
    assert "came back" not in text(as_member(rosa).get(url(rosa, "teacher", here.pk)))


def test_p1_hours_recorded_for_one_are_not_among_those_of_the_other(
    here, there, late, northshire, southshire, as_member, url
):
    """(P1) My week sums the hours of the service in the address."""
    client = as_member(here)

    def hours(service):
        return text(client.get(url(service, "home"))).split("November so far")[1].split("Lessons given")[0]

    assert "0 minutes" in hours(southshire)
    assert re.search(r"[1-9]\d* hour", hours(northshire))
