"""What is set up so far, for the office's first weeks (H1, H2)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.small_school import FIFTH, SmallSchool
from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Lesson
from tutti.teaching.models.lesson_end import end_lesson
from tutti.teaching.models.set_up import read_set_up

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def school(hannah, rosa):
    return SmallSchool(hannah, rosa)


def stand(school):
    (row,) = read_set_up([school.allocation], THIS_WEEK)
    return row.lessons, len(row.pupils), row.minutes, row.is_begun


def test_lessons_pupils_and_minutes_of_a_week(school):
    assert stand(school) == (0, 0, 0, False)
    empty = school.lesson(kind="small_group", minutes=30)
    assert stand(school) == (1, 0, 30, False)  # a group that nobody is in yet is no beginning
    school.place(empty, "Ada", FIFTH)
    school.lesson("Ada", minutes=20)
    end_lesson(school.lesson("Ben", minutes=20), school.by, THIS_WEEK - 1)
    assert stand(school) == (2, 1, 50, True)


def test_a_programme_is_a_beginning(school):
    school.programme()
    assert stand(school) == (1, 0, 50, True)


def test_a_lesson_counts_as_it_is_now(school):
    school.lesson("Ada", minutes=20).reshape(school.by, THIS_WEEK, kind="individual", minutes=30)
    assert stand(school)[2] == 30


def test_since_when_nothing_changed(school, clock):
    lesson = school.lesson("Ada")
    assert read_set_up([school.allocation], THIS_WEEK)[0].changed_on == dt.date(2026, 11, 18)
    clock.shift(dt.timedelta(days=3))
    lesson.places.get().set_start(school.by, asked_by_school=True, had_before=0)
    assert read_set_up([school.allocation], THIS_WEEK)[0].changed_on == dt.date(2026, 11, 21)


def test_the_office_sees_who_has_nothing_yet_and_where(as_member, url, rosa, tess):
    client, address = as_member(rosa), url(rosa, "set_up")
    assert address in client.get(url(rosa, "home")).content.decode()
    page = client.get(address, {"state": "nothing"}).content.decode()
    waiting = {row.school.name for row in Allocation.objects.filter(teacher=tess)}
    assert all(name in page for name in waiting) and "Larkrise Primary" not in page
    begun = client.get(address, {"state": "begun", "teacher": "Hannah", "by": "school"}).content.decode()
    body = begun.split("<tbody")[1]
    assert body.index("Hexley High School") < body.index("Larkrise Primary School") and "Tess Arden" not in begun


def test_the_home_page_is_silent_once_every_school_has_begun(as_member, url, rosa, tess, hannah):
    for allocation in Allocation.objects.filter(lessons=None):
        school = SmallSchool.__new__(SmallSchool)
        school.allocation, school.by, school.school = allocation, rosa, allocation.school
        school.lesson("Ada Quill")
    page = as_member(rosa).get(url(rosa, "home")).content.decode()
    assert "Set up so far" not in page.split("<main")[1]


@pytest.mark.parametrize(
    "asked", [{"state": "x"}, {"by": "x"}, {"office": "99999999"}, {"page": "x"}, {"teacher": "nobody like this"}]
)
def test_nonsense_filters_nothing_or_says_so(as_member, url, rosa, asked):
    assert as_member(rosa).get(url(rosa, "set_up"), asked).status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_is_taken_away_without_a_pupil_s_name(as_member, url, rosa, kind):
    answer = as_member(rosa).get(url(rosa, "set_up"), {"as": kind})
    assert answer["Content-Disposition"] == f'attachment; filename="set-up-so-far.{kind}"'
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
        assert "Tess Arden,Nunfield Primary School" in text and "Nothing yet" in text and "Amelia" not in text


def test_who_may_see_it(as_member, url, hannah, dilys, sam):
    assert as_member(hannah).get(url(hannah, "set_up")).status_code == 403
    page = as_member(dilys).get(url(dilys, "set_up")).content.decode()
    assert "Hannah Whitlock" in page and "Add a list" not in page  # an area manager changes nothing
    assert "Hannah" not in as_member(sam).get(url(sam, "set_up")).content.decode()


def test_seven_hundred_allocations_cost_no_more_questions_than_fifty(as_member, url, rosa, hannah, northshire):
    def count(**asked):
        client = as_member(rosa)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(rosa, "set_up"), asked).status_code == 200
        return len(queries)

    few = [count(), count(**{"as": "csv"})]
    model = Allocation.objects.filter(teacher=hannah).first()
    schools = [
        type(model.school)(service=northshire, name=f"School {number}", town="Otterbridge") for number in range(670)
    ]
    type(model.school).objects.bulk_create(schools)
    span = {"year": model.year, "from_week": model.from_week, "until_week": model.until_week}
    rows = [Allocation(service=northshire, teacher=hannah, school=school, **span) for school in schools]
    Allocation.objects.bulk_create(rows)
    Lesson.objects.bulk_create(
        [Lesson(service=northshire, allocation=row, instrument="Violin", from_week=row.from_week) for row in rows]
    )
    assert [count(), count(**{"as": "csv"})] == few
