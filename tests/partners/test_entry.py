"""A partner's entry: what counts at once, what waits for the hub, and who signs in for it (M11)."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.partners.walk import IN_TIME, Walk
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.partners.models import Entry, EntryChange, Partner
from tutti.partners.models.entry_change import propose_texts
from tutti.people.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(una):
    return Entry.objects.select_related("partner").get(partner__member=una)


@pytest.fixture
def change(entry, una):
    return propose_texts(entry, una, {"about": "Fiddle tunes, too."})


def typed(entry, **other):
    """The form as it lies open, with something else in it."""
    own = {"instruments": ", ".join(entry.instruments), "styles": ", ".join(entry.styles), "about": entry.about}
    own |= {"town": entry.town, "website": entry.website, "postcode": entry.postcode, "phone": entry.phone}
    own |= {"settings": ["at_school", "at_home"], "takes_pupils": "on", "shown": ["shows_phone", "shows_district"]}
    return own | other


def test_m11_ticks_count_at_once_and_texts_wait(as_member, url, una, entry, anybody):
    partner = as_member(una)
    said = typed(entry, about="Fiddle tunes, too.", settings=["online"], phone="01632 960399")
    assert partner.post(url(una, "my_entry_change"), said).status_code == 302
    page = anybody.get(url(una, "partner", entry.partner_id)).content.decode()
    assert "Online" in page and "At school" not in page and "01632 960399" in page
    assert "Fiddle tunes" not in page
    own = partner.get(url(una, "my_entry")).content.decode()
    assert "Waits for the hub" in own and "Fiddle tunes, too." in own


def test_m11_the_leader_reads_old_and_new_and_approves(as_member, url, lorna, entry, change, anybody):
    leader = as_member(lorna)
    assert url(lorna, "entry_change", change.pk) in leader.get(url(lorna, "applications")).content.decode()
    page = leader.get(url(lorna, "entry_change", change.pk)).content.decode()
    assert entry.about in page and "Fiddle tunes, too." in page
    leader.post(url(lorna, "entry_change", change.pk), {"seen": change.seen, "answer": "approve"})
    assert "Fiddle tunes, too." in anybody.get(url(lorna, "partner", entry.partner_id)).content.decode()
    assert Letter.objects.filter(kind="entry_approved", to_email=entry.partner.email).count() == 1
    assert Event.objects.about(entry).filter(verb="approved the text", by=lorna.person).count() == 1


def test_m11_the_leader_refuses_with_a_reason_and_the_partner_reads_it(as_member, url, lorna, una, entry, change):
    address, leader = url(lorna, "entry_change", change.pk), as_member(lorna)
    refused = {"seen": change.seen, "answer": "refuse", "why": ""}
    assert leader.post(address, refused).status_code == 422
    leader.post(address, refused | {"why": "Please say which tunes."})
    assert "Please say which tunes." in as_member(una).get(url(una, "my_entry")).content.decode()
    assert "Please say which tunes." in Letter.objects.get(kind="entry_refused").body
    assert Entry.objects.get(pk=entry.pk).about == entry.about


def test_what_was_written_again_since_it_was_read_is_not_approved(lorna, una, entry, change):
    seen = change.seen
    EntryChange.objects.filter(pk=change.pk).update(proposed_at="2026-11-18T09:00:00Z")
    with pytest.raises(ValidationError, match="written it again"):
        change.approve(lorna, seen)
    assert Entry.objects.get(pk=entry.pk).about == entry.about


def test_decided_twice_is_decided_once(lorna, change):
    change.approve(lorna, change.seen)
    with pytest.raises(ValidationError, match="decided on it already"):
        change.refuse(lorna, change.seen, "No.")
    assert Letter.objects.filter(kind__in=["entry_approved", "entry_refused"]).count() == 1


def test_said_again_one_waits_and_as_it_was_none(entry, una, change):
    again = propose_texts(entry, una, {"about": "Reels and jigs."})
    assert again.pk == change.pk and again.said == {"about": "Reels and jigs."}
    assert Letter.objects.filter(kind="entry_waits", thing_id=entry.pk).count() == 1
    assert propose_texts(entry, una, {"about": entry.about}) is None
    assert EntryChange.objects.get(pk=change.pk).state == "taken back"


def test_nobody_approves_their_own_words(una, change):
    una.change(None, roles=["leader", "partner"])
    assert not EntryChange.objects.visible_to(Member.objects.get(pk=una.pk)).filter(pk=change.pk).exists()


@pytest.mark.parametrize("wrong", [{"postcode": "NX1"}, {"postcode": "9ZZ Q"}, {"phone": "call me"}, {"settings": []}])
def test_what_is_wrong_is_said_and_nothing_is_kept(as_member, url, una, entry, wrong):
    page = as_member(una).post(url(una, "my_entry_change"), typed(entry, about="New words", **wrong))
    assert page.status_code == 422 and "New words" in page.content.decode()
    assert not EntryChange.objects.filter(entry=entry).exists()


@pytest.mark.parametrize("website", ["ftp://una.example", "javascript:alert(1)"])
def test_a_website_is_a_web_address(as_member, url, una, entry, website):
    as_member(una).post(url(una, "my_entry_change"), typed(entry, website=website))
    assert not EntryChange.objects.filter(entry=entry).exists()


@pytest.mark.parametrize(
    "never",
    [
        {"at_school": False, "at_home": False, "at_studio": False, "online": False},
        {"latitude": None},
        {"shows_district": False},
        {"shows_district": False, "district": "", "latitude": None, "longitude": None, "shows_postcode": True},
    ],
)
def test_what_must_never_be_is_kept_out_by_the_database(entry, never):
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(**never)


def test_a_change_is_refused_with_a_reason_only(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryChange.objects.filter(pk=change.pk).update(state="refused", decided_at="2026-11-18T09:00:00Z")


def test_m10_a_new_partner_is_invited_once_and_finds_their_entry(walk, anybody, url):
    walk.go(*IN_TIME)
    (letter,) = Letter.objects.filter(kind="invitation", to_email=walk.case.email)
    assert "your own entry" in letter.body and "record teaching" not in letter.body
    link = re.search(r"http\S+?(/sign-in-link/\S+|/\S+)", letter.body)[0].split("/", 3)[3]
    anybody.post(f"/{link}")
    member = Member.objects.get(service=walk.leader.service, person__email=walk.case.email)
    assert member.roles == ["partner"]
    assert Partner.objects.get(application=walk.case).member == member


def test_who_is_a_member_already_gets_the_role_besides(lorna, miles, hannah):
    walk = Walk(lorna, miles, name="Hannah Whitlock")
    walk.case.email = hannah.person.email
    walk.case.save(update_fields=["email"])
    walk.go(*IN_TIME)
    assert Member.objects.get(pk=hannah.pk).roles == ["teacher", "partner"]
    assert not Letter.objects.filter(kind="invitation", to_email=hannah.person.email).exists()


def test_home_is_my_entry_for_a_partner_and_my_week_for_a_teacher(as_member, url, una):
    assert as_member(una).get(url(una, "home"))["Location"] == url(una, "my_entry")


def test_another_partners_change_is_not_there(as_member, url, linus, change):
    assert as_member(linus).get(url(linus, "entry_change", change.pk)).status_code == 403
    assert not EntryChange.objects.visible_to(linus).filter(pk=change.pk).exists()


def test_m11_a_new_entry_says_what_the_application_said_and_shows_no_way_to_reach_them(walk):
    walk.case.answers = {
        "instruments": ["Violin", "Viola"],
        "settings": ["In schools", "On line"],
        "places": "Ought, Nether Ought",
        "phone": "01632 960 011",
    }
    walk.case.save()
    walk.go(*IN_TIME)
    entry = walk.case.partner.entry
    assert (entry.instruments, entry.phone) == (["Violin", "Viola"], "01632 960 011")
    assert entry.town == "Ought, Nether Ought", "found by each of them"
    assert (entry.at_school, entry.online, entry.at_home, entry.at_studio) == (True, True, False, False)
    assert not entry.shows_phone and not entry.shows_email


def test_a_partner_without_an_address_has_an_entry_and_is_nobody_who_signs_in(walk):
    walk.go(*IN_TIME[:-1])
    type(walk.case).objects.filter(pk=walk.case.pk).update(email="")
    walk.go("complete")
    assert walk.case.partner.member is None and walk.case.partner.entry


def test_the_hub_s_word_is_one_of_two(as_member, url, lorna, entry, change):
    page = as_member(lorna).post(
        url(lorna, "entry_change", change.pk), {"seen": change.seen, "answer": "banana", "why": "no!"}
    )
    assert page.status_code == 422 and "one of the two buttons" in page.content.decode()
    change.refresh_from_db()
    assert change.state == "waiting"


def test_an_entry_names_an_instrument(as_member, url, una, entry):
    page = as_member(una).post(url(una, "my_entry_change"), typed(entry, instruments=" , "))
    assert page.status_code == 422 and "Name at least one instrument" in page.content.decode()


def test_m11_more_towns_than_there_is_room_for_are_cut_between_two(walk):
    walk.case.answers = {"places": ", ".join(["Lower Quillingham", *(f"Nether Ought {n}" for n in range(9))])}
    walk.case.save()
    walk.go(*IN_TIME)
    town = walk.case.partner.entry.town
    assert len(town) <= 80 and town.endswith(tuple("0123456789"))


@pytest.mark.parametrize(("said", "kept"), [("studio.example", "https://studio.example"), ("call me", ""), ("", "")])
def test_m11_the_website_of_the_application_is_taken_if_it_is_one(walk, said, kept):
    walk.case.answers = {"website": said}
    walk.case.save()
    walk.go(*IN_TIME)
    assert walk.case.partner.entry.website == kept


def test_a_town_in_any_letters_is_searched_for(walk, lorna, entry, una):
    change = propose_texts(entry, una, {"town": "\ufdfa" * 80})
    change.approve(lorna, change.seen)
    entry.refresh_from_db()
    assert len(entry.town_words) > 200
