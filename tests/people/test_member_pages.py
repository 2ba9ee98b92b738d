"""The head's pages: who works in the service, and what each role may do."""

import pytest

from tutti.people.models import Member
from tutti.people.roles import ROLES, Permission

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(as_member, robin):
    return as_member(robin)


def words(answer):
    return answer.content.decode()


def test_the_list_shows_the_office_and_not_the_teachers(head, url, robin, rosa, dilys, hannah, sam):
    page = words(head.get(url(robin, "members")))
    assert rosa.name in page
    assert dilys.name in page
    assert hannah.name not in page
    assert sam.name not in page


def test_somebody_is_added_with_two_roles_and_invited(head, url, robin):
    data = {"name": "Una Vale", "email": "una@x.example", "roles": ["office", "teacher"], "invite": "on"}
    head.post(url(robin, "member_add"), data)
    una = Member.objects.get(person__email="una@x.example")
    assert una.may(Permission.MANAGE_SCHOOLS)
    assert una.may(Permission.RECORD_REGISTERS)
    assert una.invited_at is not None


def test_a_role_is_needed_and_only_roles_that_exist_are_taken(head, url, robin):
    for roles, message in (([], "Choose at least one role."), (["king"], "Select a valid choice")):
        answer = head.post(url(robin, "member_add"), {"name": "Una", "email": "una@x.example", "roles": roles})
        assert answer.status_code == 422
        assert message in words(answer)


def test_roles_are_changed_and_count_at_once(head, as_member, url, robin, rosa):
    client = as_member(rosa)
    assert client.get(url(rosa, "teachers")).status_code == 200
    data = {"name": rosa.name, "email": rosa.person.email, "roles": ["teacher"]}
    head.post(url(robin, "member_change", rosa.pk), data)
    assert client.get(url(rosa, "teachers")).status_code == 403


def test_the_last_head_stays_head_and_stays(head, url, robin):
    data = {"name": robin.name, "email": robin.person.email, "roles": ["office"]}
    answer = head.post(url(robin, "member_change", robin.pk), data)
    assert answer.status_code == 422
    assert "A service needs a head of service." in words(answer)
    head.post(url(robin, "member_leave", robin.pk))
    robin.refresh_from_db()
    assert robin.is_active
    assert robin.roles == ["head"]


def test_access_is_taken_away_and_given_again(head, as_member, url, robin, rosa):
    client = as_member(rosa)
    head.post(url(robin, "member_leave", rosa.pk))
    assert client.get(url(rosa, "me")).status_code == 404
    assert "Access taken away" in words(head.get(url(robin, "members")))
    head.post(url(robin, "member_come_back", rosa.pk))
    assert client.get(url(rosa, "me")).status_code == 200


def test_moves_that_change_something_do_nothing_when_they_are_only_opened(head, url, robin, rosa):
    for name in ("member_leave", "member_come_back", "teacher_invite"):
        assert head.get(url(robin, name, rosa.pk)).status_code == 405
    rosa.refresh_from_db()
    assert rosa.is_active


def test_the_page_of_a_member_tells_what_happened(head, url, robin, rosa):
    rosa.change(robin, phone="01632 960 9")
    page = words(head.get(url(robin, "member_change", rosa.pk)))
    assert "Changed the member" in page
    assert robin.name in page


def test_each_role_and_each_permission_stands_on_one_page(as_member, url, rosa):
    page = words(as_member(rosa).get(url(rosa, "roles"))).replace("&#x27;", "'")
    for role in ROLES.values():
        assert role.title in page
        assert role.description in page
    for permission in Permission:
        assert permission[0].upper() + permission[1:] in page


def test_people_change_their_own_name_and_phone_and_nothing_else(as_member, url, hannah):
    client = as_member(hannah)
    data = {"name": "H. Whitlock", "phone": "01632 960 2", "email": "x@x.example", "roles": ["head"]}
    client.post(url(hannah, "me"), data)
    hannah.refresh_from_db()
    assert (hannah.name, hannah.phone, hannah.roles) == ("H. Whitlock", "01632 960 2", ["teacher"])
    assert hannah.person.email != "x@x.example"
    assert client.post(url(hannah, "me"), {"name": ""}).status_code == 422
