"""The office's pages of teachers: found, added, changed and invited (H1)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.letters import Letter
from tutti.core.tables import read_table
from tutti.people.models import Member
from tutti.people.models.member import add_member
from tutti.people.models.office import add_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


@pytest.fixture
def north_office(northshire, rosa):
    return add_office(northshire, rosa, name="Valley area office", phone="01632 960 123", email="n@x.example")


def words(answer):
    return answer.content.decode()


def test_the_list_shows_teachers_of_this_service_and_no_one_else(office, url, rosa, hannah, owen, ivo):
    page = words(office.get(url(rosa, "teachers")))
    assert "Hannah Whitlock" in page
    assert owen.name in page
    assert ivo.name not in page


def test_the_list_is_filtered_by_name_office_and_whether_they_have_joined(
    office, url, rosa, hannah, tess, north_office
):
    hannah.change(rosa, office=north_office)
    tess.change(rosa, roles=["teacher"])
    by_name = words(office.get(url(rosa, "teachers"), {"q": "hitloc"}))
    by_office = words(office.get(url(rosa, "teachers"), {"office": north_office.pk}))
    waiting = words(office.get(url(rosa, "teachers"), {"state": "waiting"}))
    assert hannah.name in by_name
    assert tess.name not in by_name
    assert hannah.name in by_office
    assert tess.name not in by_office
    assert tess.name in waiting
    assert hannah.name not in waiting


def test_nonsense_in_the_filter_shows_the_list(office, url, rosa, hannah):
    for nonsense in ({"office": "x"}, {"state": "x"}, {"page": "x"}, {"office": "9" * 30}):
        assert hannah.name in words(office.get(url(rosa, "teachers"), nonsense))


def test_nobody_found_says_what_to_do(office, url, rosa):
    assert "Nobody like that" in words(office.get(url(rosa, "teachers"), {"q": "Zebedee"}))


def test_the_list_costs_the_same_for_few_and_many(office, url, rosa, northshire, north_office):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            office.get(url(rosa, "teachers"))
        return len(captured)

    for n in range(2):
        add_member(northshire, rosa, name=f"Few {n}", email=f"few{n}@x.example", roles=["teacher"], office=north_office)
    office.get(url(rosa, "teachers"))
    few = cost()
    for n in range(40):
        add_member(
            northshire, rosa, name=f"Many {n}", email=f"many{n}@x.example", roles=["teacher"], office=north_office
        )
    assert cost() == few
    assert few <= 10


def test_more_than_fifty_come_page_by_page(office, url, rosa, northshire):
    for n in range(60):
        add_member(northshire, rosa, name=f"Zoe {n:02}", email=f"zoe{n}@x.example", roles=["teacher"])
    first = words(office.get(url(rosa, "teachers"), {"q": "Zoe"}))
    second = words(office.get(url(rosa, "teachers"), {"q": "Zoe", "page": 2}))
    assert "Zoe 00" in first
    assert "Zoe 59" not in first
    assert "q=Zoe&amp;page=2" in first
    assert "Zoe 59" in second
    assert "Zoe 00" not in second


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_can_be_taken_away(office, url, rosa, hannah, tmp_path, kind):
    hannah.change(rosa, name="=cmd|' /C calc'!A0")
    answer = office.get(url(rosa, "teachers"), {"as": kind})
    file = tmp_path / f"teachers.{kind}"
    file.write_bytes(answer.content)
    sheet = read_table(file)
    assert sheet.columns[:2] == ["Name", "E-mail"]
    assert ["=cmd|' /C calc'!A0", hannah.person.email] in [row[:2] for row in sheet.rows]


def test_a_teacher_is_added_and_invited_in_one_go(office, url, rosa, north_office):
    data = {
        "name": "Nell <b>Quill</b>",
        "email": " Nell@X.example ",
        "phone": "01632 960 555",
        "teaches": "Oboe",
        "office": north_office.pk,
        "invite": "on",
    }
    answer = office.post(url(rosa, "teacher_add"), data)
    nell = Member.objects.get(person__email="nell@x.example")
    assert answer.status_code == 302
    assert (nell.roles, nell.office, nell.teaches) == (["teacher"], north_office, "Oboe")
    assert Letter.objects.filter(kind="invitation", to_email="nell@x.example").count() == 1
    page = words(office.get(url(rosa, "teachers")))
    assert "Nell &lt;b&gt;Quill&lt;/b&gt; is added and invited." in page
    assert "<b>Quill" not in page


def test_the_invitation_can_wait(office, url, rosa, northshire):
    office.post(url(rosa, "teacher_add"), {"name": "Nell Quill", "email": "nell@x.example"})
    nell = Member.objects.get(person__email="nell@x.example")
    assert nell.invited_at is None
    assert not Letter.objects.filter(to_email="nell@x.example").exists()
    office.post(url(rosa, "teacher_invite", nell.pk))
    assert Letter.objects.filter(kind="invitation", to_email="nell@x.example").count() == 1


def test_a_form_sent_twice_adds_one(office, url, rosa):
    for _ in range(2):
        office.post(url(rosa, "teacher_add"), {"name": "Nell", "email": "nell@x.example", "invite": "on"})
    assert Member.objects.filter(person__email="nell@x.example").count() == 1
    assert Letter.objects.filter(to_email="nell@x.example").count() == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": "", "email": "a@x.example"}, "Type the name."),
        ({"name": "Ann", "email": "a@"}, "Type an e-mail address, like name@example.org."),
        ({"name": "Ann", "email": "hannah@northshire.example"}, "This address belongs to Hannah Whitlock"),
        ({"name": "Ann", "email": "a@x.example", "office": "999999"}, "Select a valid choice"),
        ({"name": "A" * 201, "email": "a@x.example"}, "at most 200"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_that_was_typed_is_lost(office, url, rosa, hannah, typed, message):
    typed = {**typed, "email": typed["email"].replace("hannah@northshire.example", hannah.person.email)}
    before = Member.objects.count()
    answer = office.post(url(rosa, "teacher_add"), {**typed, "teaches": "Serpent"})
    assert answer.status_code == 422
    assert message in words(answer)
    assert "Serpent" in words(answer)
    assert Member.objects.count() == before


def test_a_teacher_is_changed(office, url, rosa, hannah):
    data = {"name": "Hannah Whitlock-Grey", "email": hannah.person.email, "phone": "1", "teaches": "Cello"}
    office.post(url(rosa, "teacher_change", hannah.pk), data)
    hannah.refresh_from_db()
    assert (hannah.name, hannah.phone, hannah.teaches) == ("Hannah Whitlock-Grey", "1", "Cello")
    assert hannah.joined_at is not None


def test_teachers_of_another_service_and_heads_are_not_there(office, url, rosa, ivo, robin, as_member):
    for stranger in (ivo, robin):
        assert office.get(url(rosa, "teacher_change", stranger.pk)).status_code == 404
        assert office.post(url(rosa, "member_leave", stranger.pk)).status_code == 404
    assert office.post(url(rosa, "teacher_invite", ivo.pk)).status_code == 404


def test_teachers_and_area_managers_change_nobody(as_member, url, hannah, dilys, owen):
    for member in (hannah, dilys):
        client = as_member(member)
        for name in ("teacher_change", "teacher_invite", "member_leave", "member_change"):
            assert client.post(url(member, name, owen.pk)).status_code == 403, name
        for name in ("teacher_add", "teachers_import", "members", "offices", "service_settings"):
            assert client.get(url(member, name)).status_code == 403, name
    owen.refresh_from_db()
    assert owen.is_active


def test_an_area_manager_reads_the_list_without_its_buttons(as_member, url, dilys, hannah):
    page = words(as_member(dilys).get(url(dilys, "teachers")))
    assert hannah.name in page
    assert "Add a teacher" not in page
    assert ">Change<" not in page
