"""How an applicant is reached, put right while the application is on its way (M2)."""

import re

import pytest
from django.test import Client

from tests.partners.walk import Walk
from tutti.core.letters import Letter
from tutti.partners.models import Application

pytestmark = pytest.mark.django_db
RIGHT = {"name": "Ada  Quillon", "email": "ada@new.example", "phone": "01632 960 015", "address": "2 Mill Row"}


def words(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def change(walk, as_member, url, lorna):
    walk.go("send", "proceed")

    def send(**typed):
        return as_member(lorna).post(url(lorna, "case_contact", walk.case.pk), {**RIGHT, **typed}, follow=True)

    return send


def link_in(letter):
    return re.search(r"/northshire/application/\S+", letter.body)[0]


def test_the_case_says_how_the_applicant_is_reached(walk, change, as_member, url, miles):
    change()
    page = words(as_member(miles).get(url(miles, "application", walk.case.pk)))
    assert "ada@new.example" in page and "01632 960 015" in page and "Put it right" not in page, "a leader does that"


def test_another_address_gets_a_link_and_those_before_end(walk, change):
    old = link_in(Letter.objects.about(walk.case).get(kind="application_proceed"))
    change()
    case = walk.fresh()
    assert (case.name, case.email, case.answers["address"]) == ("Ada Quillon", "ada@new.example", "2 Mill Row")
    letter = Letter.objects.about(case).latest("pk")
    assert letter.to_email == "ada@new.example" and "Here is where your application stands" in letter.body
    assert Client().get(old).status_code == 410 and Client().get(link_in(letter)).status_code == 200


def test_the_same_again_sends_nothing(walk, change):
    change()
    before = Letter.objects.about(walk.case).count()
    assert "Nothing differed" in words(change(name="Ada Quillon"))
    assert Letter.objects.about(walk.case).count() == before


def test_who_has_no_address_any_more_goes_on_by_post(walk, change):
    change(email="")
    assert not Letter.objects.about(walk.case).filter(kind="application_start", to_email="").exists(), "no link to post"
    walk.case.refresh_from_db()
    walk.arrange()
    assert Letter.objects.about(walk.case).get(kind="application_arrange").state == "to_post"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "miles"}, "e-mail"),
        ({"name": ""}, "Name is needed"),
        ({"email": "", "address": " "}, "they need a postal one"),
        ({"email": "R0@school.example"}, "This is the address of a referee"),
        ({"email": "ben.holt@studio.example"}, "has an application under way"),
    ],
)
def test_an_address_is_nobody_else_s(walk, change, lorna, miles, typed, said):
    Walk(lorna, miles, name="Ben Holt")
    page = change(**typed)
    assert page.status_code == 422 and said.lower() in words(page).lower()
    assert walk.fresh().email == "ada.quill@studio.example"


def test_nor_the_mentor_s(walk, change, miles):
    page = change(email=miles.person.email)
    assert page.status_code == 422 and "the address of the mentor" in words(page)


def test_what_is_over_is_left_as_it_was(walk, change):
    walk.withdraw()
    page = change()
    assert page.status_code == 422 and "This application is over" in words(page)
    assert Application.objects.get(pk=walk.case.pk).name == "Ada Quill"


def test_a_letter_that_came_back_is_said_on_the_case(walk, change, as_member, url, lorna, rosa):
    letter = Letter.objects.about(walk.case).get(kind="application_proceed")
    Letter.objects.filter(pk=letter.pk).update(state="sent")
    letter.come_back(rosa, "No such mailbox")
    page = words(as_member(lorna).get(url(lorna, "application", walk.case.pk)))
    assert "The last letter came back" in page and "Put it right" in page
