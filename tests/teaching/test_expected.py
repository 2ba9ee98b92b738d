"""Which registers are expected, and which of them are missing."""

import pytest

from tutti.core.calendar import Week
from tutti.schools.models import AcademicYear, Closure
from tutti.teaching.models import Allocation, Lesson, Place, Register, RotaWeek
from tutti.teaching.models.expected import Delivery, missing_registers, recorded_by_week

THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def weeks(northshire):
    return list(AcademicYear.objects.get(service=northshire).weeks.filter(monday__lte=THIS_WEEK))


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.filter(teacher=hannah, school=larkrise)


def expected_weeks(service, weeks, allocations):
    return [str(count.week) for count in recorded_by_week(service, weeks, allocations) if count.expected]


def only_lesson(allocations, **fields):
    """Leave the allocation one lesson, changed as told."""
    lesson = Lesson.objects.filter(allocation__in=allocations, is_programme=False).first()
    Lesson.objects.filter(allocation__in=allocations).exclude(pk=lesson.pk).update(
        from_week=THIS_WEEK + 30, until_week=THIS_WEEK + 30
    )
    Lesson.objects.filter(pk=lesson.pk).update(**fields)
    lesson.refresh_from_db()
    return lesson


def test_a_diligent_teacher_misses_nothing_up_to_last_week(northshire, hannah, weeks):
    missing = missing_registers(northshire, weeks, Allocation.objects.filter(teacher=hannah))
    assert {one.week for one in missing} == {THIS_WEEK}
    assert len(missing) == 4


def test_a_teacher_far_behind_misses_three_weeks_in_three_schools(northshire, owen, weeks):
    missing = [
        one for one in missing_registers(northshire, weeks) if one.teacher_id == owen.pk and one.week < THIS_WEEK
    ]
    assert len(missing) == 9
    assert len({one.school_id for one in missing}) == 3
    assert [str(week) for week in sorted({one.week for one in missing})] == ["2026-10-19", "2026-11-02", "2026-11-09"]
    assert missing[0].week < missing[-1].week, "the oldest first"


def test_spare_weeks_expect_nothing(northshire, weeks, at_larkrise):
    """And so none is ever missing there (W2)."""
    spare = [str(row.monday) for row in weeks if row.lesson_number is None]
    assert spare == ["2026-08-31"]
    assert not set(spare) & set(expected_weeks(northshire, weeks, at_larkrise))
    assert len(expected_weeks(northshire, weeks, at_larkrise)) == 10
    Register.objects.filter(allocation__in=at_larkrise).update(confirmed_by=None)
    missing = {str(one.week) for one in missing_registers(northshire, weeks, at_larkrise)}
    assert len(missing) == 10
    assert not missing & set(spare)


def test_a_register_that_is_begun_but_not_confirmed_is_missing(northshire, weeks, at_larkrise):
    last_week = Register.objects.filter(allocation__in=at_larkrise, week=THIS_WEEK - 1)
    assert last_week.update(confirmed_by=None) == 1
    assert THIS_WEEK - 1 in {one.week for one in missing_registers(northshire, weeks, at_larkrise)}


def test_a_closed_school_expects_nothing_and_misses_nothing(northshire, larkrise, weeks, at_larkrise):
    """It shows as closed, never as missing (W4)."""
    Closure.objects.create(service=northshire, school=larkrise, week=THIS_WEEK, why="Flood")
    assert str(THIS_WEEK) not in expected_weeks(northshire, weeks, at_larkrise)
    assert missing_registers(northshire, weeks, at_larkrise) == []


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("odd", ["2026-09-07", "2026-09-21", "2026-10-05", "2026-10-19", "2026-11-09"]),
        ("even", ["2026-09-14", "2026-09-28", "2026-10-12", "2026-11-02", "2026-11-16"]),
        ("rota", ["2026-10-05"]),
    ],
)
def test_weeks_in_which_no_lesson_is_due_expect_nothing(northshire, weeks, at_larkrise, due, expected):
    lesson = only_lesson(at_larkrise, due=due)
    for week in ("2026-08-31", "2026-10-05"):  # a rota that names a spare week expects nothing there
        RotaWeek.objects.create(service=northshire, lesson=lesson, week=Week.parse(week))
    assert expected_weeks(northshire, weeks, at_larkrise) == expected


def test_a_lesson_without_a_pupil_expects_nothing_from_the_week_they_left(northshire, weeks, at_larkrise):
    lesson = only_lesson(at_larkrise)
    Place.objects.filter(lesson=lesson).update(until_week=Week.parse("2026-09-14"))
    assert expected_weeks(northshire, weeks, at_larkrise) == ["2026-09-07", "2026-09-14"]


def test_a_class_needs_no_names_to_be_expected(northshire, weeks, at_larkrise):
    Lesson.objects.filter(allocation__in=at_larkrise, is_programme=False).update(until_week=Week.parse("2026-08-31"))
    assert len(expected_weeks(northshire, weeks, at_larkrise)) == 10


def test_nothing_is_expected_outside_the_allocation(northshire, weeks, at_larkrise):
    at_larkrise.update(from_week=Week.parse("2026-10-05"), until_week=Week.parse("2026-10-12"))
    assert expected_weeks(northshire, weeks, at_larkrise) == ["2026-10-05", "2026-10-12"]


def test_an_allocation_without_lessons_is_not_set_up_and_misses_nothing(northshire, tess, weeks):
    delivery = Delivery(northshire, weeks, Allocation.objects.filter(teacher=tess))
    assert [row[3] for row in delivery.not_set_up] == ["Nunfield Primary School", "Thornby Green Primary School"]
    assert delivery.missing() == []


def test_nothing_is_asked_where_there_are_no_weeks(northshire, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Delivery(northshire, []).missing() == []


def test_it_takes_the_same_queries_for_one_school_as_for_all(northshire, weeks, at_larkrise, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert len(Delivery(northshire, weeks, at_larkrise).missing()) == 1
    with django_assert_num_queries(4):
        assert len(Delivery(northshire, weeks).missing()) > 40


def test_another_service_is_not_counted(northshire, weeks):
    schools = {one.school_name for one in missing_registers(northshire, weeks)}
    assert "Larkrise Primary School" in schools
    assert not any(name.startswith(("Quillmere", "Zennick", "Umberfold")) for name in schools)
