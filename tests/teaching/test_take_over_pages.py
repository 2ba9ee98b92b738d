"""Taking lessons over, on a phone; and the office that hands them on (H2, P4)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.last_year import YEAR_7, LastYear
from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Pupil

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def nunfield(northshire):
    return northshire.schools.get(name="Nunfield Primary School")


@pytest.fixture
def allocation(tess, nunfield):
    return Allocation.objects.select_related("school", "teacher", "year").get(teacher=tess, school=nunfield)


@pytest.fixture
def last_year(tess, nunfield, rosa):
    made = LastYear(tess, nunfield, rosa)
    made.lesson("Ada Quill")
    made.lesson("Ben Marsh", "Cleo Watts", "Dan Frost")
    made.lesson("Eve Hale", born=YEAR_7)
    return made


def ticked(page):
    return page.count(" checked")


@pytest.fixture
def form(allocation, last_year):
    """What the form sends when nothing is touched, and some of it changed."""
    ada, group, eve = last_year.allocation.lessons.all()

    def answers(**changes):
        sent = {"from_week": str(allocation.from_week)}
        for name, lesson, kind in (
            ("ada", ada, "individual"),
            ("group", group, "small_group"),
            ("eve", eve, "individual"),
        ):
            pupils = [place.pk for place in lesson.places.all()] if name != "eve" else []
            asked = {"pupils": pupils, "kind": kind, "minutes": 20}
            sent |= {f"{key}-{lesson.pk}": changes.pop(f"{key}_{name}", value) for key, value in asked.items()}
        return {**sent, **changes}

    return answers


def test_h2_the_welcome_and_the_set_up_page_offer_last_year_s(as_member, url, tess, allocation):
    client, address = as_member(tess), url(tess, "take_over", allocation.pk)
    pages = [url(tess, "home"), url(tess, "allocation", allocation.pk)]
    for page in pages:
        assert address not in client.get(page).content.decode()


def test_h2_and_only_where_there_were_some(as_member, url, tess, allocation, last_year):
    client, address = as_member(tess), url(tess, "take_over", allocation.pk)
    for page in (url(tess, "home"), url(tess, "allocation", allocation.pk)):
        text = client.get(page).content.decode()
        assert text.count(address) == 1 and "last year’s" in text


def test_h2_everybody_is_ticked_but_those_who_have_left(as_member, url, tess, allocation, last_year):
    page = as_member(tess).get(url(tess, "take_over", allocation.pk)).content.decode()
    assert ticked(page) == 4 and "Eve Hale (has probably left the school)" in page


def test_h2_one_button_and_the_pupils_are_set_up(as_member, url, tess, allocation, form):
    client, address = as_member(tess), url(tess, "take_over", allocation.pk)
    for _ in range(2):
        assert client.post(address, form(kind_ada="individual", minutes_ada=30)).status_code == 302
    shapes = [
        (x.instrument, x.shapes.get().kind, x.shapes.get().minutes, x.places.count()) for x in allocation.lessons.all()
    ]
    assert shapes == [("Flute", "individual", 30, 1), ("Flute", "small_group", 20, 3)]
    left = client.get(address).content.decode()
    assert "Eve Hale" in left and "Ada Quill" not in left


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minutes_ada": 4}, "Minutes must be a number from 5 to 300"),
        ({"kind_group": "individual"}, "so it has one pupil"),
        ({"kind_ada": "orchestra"}, "Select a valid choice"),
        ({"pupils_ada": [999_999]}, "not there any more"),
        ({"from_week": "2026-08-10"}, "not in term"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(as_member, url, tess, allocation, form, changes, words):
    page = as_member(tess).post(url(tess, "take_over", allocation.pk), form(minutes_group=45, **changes))
    text = page.content.decode()
    assert page.status_code == 422 and words in text and 'value="45"' in text
    assert not allocation.lessons.exists()


def test_p4_nobody_opens_another_s(as_member, url, hannah, rosa, allocation):
    assert as_member(hannah).get(url(hannah, "take_over", allocation.pk)).status_code == 404
    assert as_member(rosa).get(url(rosa, "take_over", allocation.pk)).status_code == 403


def test_p4_the_office_hands_lessons_on_when_it_allocates(as_member, url, rosa, hannah, owen, nunfield):
    """Hannah takes over from Owen at Nunfield, and sees his pupils there from then on, on that page only."""
    owens = Allocation.objects.get(teacher=owen, school=nunfield)
    name = Pupil.objects.filter(places__lesson__allocation=owens, places__until_week=None).first().name
    sent = {
        "teacher": hannah.pk,
        "school": "Nunfield",
        "from_week": str(THIS_WEEK + 1),
        "until_week": "2027-07-19",
        "takes_over": owen.pk,
    }
    assert as_member(rosa).post(url(rosa, "allocation_add"), sent).status_code == 302
    hers = Allocation.objects.get(teacher=hannah, school=nunfield)
    assert hers.succeeds == owens
    page = as_member(hannah).get(url(hannah, "take_over", hers.pk)).content.decode()
    assert name in page and "handed on the lessons of Owen Tregarth to you" in page
    assert name not in as_member(hannah).get(url(hannah, "my_pupils")).content.decode()


def test_p4_whom_one_takes_over_from_must_have_been_there(as_member, url, rosa, hannah, owen):
    sent = {"teacher": hannah.pk, "school": "Pennock", "takes_over": owen.pk}
    sent |= {"from_week": str(THIS_WEEK), "until_week": "2027-07-19"}
    page = as_member(rosa).post(url(rosa, "allocation_add"), sent)
    assert page.status_code == 422 and "Owen Tregarth was never allocated to Pennock" in page.content.decode()
    assert not Allocation.objects.filter(teacher=hannah, school__name__startswith="Pennock").exists()


def test_p4_it_can_be_said_later_and_taken_back(as_member, url, rosa, tess, owen, allocation, nunfield):
    client, address = as_member(rosa), url(rosa, "allocation_hand_on", allocation.pk)
    for asked, succeeds in ((owen.pk, Allocation.objects.get(teacher=owen, school=nunfield)), ("", None)):
        assert client.post(address, {"takes_over": asked}).status_code == 302
        allocation.refresh_from_db()
        assert allocation.succeeds == succeeds
        shown = client.get(url(rosa, "allocation_end", allocation.pk)).content.decode()
        assert ("The lessons of Owen Tregarth are handed on" in shown) == bool(succeeds)
    page = client.post(address, {"takes_over": tess.pk})
    assert page.status_code == 422 and "Choose another teacher" in page.content.decode()


def test_the_pages_ask_no_more_often_when_there_is_more(as_member, url, tess, allocation, last_year):
    def count(name, *args):
        client = as_member(tess)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(tess, name, *args)).status_code == 200
        return len(queries)

    pages = [("take_over", allocation.pk), ("home",), ("allocation", allocation.pk)]
    few = [count(*page) for page in pages]
    for number in range(8):
        last_year.lesson(f"Pupil {number}", f"Other {number}")
    assert [count(*page) for page in pages] == few
