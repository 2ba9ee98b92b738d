"""A school or parent writes to a partner without seeing the address (M11)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command

from tutti.core.calendar import today
from tutti.core.letters import Letter
from tutti.partners.models import Partner

pytestmark = pytest.mark.django_db
SAID = {"name": "Ann Teal", "email": "ann@school.example", "who": "school", "text": "Could you teach on Mondays?"}


@pytest.fixture(autouse=True)
def _nobody_wrote_before(db):
    cache.clear()


@pytest.fixture
def partner(northshire):
    return Partner.objects.get(name="Una Merrow")


@pytest.fixture
def write(anybody, url, partner):
    return lambda **other: anybody.post(url(partner.service, "partner_write", partner.pk), SAID | other)


def test_m11_the_partner_gets_it_and_the_sender_a_copy_without_the_address(write, partner, anybody):
    assert write().status_code == 302
    letter = Letter.objects.get(kind="partner_message")
    assert letter.to_email == partner.email and "Mondays" in letter.body and "ann@school.example" in letter.body
    copy = Letter.objects.get(kind="partner_message_copy")
    assert copy.to_email == "ann@school.example" and partner.email not in copy.body
    page = anybody.get(f"/northshire/partners/{partner.pk}/").content.decode()
    assert "is on its way to Una Merrow" in page and partner.email not in page


def test_the_copy_carries_no_words_to_an_address_that_anybody_may_type(write):
    write(text="Buy this at https://shop.example")
    assert "shop.example" not in Letter.objects.get(kind="partner_message_copy").body


def test_m11_five_in_an_hour_and_the_sixth_is_told_with_all_that_was_typed(write, clock):
    for _ in range(5):
        assert write().status_code == 302
    page = write(text="One more thing.")
    assert page.status_code == 422 and "One more thing." in page.content.decode()
    assert "many messages in one hour" in page.content.decode()
    assert Letter.objects.filter(kind="partner_message").count() == 5
    clock.shift(timedelta(minutes=61))
    assert write().status_code == 302


def test_m11_from_one_place_ten_whatever_address_is_typed(write):
    sent = [write(email=f"a{number}@school.example").status_code for number in range(11)]
    assert sent == [302] * 10 + [422]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"email": "nobody"}, {"text": " "}, {"who": "robot"}])
def test_what_is_missing_is_said_and_nothing_goes_out(write, wrong):
    assert write(**wrong).status_code == 422
    assert not Letter.objects.filter(kind="partner_message").exists()


def test_nobody_writes_to_who_is_not_listed(write, partner):
    Partner.objects.filter(pk=partner.pk).update(since=today() - timedelta(days=9), until=today() - timedelta(days=1))
    assert write().status_code == 404
    assert not Letter.objects.filter(kind="partner_message").exists()


def test_who_has_no_address_is_not_written_to_and_no_button_promises_it(write, partner, anybody):
    Partner.objects.filter(pk=partner.pk).update(email="", member=None)
    page = write()
    assert page.status_code == 422 and "has no e-mail address" in page.content.decode()
    assert not Letter.objects.filter(kind__startswith="partner_message").exists()
    assert "Write to Una" not in anybody.get(f"/northshire/partners/{partner.pk}/").content.decode()


def test_the_words_are_forgotten_after_three_months(write, clock, world):
    write()
    clock.shift(timedelta(days=91))
    call_command("daily")
    world.again()
    bodies = Letter.objects.filter(kind__startswith="partner_message").values_list("body", flat=True)
    assert set(bodies) == {"[not kept]\n"}
    assert not Letter.objects.filter(to_email="ann@school.example").exists()
