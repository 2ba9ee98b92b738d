"""The scheme for the world, and an application as its applicant fills it in and follows it, by a link (M1, M2)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.partners.filled_in import fill_in
from tests.partners.walk import IN_TIME
from tutti.core.letters import Letter
from tutti.partners.models import Application, Scheme

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def begin(northshire):
    """Ask for a link on the scheme's page; gives the client and the link that came by e-mail."""

    def ask(name="Ada Quill", email="ada.quill@studio.example"):
        client = Client()
        page = client.post("/northshire/scheme/", {"name": name, "email": email})
        assert f"We have sent a link to {email}" in words(page)
        letter = Letter.objects.filter(service=northshire, kind="application_start", to_email=email).latest("pk")
        return client, re.search(r"/northshire/application/\S+", letter.body)[0]

    return ask


def test_m1_the_page_says_what_is_asked_what_is_given_and_that_it_is_free(northshire):
    page = words(Client().get("/northshire/scheme/"))
    assert "A recognised teaching qualification, such as a PGCE or the CME" in page and "There is no charge" in page
    assert "Northshire Music Service Music Faculty" in page  # where a paper form goes


def test_a_service_that_does_not_run_the_scheme_has_no_page(northshire):
    Scheme.objects.filter(service=northshire).delete()
    assert Client().get("/northshire/scheme/").status_code == 404


def test_a_scheme_that_is_closed_takes_nobody(northshire):
    Scheme.objects.filter(service=northshire).update(is_open=False)
    sent = Client().post("/northshire/scheme/", {"name": "Ada Quill", "email": "ada@studio.example"})
    assert sent.status_code == 422 and "takes no applications" in words(sent)
    assert not Application.objects.filter(email="ada@studio.example").exists()


def test_m2_it_is_saved_part_way_resumed_and_sent_once_nothing_is_missing(begin):
    client, link = begin()
    saved = client.post(f"{link}instruments/", {"principal": "Violin"})
    assert saved.status_code == 302 and saved["Location"] == f"{link}where/", "on to the next section"
    assert 'value="Violin"' in words(client.get(f"{link}instruments/"))
    page = words(client.get(link))
    assert "0 of 9 done" in page and "Begun" in page and "Once the rest is done" in page
    assert "The repertoire that you teach" in words(client.get(f"{link}check/")), "it says what is missing"
    assert "Something is still missing." in words(client.post(f"{link}send/", follow=True))
    case = Application.objects.get(email="ada.quill@studio.example")
    assert case.stage == "draft"
    fill_in(client, link)
    assert "9 of 9 done" in words(client.get(link))
    check = words(client.get(f"{link}check/"))
    assert "Ten years in three schools" in check and "3 September 2026" in check and "In schools, On line" in check
    sent = words(client.post(f"{link}send/", follow=True))
    case.refresh_from_db()
    assert "We have your application" in sent and case.reference in sent
    assert case.answers["instruments"] == ["Violin", "Viola", "Cello"]
    assert [referee.name for referee in case.referees.all()] == ["Dora Blythe", "Hugo Lantern"]


def test_m2_a_form_sent_twice_and_after_it_was_sent_in_changes_nothing(begin):
    client, link = begin()
    fill_in(client, link)
    client.post(f"{link}send/")
    client.post(f"{link}send/")
    assert Letter.objects.filter(kind="application_received").filter(to_email="ada.quill@studio.example").count() == 1
    late = client.post(f"{link}instruments/", {"principal": "Kazoo", "others": "", "repertoire": ""})
    assert late["Location"] == link
    assert Application.objects.get(email="ada.quill@studio.example").answers["principal"] == "Violin"


def test_m2_an_address_gets_five_links_an_hour_at_most_whoever_asks(begin, clock, northshire):
    for _ in range(7):
        begin()
    sent = Letter.objects.filter(service=northshire, kind="application_start", to_email="ada.quill@studio.example")
    assert sent.count() == 5
    clock.shift(timedelta(minutes=61))
    begin()
    assert sent.count() == 6


@pytest.mark.parametrize("typed", [{"email": "no address"}, {"name": ""}, {"email": ""}])
def test_a_name_and_an_address_are_needed(northshire, typed):
    sent = Client().post("/northshire/scheme/", {"name": "Ada Quill", "email": "ada@studio.example", **typed})
    assert sent.status_code == 422 and not Application.objects.filter(email="ada@studio.example").exists()


def test_m2_a_link_ends_after_thirty_days_and_another_opens_the_same_application(begin, clock, southshire):
    client, link = begin()
    client.post(f"{link}instruments/", {"principal": "Violin"})
    clock.shift(timedelta(days=30))
    for address in ("", "instruments/", "check/"):
        assert client.get(f"{link}{address}").status_code == 410
    assert client.post(f"{link}instruments/", {"principal": "Kazoo"}).status_code == 410
    _, again = begin()
    assert again != link and 'value="Violin"' in words(client.get(f"{again}instruments/"))
    assert client.get(again.replace("northshire", "southshire")).status_code == 410


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (1, "We have your application and will tell you whether it goes on"),
        (3, "Your observation is arranged"),
        (5, "We are deciding"),
        (8, "You are a partner"),
    ],
)
def test_the_applicant_reads_where_it_stands_in_plain_words(walk, moves, said):
    walk.go(*IN_TIME[:moves])
    letter = Letter.objects.about(walk.case).filter(kind__startswith="application_").latest("pk")
    page = words(Client().get(re.search(r"/northshire/application/\S+", letter.body)[0]))
    assert said in page and "observation_" not in page
    assert ("Withdraw it" in page) == (moves < 8)


def test_a4_the_applicant_withdraws_from_the_page(walk, miles):
    walk.go("send", "proceed", "arrange")
    letter = Letter.objects.about(walk.case).get(kind="application_arrange")
    link = re.search(r"/northshire/application/\S+", letter.body)[0]
    page = words(Client().post(f"{link}withdraw/", follow=True))
    assert "You have withdrawn your application" in page and walk.fresh().stage == "withdrawn"
    told = Letter.objects.about(walk.case).get(kind="case_withdrawn")
    assert told.to_email == miles.person.email
