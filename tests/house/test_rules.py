"""Each rule of the field is carried by a test that names it: `test_w4_…`, or "(W4)" in what the test says of itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
MANY = {"W": 5, "P": 10, "R": 10, "C": 5, "S": 6, "L": 2}
RULES = [f"{letter}{number}" for letter, many in MANY.items() for number in range(1, many + 1)]
NAMED = re.compile(r"(?:^|_)([wprcsl]\d{1,2})(?=_|$)")
SAID = re.compile(r"\b([WPRCSL]\d{1,2})\b(?: to ([WPRCSL]\d{1,2})\b)?")


def every_test() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield path, node


def rules_of(test: ast.FunctionDef) -> set[str]:
    """The ids in a test's name and in its docstring; "W1 to W4" is four."""
    found = {name.upper() for name in NAMED.findall(test.name)}
    for first, last in SAID.findall(ast.get_docstring(test) or ""):
        until = int(last[1:]) if last and last[0] == first[0] else int(first[1:])
        found |= {f"{first[0]}{number}" for number in range(int(first[1:]), until + 1)}
    return found


@pytest.fixture(scope="module")
def carried() -> dict[str, list[str]]:
    """By rule the tests that carry it."""
    found: dict[str, list[str]] = {rule: [] for rule in RULES}
    for path, test in every_test():
        for rule in rules_of(test) & found.keys():
            found[rule].append(f"{path.relative_to(TESTS)}::{test.name}")
    return found


def test_there_are_rules_and_tests_to_look_at():
    assert len(RULES) == 38
    assert sum(1 for _ in every_test()) > 400


def test_ids_are_found_in_names_and_in_what_a_test_says():
    def of(words):
        return rules_of(ast.parse(words).body[0])

    assert of("def test_w4_a_closed_school_is_owed_nothing(): ...") == {"W4"}
    assert of("def test_a_lock_holds_r10(): ...") == {"R10"}
    assert of('def test_a(): "Nothing is sent twice (L1, L2)."') == {"L1", "L2"}
    assert of('def test_a(): "The year (W1 to W3)."') == {"W1", "W2", "W3"}
    assert of('def test_r2d2_and_class3(): "A4 paper and H7, P10."') == {"P10"}


def test_every_rule_is_carried_by_a_test(carried):
    missing = [rule for rule, found in carried.items() if not found]
    assert missing == [], "no test names " + ", ".join(missing)
