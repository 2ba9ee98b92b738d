"""Who works in a service, what they may do there, and what happens to their access (P1, H1, H12)."""

import pytest

from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.people.models import Member, Person, SignInLink
from tutti.people.models.member import add_member
from tutti.people.roles import ROLES, Permission

pytestmark = pytest.mark.django_db


def test_somebody_added_twice_is_one_member_and_is_told_once(northshire, rosa):
    for _ in range(2):
        add_member(northshire, rosa, name="Ada", email="Ada@X.example", roles=["teacher"], invite=True)
    ada = Member.objects.get(person__email="ada@x.example")
    assert SignInLink.objects.filter(person=ada.person).count() == 1
    assert Event.objects.about(ada).filter(verb="added", by=rosa.person).count() == 1


def test_one_person_may_work_for_two_services_under_two_names(northshire, southshire, rosa, sam, inside):
    here = add_member(northshire, rosa, name="Dr A Lee", email="a.lee@x.example", roles=["teacher"])
    with inside(southshire):
        there = add_member(southshire, sam, name="Ann Lee", email="A.Lee@x.example", roles=["office"])
    assert here.person == there.person
    assert (here.name, there.name) == ("Dr A Lee", "Ann Lee")
    assert not here.may(Permission.MANAGE_TEACHERS)
    assert there.may(Permission.MANAGE_TEACHERS)


def test_members_of_another_service_are_not_there(rosa, ivo, hannah, dilys):
    for member in (rosa, hannah, dilys):
        assert ivo not in Member.objects.visible_to(member)


def test_a_teacher_sees_nobody_but_themself(hannah, rosa, owen):
    assert list(Member.objects.visible_to(hannah)) == [hannah]
    assert {hannah, owen, rosa} <= set(Member.objects.visible_to(rosa))


def test_the_office_may_change_teachers_and_nobody_else(rosa, robin, hannah, northshire):
    both = add_member(northshire, robin, name="Bea", email="bea@x.example", roles=["teacher", "head"])
    of_the_office = Member.objects.visible_to(rosa).changeable_by(rosa)
    assert hannah in of_the_office
    assert not {both, robin, rosa} & set(of_the_office)
    assert {both, rosa, hannah} <= set(Member.objects.visible_to(robin).changeable_by(robin))
    assert not Member.objects.changeable_by(hannah).exists()


def test_an_invitation_is_a_letter_with_a_link_and_another_one_is_another_link(rosa, tess):
    first, second = tess.invite(rosa), tess.invite(rosa)
    letters = list(Letter.objects.filter(kind="invitation", to_email=tess.person.email).order_by("pk"))
    assert [link.secret in letter.body for link, letter in zip((first, second), letters[-2:], strict=True)] == [
        True,
        True,
    ]
    assert first.secret != second.secret
    assert all(letter.is_secret for letter in letters)


def test_access_that_is_taken_away_is_gone_at_once_and_all_that_was_recorded_stays(as_member, url, rosa, hannah):
    client, before = as_member(hannah), Event.objects.count()
    assert client.get(url(hannah, "me")).status_code == 200
    hannah.leave(rosa)
    assert client.get(url(hannah, "me")).status_code == 404
    assert Member.objects.get(pk=hannah.pk).permissions == frozenset()
    assert Event.objects.count() == before + 1
    hannah.come_back(rosa)
    assert client.get(url(hannah, "me")).status_code == 200


def test_a_new_address_never_touches_what_another_service_knows(priya, rosa, southshire, inside):
    """Else the office of one service could take over a sign-in of another."""
    old = priya.person
    assert priya.change(rosa, email="new@x.example", name="Priya N") is True
    with inside(southshire):
        assert Member.objects.get(service=southshire, person=old).person.email == old.email
    assert (priya.person.email, priya.joined_at) == ("new@x.example", None)
    event = Event.objects.about(priya).get(verb="changed the address")
    assert (event.before, event.after) == ({"email": old.email}, {"email": "new@x.example"})


def test_the_same_address_in_other_letters_is_no_change(hannah, rosa):
    before = Person.objects.count()
    assert hannah.change(rosa, email=hannah.person.email.upper(), name=hannah.name) is False
    assert Person.objects.count() == before


def test_an_address_of_somebody_who_works_here_is_refused(hannah, owen, rosa):
    with pytest.raises(ValueError, match="works here already"):
        hannah.change_email(rosa, owen.person.email)


def test_the_last_head_of_service_is_known(robin, rosa):
    assert robin.is_last_head
    assert not rosa.is_last_head
    rosa.change(robin, roles=["office", "head"])
    assert not robin.is_last_head


def test_each_role_says_what_it_is_for_and_the_head_may_do_all_that_the_office_may():
    assert all(role.description.endswith(".") and role.permissions for role in ROLES.values())
    assert ROLES["office"].permissions < ROLES["head"].permissions
    assert not ROLES["teacher"].permissions & {Permission.SEE_PUPILS, Permission.ALLOCATE, Permission.MANAGE_TEACHERS}
