"""A file past 300 lines is two nouns; a function past 50 is two verbs; a template that nothing uses is one too many."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "tutti"
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEST = 300, 50, 500
COMPILED = {CODE / "core/static/core/tutti.css"}
OF_THE_SIGN_IN_LIBRARY = ("account/", "mfa/", "allauth/")  # found by their place, not by a word of ours
BY_DJANGO = {"400.html", "403.html", "404.html", "500.html", "429.html"}


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def sources(*suffixes: str) -> list[Path]:
    found = [path for folder in (CODE, ROOT / "styles") for path in folder.rglob("*")]
    skip = COMPILED | {path for path in found if "node_modules" in path.parts or "migrations" in path.parts}
    return [path for path in found if path.suffix in suffixes and path not in skip]


def test_no_file_is_long():
    long = {str(path.relative_to(ROOT)): lines_of(path) for path in sources(".py", ".html", ".js", ".scss", ".typ")}
    assert len(long) > 100
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_test_file_is_long():
    long = {path.name: lines_of(path) for path in (ROOT / "tests").rglob("*.py")}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_TEST} == {}


def test_no_function_is_long():
    long = {}
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert long == {}


@pytest.mark.parametrize("drawer", ["models", "views", "forms"])
def test_every_file_of_a_drawer_says_what_it_is(drawer):
    files = [path for path in CODE.glob(f"*/{drawer}/*.py") if path.name != "__init__.py"]
    assert files
    silent = [str(path.relative_to(ROOT)) for path in files if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_every_template_is_used():
    """Its name stands in some Python file or in another template."""
    words = "\n".join(path.read_text() for path in sources(".py", ".html", ".txt"))
    templates = [path.relative_to(folder) for folder in CODE.glob("*/templates") for path in folder.rglob("*.*")]
    assert len(templates) > 50
    unused = [
        str(name)
        for name in templates
        if str(name) not in BY_DJANGO
        and not str(name).startswith(OF_THE_SIGN_IN_LIBRARY)
        and not _is_named(str(name), words)
    ]
    assert unused == []


def _is_named(name: str, words: str) -> bool:
    """By its whole path; a letter by its path without the ending, and an icon or part by its name."""
    return f'"{name}"' in words or f"'{name}'" in words or f'"{name.rsplit(".", 1)[0]}"' in words


def test_imports_stand_at_the_top():
    """A door inside a function is a door in the floor."""
    hidden = []
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                inner = [one for one in ast.walk(node) if isinstance(one, ast.Import | ast.ImportFrom)]
                hidden += [f"{path.relative_to(ROOT)}:{one.lineno}" for one in inner]
    assert hidden == []


def test_no_page_carries_a_script_or_style_of_its_own():
    """The content security policy would refuse them: no inline script, style or handler."""
    inline = re.compile(
        r"<script(?![^>]*(?:\bsrc=|application/(?:ld\+)?json))|<style|\sstyle=|\son(click|change|submit|load|input)=",
        re.IGNORECASE,
    )
    found = [str(path.relative_to(ROOT)) for path in sources(".html") if inline.search(path.read_text())]
    assert found == []
