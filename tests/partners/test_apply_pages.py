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
        assert f"A letter is on its way to {email}" in words(page)
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


def test_a_scheme_that_is_closed_takes_nobody_new_and_whoever_is_on_the_way_gets_their_link(northshire, walk):
    walk.send()
    Scheme.objects.filter(service=northshire).update(is_open=False)
    assert "We take no applications at the moment" in words(Client().get("/northshire/scheme/"))
    for name, email in [("Bo Reed", "bo@studio.example"), ("Ada Quill", walk.case.email)]:
        sent = Client().post("/northshire/scheme/", {"name": name, "email": email})
        assert f"If an application of {email} is here, a link to it is on its way" in words(sent)
    assert not Letter.objects.filter(to_email="bo@studio.example").exists()
    assert not Application.objects.filter(email="bo@studio.example").exists()
    assert "Here is where your application stands" in Letter.objects.about(walk.case).latest("pk").body


def test_so_many_links_are_asked_for_from_one_place_and_no_more(northshire):
    ask = Client().post
    for number in range(20):
        assert ask("/northshire/scheme/", {"name": "Ada", "email": f"a{number}@x.example"}).status_code == 200
    refused = ask("/northshire/scheme/", {"name": "Ada", "email": "a20@x.example"})
    assert refused.status_code == 422 and "Try again in an hour" in words(refused)
    assert not Letter.objects.filter(to_email="a20@x.example").exists()


def test_a_letter_to_a_stranger_bears_no_word_of_whoever_asked_for_it(northshire):
    Client().post("/northshire/scheme/", {"name": "Win money at https://spam.example", "email": "a@x.example"})
    letter = Letter.objects.get(to_email="a@x.example")
    assert "spam" not in letter.body and "spam" not in letter.subject


def test_m2_what_was_never_sent_in_is_deleted_when_the_applicant_wishes(begin):
    client, link = begin()
    client.post(f"{link}instruments/", {"principal": "Violin"})
    page = words(client.post(f"{link}delete/", follow=True))
    assert "It is deleted, with everything in it." in page and client.get(link).status_code == 410
    assert not Application.objects.filter(email="ada.quill@studio.example").exists()


def test_what_was_sent_in_is_withdrawn_and_not_deleted(walk):
    walk.send()
    letter = Letter.objects.about(walk.case).get(kind="application_received")
    link = re.search(r"/northshire/application/\S+", letter.body)[0]
    Client().post(f"{link}delete/")
    assert walk.fresh().stage == "received"


def test_the_name_is_put_right_in_the_form_and_an_empty_one_changes_nothing(begin):
    client, link = begin(name="ada quil")
    client.post(f"{link}about-you/", {"name": " Ada  Quill ", "phone": "0163-29-60", "address": "", "website": ""})
    case = Application.objects.get(email="ada.quill@studio.example")
    assert case.name == "Ada Quill" and "Ada Quill" in words(client.get(link))
    client.post(f"{link}about-you/", {"name": "", "phone": "", "address": "", "website": ""})
    case.refresh_from_db()
    assert case.name == "Ada Quill"


def test_a_text_that_looks_like_a_day_is_a_text(begin):
    client, link = begin()
    client.post(f"{link}about-you/", {"name": "Ada", "phone": "2026-99-99", "address": "2026-09-03", "website": ""})
    assert 'value="2026-99-99"' in words(client.get(f"{link}about-you/"))
    check = words(client.get(f"{link}check/"))
    assert "2026-99-99" in check and "2026-09-03" in check and "3 September 2026" not in check


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
        (3, "Your observation or interview is arranged"),
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
    page = words(Client().post(f"{link}withdraw/", {"why": "I am\0 moving."}, follow=True))
    assert "You have withdrawn your application" in page and walk.fresh().stage == "withdrawn"
    told = Letter.objects.about(walk.case).get(kind="case_withdrawn")
    assert told.to_email == miles.person.email


def test_the_applicant_reads_what_they_sent_and_no_heading_without_words(walk):
    walk.case.answers = {"principal": "Sackbut"}
    walk.case.save()
    walk.send()
    letter = Letter.objects.about(walk.case).get(kind="application_received")
    page = words(Client().get(re.search(r"/northshire/application/\S+", letter.body)[0]))
    assert "What you sent us" in page and "Sackbut" in page and "Instruments and repertoire" in page
    assert "Your record of teaching" not in page
