"""A real SMTP server on loopback, and the jobs that would send to it."""

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult


class Letterbox:
    """Keeps what arrives, as messages; `refuse` makes the server turn letters to an address away."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse: set[str] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse & set(envelope.rcpt_tos):
            return "550 no such mailbox"
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if address in str(message["To"])]


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterbox]:
    """A mail server for this test; letters really go there."""
    box = Letterbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setattr(settings, "EMAIL_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", port)
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    yield box
    controller.stop()


@pytest.fixture
def run_jobs(db) -> Callable[[], int]:
    """Do what was to happen after the transaction, and every job that is ready, until none is. Returns how many.

    Within a test's transaction nothing commits, so what waits for the commit is called here.
    """

    def work() -> int:
        done = 0
        while True:
            _call_what_waits_for_the_commit()
            ready = list(DBTaskResult.objects.ready())
            if not ready:
                return done
            for job in ready:
                _do(job)
                done += 1

    return work


def _call_what_waits_for_the_commit() -> None:
    while connection.run_on_commit:
        _, call, _ = connection.run_on_commit.pop(0)
        call()


def _do(job: DBTaskResult) -> None:
    DBTaskResult.objects.filter(pk=job.pk).update(status="RUNNING", started_at=timezone.now())
    result = job.task_result
    value = job.task.call(*result.args, **result.kwargs)
    job.refresh_from_db()
    job.set_successful(value)
