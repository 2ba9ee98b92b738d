"""`manage.py work`: the worker. Does jobs as they come, and every ten minutes what happens by itself.

One process that does both: no clock of the machine needs setting up. What a killed worker left is taken up by `daily`.
"""

import threading
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from tutti.front.health import beat

EVERY = 600  # seconds between two rounds of what happens by itself
BEAT = 20  # seconds between two signs of life


class Command(BaseCommand):
    help = "Do background jobs, and what happens by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        threading.Thread(target=_keep_going, daemon=True).start()
        call_command("db_worker", queue_name="*", startup_delay=False, verbosity=0)


def _keep_going() -> None:
    next_round = 0.0
    while True:
        try:
            beat()
            if time.monotonic() >= next_round:
                next_round = time.monotonic() + EVERY
                call_command("daily")
        except Exception as error:  # a bad round must not end the worker; the next one tries again
            print(f"The round failed: {error}")
        close_old_connections()
        time.sleep(BEAT)
