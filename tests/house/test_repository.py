"""What is kept in the repository is true anywhere: no path of one machine, no address of one package index."""

import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
HERE = "tests/house/test_repository.py"
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|tmp/w)/")
INDEX = re.compile(
    r"--(?:extra-)?index-url|--find-links|pypi\.org/simple|files\.pythonhosted|registry\.npmjs", re.IGNORECASE
)


def tracked() -> list[str]:
    """What git keeps; in a copy without git, all files but what is made."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        return [name for name in done.stdout.split("\0") if name and (ROOT / name).exists()]
    except (OSError, subprocess.CalledProcessError):
        made = {".venv", ".venv-test", "var", "node_modules", "__pycache__", ".git"}
        files = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return [str(path) for path in files if not made & set(path.parts) and not path.parts[0].startswith(".")]


def texts() -> dict[str, str]:
    found = {}
    for name in tracked():
        try:
            found[name] = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
    return found


def test_there_is_a_repository_to_look_at():
    assert {"manage.py", "requirements.lock", "tutti/settings.py"} <= set(texts())


@pytest.mark.parametrize("what", [MACHINE, INDEX], ids=["paths of a machine", "package indexes"])
def test_nothing_names_the_machine_it_was_written_on(what):
    found = {name: what.search(text) for name, text in texts().items() if name != HERE}
    assert {name: match[0] for name, match in found.items() if match} == {}


def test_locked_requirements_have_hashes_and_no_addresses():
    locks = {name: text for name, text in texts().items() if re.fullmatch(r"requirements.*\.lock", name)}
    assert set(locks) == {"requirements.lock", "requirements-dev.lock"}
    for name, text in locks.items():
        assert "http" not in text, f"{name} has an address"
        pinned = len(re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE))
        hashed = len(re.findall(r"^[\w.\[\]-]+==[^\n]+\\\n\s+--hash=", text, re.MULTILINE))
        assert pinned == hashed > 20, f"{name}: {pinned} packages, {hashed} of them with a hash"


def test_the_style_sheets_lock_has_no_addresses():
    lock = (ROOT / "styles/package-lock.json").read_text()
    assert '"integrity"' in lock
    assert '"resolved"' not in lock


def test_nothing_big_and_nothing_private_is_kept():
    assert not [name for name in tracked() if name.endswith((".sqlite3", ".pyc", ".env", "secret_key"))]
    big = {name: (ROOT / name).stat().st_size for name in tracked()}
    fonts = "tutti/core/fonts/"
    assert {name for name, size in big.items() if size > 1_000_000 and not name.startswith(fonts)} == set()


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models():
    words = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=words)
    assert "No changes" in words.getvalue()


def test_every_library_is_explained_in_a_decision():
    """docs/decisions says of each library what it is for and what was rejected."""
    project = (ROOT / "pyproject.toml").read_text().split("dependencies = [", 1)[1].split("]\n\n", 1)[0]
    libraries = re.findall(r'^\s+"([a-z0-9-]+)', project, re.MULTILINE)
    assert len(libraries) > 10
    said = "\n".join(path.read_text() for path in (ROOT / "docs/decisions").glob("*.md"))
    assert [name for name in libraries if f"`{name}`" not in said] == []
