"""One world for every test: the demo world, loaded once a run; the clock stands on a Wednesday in mid-term.

Which database: DATABASE_URL, else an SQLite file of this run. On PostgreSQL the tables were made by their owner
(tests/postgres.py) and everything here happens as the app's role, which row-level security binds.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))  # week 11 of 40, lesson 10 of 33

pytest_plugins = ["tests.cast", "tests.browser", "tests.mail"]


def pytest_configure(config: pytest.Config) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["*"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests write for real, so they come last and start from the world as it was loaded."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.django_db(transaction=True))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, request):
    """The tables and the world, once a run."""
    from tests.pristine import remember_world
    from tutti.front.demo import load_world

    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        if connection.vendor == "sqlite":
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        load_world(NOW.date())
        remember_world()
        connection.close()


@pytest.fixture(autouse=True)
def clock():
    """Wednesday 18 November 2026, ten in the morning, and going on from there."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller
