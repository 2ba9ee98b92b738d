"""H7 and W5: one register holds the week, and nothing finer than a week is stored of a lesson that was given."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import models

from tutti.core.calendar import WeekField

OF_A_WEEK = ["Register", "Line", "Mark", "LessonShape", "RotaWeek"]
OF_TEACHING = [*OF_A_WEEK, "Allocation", "Lesson", "Place", "Tuition", "Reason"]
DAYS_AND_TIMES = ("weekday", "day", "date", "time", "hour", "start", "end", "clock")


def teaching_models():
    found = {model.__name__: model for model in apps.get_app_config("teaching").get_models()}
    return {name: found[name] for name in OF_TEACHING if name in found}


def test_the_models_are_those_we_mean():
    assert {"Register", "Line", "Mark", "Lesson", "Place", "Allocation"} <= teaching_models().keys()


@pytest.mark.parametrize("name", OF_TEACHING)
def test_nothing_finer_than_a_week_is_stored(name):
    """No date, time or duration of the clock: a week is a WeekField, and a lesson's length is a number of minutes."""
    if name not in teaching_models():
        assert name not in {model.__name__ for model in apps.get_models()}, f"{name} has moved to another room"
        return
    for field in teaching_models()[name]._meta.get_fields():
        finer = isinstance(field, models.DateField | models.TimeField | models.DurationField)
        assert isinstance(field, WeekField) or not finer, f"{name}.{field.name} is finer than a week (H7)"


@pytest.mark.parametrize("name", OF_A_WEEK)
def test_no_name_of_a_field_speaks_of_a_day(name):
    for field in teaching_models()[name]._meta.concrete_fields:
        words = field.name.split("_")
        assert not set(words) & set(DAYS_AND_TIMES), f"{name}.{field.name} (H7)"


def test_a_week_can_only_be_a_monday():
    field = WeekField()
    assert str(field.to_python("2026-11-16")) == "2026-11-16"
    for other in (dt.date(2026, 11, 17), "2026-11-18"):
        with pytest.raises(Exception, match="not the Monday"):
            field.to_python(other)


def test_no_field_holds_a_day_by_its_name_in_choices():
    weekdays = {"monday", "tuesday", "wednesday", "thursday", "friday"}
    for model in teaching_models().values():
        for field in model._meta.concrete_fields:
            said = {str(word).lower() for choice in field.choices or [] for word in choice}
            assert not said & weekdays, f"{model.__name__}.{field.name} offers days of the week (H7)"


CLASSIFIED = [model for model in apps.get_models() if hasattr(model, "Personal")]


def test_some_models_say_which_of_their_fields_hold_people():
    assert {"Question", "QuestionReply", "ContactChange"} <= {model.__name__ for model in CLASSIFIED}


@pytest.mark.parametrize("model", CLASSIFIED, ids=lambda model: model.__name__)
def test_each_of_their_fields_is_in_one_of_the_two_lists(model):
    """A new field must be thought about: it holds a person, or it may stay when one is erased (S6)."""
    listed = [*model.Personal.personal, *model.Personal.stays]
    assert sorted(listed) == sorted(field.name for field in model._meta.concrete_fields)
