"""Tutti's settings for tests: nothing outside a scratch folder is written, nothing leaves the machine.

TEST_DATABASE=postgresql runs the tests on a PostgreSQL of their own; else they run on SQLite.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH = tempfile.mkdtemp(prefix="tutti-test-")
Path(SCRATCH, "static").mkdir()  # filled by the first browser test
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"
os.environ["TUTTI_VAR"] = SCRATCH
os.environ["DATABASE_URL"] = (
    "postgresql://tutti@localhost/tutti" if ON_POSTGRESQL else f"sqlite:///{SCRATCH}/tutti.sqlite3"
)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs an event loop beside the tests
for name in ("EMAIL_URL", "EMAIL_FROM", "SITE_URL", "HOSTS", "DEBUG", "SECRET_KEY", "PROXIES", "CLAMAV"):
    os.environ.pop(name, None)

from tutti.settings import *  # noqa: E402, F403
from tutti.settings import DATABASES  # noqa: E402

SECRET_KEY = "only for tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nothing is guarded here
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if not ON_POSTGRESQL:
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
