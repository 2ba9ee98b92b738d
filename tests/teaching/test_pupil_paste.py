"""A pasted list: however it was copied, line by line, all or nothing, nothing twice (H2)."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Lesson, Place, Pupil
from tutti.teaching.models.list_writing import ListWriter
from tutti.teaching.models.pasted_list import read_list

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def allocation(tess):
    return Allocation.objects.filter(teacher=tess).first()


def read(text):
    return read_list(text, instrument="", minutes=20)


def answers(text, **changes):
    fields = {"text": text, "instrument": "", "minutes": "20", "from_week": str(THIS_WEEK), "once": str(uuid.uuid4())}
    return {**fields, "move": "save", **changes}


@pytest.fixture
def send(as_member, url, tess, allocation):
    def post(text, **changes):
        return as_member(tess).post(url(tess, "pupils_paste", allocation.pk), answers(text, **changes))

    return post


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill, 14/3/2015, flute",
        "Ada Quill\t14/03/2015\tflute",
        "Name\tDate of birth\tInstrument\nAda Quill\t14.3.2015\tflute",
        "DOB,Instrument,Pupil name\n14 March 2015,flute,Ada Quill",
        "Forename,Surname,D.O.B.,Instrument\nAda,Quill,2015-03-14 00:00:00,Flute",
        "Ada Quill; 14-Mar-2015; flute",
        "\n  Ada   Quill , 14/3/15 , flute \n\n",
    ],
)
def test_a_list_is_understood_as_people_copy_it(text):
    (row,) = read(text)
    assert (row.name, row.date_of_birth, row.instrument, row.minutes) == (
        "Ada Quill",
        dt.date(2015, 3, 14),
        "Flute",
        20,
    )
    assert row.problems == []


def test_kind_group_and_minutes_may_follow_in_any_order():
    rows = read(
        "A B, 1/1/2015, flute, individual, 30\nC D, 1/1/2015, flute, 25, Year 5\nE F, 1/1/2015, flute, Year 5, 25 min"
    )
    assert [(row.kind, row.group, row.minutes) for row in rows] == [
        ("individual", "", 30),
        ("small_group", "Year 5", 25),
        ("small_group", "Year 5", 25),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Ada Quill, 31/2/2015, flute", "is not a day"),
        ("Ada Quill, 14/3/1915, flute", "more than 25 years ago"),
        ("Ada Quill, 14/3/2027, flute", "must be in the past"),
        ("Ada Quill, , flute", "no date of birth"),
        (", 14/3/2015, flute", "There is no name"),
        ("Ada Quill, 14/3/2015,", "There is no instrument"),
        ("Ada Quill, 14/3/2015, flute, 4", "minutes must be a number from 5 to 300"),
        ("Ada Quill, 14/3/2015, flute, 301", "minutes must be a number from 5 to 300"),
        ("Ada Quill, 14/3/2015, flute, group", "Say which group"),
        ("x" * 121 + ", 14/3/2015, flute", "longer than 120"),
    ],
)
def test_what_is_wrong_is_said_at_the_line(line, problem):
    rows = read(f"Ben Marsh, 1/1/2015, flute\n{line}")
    assert rows[0].problems == []
    assert [problem in words for words in rows[1].problems] == [True]


def test_the_same_pupil_twice_and_a_group_of_two_lengths_are_flagged():
    rows = read("A B,1/1/2015,flute\na b,1/1/2015,Flute\nC D,1/1/2015,flute,A,20\nE F,1/1/2015,flute,A,30")
    assert [row.problems for row in rows] == [
        [],
        ["The same pupil is on line 1"],
        [],
        ["Its group is a different one on line 3: 20 minutes, small group"],
    ]


def test_nothing_is_saved_before_it_was_looked_at(send):
    page = send("Ada Quill, 14/3/2015, flute", move="look")
    assert page.status_code == 200 and "1 pupil: 1 individual lesson" in page.content.decode()
    assert not Pupil.objects.filter(name="Ada Quill").exists()


def test_a_list_is_saved_with_its_groups(send, allocation):
    send("Ada Quill,14/3/2015,flute,Year 5,30\nBen Marsh,1/1/2015,flute,Year 5,30\nCleo Watts,1/1/2015,flute")
    lessons = Lesson.objects.filter(allocation=allocation)
    assert [(x.title, x.shape_in(THIS_WEEK).kind, x.places.count()) for x in lessons] == [
        ("Year 5", "small_group", 2),
        ("", "individual", 1),
    ]


def test_sent_twice_nothing_is_there_twice(send, allocation):
    text = "Ada Quill,14/3/2015,flute,Year 5,30\nBen Marsh,1/1/2015,flute"
    assert [send(text).status_code for _ in range(2)] == [302, 302]
    assert (
        Lesson.objects.filter(allocation=allocation).count(),
        Place.objects.filter(lesson__allocation=allocation).count(),
    ) == (2, 2)


def test_a_longer_list_adds_what_is_new_and_joins_the_group_that_is_there(send, allocation):
    send("Ada Quill,14/3/2015,flute,Year 5,30")
    send("Ada Quill,14/3/2015,flute,Year 5,30\nBen Marsh,1/1/2015,flute,year 5,30")
    assert Lesson.objects.get(allocation=allocation).places.count() == 2


def test_a_pupil_whose_last_week_is_still_to_come_is_not_put_in_twice(send, allocation, tess):
    text = "Ada Quill,14/3/2015,flute,Year 5,30"
    send(text)
    place = Place.objects.get(lesson__allocation=allocation)
    place.end(tess, THIS_WEEK + 3)
    assert "Has this lesson already" in send(text, move="look").content.decode()
    send(text, from_week=str(THIS_WEEK + 1))
    assert Place.objects.filter(lesson__allocation=allocation).count() == 1


def test_a_pupil_who_has_left_is_put_in_again(send, allocation, tess):
    text = "Ada Quill,14/3/2015,flute,Year 5,30"
    send(text)
    Place.objects.get(lesson__allocation=allocation).end(tess, THIS_WEEK)
    send(text, from_week=str(THIS_WEEK + 1))
    spans = Place.objects.filter(lesson__allocation=allocation).values_list("from_week", "until_week")
    assert list(spans) == [(THIS_WEEK, THIS_WEEK), (THIS_WEEK + 1, None)]


def test_one_wrong_line_saves_nothing_and_loses_nothing(send):
    text = "Ada Quill,14/3/2015,flute\nBen Marsh,31/2/2015,flute"
    page = send(text)
    words = page.content.decode()
    assert page.status_code == 422 and "Line 2: Ben Marsh" in words and "Ada Quill,14/3/2015,flute" in words
    assert not Pupil.objects.filter(name="Ada Quill").exists()


def test_a_pupil_of_the_school_is_taken_as_the_same_and_no_more_is_said(as_member, url, hannah, larkrise):
    albie = Pupil.objects.get(name="Albie Stroud", school=larkrise)
    at_larkrise = Allocation.objects.get(teacher=hannah, school=larkrise)
    text = f"ALBIE STROUD,{albie.date_of_birth:%d/%m/%Y},violin"
    client, address = as_member(hannah), url(hannah, "pupils_paste", at_larkrise.pk)
    page = client.post(address, answers(text, move="look")).content.decode()
    assert "Is at this school already" in page and "Trumpet" not in page and "Marcus" not in page
    client.post(address, answers(text))
    assert albie.places.count() == 2


def test_two_thousand_lines_are_saved_by_the_batch(allocation, tess):
    def save(many, word):
        rows = read(
            "\n".join(
                f"{word} {n},{n % 28 + 1}/3/2015,flute,{'' if n % 3 else f'{word} {n // 9}'}" for n in range(many)
            )
        )
        assert not any(row.problems for row in rows)
        with CaptureQueriesContext(connection) as queries:
            assert ListWriter(allocation, rows, THIS_WEEK).save(tess, uuid.uuid4()) == many
        return len(queries)

    assert save(20, "few") == save(40, "more")
    assert save(2000, "many") < 200  # SQLite takes some sixty lessons in one statement
    assert Place.objects.filter(lesson__allocation=allocation).count() == 2060


def test_more_than_that_gets_a_clear_message(send):
    page = send("\n".join(f"Pupil {n},1/1/2015,flute" for n in range(2001)), move="look")
    assert page.status_code == 422 and "2,001 lines. Paste at most 2,000" in page.content.decode()


@pytest.mark.parametrize("text", ["", "   \n ", "Name,DOB,Instrument", "\x00\x01", "<b>, <i>, <u>", "=1+1"])
def test_what_is_no_list_gets_a_message(send, text):
    assert send(text).status_code == 422
    assert not Place.objects.filter(pupil__name__contains="<").exists()


def test_a_long_preview_shows_the_first_rows_and_counts_the_rest(send):
    page = send("\n".join(f"Pupil {n},1/1/2015,flute" for n in range(450)), move="look").content.decode()
    assert "and 250 lines more" in page and page.count("<tr") == 201
