"""First Access and projects: the office sets up a class, nobody's name (H4, P8)."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from tutti.core.calendar import Week
from tutti.schools.models import AcademicYear, School
from tutti.teaching.models import Allocation, Lesson
from tutti.teaching.models.programme import add_programme, change_programme

pytestmark = pytest.mark.django_db
SPRING = Week.parse("2027-01-11")
THIS_WEEK = Week.parse("2026-11-16")
CLASS = {
    "title": "Year 3 ukuleles",
    "class_name": "3 Elm",
    "year_group": "Year 3",
    "instrument": "Ukulele",
    "class_size": 28,
    "is_continuation": False,
}


@pytest.fixture
def year(northshire):
    return AcademicYear.objects.get(service=northshire)


@pytest.fixture
def free_school(northshire):
    return School.objects.filter(service=northshire, allocations=None).first()


@pytest.fixture
def add(year, rosa):
    def make(teacher, school, first=SPRING, last=SPRING + 8, **changes):
        fields = {"kind": "first_access", "minutes": 45, **CLASS, **changes}
        return add_programme(teacher, school, year, rosa, from_week=first, until_week=last, **fields)

    return make


def test_a_programme_makes_the_allocation_that_it_needs(add, tess, free_school):
    programme = add(tess, free_school)
    allocation = programme.allocation
    assert (allocation.teacher, allocation.from_week, allocation.until_week) == (tess, SPRING, SPRING + 8)
    assert programme.is_programme and not programme.places.exists()
    assert programme.until_week is None


def test_it_joins_the_allocation_that_is_there_and_ends_with_its_terms(add, hannah, larkrise):
    programme = add(hannah, larkrise)
    assert programme.allocation == Allocation.objects.get(teacher=hannah, school=larkrise)
    assert (programme.from_week, programme.until_week) == (SPRING, SPRING + 8)
    assert programme in Lesson.objects.in_week(SPRING + 8)
    assert programme not in Lesson.objects.in_week(SPRING + 9)


def test_an_allocation_for_some_of_the_weeks_is_the_office_s_to_settle(add, tess, free_school):
    add(tess, free_school)
    with pytest.raises(ValidationError, match="some of these weeks only"):
        add(tess, free_school, SPRING + 5, SPRING + 12)


def test_sent_twice_it_is_one(add, tess, free_school):
    once = uuid.uuid4()
    assert add(tess, free_school, once=once) == add(tess, free_school, once=once)
    assert Lesson.objects.filter(title="Year 3 ukuleles").count() == 1


def test_new_minutes_hold_from_a_week_on(add, hannah, larkrise, rosa):
    programme = add(hannah, larkrise, THIS_WEEK - 5, THIS_WEEK + 5)
    fields = {"kind": "first_access", "minutes": 60, "until_week": THIS_WEEK + 5, "change_from": THIS_WEEK}
    change_programme(programme, rosa, **fields, **CLASS | {"class_size": 31})
    assert (programme.shape_in(THIS_WEEK - 1).minutes, programme.shape_in(THIS_WEEK).minutes) == (45, 60)
    assert programme.class_size == 31


def answers(year, teacher, school, **changes):
    return {
        "teacher": teacher.pk,
        "school": school.name,
        "kind": "first_access",
        **CLASS,
        "minutes": 45,
        "is_continuation": "no",
        "from_week": str(SPRING),
        "until_week": str(year.weeks.last().monday),
        "once": str(uuid.uuid4()),
        **changes,
    }


def test_p8_the_office_sets_one_up_on_its_page(as_member, url, rosa, tess, free_school, year):
    asked = answers(year, tess, free_school, kind="project", is_continuation="yes")
    assert as_member(rosa).post(url(rosa, "programme_add"), asked).status_code == 302
    programme = Lesson.objects.get(title="Year 3 ukuleles")
    assert programme.is_continuation and programme.shape_in(SPRING).kind == "project"
    assert "Year 3 ukuleles" in as_member(rosa).get(url(rosa, "programmes")).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"class_size": "0"}, "from 1 to 400"),
        ({"class_size": "401"}, "from 1 to 400"),
        ({"class_size": "many"}, "from 1 to 400"),
        ({"minutes": "301"}, "from 5 to 300"),
        ({"title": ""}, "Title is needed"),
        ({"kind": "individual"}, "Select a valid choice"),
        ({"from_week": "2026-08-10"}, "not in term"),
        ({"until_week": "2026-09-07", "from_week": "2027-01-11"}, "must not be before"),
        ({"teacher": "999999"}, "Select a valid choice"),
        ({"school": "Nowhere"}, "No open school"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(as_member, url, rosa, tess, free_school, year, changes, words):
    page = as_member(rosa).post(url(rosa, "programme_add"), answers(year, tess, free_school) | changes)
    text = page.content.decode()
    assert page.status_code == 422 and words in text and "3 Elm" in text
    assert not Lesson.objects.filter(class_name="3 Elm").exists()


def test_the_page_of_one_changes_it(as_member, url, rosa, hannah, larkrise, year):
    maple = Lesson.objects.get(is_programme=True, allocation__school=larkrise)
    page = as_member(rosa).get(url(rosa, "programme_change", maple.pk)).content.decode()
    assert "Year 4 Maple, violins" in page
    asked = answers(year, hannah, larkrise, class_size="30", change_from=str(THIS_WEEK), title="Year 4 Maple")
    assert as_member(rosa).post(url(rosa, "programme_change", maple.pk), asked).status_code == 302
    maple.refresh_from_db()
    assert (maple.title, maple.class_size, maple.until_week) == ("Year 4 Maple", 30, None)


def test_p9_a_last_week_before_a_recorded_one_opens_it_again_once_that_was_said(
    as_member, url, rosa, hannah, larkrise, year
):
    maple = Lesson.objects.get(is_programme=True, allocation__school=larkrise)
    weeks = {"change_from": str(THIS_WEEK), "until_week": str(THIS_WEEK - 2)}
    asked = answers(year, hannah, larkrise, **weeks)
    answer = as_member(rosa).post(url(rosa, "programme_change", maple.pk), asked)
    assert answer.status_code == 422 and "<b>9 November</b>: opened again" in answer.content.decode()
    assert Lesson.objects.filter(pk=maple.pk, until_week=None, class_name=maple.class_name).exists()
    assert as_member(rosa).post(url(rosa, "programme_change", maple.pk), {**asked, "back": "yes"}).status_code == 302
    assert Lesson.objects.get(pk=maple.pk).until_week == THIS_WEEK - 2
    assert not maple.lines.filter(for_week=THIS_WEEK - 1).exists()


def test_a_programme_may_end_with_the_last_week_that_is_recorded(hannah, larkrise, rosa):
    maple = Lesson.objects.get(is_programme=True, allocation__school=larkrise)
    weeks = {"change_from": THIS_WEEK - 1, "until_week": THIS_WEEK - 1}
    assert change_programme(maple, rosa, kind="first_access", minutes=45, **weeks, **CLASS)
    assert Lesson.objects.get(pk=maple.pk).until_week == THIS_WEEK - 1


def test_p8_a_teacher_sets_up_no_programmes(as_member, url, hannah, larkrise):
    maple = Lesson.objects.get(is_programme=True, allocation__school=larkrise)
    for name, args in [("programmes", []), ("programme_add", []), ("programme_change", [maple.pk])]:
        assert as_member(hannah).get(url(hannah, name, *args)).status_code == 403


def test_an_ordinary_lesson_is_no_programme(as_member, url, rosa, larkrise):
    lesson = Lesson.objects.filter(is_programme=False, allocation__school=larkrise).first()
    assert as_member(rosa).get(url(rosa, "programme_change", lesson.pk)).status_code == 404


def test_the_list_is_filtered_and_taken_away(as_member, url, rosa):
    client, address = as_member(rosa), url(rosa, "programmes")
    page = client.get(address, {"kind": "project"}).content.decode()
    assert "Carnival samba" in page and "Year 4 Maple" not in page
    assert "Year 4 Maple" in client.get(address, {"school": "Larkrise", "teacher": "Hannah"}).content.decode()
    text = client.get(address, {"as": "csv", "kind": "project"}).content.decode("utf-8-sig")
    assert "Carnival samba,Project,Kelder Primary School,Kofi Abara" in text and len(text.splitlines()) == 2
