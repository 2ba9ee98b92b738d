"""Referees are asked by e-mail as the form is sent in, and answer on a page by a link (A2)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.partners.walk import Walk
from tutti.core.letters import Letter
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
