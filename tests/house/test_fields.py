"""H7 and W5: one register holds the week, and nothing finer than a week is stored of a lesson that was given."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import models

from tutti.core.calendar import WeekField

OF_TEACHING = ["Register", "Line", "Mark", "LessonShape", "RotaWeek", "Allocation", "Lesson", "Place", "Reason"]
DAYS_AND_TIMES = {"weekday", "day", "date", "time", "hour", "start", "end", "clock"}

# The only fields that say a day or an hour, and what of: none of them is when somebody taught or was taught.
NOT_OF_TEACHING = {
    "date_of_birth": "a pupil's",
    "month": "the month of a summary or a lock, kept as its first day",
    "made_at": "when a summary, or a link to one, was made",
    "ends_at": "when a link ends",
    "code_ends_at": "when the code for a link ends",
    "opened_at": "when a school first opened its summary",
    "proposed_at": "when a correction was proposed, some time after",
    "decided_at": "when the office decided on it",
    "asked_at": "when a question was asked",
    "said_at": "when something was said to it",
    "erased_at": "when a pupil was erased",
    "at": "when an erasure was done",
}


def points_into(model, found):
    """A row of it belongs to a row of one of these."""
    return any(field.is_relation and field.related_model in found for field in model._meta.concrete_fields)


def teaching_models():
    """All models of the room, and those of any other room that have a week or belong to a row of this one."""
    found = set(apps.get_app_config("teaching").get_models())
    others = {model for model in apps.get_models() if model.__module__.startswith("tutti.")} - found
    while more := {model for model in others - found if points_into(model, found)}:
        found |= more
    found |= {m for m in others if any(isinstance(field, WeekField) for field in m._meta.concrete_fields)}
    return sorted(found, key=lambda model: model._meta.label)


def finer_than_a_week(model):
    """The names of its fields that hold a day, a time or a duration of the clock; a week is a WeekField."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, WeekField)]
    return {f.name for f in fields if isinstance(f, models.DateField | models.TimeField | models.DurationField)}


def each_model(test):
    return pytest.mark.parametrize("model", teaching_models(), ids=lambda model: model.__name__)(test)


def test_the_models_are_those_we_mean():
    assert set(OF_TEACHING) <= {model.__name__ for model in teaching_models()}
    assert "Closure" in {model.__name__ for model in teaching_models()}, "a week in another room is looked at too"


@each_model
def test_nothing_finer_than_a_week_is_stored(model):
    """No date, time or duration: a lesson's length is a number of minutes, and when it was is a week (W5)."""
    assert finer_than_a_week(model) <= NOT_OF_TEACHING.keys(), f"{model.__name__} is finer than a week (H7)"


def test_the_look_would_find_a_day_and_an_hour():
    class Diary(models.Model):
        week = WeekField()
        taught_on = models.DateField()
        start = models.TimeField()

        class Meta:
            abstract = True
            app_label = "teaching"

    assert finer_than_a_week(Diary) == {"taught_on", "start"}


@pytest.mark.parametrize("name", OF_TEACHING)
def test_what_is_taught_has_no_exception_at_all(name):
    assert finer_than_a_week(apps.get_model("teaching", name)) == set(), "(H7)"


@each_model
def test_no_name_of_a_field_speaks_of_a_day(model):
    names = {field.name for field in model._meta.concrete_fields} - NOT_OF_TEACHING.keys()
    assert not {name for name in names if set(name.split("_")) & DAYS_AND_TIMES}, f"{model.__name__} (H7)"


def test_a_week_can_only_be_a_monday():
    field = WeekField()
    assert str(field.to_python("2026-11-16")) == "2026-11-16"
    for other in (dt.date(2026, 11, 17), "2026-11-18"):
        with pytest.raises(Exception, match="not the Monday"):
            field.to_python(other)


def test_no_field_holds_a_day_by_its_name_in_choices():
    weekdays = {"monday", "tuesday", "wednesday", "thursday", "friday"}
    for model in teaching_models():
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
