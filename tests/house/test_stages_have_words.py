"""Every stage of a workflow has words for each of its readers, and the drawing in docs is that of the code (A3)."""

from pathlib import Path

import pytest

from tutti.partners.models.application_stage import AUDIENCES, Stage
from tutti.partners.models.drawing import draw_workflows

PAGE = Path(__file__).resolve().parents[2] / "docs" / "workflows.md"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_stage_has_words_for_each_reader_and_no_reader_meets_a_name_of_the_code(audience):
    words = AUDIENCES[audience]
    assert set(words) == set(Stage)
    assert all(text.strip() and "_" not in text for text in words.values())
    assert len(set(words.values())) == len(words), "two stages read alike"


def test_no_two_readers_are_told_a_running_stage_in_the_same_words():
    for stage in Stage:
        told = [words[stage] for name, words in AUDIENCES.items() if name in ("applicant", "auditor")]
        assert len(set(told)) == 2, stage


def test_the_drawing_is_that_of_the_code():
    assert PAGE.read_text() == draw_workflows(), "run manage.py draw"
