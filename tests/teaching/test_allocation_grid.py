"""The grid of teachers and schools: what is ticked is there, what is unticked ends, nothing recorded is lost (P2)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week
from tutti.schools.models import AcademicYear, School
from tutti.teaching.models import Allocation, Register
from tutti.teaching.models.grid import Grid

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def year(northshire):
    return AcademicYear.objects.get(service=northshire)


@pytest.fixture
def free_school(northshire):
    return School.objects.filter(service=northshire, allocations=None).first()


def grid_of(year, teachers, schools, week=THIS_WEEK):
    return Grid(year, week, teachers, schools)


def test_a_tick_allocates_until_the_end_of_the_year(year, tess, free_school, rosa):
    grid_of(year, [tess], [free_school]).save(rosa, {(tess.pk, free_school.pk)}, set())
    made = free_school.allocations.get()
    assert (made.teacher, made.from_week, made.until_week) == (tess, THIS_WEEK, year.weeks.last().monday)


def test_saving_twice_changes_nothing_more(year, tess, free_school, rosa):
    grid = grid_of(year, [tess], [free_school])
    grid.save(rosa, {(tess.pk, free_school.pk)}, set())
    assert grid.save(rosa, {(tess.pk, free_school.pk)}, set()).changes == 0
    assert free_school.allocations.count() == 1


def test_unticking_ends_it_the_week_before_and_keeps_the_registers(year, hannah, larkrise, rosa):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    before = Register.objects.filter(allocation=allocation).count()
    grid_of(year, [hannah], [larkrise]).save(rosa, set(), {(hannah.pk, larkrise.pk)})
    allocation.refresh_from_db()
    assert allocation.until_week == THIS_WEEK - 1
    assert before and Register.objects.filter(allocation=allocation).count() == before


def test_ticking_again_carries_on_with_the_lessons_that_were_set_up(year, hannah, larkrise, rosa):
    pair = {(hannah.pk, larkrise.pk)}
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    grid_of(year, [hannah], [larkrise]).save(rosa, set(), pair)
    grid_of(year, [hannah], [larkrise]).save(rosa, pair, set())
    assert larkrise.allocations.get(teacher=hannah).pk == allocation.pk
    assert larkrise.allocations.get(teacher=hannah).until_week == year.weeks.last().monday


def test_one_that_has_not_begun_and_is_empty_is_taken_back(year, tess, free_school, rosa):
    pair = {(tess.pk, free_school.pk)}
    grid_of(year, [tess], [free_school]).save(rosa, pair, set())
    plan = grid_of(year, [tess], [free_school]).save(rosa, set(), pair)
    assert len(plan.remove) == 1
    assert not free_school.allocations.exists()


def test_one_with_lessons_that_has_not_begun_stays(year, hannah, larkrise, rosa):
    first = year.weeks.first().monday
    plan = grid_of(year, [hannah], [larkrise], first).save(rosa, set(), {(hannah.pk, larkrise.pk)})
    assert len(plan.stays) == 1
    assert larkrise.allocations.filter(teacher=hannah).exists()


def test_one_with_confirmed_registers_from_that_week_on_stays_and_the_page_says_why(
    year, hannah, marcus, larkrise, rosa, as_member, url
):
    """Ending it would rewrite what is recorded (P2, S3); the single page refuses it too."""
    recorded, due_this_week = (Allocation.objects.get(teacher=t, school=larkrise) for t in (hannah, marcus))
    Register.objects.filter(allocation=due_this_week, week__gte=THIS_WEEK - 2).update(confirmed_by=None)
    before = recorded.until_week
    pairs = {(hannah.pk, larkrise.pk), (marcus.pk, larkrise.pk)}
    data = {"school": "Larkrise", "week": str(THIS_WEEK - 1), "was": " ".join(f"{t}-{s}" for t, s in pairs), "at": ""}
    page = as_member(rosa).post(url(rosa, "allocations_grid"), {**data, "move": "look"}).content.decode()
    assert "1 allocation to stay" in page
    assert "Hannah Whitlock at Larkrise Primary School: recorded up to the week of 9 November, which stays" in page
    assert "1 allocation to end" in page

    as_member(rosa).post(url(rosa, "allocations_grid"), {**data, "move": "save"})
    recorded.refresh_from_db()
    due_this_week.refresh_from_db()
    assert recorded.until_week == before
    assert due_this_week.until_week == THIS_WEEK - 2


def test_looking_at_many_costs_the_same_as_at_one(year, as_member, url, rosa):
    def cost(school):
        ticked = Allocation.objects.filter(school__name__contains=school).values_list("teacher", "school")
        was = " ".join(f"{teacher}-{school}" for teacher, school in ticked)
        data = {"school": school, "was": was, "at": "", "move": "look"}
        with CaptureQueriesContext(connection) as queries:
            page = as_member(rosa).post(url(rosa, "allocations_grid"), data).content.decode()
        return len(queries), page.count("<li>")

    few, one = cost("Larkrise")
    many, more = cost("School")
    assert more > one + 10
    assert many == few


def test_pairs_outside_of_the_grid_are_left_alone(year, tess, hannah, free_school, larkrise, rosa):
    plan = grid_of(year, [tess], [free_school]).save(rosa, {(hannah.pk, free_school.pk)}, {(hannah.pk, larkrise.pk)})
    assert plan.changes == 0
    assert not free_school.allocations.exists()


def test_saving_many_takes_no_more_statements_than_saving_one(year, northshire, rosa, tess, owen, priya):
    free = list(School.objects.filter(service=northshire, allocations=None)[:6])

    def queries(teachers, schools):
        grid = grid_of(year, teachers, schools)
        with CaptureQueriesContext(
            connection,
        ) as few:
            grid.save(rosa, {(t.pk, s.pk) for t in teachers for s in schools}, set())
        return len(few)

    assert queries([tess], free[:1]) == queries([owen, priya], free[1:])


def test_the_page_shows_what_would_change_before_it_saves(as_member, url, rosa, tess, free_school, northshire):
    client, address = as_member(rosa), url(rosa, "allocations_grid")
    asked = {"school": free_school.name, "teacher": "Tess", "at": f"{tess.pk}-{free_school.pk}", "was": ""}
    page = client.post(address, {**asked, "move": "look"})
    assert "1 new allocation" in page.content.decode()
    assert not free_school.allocations.exists()

    saved = client.post(address, {**asked, "move": "save"})
    assert saved.status_code == 302
    assert free_school.allocations.get().teacher == tess


def test_going_back_keeps_the_ticks(as_member, url, rosa, tess, free_school):
    asked = {"school": free_school.name, "teacher": "Tess", "at": f"{tess.pk}-{free_school.pk}", "was": ""}
    page = as_member(rosa).post(url(rosa, "allocations_grid"), {**asked, "move": "back"}).content.decode()
    assert f'value="{tess.pk}-{free_school.pk}" checked' in page


def test_a_colleague_s_ticks_in_between_are_not_undone(as_member, url, rosa, tess, owen, free_school, year):
    """What was not changed on this page is not part of what it saves."""
    asked = {"school": free_school.name, "at": f"{tess.pk}-{free_school.pk}", "was": ""}
    grid_of(year, [owen], [free_school]).save(rosa, {(owen.pk, free_school.pk)}, set())
    as_member(rosa).post(url(rosa, "allocations_grid"), {**asked, "move": "save"})
    assert {a.teacher for a in free_school.allocations.all()} == {tess, owen}


def test_nonsense_in_the_form_changes_nothing(as_member, url, rosa, northshire):
    before = Allocation.objects.count()
    asked = {"at": ["x", "1-", "9" * 40 + "-1", "999999-1"], "was": "a-b", "move": "save", "week": "2026-11-17"}
    assert as_member(rosa).post(url(rosa, "allocations_grid"), asked).status_code == 302
    assert Allocation.objects.count() == before


def test_another_service_s_teacher_is_not_in_the_grid(as_member, url, rosa, ivo, free_school):
    asked = {"at": f"{ivo.pk}-{free_school.pk}", "was": "", "move": "save"}
    as_member(rosa).post(url(rosa, "allocations_grid"), asked)
    assert not free_school.allocations.exists()
