"""Lengths, days and counts as people here write them; signs and tags."""

from datetime import date

import pytest
from django.template.loader import render_to_string

from tutti.core.icons import PATHS, TAG_SIGNS
from tutti.core.templatetags.tutti import (
    counted,
    day_month,
    day_month_year,
    icon,
    minutes_long,
    minutes_short,
)


@pytest.mark.parametrize(
    ("minutes", "long", "short"),
    [
        (0, "0 minutes", "0 min"),
        (1, "1 minute", "1 min"),
        (20, "20 minutes", "20 min"),
        (60, "1 hour", "1 h"),
        (61, "1 hour 1 minute", "1 h 1 min"),
        (95, "1 hour 35 minutes", "1 h 35 min"),
        (670, "11 hours 10 minutes", "11 h 10 min"),
    ],
)
def test_a_length_of_time_reads_as_people_say_it(minutes: int, long: str, short: str) -> None:
    assert (minutes_long(minutes), minutes_short(minutes)) == (long, short)


def test_a_day_is_written_in_words_and_no_day_is_written_as_nothing() -> None:
    assert day_month_year(date(2026, 11, 9)) == "9 November 2026"
    assert day_month(date(2026, 11, 9)) == "9 November"
    assert day_month_year(None) == day_month(None) == ""


def test_one_lesson_many_lessons_many_children() -> None:
    assert counted(1, "lesson") == "1 lesson"
    assert counted(1234, "lesson") == "1,234 lessons"
    assert counted(0, "child,children") == "0 children"


def test_a_sign_is_hidden_from_screen_readers_and_escapes_its_classes() -> None:
    assert 'aria-hidden="true"' in icon("tick")
    assert '"><script>' not in icon("tick", '"><script>')


def test_every_kind_of_tag_has_a_sign_that_is_drawn() -> None:
    for kind, sign in TAG_SIGNS.items():
        html = render_to_string("core/parts/tag.html", {"kind": kind, "word": "Word"})
        assert sign in PATHS
        assert f"tag-{kind}" in html
        assert "Word</span>" in html
