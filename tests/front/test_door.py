"""The front door, and signing in as one of the cast: in a demo world and nowhere else."""

import pytest
from django.test import Client

from tutti.people.models import Member, MusicService


def test_the_front_door_offers_the_cast_and_is_no_food_for_search_engines(client, db):
    page = client.get("/").content.decode()
    for name in ("Hannah Whitlock", "Owen Tregarth", "Tess Arden", "Rosa Pike", "Dilys Ware", "Robin Pell", "Sam Holt"):
        assert name in page
    assert 'name="robots" content="noindex' in page


@pytest.mark.parametrize(
    ("who", "slug", "words"),
    [
        ("hannah", "northshire", "My week"),
        ("rosa", "northshire", "What needs doing"),
        ("dilys", "northshire", "Is my area delivered?"),
        ("sam", "southshire", "What needs doing"),
    ],
)
def test_one_click_leads_to_the_home_page_of_whoever_was_picked(client, db, who, slug, words):
    response = client.post("/demo/sign-in/", {"as": who}, follow=True)
    assert response.redirect_chain[0][0] == f"/{slug}/"
    assert words in response.content.decode()


@pytest.mark.parametrize("who", ["", "nobody", "marcus", "rosa.pike@northshire.example"])
def test_nobody_else_is_signed_in_by_a_click(client, db, who):
    assert client.post("/demo/sign-in/", {"as": who}).status_code == 404
    assert client.get("/northshire/").status_code == 302


def test_without_a_demo_service_there_is_nobody_to_pick(client, db):
    MusicService.objects.update(is_demo=False)
    page = client.get("/").content.decode()
    assert "Hannah Whitlock" not in page
    assert "Sign in" in page
    assert client.post("/demo/sign-in/", {"as": "hannah"}).status_code == 404


def test_somebody_who_also_works_for_a_real_service_is_not_signed_in_by_a_click(client, northshire, rosa):
    real = MusicService.objects.create(name="Real Music Service", slug="real")
    with real.entered():
        Member.objects.create(service=real, person=rosa.person, name="Rosa Pike", roles=["head"])
    assert client.post("/demo/sign-in/", {"as": "rosa"}).status_code == 404


def test_signing_in_by_a_click_needs_the_token_of_the_page(db):
    assert Client(enforce_csrf_checks=True).post("/demo/sign-in/", {"as": "rosa"}).status_code == 403


def test_it_is_not_done_by_opening_an_address(client, db):
    assert client.get("/demo/sign-in/?as=rosa").status_code == 405


def test_a_member_of_one_service_goes_on_to_it_and_a_member_of_two_chooses(as_member, rosa, priya):
    assert as_member(rosa).get("/").url == "/northshire/"
    assert as_member(priya).get("/").url == "/accounts/services/"


def test_the_cast_can_be_asked_for_while_signed_in(as_member, rosa):
    assert "Owen Tregarth" in as_member(rosa).get("/?cast").content.decode()


def test_a_service_asks_strangers_to_sign_in_and_is_not_there_for_members_of_another(client, as_member, sam, db):
    response = client.get("/northshire/")
    assert response.status_code == 302
    assert response.url.startswith("/northshire/accounts/login/")
    assert as_member(sam).get("/northshire/").status_code == 404
