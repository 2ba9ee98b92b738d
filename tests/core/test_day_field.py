"""A day may be typed in any of the ways people type it, and an error keeps what was typed."""

from datetime import date

import pytest
from django import forms
from django.template.loader import render_to_string

from tutti.core.forms import DayField, error_links


class PupilForm(forms.Form):
    """A form like those of the pages."""

    name = forms.CharField(label="Name")
    born = DayField(label="Date of birth", help_text="For example 14 3 2015")
    kind = forms.ChoiceField(label="How?", choices=[("a", "Alone"), ("g", "Group")], widget=forms.RadioSelect)


@pytest.mark.parametrize(
    "typed",
    [
        "14 3 2015",
        "14/03/2015",
        "14.3.15",
        "14-3-2015",
        "2015-03-14",
        "14 March 2015",
        "14 mar 2015",
        " 14  3  2015 ",
    ],
)
def test_a_day_is_understood_however_it_is_typed(typed: str) -> None:
    assert DayField().clean(typed) == date(2015, 3, 14)


@pytest.mark.parametrize("typed", ["14 3", "31 2 2015", "3 14 2015", "soon", "14 3 2o15"])
def test_what_is_not_a_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="like 14 3 2015"):
        DayField().clean(typed)


def test_a_day_is_written_back_the_way_it_can_be_typed() -> None:
    assert 'value="14 3 2015"' in str(PupilForm(initial={"born": date(2015, 3, 14)})["born"])


def test_a_field_points_to_its_hint_and_its_error_and_keeps_what_was_typed() -> None:
    html = PupilForm({"name": "Amelia", "born": "14 3 2o15"})["born"].as_field_group()
    assert 'aria-describedby="id_born_helptext id_born_error"' in html
    assert 'id="id_born_helptext"' in html
    assert 'id="id_born_error"' in html
    assert 'value="14 3 2o15"' in html
    assert "govuk-input--error" in html
    assert 'autocomplete="off"' in html


def test_the_summary_names_each_field_and_leads_to_its_control() -> None:
    form = PupilForm({"born": "14 3 2015"})
    assert error_links(form) == [
        ("id_name", "Name is needed"),
        ("id_kind_0", "Answer: How?"),
    ]
    html = render_to_string("core/parts/form_errors.html", {"form": form})
    assert 'href="#id_kind_0"' in html
    assert "2 things to put right" in html
    assert 'id="id_kind_0"' in form["kind"].as_field_group()


def test_a_group_is_a_fieldset_with_its_question() -> None:
    html = PupilForm()["kind"].as_field_group()
    assert "<legend" in html
    assert html.count("govuk-radios__item") == 2
