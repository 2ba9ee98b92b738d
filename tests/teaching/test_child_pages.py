"""The office puts pupils right: one child or two, another school, how a place began (P3, P4, P5, P10)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Place, Pupil, TwoChildren
from tutti.teaching.models.place import add_place

pytestmark = pytest.mark.django_db
NEXT_WEEK = Week.parse("2026-11-23")


@pytest.fixture
def zaras(larkrise):
    """Zara Okonedo-Hughes learns the cello with Hannah, Zara Hughes the trumpet with Marcus."""
    return [Pupil.objects.get(school=larkrise, name=name) for name in ("Zara Okonedo-Hughes", "Zara Hughes")]


@pytest.fixture
def nunfield(northshire):
    return northshire.schools.get(name="Nunfield Primary School")


@pytest.fixture
def amelia(larkrise):
    return Pupil.objects.get(school=larkrise, name="Amelia Thorne")


def test_the_office_finds_two_who_may_be_one_and_joins_them(as_member, url, rosa, zaras):
    """(P3) From the home page to the comparison; the marks of both are one child's then."""
    client, (hers, other) = as_member(rosa), zaras
    address = url(rosa, "pupil_compare", other.pk)
    assert address in client.get(url(rosa, "home")).content.decode()
    page = client.get(address).content.decode()
    assert "Trumpet, Marcus Bellweather" in page and "Cello, Hannah Whitlock" in page and "marked" in page
    answer = client.post(address, {"move": "one", "other": hers.pk, "keep": hers.pk})
    assert answer.url == url(rosa, "pupil", hers.pk)
    assert sorted(place.lesson.instrument for place in hers.places.all()) == ["Cello", "Trumpet"]
    assert not Pupil.objects.filter(pk=other.pk).exists()
    assert "may be one child" not in client.get(url(rosa, "home")).content.decode()


def test_said_to_be_two_they_are_not_asked_about_again(as_member, url, rosa, zaras):
    client, (one, other) = as_member(rosa), zaras
    address = url(rosa, "pupil_compare", one.pk)
    for _ in range(2):
        client.post(address, {"move": "two", "other": other.pk})
    assert TwoChildren.objects.count() == 1
    assert "may be one child" not in client.get(url(rosa, "home")).content.decode()
    page = client.get(address)
    assert page.status_code == 200 and "Nobody is like this pupil" in page.content.decode()


@pytest.mark.parametrize("sent", [{}, {"move": "one"}, {"move": "one", "other": "x"}, {"move": "eat", "other": "1"}])
def test_nonsense_joins_nobody(as_member, url, rosa, zaras, sent):
    assert as_member(rosa).post(url(rosa, "pupil_compare", zaras[0].pk), sent).status_code in (200, 422)
    assert Pupil.objects.filter(pk__in=[z.pk for z in zaras]).count() == 2


def test_what_stands_against_joining_is_said(as_member, url, rosa, zaras, marcus):
    one, other = zaras
    trumpet = other.places.get().lesson
    add_place(trumpet, one, rosa, from_week=NEXT_WEEK)
    page = as_member(rosa).post(url(rosa, "pupil_compare", one.pk), {"move": "one", "other": other.pk})
    assert page.status_code == 422 and "Both have a place in Trumpet at the same time" in page.content.decode()


def test_teachers_and_area_managers_do_not_compare_or_move(as_member, url, hannah, dilys, zaras):
    for member in (hannah, dilys):
        for page in ("pupil_compare", "pupil_move"):
            assert as_member(member).post(url(member, page, zaras[0].pk), {}).status_code == 403


def test_p5_the_office_moves_a_pupil_to_another_school(as_member, url, rosa, hannah, amelia, nunfield):
    client, address = as_member(rosa), url(rosa, "pupil_move", amelia.pk)
    page = client.get(address).content.decode()
    assert "What ends" in page and "Violin, Hannah Whitlock" in page
    answer = client.post(address, {"school": "Nunfield", "from_week": str(NEXT_WEEK), "with_balance": "on"})
    assert answer.url == url(rosa, "pupil", amelia.pk)
    amelia.refresh_from_db()
    assert amelia.school == nunfield and amelia.places.get().until_week == NEXT_WEEK - 1
    shown = client.get(answer.url).content.decode()
    assert "Larkrise Primary School" in shown and "before that Larkrise" in shown
    of_hannah = as_member(hannah).get(url(hannah, "pupil", amelia.pk)).content.decode()
    assert "Larkrise" in of_hannah and "Nunfield" not in of_hannah


def test_p5_until_the_move_both_schools_have_the_pupil_in_the_office_s_list(
    as_member, url, rosa, amelia, larkrise, nunfield, clock
):
    client = as_member(rosa)
    sent = {"school": "Nunfield", "from_week": str(NEXT_WEEK)}
    client.post(url(rosa, "pupil_move", amelia.pk), sent)

    def listed(school):
        client.post(url(rosa, "pupils"), {"school": school.pk})
        return "Amelia Thorne" in client.get(url(rosa, "pupils")).content.decode()

    assert listed(larkrise) and listed(nunfield)
    client.post(url(rosa, "pupils"), {"name": "Amelia Thorne"})
    row = client.get(url(rosa, "pupils"), {"as": "csv"}).content.decode("utf-8-sig").splitlines()[1]
    assert "Larkrise Primary School,Hannah Whitlock,Violin" in row  # where the lesson is, while it lasts
    clock.shift(dt.timedelta(days=7))
    assert not listed(larkrise) and listed(nunfield)


def test_p9_a_move_dated_back_says_first_which_recorded_weeks_are_opened(as_member, url, rosa, amelia):
    client, sent = as_member(rosa), {"school": "Nunfield", "from_week": "2026-11-02"}
    page = client.post(url(rosa, "pupil_move", amelia.pk), sent)
    assert page.status_code == 422 and "<b>2 and 9 November</b>: opened again" in page.content.decode()
    assert "Nunfield" in page.content.decode()  # nothing typed is lost
    amelia.refresh_from_db()
    assert amelia.school.name == "Larkrise Primary School"
    assert client.post(url(rosa, "pupil_move", amelia.pk), {**sent, "back": "yes"}).status_code == 302
    amelia.refresh_from_db()
    assert amelia.school.name == "Nunfield Primary School"
    assert amelia.places.earliest("pk").until_week == Week(dt.date(2026, 10, 26))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"school": "Nowhere at all"}, "No open school"),
        ({"school": "Larkrise"}, "already"),
        ({}, "New school is needed"),
    ],
)
def test_a_wrong_school_is_said_at_the_field(as_member, url, rosa, amelia, sent, words):
    page = as_member(rosa).post(url(rosa, "pupil_move", amelia.pk), {"from_week": str(NEXT_WEEK), **sent})
    assert page.status_code == 422 and words in page.content.decode()


def test_p5_a_child_the_new_school_has_already_is_asked_about(as_member, url, rosa, amelia, nunfield):
    there = Pupil.objects.create(
        service=amelia.service, school=nunfield, name=amelia.name, date_of_birth=amelia.date_of_birth
    )
    sent = {"school": "Nunfield", "from_week": str(NEXT_WEEK)}
    page = as_member(rosa).post(url(rosa, "pupil_move", amelia.pk), sent)
    assert page.status_code == 422 and "Is this the same child?" in page.content.decode()
    answer = as_member(rosa).post(url(rosa, "pupil_move", amelia.pk), {**sent, "same": "yes"})
    assert answer.url == url(rosa, "pupil", there.pk)
    assert there.places.get().lesson.allocation.school.name == "Larkrise Primary School"


def test_p10_lessons_before_tutti_and_who_asked_are_entered_per_place(as_member, url, rosa, hannah, amelia):
    place = amelia.places.get()
    for member, many in ((hannah, 4), (rosa, 6)):
        address = url(member, "place_start", place.pk)
        assert as_member(member).get(address).status_code == 200
        as_member(member).post(address, {"had_before": many, "asked_by_school": "on"})
        place.refresh_from_db()
        assert (place.had_before, place.asked_by_school) == (many, True)
        page = as_member(member).get(url(member, "pupil", amelia.pk)).content.decode()
        assert "Asked for by the school" in page and f"{many} lessons before that" in page
    assert address in page  # the office comes from the pupil, the teacher from the place
    assert as_member(rosa).post(url(rosa, "place_start", place.pk), {"had_before": "99"}).status_code == 422
    assert as_member(hannah).get(url(hannah, "place_change", place.pk)).content.decode().count("start/") == 1


def test_p4_another_teacher_s_place_is_not_there(as_member, url, hannah, marcus, dilys, larkrise):
    albie = Place.objects.get(pupil__name="Albie Stroud", pupil__school=larkrise)
    assert as_member(hannah).post(url(hannah, "place_start", albie.pk), {"had_before": 3}).status_code == 404
    assert as_member(dilys).post(url(dilys, "place_start", albie.pk), {"had_before": 3}).status_code == 403


def test_the_pages_ask_no_more_often_when_there_is_more(as_member, url, rosa, hannah, larkrise, zaras):
    def count(name):
        client = as_member(rosa)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(rosa, name, zaras[0].pk)).status_code == 200
        return len(queries)

    names = ("pupil_compare", "pupil_move")
    few = [count(name) for name in names]
    lesson = Allocation.objects.get(teacher=hannah, school=larkrise).lessons.first()
    for number in range(5):
        pupil = Pupil.objects.create(
            service=larkrise.service, school=larkrise, name=f"Zara {number}", date_of_birth=zaras[0].date_of_birth
        )
        add_place(lesson, pupil, rosa, from_week=NEXT_WEEK)
    add_place(lesson, zaras[0], rosa, from_week=NEXT_WEEK)
    assert [count(name) for name in names] == few
