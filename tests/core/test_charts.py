"""The picture of registers by week says the same as its sentence and its table."""

from datetime import date, timedelta

from django.template.loader import render_to_string

from tutti.core.charts import (
    GROUND,
    RIGHT,
    TOP,
    Week,
    share,
    spark_points,
    week_columns,
)

SEPTEMBER = date(2026, 9, 7)


def some_weeks() -> list[Week]:
    """Three weeks: whole, two missing, and the running one."""
    figures = [(40, 40), (38, 40), (5, 40)]
    return [Week(SEPTEMBER + timedelta(weeks=n), r, e, n == 2) for n, (r, e) in enumerate(figures)]


def test_columns_stand_on_zero_and_stay_inside() -> None:
    for column in week_columns(some_weeks()).columns:
        assert abs(column.y + column.height - GROUND) < 0.2
        assert column.y >= TOP
        assert column.x + column.width <= RIGHT


def test_only_whole_weeks_miss_registers() -> None:
    assert [column.week.missing for column in week_columns(some_weeks()).columns] == [
        0,
        2,
        0,
    ]


def test_the_sentence_tells_of_the_last_whole_week() -> None:
    chart = week_columns(some_weeks())
    assert chart.sentence == ("38 of 40 registers recorded in the week of 14 September, 2 missing in all weeks shown.")
    assert [column.is_told for column in chart.columns] == [False, True, False]


def test_hairlines_have_at_most_three_round_numbers_below_the_top() -> None:
    for top in (1, 3, 7, 19, 40, 99, 684, 12_345):
        numbers = [line.number for line in week_columns([Week(SEPTEMBER, top, top)]).lines]
        assert 0 < len(numbers) <= 3
        assert max(numbers) <= top
        assert len({b - a for a, b in zip([0, *numbers], numbers, strict=False)}) == 1


def test_no_weeks_draw_an_empty_picture() -> None:
    chart = week_columns([])
    assert chart.columns == []
    assert chart.sentence == "No whole week yet."


def test_the_page_has_the_picture_and_the_same_as_a_table_without_style_attributes() -> None:
    html = render_to_string("core/parts/week_chart.html", {"chart": week_columns(some_weeks())})
    assert 'role="img"' in html
    assert html.count('scope="row"') == 3
    assert "style=" not in html


def test_a_share_is_not_whole_while_something_is_missing() -> None:
    assert [
        share(0, 0),
        share(0, 5),
        share(673, 684),
        share(9999, 10000),
        share(5, 5),
    ] == [0, 0, 98, 99, 100]


def test_a_spark_needs_two_points() -> None:
    assert spark_points([3]) == ""
    assert spark_points([0, 10], width=104, height=24) == "2.0,22.0 102.0,2.0"
