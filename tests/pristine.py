"""The world as it was loaded, kept aside, so that a test which wrote for real can put it back (SQLite only)."""

import sqlite3

from django.conf import settings
from django.db import connection

COPY = "file:pristine?mode=memory&cache=shared"
_kept: list[sqlite3.Connection] = []


def remember_world() -> None:
    if connection.vendor == "sqlite":
        kept = sqlite3.connect(COPY, uri=True, check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(kept)
        _kept.append(kept)


def restore_world() -> None:
    connection.close()
    with sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20) as live:
        _kept[0].backup(live)
    live.close()
