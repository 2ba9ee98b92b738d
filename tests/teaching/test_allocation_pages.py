"""The office's pages of allocations, and the teacher's page for one school."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tutti.core.calendar import Week
from tutti.schools.models import AcademicYear, School
from tutti.schools.models.school import add_school
from tutti.teaching.models import Allocation, Lesson
from tutti.teaching.models.allocation import allocate
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add

pytestmark = pytest.mark.django_db
BIRTHDAY = "2015-03-14"


@pytest.fixture
def year(northshire):
    return AcademicYear.objects.get(service=northshire)


@pytest.fixture
def free_school(northshire):
    return School.objects.filter(service=northshire, allocations=None).first()


def weeks(year):
    return {"from_week": str(year.weeks.first().monday), "until_week": str(year.weeks.last().monday)}


def test_the_list_is_this_year_s_and_can_be_filtered(as_member, url, rosa, hannah, larkrise):
    client, address = as_member(rosa), url(rosa, "allocations")
    assert "Hannah Whitlock" in client.get(address, {"school": "Larkrise"}).content.decode()
    page = client.get(address, {"teacher": "Tess", "school": "Larkrise"}).content.decode()
    assert "No allocation is like that" in page
    by_office = client.get(address, {"office": larkrise.office_id}).content.decode()
    assert "Larkrise" in by_office and "Saltwick Bay" not in by_office


@pytest.mark.parametrize("asked", [{"office": "x"}, {"page": "999"}, {"teacher": "x" * 500}, {"office": "999999"}])
def test_a_strange_filter_shows_a_page_all_the_same(as_member, url, rosa, asked):
    assert as_member(rosa).get(url(rosa, "allocations"), asked).status_code == 200


def test_the_list_can_be_taken_away_as_csv_and_excel(as_member, url, rosa):
    client, address = as_member(rosa), url(rosa, "allocations")
    text = client.get(address, {"as": "csv", "school": "Larkrise"}).content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Teacher,School") and "Hannah Whitlock,Larkrise Primary School" in text
    file = client.get(address, {"as": "xlsx", "school": "Larkrise"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert len(rows) == len(text.splitlines())


def test_the_whole_year_is_the_default(as_member, url, rosa, tess, free_school, year):
    page = as_member(rosa).get(url(rosa, "allocation_add")).content.decode()
    assert f'value="{year.weeks.first().monday}" selected' in page
    assert f'value="{year.weeks.last().monday}" selected' in page


def test_the_office_allocates_a_teacher(as_member, url, rosa, tess, free_school, year):
    asked = {"teacher": tess.pk, "school": free_school.name, **weeks(year)}
    assert as_member(rosa).post(url(rosa, "allocation_add"), asked).status_code == 302
    assert free_school.allocations.get().teacher == tess


def test_sent_twice_it_is_one(as_member, url, rosa, tess, free_school, year):
    asked = {"teacher": tess.pk, "school": free_school.name, **weeks(year)}
    answers = [as_member(rosa).post(url(rosa, "allocation_add"), asked).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert free_school.allocations.count() == 1


def test_where_several_schools_match_it_asks_which(as_member, url, rosa, tess, northshire, year):
    twins = [add_school(northshire, rosa, name="St Swithun’s", town=town) for town in ("Otter", "Zell")]
    asked = {"teacher": tess.pk, "school": "Swithun", **weeks(year)}
    page = as_member(rosa).post(url(rosa, "allocation_add"), asked)
    assert page.status_code == 422 and "2 schools match" in page.content.decode()
    as_member(rosa).post(url(rosa, "allocation_add"), {**asked, "which_school": twins[1].pk})
    assert twins[1].allocations.count() == 1 and not twins[0].allocations.exists()


def test_an_unknown_school_and_another_service_s_are_refused(as_member, url, rosa, tess, year):
    for name in ("Nowhere at all", "Zennick School"):
        page = as_member(rosa).post(url(rosa, "allocation_add"), {"teacher": tess.pk, "school": name, **weeks(year)})
        assert page.status_code == 422 and "No open school of this name" in page.content.decode()
        assert name in page.content.decode()


def test_a_week_out_of_term_is_refused(as_member, url, rosa, tess, free_school, year):
    asked = {"teacher": tess.pk, "school": free_school.name, **weeks(year), "from_week": "2026-08-10"}
    page = as_member(rosa).post(url(rosa, "allocation_add"), asked)
    assert page.status_code == 422 and "not in term" in page.content.decode()
    assert not free_school.allocations.exists()


def test_the_last_week_can_be_set(as_member, url, rosa, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    as_member(rosa).post(url(rosa, "allocation_end", allocation.pk), {"until_week": "2026-12-07"})
    allocation.refresh_from_db()
    assert allocation.until_week == Week.parse("2026-12-07")


def test_a_last_week_before_a_recorded_one_is_refused_at_the_field(as_member, url, rosa, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    answer = as_member(rosa).post(url(rosa, "allocation_end", allocation.pk), {"until_week": "2026-10-05"})
    assert answer.status_code == 422
    (words,) = answer.context["form"].errors["until_week"]
    assert "is recorded up to the week commencing 9 November." in words and words in answer.content.decode()


def test_an_area_manager_reads_the_list_and_changes_nothing(as_member, url, dilys, tess):
    allocation = Allocation.objects.filter(teacher=tess).first()
    client = as_member(dilys)
    page = client.get(url(dilys, "allocations"))
    assert page.status_code == 200 and "Allocate a teacher" not in page.content.decode()
    for name, args in [("allocation_add", []), ("allocations_grid", []), ("allocation_end", [allocation.pk])]:
        assert client.post(url(dilys, name, *args)).status_code == 403


def test_a_teacher_s_page_for_another_teacher_s_school_is_not_there(as_member, url, hannah, tess):
    other = Allocation.objects.filter(teacher=tess).first()
    assert as_member(hannah).get(url(hannah, "allocation", other.pk)).status_code == 404


def test_a_new_teacher_sees_the_first_step(as_member, url, tess):
    allocation = Allocation.objects.filter(teacher=tess).first()
    page = as_member(tess).get(url(tess, "allocation", allocation.pk)).content.decode()
    assert "No pupils here yet" in page and url(tess, "pupil_add", allocation.pk) in page


def test_no_page_asks_the_database_more_often_when_there_is_more(as_member, url, rosa, tess, year, northshire):
    def count(member, name, *args):
        client = as_member(member)
        client.get(url(member, name, *args))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(member, name, *args)).status_code == 200
        return len(queries)

    allocation = Allocation.objects.filter(teacher=tess).first()
    pages = [
        (rosa, "allocations"),
        (rosa, "allocations_grid"),
        (tess, "allocation", allocation.pk),
        (tess, "my_pupils"),
    ]
    _set_up_lessons(allocation, tess, 1, "few")
    few = [count(*page) for page in pages]
    _set_up_lessons(allocation, tess, 12, "many")
    for n in range(5):
        school = add_school(northshire, rosa, name=f"New School {n}")
        new = allocate(tess, school, year, rosa, from_week=allocation.from_week, until_week=allocation.until_week)
        _set_up_lessons(new, tess, 2, "more")
    assert [count(*page) for page in pages] == few


def _set_up_lessons(allocation, by, many, word):
    for n in range(many):
        lesson = add_lesson(allocation, by, kind="small_group", minutes=30, instrument="Flute")
        for m in range(3):
            pupil, _ = find_or_add(
                allocation.school, by, f"{word} {n} {m} {allocation.pk}", Week.parse("2015-03-16").monday
            )
            add_place(lesson, pupil, by, from_week=lesson.from_week)


def test_the_order_of_lessons_is_the_teacher_s_own(as_member, url, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    before = list(Lesson.objects.filter(allocation=allocation))
    as_member(hannah).post(url(hannah, "lesson_move", before[2].pk), {"way": "up"})
    after = list(Lesson.objects.filter(allocation=allocation))
    assert after == [before[0], before[2], before[1], *before[3:]]
    as_member(hannah).post(url(hannah, "lesson_move", before[2].pk), {"way": "down"})
    assert list(Lesson.objects.filter(allocation=allocation)) == before


def test_the_first_cannot_go_up_and_the_last_cannot_go_down(as_member, url, hannah, larkrise):
    before = list(Lesson.objects.filter(allocation__teacher=hannah, allocation__school=larkrise))
    as_member(hannah).post(url(hannah, "lesson_move", before[0].pk), {"way": "up"})
    as_member(hannah).post(url(hannah, "lesson_move", before[-1].pk), {"way": "down"})
    assert list(Lesson.objects.filter(allocation__teacher=hannah, allocation__school=larkrise)) == before
