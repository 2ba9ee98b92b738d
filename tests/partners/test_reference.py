"""Referees are asked by e-mail as the form is sent in, and answer on a page by a link (A2)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.partners.walk import Walk
from tutti.core.letters import Letter
from tutti.partners import daily
from tutti.partners.models.referee import missing_of

pytestmark = pytest.mark.django_db
TOLD = {"answer": "Six years with us, and every child wanted to play."}


@pytest.fixture
def asked(lorna, miles):
    """An application that was sent in, of whose referees nobody has answered yet."""
    walk = Walk(lorna, miles, answered=0)
    walk.go("send")
    return walk


def link_of(walk, number=0):
    letter = Letter.objects.about(walk.case).filter(kind="reference").order_by("pk")[number]
    return re.search(r"/northshire/reference/\S+", letter.body)[0]


def words(page):
    return " ".join(page.content.decode().split())


def test_a2_both_are_asked_as_it_is_sent_in_and_one_who_has_answered_is_not(asked, lorna, miles):
    letters = Letter.objects.about(asked.case).filter(kind="reference")
    assert [letter.to_email for letter in letters.order_by("pk")] == ["r0@school.example", "r1@school.example"]
    assert all(letter.is_secret for letter in letters)
    half = Walk(lorna, miles, name="Ben Holt", answered=1)
    half.go("send")
    assert Letter.objects.about(half.case).filter(kind="reference").count() == 1


def test_a2_the_answer_is_kept_once_and_counts(asked):
    client, link = Client(), link_of(asked)
    assert "Ada Quill as a teacher" in words(client.get(link))
    assert "Thank you" in words(client.post(link, TOLD))
    assert missing_of(asked.case) == 1
    again = client.post(link, {"answer": "Something else."})
    assert again.status_code == 410 and "We have your reference" in words(again)
    assert asked.case.referees.answered().get().answer == TOLD["answer"]


def test_a2_the_leader_reads_it_and_proceeds_without_a_reason_once_both_are_there(asked, as_member, url, lorna):
    for number in range(2):
        Client().post(link_of(asked, number), TOLD)
    page = words(as_member(lorna).get(url(lorna, "application", asked.case.pk)))
    assert TOLD["answer"] in page and "Has not answered yet" not in page
    assert "Why you proceed" not in words(as_member(lorna).get(url(lorna, "application_proceed", asked.case.pk)))
    asked.proceed()
    assert asked.fresh().stage == "observation_due"


def test_an_empty_answer_is_said_beside_its_box(asked):
    answer = Client().post(link_of(asked), {"answer": " "})
    assert answer.status_code == 422 and "What you can tell us about their teaching is needed" in words(answer)


def test_a_link_that_is_too_late_or_of_another_service_takes_nothing(asked, clock, southshire):
    link = link_of(asked)
    assert Client().get(link.replace("northshire", "southshire")).status_code == 410
    clock.shift(timedelta(days=60))
    late = Client().post(link, TOLD)
    assert late.status_code == 410 and "does not work any more" in words(late)
    assert not asked.case.referees.answered().exists()


def test_a_reminder_brings_another_link_and_the_first_goes_on_working(asked, world, clock):
    first = link_of(asked)
    clock.shift(timedelta(days=15))
    daily.remind_referees(asked.case.service)
    again = re.search(r"/northshire/reference/\S+", Letter.objects.about(asked.case).latest("pk").body)[0]
    assert again != first
    assert [Client().get(link).status_code for link in (first, again)] == [200, 200]
    Client().post(first, TOLD)
    clock.shift(timedelta(days=50))
    assert Client().get(first).status_code == 410


def test_what_a_referee_has_only_typed_is_read_by_nobody_else(asked, as_member, url, lorna):
    link, referee = link_of(asked), asked.case.referees.first()
    typed = Client().post(link, {"answer": "Rather unkind,\0 I fear"}, HTTP_X_TUTTI="save")
    assert typed.status_code == 204 and "Rather unkind, I fear" in words(Client().get(link))
    key_in = words(as_member(lorna).get(url(lorna, "referee_answer", asked.case.pk, referee.pk)))
    case = words(as_member(lorna).get(url(lorna, "application", asked.case.pk)))
    assert "Rather unkind" not in key_in and "Rather unkind" not in case and missing_of(asked.case) == 2


def test_the_leaders_hear_once_both_have_answered(asked, lorna):
    for number in range(2):
        assert not Letter.objects.about(asked.case).filter(kind="case_references").exists()
        Client().post(link_of(asked, number), TOLD)
    letter = Letter.objects.about(asked.case).get(kind="case_references")
    assert letter.to_email == lorna.person.email and "Ada" not in letter.subject + letter.body


def test_an_answer_that_comes_while_the_hub_keys_the_letter_in_is_not_taken(asked, lorna):
    referee = asked.case.referees.first()
    referee.key_in(lorna, "By post.")
    assert referee.write(TOLD["answer"]) is False
    assert asked.case.referees.answered().get().answer == "By post."


def test_nobody_is_asked_about_somebody_who_has_withdrawn(asked):
    link = link_of(asked)
    asked.withdraw()
    assert Client().get(link).status_code == 410 and Client().post(link, TOLD).status_code == 410
    assert not asked.case.referees.answered().exists()


# asked anew


@pytest.fixture
def change(asked, as_member, url, lorna):
    """change(**typed): ask the first referee anew."""
    referee = asked.case.referees.first()
    client, address = as_member(lorna), url(lorna, "referee_change", asked.case.pk, referee.pk)

    def send(**typed):
        said = {"name": "Dora Blythe", "email": "dora@school.example", "relation": "Head"}
        return client.post(address, {**said, **typed})

    return send


def test_a2_a_referee_is_asked_at_another_address_and_the_old_link_ends(asked, change):
    old = link_of(asked)
    assert change().status_code == 302
    letter = Letter.objects.about(asked.case).latest("pk")
    assert (letter.to_name, letter.to_email) == ("Dora Blythe", "dora@school.example")
    new = re.search(r"/northshire/reference/\S+", letter.body)[0]
    assert Client().get(old).status_code == 410 and Client().get(new).status_code == 200


def test_a2_a_referee_without_an_address_gets_a_letter_to_post(asked, change, as_member, url, rosa):
    change(email="")
    letter = Letter.objects.about(asked.case).latest("pk")
    assert letter.state == "to_post" and "Would you write to us" in letter.body and "http" not in letter.body
    assert asked.case.reference in letter.body
    page = words(as_member(rosa).get(url(rosa, "post")))
    assert "To Dora Blythe" in page and as_member(rosa).get(url(rosa, "posted_letter", letter.pk)).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "R1@school.example"}, "Name two different people"),
        ({"email": "ada.quill@studio.example"}, "A referee cannot be the applicant"),
        ({"name": ""}, "Name is needed"),
        ({"email": "nowhere"}, "e-mail"),
    ],
)
def test_a_referee_is_somebody_else_than_the_other_and_the_applicant(asked, change, typed, said):
    page = change(**typed)
    assert page.status_code == 422 and said.lower() in words(page).lower()
    assert asked.case.referees.first().name == "Referee 0"


def test_who_has_answered_is_not_asked_anew(asked, change):
    Client().post(link_of(asked), TOLD)
    page = change()
    assert page.status_code == 422 and "Nobody waits for this reference any more" in words(page)
