"""Is it alive, and is it well: for whoever watches the machine (B8)."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from tutti.core import row_security
from tutti.core.access import public

HEARTBEAT = "worker-heartbeat"
SILENCE = dt.timedelta(seconds=90)  # a worker that was not heard of for so long is taken for dead


def beat() -> None:
    """The worker's sign of life."""
    cache.set(HEARTBEAT, timezone.now().isoformat(), None)


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """It serves. Asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> JsonResponse:
    """What is well and what is not, in words; 503 when anything is not."""
    checks = {"database": _database()}
    if checks["database"] == "well":
        checks |= {"migrations": _migrations(), "worker": _worker(), "database role": _role()}
    is_well = all(words == "well" for words in checks.values())
    return JsonResponse({"ready": is_well, **checks}, status=200 if is_well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError as error:
        return f"not reachable: {error}"
    return "well"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied" if waiting else "well"


def _worker() -> str:
    try:
        heard = cache.get(HEARTBEAT)
    except DatabaseError:
        return "not known: the cache table is missing"
    if heard is None:
        return "never heard of"
    silent = timezone.now() - dt.datetime.fromisoformat(heard)
    return "well" if silent < SILENCE else f"silent for {int(silent.total_seconds())} seconds"


def _role() -> str:
    return "; ".join(row_security.weaknesses()) or "well"
