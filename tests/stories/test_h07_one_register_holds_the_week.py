"""H7: one register per teacher, school and week; day and time are not stored; only delivered or not."""

import pytest
from django.db import IntegrityError, models, transaction

from tutti.core.calendar import Week, WeekField
from tutti.teaching.models import Allocation, Lesson, LessonShape, Line, Mark, Place, Register, RotaWeek

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")


def test_a_week_of_several_days_is_one_register(as_member, hannah, larkrise, url):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    teacher, page = as_member(hannah), url(hannah, "register", allocation.pk, THIS_WEEK)
    teacher.post(page, {"move": "planned"})  # what was taught on Monday …
    teacher.post(page, {"move": "planned"})  # … and on Thursday
    assert Register.objects.filter(allocation=allocation, week=THIS_WEEK).count() == 1


def test_r1_the_database_itself_refuses_a_second_register(hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    Register.objects.create(service=hannah.service, allocation=allocation, week=THIS_WEEK)
    with pytest.raises(IntegrityError), transaction.atomic():
        Register.objects.create(service=hannah.service, allocation=allocation, week=THIS_WEEK)


@pytest.mark.parametrize("row", [Register, Line, Mark, Lesson, LessonShape, Place, RotaWeek])
def test_nothing_finer_than_a_week_is_stored(row):
    fields = [field for field in row._meta.get_fields() if isinstance(field, models.DateField | models.TimeField)]
    assert all(isinstance(field, WeekField) for field in fields)
    assert not any("day" in field.name for field in row._meta.fields)


def test_a_day_that_is_no_monday_cannot_be_stored(hannah, larkrise):
    with pytest.raises(ValueError, match="not a Monday"):
        Week.parse("2026-11-18")


def test_moving_a_lesson_within_the_week_needs_no_update(as_member, hannah, larkrise, url):
    """There is nothing to update: the page asks for no day, and has no field for one."""
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    html = as_member(hannah).get(url(hannah, "register", allocation.pk, THIS_WEEK)).content.decode()
    assert 'type="date"' not in html and 'type="time"' not in html and "Monday" not in html
