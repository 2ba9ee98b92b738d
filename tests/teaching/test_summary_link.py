"""Private links to a summary, and the codes behind which the names are (S4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.teaching.small_school import FIFTH, OCTOBER, SmallSchool
from tutti.core.access import fingerprint
from tutti.core.letters import Letter
from tutti.teaching.models import SummaryLink
from tutti.teaching.models.summary import make_summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    small = SmallSchool(hannah, rosa)
    small.lesson("Amelia Thorne")
    small.record(FIFTH)
    return small


@pytest.fixture
def link(small):
    return SummaryLink.make(make_summary(small.school, OCTOBER), small.contact())


def code_of(letter):
    return next(line.strip() for line in letter.body.splitlines() if line.startswith("    "))


def test_the_secret_itself_is_nowhere_kept(link):
    kept = SummaryLink.objects.filter(pk=link.pk).values().get()
    assert len(link.secret) > 40 and link.secret not in str(kept)
    assert SummaryLink.objects.with_secret(link.service, link.secret).get() == link


def test_a_link_belongs_to_one_service(link, southshire):
    assert not SummaryLink.objects.with_secret(southshire, link.secret).exists()


def test_a_link_lives_ninety_days(link, clock):
    """(S4)"""
    clock.shift(timedelta(days=89, hours=23))
    assert not link.is_over
    clock.shift(timedelta(hours=2))
    assert link.is_over


def test_names_open_without_a_code_on_the_first_day_only(link, clock):
    """(S4)"""
    assert link.is_fresh
    clock.shift(timedelta(days=1, minutes=1))
    assert not link.is_fresh


def test_a_link_dies_with_its_contact(link, small, rosa):
    small.school.contacts.get().remove(rosa)
    again = SummaryLink.objects.with_secret(link.service, link.secret).get()
    assert again.is_over and not again.may_be_renewed and again.renew() is None and again.send_code() is None


@pytest.mark.parametrize(("fields", "renewed"), [({"email": "ada@x.example"}, True), ({"gets_summary": False}, False)])
def test_a_link_dies_with_its_address_and_with_the_wish_for_summaries(link, small, rosa, fields, renewed):
    small.school.contacts.get().change(rosa, **fields)
    again = SummaryLink.objects.with_secret(link.service, link.secret).get()
    assert again.is_over and again.send_code() is None and (again.renew() is not None) == renewed


def test_an_address_written_in_capitals_is_the_same_address(link, small, rosa):
    small.school.contacts.get().change(rosa, email="Ada.CRANE@quarrylane.example")
    assert not SummaryLink.objects.with_secret(link.service, link.secret).get().is_over


def test_a_code_has_six_digits_goes_to_the_contact_and_opens_once(link):
    letter = link.send_code()
    code = code_of(letter)
    assert letter.to_email == "ada.crane@quarrylane.example" and len(code) == 6 and code.isdigit()
    assert code not in letter.subject and code not in str(SummaryLink.objects.filter(pk=link.pk).values().get())
    assert link.use_code(code)
    assert not link.use_code(code)


def test_a_code_is_over_after_ten_minutes(link, clock):
    code = code_of(link.send_code())
    clock.shift(timedelta(minutes=10, seconds=1))
    assert not link.use_code(code)


def test_after_five_wrong_tries_even_the_right_code_is_refused(link):
    code = code_of(link.send_code())
    wrong = "000000" if code != "000000" else "111111"
    assert not any(link.use_code(wrong) for _ in range(5))
    assert not link.use_code(code)
    assert SummaryLink.objects.get(pk=link.pk).code_tries == 5


def test_a_new_code_takes_the_old_ones_place(link):
    first = code_of(link.send_code())
    second = code_of(link.send_code())
    assert first == second or not link.use_code(first)
    assert link.use_code(second)


def test_without_a_code_asked_for_nothing_opens(link):
    assert not link.use_code("") and not link.use_code("123456")


def test_the_code_of_one_link_does_not_open_another(link, small):
    other = SummaryLink.make(link.summary, small.contact("Ben Moss", "ben.moss@quarrylane.example"))
    other.send_code()
    code = code_of(link.send_code())
    assert not other.use_code(code) or code == code_of(Letter.objects.about(other).get())


def test_five_codes_an_hour_and_no_more(link, clock):
    assert all(link.send_code() for _ in range(5))
    assert link.send_code() is None
    clock.shift(timedelta(minutes=61))
    assert link.send_code()


def test_a_new_link_goes_to_the_contacts_address_of_today_once_an_hour(link, small, rosa):
    small.school.contacts.get().change(rosa, email="a.crane@quarrylane.example")
    link.refresh_from_db()
    letter = link.renew()
    assert letter.to_email == "a.crane@quarrylane.example" and "/northshire/month/" in letter.body
    assert link.renew() is None
    assert link.summary.links.count() == 2


def test_a_contact_who_no_longer_gets_summaries_gets_no_new_link(link, small, rosa):
    small.school.contacts.get().change(rosa, gets_summary=False)
    link.refresh_from_db()
    assert link.renew() is None and link.summary.links.count() == 1


def test_the_first_opening_is_remembered_and_later_ones_change_nothing(link, clock):
    link.mark_opened()
    first = SummaryLink.objects.get(pk=link.pk).opened_at
    clock.shift(timedelta(hours=3))
    link.mark_opened()
    assert SummaryLink.objects.get(pk=link.pk).opened_at == first < timezone.now()


def test_the_address_is_veiled_for_strangers(link):
    assert link.veiled_email == "a…@quarrylane.example"


def test_a_fingerprint_says_nothing_of_the_secret():
    assert fingerprint("x") != fingerprint("y") and "x" * 10 not in fingerprint("x" * 10)
