"""The pages of schools and their contacts (H9)."""

import csv
import io

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import today
from tutti.core.tables import read_table
from tutti.people.models import Office
from tutti.schools.models import AcademicYear, Contact, School
from tutti.schools.models.contact import add_contact
from tutti.schools.models.school import add_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


@pytest.fixture
def listed(office, rosa, url):
    """The list of schools as it is asked for, as text."""

    def listed(**asked):
        return office.get(url(rosa, "schools"), asked).content.decode()

    return listed


def test_the_list_begins_with_the_schools_that_have_teaching_this_year(listed, northshire, rosa):
    add_school(northshire, rosa, name="Larkfield")
    assert "Larkrise Primary School" in listed()
    assert "Larkfield" not in listed()
    assert "Larkfield" in listed(show="all")


def test_the_list_is_in_the_order_of_names(listed, northshire):
    year = AcademicYear.objects.filter(service=northshire).on(today())
    ours = School.objects.filter(service=northshire).of_year(year).open()
    html = listed()
    places = [html.index(f">{name}</a>") for name in sorted(ours.values_list("name", flat=True))[:20]]
    assert places == sorted(places)


def test_the_list_is_narrowed_by_words_office_authority_and_status(listed, northshire, rosa):
    north = Office.objects.filter(service=northshire).first()
    add_school(northshire, rosa, name="Larkfield", urn=100001, town="Tarn Head", office=north, authority="Westshire")
    add_school(northshire, rosa, name="Hexfield", status="closed")
    for asked in ({"q": "tarn he"}, {"q": "100001"}, {"office": north.pk}, {"authority": "Westshire"}):
        html = listed(show="all", **asked)
        assert ">Larkfield</a>" in html, asked
        assert ">Hexfield</a>" not in html, asked
    assert ">Hexfield</a>" in listed(show="all", status="closed")
    assert ">Hexfield</a>" in listed(show="all", status="any")
    assert ">Larkrise Primary School</a>" not in listed(show="all", authority="Westshire")


@pytest.mark.parametrize(
    "asked", [{"office": "999999"}, {"office": "x"}, {"status": "odd"}, {"show": "odd"}, {"page": "-1"}]
)
def test_an_address_that_makes_no_sense_still_shows_schools(listed, asked):
    assert "Larkrise Primary School" in listed(**asked)


def test_schools_where_nobody_gets_the_summary_are_one_click_away(listed, larkrise):
    assert ">Larkrise Primary School</a>" not in listed(show="no_contact")
    larkrise.contacts.update(gets_summary=False)
    assert ">Larkrise Primary School</a>" in listed(show="no_contact")


def test_an_empty_list_says_what_to_do_next(listed):
    assert "No school is like that" in listed(q="zzzz")


def test_the_list_is_taken_away_as_csv_and_excel_as_it_is_narrowed(office, rosa, url, northshire):
    add_school(northshire, rosa, name="=Larkfield", urn=100001)
    text = office.get(url(rosa, "schools_csv"), {"show": "all", "q": "larkf"}).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["Name"], row["URN"], row["Status"]) == ("'=Larkfield", "100001", "Open")
    book = office.get(url(rosa, "schools_xlsx"), {"show": "all", "q": "larkf"}).content
    sheet = read_table(ContentFile(book, "schools.xlsx"))
    assert sheet.rows[0][:2] == ["=Larkfield", "100001"]


def test_the_list_costs_the_same_for_few_and_many(listed, northshire, rosa):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            listed(show="all")
        return len(queries)

    before = cost()
    for number in range(20):
        school = add_school(northshire, rosa, name=f"A school {number}", office=Office.objects.first())
        add_contact(school, rosa, name="O", role="office", email="o@x.example")
    assert cost() == before


def test_a_school_needs_only_a_name(office, rosa, url, northshire):
    response = office.post(url(rosa, "school_add"), {"name": " Lark  field ", "postcode": "nt1  2ab", "status": "open"})
    school = School.objects.get(service=northshire, name="Lark field")
    assert response.url == url(rosa, "school", school.pk)
    assert (school.urn, school.postcode) == (None, "NT1 2AB")


def test_a_urn_is_in_a_service_once_and_other_services_do_not_count(office, rosa, url, northshire, larkrise):
    larkrise.change(rosa, urn=100001)
    response = office.post(url(rosa, "school_add"), {"name": "Larkfield", "urn": "100001", "status": "open"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "This is the URN of Larkrise Primary School, which you have already." in html
    assert 'value="Larkfield"' in html


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "required"),
        ("name", "N" * 201, "at most 200"),
        ("urn", "12", "greater than or equal to"),
        ("urn", "abc", "A URN has digits only"),
        ("website", "javascript:alert(1)", "Type an address like"),
        ("office", "999999", "valid choice"),
        ("status", "odd", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office, rosa, url, northshire, field, value, words):
    before = School.objects.filter(service=northshire).count()
    response = office.post(url(rosa, "school_add"), {"name": "Larkfield", "status": "open", field: value})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert School.objects.filter(service=northshire).count() == before


def test_a_school_is_changed_and_its_urn_stays(office, rosa, url, larkrise):
    larkrise.change(rosa, urn=100001)
    address = url(rosa, "school_change", larkrise.pk)
    html = office.get(address).content.decode()
    assert 'value="Larkrise Primary School"' in html
    assert 'name="urn"' not in html
    office.post(address, {"name": "Larkrise Academy", "status": "closing", "urn": "100002"})
    larkrise.refresh_from_db()
    assert (larkrise.name, larkrise.status, larkrise.urn) == ("Larkrise Academy", "closing", 100001)


def test_an_area_office_of_another_service_cannot_be_chosen(office, rosa, url, larkrise, southshire):
    foreign = Office(pk=10_000_001, service=southshire, name="South")
    response = office.post(
        url(rosa, "school_change", larkrise.pk), {"name": "L", "status": "open", "office": foreign.pk}
    )
    assert response.status_code == 422


def test_a_contact_is_added_changed_and_removed(office, rosa, url, larkrise):
    data = {"name": "Ada Bell", "role": "music", "email": "ada@larkrise.example", "gets_summary": "on"}
    assert office.post(url(rosa, "contact_add", larkrise.pk), data).url == url(rosa, "school", larkrise.pk)
    contact = Contact.objects.get(email="ada@larkrise.example")
    assert (contact.school, contact.role, contact.gets_summary) == (larkrise, "music", True)
    address = url(rosa, "contact_change", contact.pk)
    assert 'value="Ada Bell"' in office.get(address).content.decode()
    office.post(address, {"name": "Ada Bell", "role": "head", "email": "ada@larkrise.example"})
    contact.refresh_from_db()
    assert (contact.role, contact.gets_summary) == ("head", False)
    assert office.get(url(rosa, "contact_remove", contact.pk)).status_code == 405
    office.post(url(rosa, "contact_remove", contact.pk))
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_an_address_is_at_a_school_once_in_any_case(office, rosa, url, larkrise):
    add_contact(larkrise, rosa, name="Ada Bell", role="music", email="ada@larkrise.example")
    data = {"name": "A. Bell", "role": "head", "email": "ADA@larkrise.example"}
    response = office.post(url(rosa, "contact_add", larkrise.pk), data)
    assert response.status_code == 422
    assert "Ada Bell has this address at this school already." in response.content.decode()


@pytest.mark.parametrize("email", ["", "nobody", "a b@x.example"])
def test_a_contact_without_a_good_address_is_refused(office, rosa, url, larkrise, email):
    before = larkrise.contacts.count()
    response = office.post(url(rosa, "contact_add", larkrise.pk), {"name": "Ada", "role": "head", "email": email})
    assert response.status_code == 422
    assert larkrise.contacts.count() == before


def test_the_area_manager_sees_schools_and_changes_nothing(as_member, dilys, url, larkrise):
    client = as_member(dilys)
    html = client.get(url(dilys, "schools")).content.decode()
    assert "Larkrise Primary School" in html
    assert "Add a school" not in html
    for name, args in (("school_add", []), ("school_change", [larkrise.pk]), ("contact_add", [larkrise.pk])):
        assert client.get(url(dilys, name, *args)).status_code == 403


def test_the_other_service_finds_no_school_and_no_contact(as_member, sam, url, larkrise):
    contact = larkrise.contacts.first().pk
    stranger = as_member(sam)
    for name, pk in (("school_change", larkrise.pk), ("contact_add", larkrise.pk), ("contact_change", contact)):
        assert stranger.get(url(sam, name, pk)).status_code == 404
    assert "Larkrise" not in stranger.get(url(sam, "schools"), {"show": "all"}).content.decode()
