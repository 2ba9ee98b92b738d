"""Whom a school says we should write to: a proposal until the office approves it (H9)."""

import re
from datetime import timedelta

import pytest

from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.schools.models import Contact, ContactChange
from tutti.schools.models.contact import add_contact
from tutti.schools.models.contact_change import propose_change
from tutti.teaching.models import Summary, SummaryLink

pytestmark = pytest.mark.django_db
NEW = {"name": "Ines Holt", "email": "ines.holt@larkriseprimaryschool.example", "role": "music"}


@pytest.fixture
def contact(larkrise):
    return larkrise.contacts.for_summary().get()


@pytest.fixture
def summary(larkrise):
    return Summary.objects.filter(school=larkrise).select_related("school__office", "school__service").first()


@pytest.fixture
def link(summary, contact):
    return SummaryLink.make(summary, contact)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_school_tells_from_its_private_page_and_nothing_changes_until_the_office_approves(
    anybody, as_member, rosa, url, northshire, link, contact, larkrise
):
    page = url(northshire, "shared_contact", link.secret)
    assert page in anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
    before, letters = contact.email, Letter.objects.count()
    answer = anybody.post(page, {"kind": "other", **NEW}, follow=True)
    assert "until then nothing changes" in words(answer)
    contact.refresh_from_db()
    assert contact.email == before and contact.gets_summary and not larkrise.contacts.filter(email=NEW["email"])
    office = as_member(rosa)
    assert "2 schools say whom to write to" in words(office.get(url(rosa, "home")))
    said = words(office.get(url(rosa, "contact_changes")))
    assert f"{contact.name}, {contact.get_role_display()} {before}" in said and "Ines Holt, Music lead" in said
    change = ContactChange.objects.get(contact=contact)
    answer = office.post(url(rosa, "contact_change_approve", change.pk), follow=True)
    assert "Ines Holt has not been sent October’s summary yet" in words(answer)
    newcomer = larkrise.contacts.get(email=NEW["email"])
    contact.refresh_from_db()
    assert newcomer.gets_summary and not contact.gets_summary
    assert Letter.objects.count() == letters  # nobody hears anything by itself
    again = url(rosa, "summary_again", link.summary_id, newcomer.pk)
    assert again in answer.content.decode()
    office.post(again)
    assert Letter.objects.latest("pk").to_email == NEW["email"]
    assert anybody.get(url(northshire, "shared_summary", link.secret)).status_code == 410  # the old link is over


def test_another_address_of_the_same_person_is_changed_with_history(contact, rosa, larkrise):
    before = contact.email
    approved = propose_change(contact, "changed", **NEW).approve(rosa)
    contact.refresh_from_db()
    assert (approved, contact.email, contact.role) == (contact, NEW["email"], "music")
    event = Event.objects.about(contact).latest("pk")
    assert (event.by_name, event.before["email"], event.after["email"]) == ("Rosa Pike", before, NEW["email"])


def test_somebody_who_has_left_is_removed_with_or_without_a_successor(contact, rosa, larkrise):
    change = propose_change(contact, "gone")
    assert change.approve(rosa) is None
    assert not Contact.objects.filter(pk=contact.pk).exists()
    change.refresh_from_db()
    assert change.state == "approved" and change.contact is None
    other = add_contact(larkrise, rosa, name="Ada Crane", email="ada@larkrise.example", role="head")
    successor = propose_change(other, "gone", **NEW).approve(rosa)
    assert successor.email == NEW["email"] and not Contact.objects.filter(pk=other.pk).exists()


def test_a_contact_who_was_removed_by_hand_meanwhile_is_followed_all_the_same(contact, rosa, larkrise, as_member, url):
    change = propose_change(contact, "other", **NEW)
    contact.remove(rosa)
    assert "Removed since" in words(as_member(rosa).get(url(rosa, "contact_changes")))
    as_member(rosa).post(url(rosa, "contact_change_approve", change.pk))
    assert larkrise.contacts.get(email=NEW["email"]).gets_summary


def test_said_twice_it_is_one_proposal_with_the_last_words(contact):
    first, second = propose_change(contact, "other", **NEW), propose_change(contact, "other", **NEW)
    third = propose_change(contact, "gone")
    assert first.pk == second.pk == third.pk
    assert ContactChange.objects.get(contact=contact).kind == "gone"


def test_settled_once_it_stays_so(contact, rosa):
    change = propose_change(contact, "other", **NEW)
    assert change.decline(rosa) and not change.decline(rosa) and change.approve(rosa) is None
    contact.refresh_from_db()
    assert contact.gets_summary and not contact.school.contacts.filter(email=NEW["email"]).exists()
    assert propose_change(contact, "gone").pk != change.pk  # a new one may be said


def test_an_address_that_another_contact_has_is_refused_in_words_and_nothing_is_half_done(
    contact, rosa, larkrise, as_member, url
):
    add_contact(larkrise, rosa, name="Ada Crane", email=NEW["email"].upper(), role="head")
    change = propose_change(contact, "changed", **NEW)
    answer = as_member(rosa).post(url(rosa, "contact_change_approve", change.pk), follow=True)
    assert "Ada Crane has the address" in words(answer)
    change.refresh_from_db()
    contact.refresh_from_db()
    assert change.state == "waiting" and contact.email != NEW["email"]


def test_somebody_else_who_is_a_contact_already_gets_it_from_now_on(contact, rosa, larkrise):
    ada = add_contact(larkrise, rosa, name="A. Holt", email=NEW["email"], role="office", gets_summary=False)
    assert propose_change(contact, "other", **NEW).approve(rosa) == ada
    ada.refresh_from_db()
    assert ada.gets_summary and ada.name == "Ines Holt" and larkrise.contacts.filter(email=NEW["email"]).count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": ""}, "Answer: What should we know?"),
        ({"kind": "other"}, "Type the name."),
        ({"kind": "changed", "name": "Ines Holt"}, "Type the e-mail address."),
        ({"kind": "gone", "name": "Ines Holt", "email": "no address"}, "Enter a valid email address."),
        ({"kind": "other", "name": "I", "email": "i@x.example"}, "Choose a role."),
        ({"kind": "sideways", **NEW}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(anybody, url, northshire, link, typed, said, contact):
    answer = anybody.post(url(northshire, "shared_contact", link.secret), typed)
    assert answer.status_code == 422 and said in words(answer)
    assert typed.get("name", "") in answer.content.decode()
    assert not ContactChange.objects.filter(contact=contact).exists()


def test_on_a_link_older_than_a_day_it_can_be_said_and_shows_no_pupil(anybody, url, northshire, link, contact, clock):
    clock.shift(timedelta(days=2))
    page = url(northshire, "shared_contact", link.secret)
    assert page in anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
    assert "Amelia" not in words(anybody.get(page)) and contact.email not in anybody.get(page).content.decode()
    assert anybody.post(page, {"kind": "gone"}).status_code == 302
    assert ContactChange.objects.filter(contact=contact).count() == 1
