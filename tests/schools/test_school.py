"""A school and its contacts: verbs with history, who sees them, which are ours."""

import pytest

from tutti.core.calendar import today
from tutti.core.history import Event
from tutti.schools.models import AcademicYear, Contact, School
from tutti.schools.models.contact import add_contact
from tutti.schools.models.school import add_school
from tutti.teaching.models import Allocation


@pytest.fixture
def year(northshire):
    return AcademicYear.objects.filter(service=northshire).on(today())


def test_a_school_is_added_and_changed_with_history(northshire, rosa):
    school = add_school(northshire, rosa, name="Larkfield")
    assert school.urn is None
    assert school.change(rosa, name="Larkfield Academy", town="Upper Tarn")
    assert not school.change(rosa, name="Larkfield Academy")
    changed, added = Event.objects.about(school).newest_first()
    assert (added.verb, added.by_id) == ("added the school", rosa.person_id)
    assert changed.before == {"name": "Larkfield", "town": ""}
    assert changed.after == {"name": "Larkfield Academy", "town": "Upper Tarn"}


@pytest.mark.parametrize(
    ("words", "found"),
    [("larkf", True), ("  Upper ", True), ("nt1", True), ("100001", True), ("10000", False), ("2AB", False)],
)
def test_a_school_is_found_by_name_town_postcode_or_urn(northshire, rosa, words, found):
    school = add_school(northshire, rosa, name="Larkfield", town="Upper Tarn", postcode="NT1 2AB", urn=100001)
    assert (school in School.objects.named(words)) == found


def test_ours_are_the_schools_with_an_allocation_this_year(northshire, rosa, larkrise, year):
    new = add_school(northshire, rosa, name="Larkfield")
    ours = set(School.objects.filter(service=northshire).of_year(year))
    allocated = set(Allocation.objects.filter(year=year).values_list("school", flat=True))
    assert {school.pk for school in ours} == allocated
    assert larkrise in ours
    assert new not in ours
    assert not School.objects.of_year(None)


def test_a_school_without_a_contact_for_the_summary_is_listed_until_it_has_one(northshire, rosa):
    school = add_school(northshire, rosa, name="Larkfield")
    without = School.objects.filter(service=northshire).without_summary_contact()
    assert school in without
    contact = add_contact(school, rosa, name="Office", role="office", email="o@larkfield.example", gets_summary=False)
    assert school in without.all()
    contact.change(rosa, gets_summary=True)
    assert school not in without.all()


def test_the_list_counts_each_teacher_once_and_only_this_year(northshire, larkrise, year):
    listed = School.objects.filter(service=northshire).for_list(year).get(pk=larkrise.pk)
    teachers = {row.teacher_id for row in Allocation.objects.filter(school=larkrise, year=year)}
    assert listed.teachers == len(teachers) > 0
    assert listed.summary_contacts == Contact.objects.filter(school=larkrise, gets_summary=True).count()


def test_a_contact_is_removed_and_the_school_remembers(larkrise, rosa):
    contact = add_contact(larkrise, rosa, name="Ada Bell", role="bursar", email="a@larkrise.example")
    contact.remove(rosa)
    assert not Contact.objects.filter(email="a@larkrise.example").exists()
    event = Event.objects.about(larkrise).newest_first().first()
    assert (event.verb, event.before["name"]) == ("removed the contact", "Ada Bell")


def test_teachers_see_their_own_schools_and_the_office_all(northshire, hannah, rosa):
    own = set(School.objects.visible_to(hannah))
    assert own == set(School.objects.filter(allocations__teacher=hannah))
    assert School.objects.visible_to(rosa).count() == School.objects.filter(service=northshire).count() > len(own)


@pytest.mark.parametrize(
    ("website", "address"),
    [
        ("www.larkrise.example", "http://www.larkrise.example"),
        ("https://larkrise.example", "https://larkrise.example"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(website, address):
    assert School(website=website).website_url == address
