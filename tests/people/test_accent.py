"""A service's colour: any hex is taken, and what is made of it can be read (WCAG 2.2 AA and a little more)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutti.people.accent import PAPER, SURFACE_DARK, contrast, palette_of


def steps_apart(one, other):
    """The largest difference of red, green or blue."""
    return max(abs(int(one[n : n + 2], 16) - int(other[n : n + 2], 16)) for n in (1, 3, 5))


@pytest.mark.parametrize(
    ("accent", "light", "dark"),
    [
        ("#34409c", ("#34409c", "#232b7b", "#ebeffc"), ("#8fa4fd", "#b0c1fe", "#212949")),
        ("#8f2a63", ("#8f2a63", "#71184c", "#f9eaf1"), ("#e989b8", "#f8abcf", "#411e30")),
        ("#0b625b", ("#0b625b", "#054a44", "#e3f3f1"), ("#71bbb2", "#8ad4cb", "#00332f")),
    ],
)
def test_the_colours_are_those_of_the_design(accent, light, dark):
    palette = palette_of(accent)
    for shades, drawn in ((palette.light, light), (palette.dark, dark)):
        for made, wanted in zip((shades.accent, shades.hover, shades.soft), drawn, strict=True):
            assert steps_apart(made, wanted) <= 8, (made, wanted)


def test_amber_is_darkened_until_it_can_be_read_and_stays_amber():
    assert steps_apart(palette_of("#ffb000").light.accent, "#7c5400") <= 8


@pytest.mark.parametrize("wrong", ["", "34409c", "#34409", "red", "#34409g", "#34409c\n"])
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(ValueError, match="is not a colour"):
        palette_of(wrong)


@settings(deadline=None, max_examples=400)
@given(st.integers(0, 0xFFFFFF))
def test_any_colour_can_be_read_in_both_schemes(number):
    palette = palette_of(f"#{number:06x}")
    assert contrast(palette.light.accent, PAPER) >= 6
    assert contrast(palette.dark.accent, SURFACE_DARK) >= 7
    for shades in (palette.light, palette.dark):
        assert contrast(shades.text, shades.accent) >= 4.5
        assert contrast(shades.text, shades.hover) >= 4.5
        assert contrast(shades.accent, shades.soft) >= 4.5


def test_black_and_white_are_the_ends_of_the_scale():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


def test_the_style_sheet_keeps_paper_light():
    css = palette_of("#34409c").as_css()
    assert css.startswith(":root{--accent:#34409c;--accent-hover:")
    assert "@media screen and (prefers-color-scheme:dark){:root{--accent:#8fa4fd;" in css
    assert css.count("{") == css.count("}")
