"""Duplicates are caught while one types, and no more is told than P4 allows (H2, P4)."""

import pytest

from tutti.teaching.models import Allocation, Pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


@pytest.fixture
def ask(as_member, url, hannah, at_larkrise, larkrise):
    """Type a name with the birthday of a pupil of Larkrise, as Hannah."""

    def asked(name, like, by=None):
        born = Pupil.objects.get(name=like, school=larkrise).date_of_birth
        sent = {"name": name, "date_of_birth": f"{born:%d %m %Y}"}
        return as_member(by or hannah).post(url(by or hannah, "pupil_known", at_larkrise.pk), sent)

    return asked


def test_p4_the_very_same_child_is_named_and_nothing_else_about_them(ask):
    """Albie learns the trumpet with Marcus."""
    answer = ask("  albie STROUD", "Albie Stroud")
    assert answer.json() == {"words": ["Albie Stroud is at this school already and will be the same pupil."]}


@pytest.mark.parametrize("name", ["Albie", "Albie Strood", "Stroud", "Albie James Stroud"])
def test_p4_another_teacher_s_pupil_is_not_named_for_less_than_the_whole_name(ask, name):
    assert ask(name, "Albie Stroud").json() == {"words": []}


@pytest.mark.parametrize("name", ["Zara Hughes-Okonedo", "zara", "Sara Hughes", "Zara Okonedo"])
def test_p4_one_s_own_pupil_is_named_for_a_part_of_the_name(ask, name):
    (words,) = ask(name, "Zara Okonedo-Hughes").json()["words"]
    assert words == "You teach Zara Okonedo-Hughes, who has the same birthday. Is it the same child?"


def test_p4_both_are_said(ask):
    words = ask("Zara Hughes", "Zara Hughes").json()["words"]
    assert [line.split(",")[0].split(" is ")[0] for line in words] == ["Zara Hughes", "You teach Zara Okonedo-Hughes"]


@pytest.mark.parametrize(
    ("name", "born"),
    [("", "14 3 2015"), ("Ada Quill", ""), ("Ada Quill", "14 3"), ("Ada", "14 3 2062"), ("7", "14 3 2015")],
)
def test_half_typed_is_answered_with_nothing(as_member, url, hannah, at_larkrise, name, born):
    answer = as_member(hannah).post(url(hannah, "pupil_known", at_larkrise.pk), {"name": name, "date_of_birth": born})
    assert (answer.status_code, answer.content) == (204, b"")


def test_p4_nobody_asks_about_a_school_that_is_not_theirs(ask, as_member, url, marcus, rosa, hannah, at_larkrise):
    assert ask("Albie Stroud", "Albie Stroud", by=marcus).status_code == 404
    assert ask("Albie Stroud", "Albie Stroud", by=rosa).status_code == 403
    assert as_member(hannah).get(url(hannah, "pupil_known", at_larkrise.pk)).status_code == 405
