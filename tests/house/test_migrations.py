"""Migrations run on a database that is full, of several services, as the owner of its tables."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.database import OWNER

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_database(django_db_setup, django_db_blocker, tmp_path):
    """The address of a database in which nothing is, as the owner."""
    with django_db_blocker.unblock():
        if connection.vendor != "postgresql":
            yield f"sqlite:///{tmp_path}/old.sqlite3"
            return
        world = django_db_setup
        world._as_superuser(f"create database old owner {OWNER}")
        yield f"postgresql://{OWNER}@{str(world.cluster.folder).replace('/', '%2F')}/old"
        world._as_superuser("drop database old with (force)")


def test_old_rows_of_every_service_are_as_new_ones_afterwards(empty_database, tmp_path):
    settings = {"DJANGO_SETTINGS_MODULE": "tutti.settings", "DATABASE_URL": empty_database, "TUTTI_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.old_world"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = 1 if connection.vendor == "postgresql" else 2  # there a service sees its own alone
    lines = "['2026-09-07']" if seen == 1 else "['2026-09-07', '2026-09-07']"
    scheme = "1 1 yes no How the lesson was planned"
    assert done.stdout.splitlines() == [f"{lines} {seen} {2 * seen} {scheme}"] * 2
