"""How long a service's month takes: every school's summary made and its letters written; and then as PDFs.

script/bench month [--schools 500] [--postgresql] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench month")
    parser.add_argument("--schools", type=int, default=500)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with _database(asked.postgresql):
        _measure(asked.schools, asked.profile)


@contextmanager
def _database(on_postgresql: bool) -> Iterator[None]:
    """A database in a scratch folder, and Django set up with it."""
    scratch = tempfile.mkdtemp(prefix="tutti-bench-")
    cluster = None
    os.environ |= {"TUTTI_VAR": scratch, "DJANGO_SETTINGS_MODULE": "tutti.settings"}
    try:
        if on_postgresql:
            from tests.postgres import Cluster

            cluster = Cluster()
            os.environ["DATABASE_URL"] = f"postgresql://postgres@/postgres?host={cluster.folder}"
        else:
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(scratch) / 'tutti.sqlite3'}"
        import django

        django.setup()
        yield
    finally:
        from django.db import connections

        connections.close_all()
        if cluster:
            cluster.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def _measure(schools: int, profile: bool) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.big_service import make
    from tutti.core.calendar import previous_month
    from tutti.teaching.models import Line, Mark

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    with _timed(f"making {schools} schools"):
        service = make(schools, date.today())
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    with service.entered():
        print(f"{Line.objects.count():,} lines, {Mark.objects.count():,} marks on {connection.vendor}")
    month = previous_month(date.today())
    _send(service, previous_month(month), "the month before")
    with _profiled(profile):
        _send(service, month, "the month, with corrections to the one before")
    with service.entered(), _timed("the same with PDFs"):
        _render(service, month)


def _send(service: Any, month: date, what: str) -> None:
    from tutti.core.letters import Letter
    from tutti.core.runs import work_through
    from tutti.teaching.models.summary import start_sending

    with service.entered():
        run = start_sending(service, month)
    with _timed(what):
        work_through.func(run_id=run.pk, service_id=service.pk)
    with service.entered():
        run.refresh_from_db()
        print(f"   {run.state}, {run.done} schools, {Letter.objects.filter(service=service).count()} letters so far")


def _render(service: Any, month: date) -> None:
    from tutti.teaching.models import Summary
    from tutti.teaching.models.summary_paper import paper_of

    made = Summary.objects.filter(service=service, month=month).select_related("school__office", "school__service")
    size = sum(len(paper_of(summary, "https://tutti.example/x", None)) for summary in made)
    print(f"   {made.count()} PDFs, {size / 1e6:.1f} MB, rendered")


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    print(f"{time.perf_counter() - begun:7.1f} s  {what}", flush=True)


@contextmanager
def _profiled(wanted: bool) -> Iterator[None]:
    profile = cProfile.Profile()
    if wanted:
        profile.enable()
    yield
    if wanted:
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
