"""Each requirement is walked by a story of its own."""

import ast
from pathlib import Path

import pytest

STORIES = Path(__file__).resolve().parents[1] / "stories"
NOW = ["H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H9", "H10", "H11", "H12", "H13", "H16", "H17"]


@pytest.mark.parametrize("requirement", NOW)
def test_each_requirement_has_a_story(requirement):
    files = sorted(STORIES.glob(f"test_h{int(requirement[1:]):02}_*.py"))
    assert files, f"no tests/stories/test_h{int(requirement[1:]):02}_….py"
    for file in files:
        module = ast.parse(file.read_text())
        assert requirement in (ast.get_docstring(module) or ""), (
            f"{file.name} does not say {requirement} in its first line"
        )
        assert any(isinstance(one, ast.FunctionDef) and one.name.startswith("test_") for one in module.body)
