"""The database of one test run: made and filled once, and brought back to that whenever a test has really written."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Protocol

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from tests.postgres import Cluster
from tutti.core.calendar import Day
from tutti.front.demo import load_world

OWNER, APP, NAME, PRISTINE = "tutti_owner", "tutti", "tutti", "pristine"
GRANTS = """
grant select, insert, update, delete on all tables in schema public to tutti;
grant usage, select on all sequences in schema public to tutti;
"""


class World(Protocol):
    """The loaded world, on one kind of database."""

    def make(self, today: Day) -> None: ...
    def bring_back(self) -> None: ...
    def end(self) -> None: ...


class OnSqlite:
    """A file, and a copy of it as it was when the world had just been loaded.

    WORLDS names a folder in which one run keeps its world for the runs after it: `script/test` makes three of them.
    """

    def __init__(self) -> None:
        self.file = Path(connection.settings_dict["NAME"])
        self.pristine = self.file.with_name("pristine.sqlite3")

    def make(self, today: Day) -> None:
        worlds = os.environ.get("WORLDS")
        kept = Path(worlds, str(today)) if worlds else None
        if kept and kept.exists():
            _copy(kept / self.file.name, self.file)
            shutil.copytree(kept / "files", settings.MEDIA_ROOT, dirs_exist_ok=True)
        else:
            call_command("migrate", verbosity=0)
            call_command("createcachetable")
            load_world(today)
            if kept:
                self._keep(kept)
        _copy(self.file, self.pristine)

    def _keep(self, folder: Path) -> None:
        """Under its name only once it is whole: somebody else may look for it now."""
        unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
        _copy(self.file, unfinished / self.file.name)
        shutil.copytree(settings.MEDIA_ROOT, unfinished / "files")
        with contextlib.suppress(OSError):  # somebody was quicker
            unfinished.rename(folder)

    def bring_back(self) -> None:
        connections.close_all()
        _copy(self.pristine, self.file)

    def end(self) -> None:
        connections.close_all()


class OnPostgresql:
    """Tables of one role, used by another that is neither their owner nor a superuser, as in production."""

    def __init__(self) -> None:
        self.cluster = Cluster()

    def make(self, today: Day) -> None:
        connection.settings_dict.update(HOST=str(self.cluster.folder), NAME=PRISTINE, USER=OWNER)
        self._as_superuser(f"create role {OWNER} login", f"create role {APP} login")
        self._as_superuser(f"create database {PRISTINE} owner {OWNER}")
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        with connection.cursor() as cursor:
            cursor.execute(GRANTS)
        connection.close()
        connection.settings_dict["USER"] = APP
        load_world(today)
        connection.close()
        self._as_superuser("vacuum analyze", database=PRISTINE)  # as the server would by itself after some minutes
        connection.settings_dict["NAME"] = NAME
        self._as_superuser(f"create database {NAME} template {PRISTINE} owner {OWNER}")

    def bring_back(self) -> None:
        connections.close_all()
        self._as_superuser(
            f"drop database {NAME} with (force)", f"create database {NAME} template {PRISTINE} owner {OWNER}"
        )

    def end(self) -> None:
        connections.close_all()
        self.cluster.stop()

    def _as_superuser(self, *statements: str, database: str = "postgres") -> None:
        folder = str(self.cluster.folder)
        with psycopg.connect(host=folder, user="postgres", dbname=database, autocommit=True) as line:
            for statement in statements:
                line.execute(sql.SQL(statement))  # type: ignore[arg-type]


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source, timeout=20) as read, sqlite3.connect(target, timeout=20) as write:
        read.backup(write)
    read.close()
    write.close()


def world_of_this_run() -> World:
    return OnPostgresql() if connection.vendor == "postgresql" else OnSqlite()
