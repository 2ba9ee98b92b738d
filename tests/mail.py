"""Background work and letters in tests: jobs are done when a test says so, letters arrive at a real mail server."""

from __future__ import annotations

import email
import logging
import re
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from tutti.people.models import MusicService


class JobFailed(AssertionError):
    """A background job ended with an error that the test did not expect."""


@pytest.fixture
def run_jobs(world: Any) -> Callable[..., int]:
    """`run_jobs()` does now what the worker would do next, until nothing waits, and says how many jobs that were.

    Also what waits for the end of the test's own transaction is done, so letters go out and runs run in any test.
    A job that fails raises JobFailed with its traceback, unless `run_jobs(may_fail=True)`.
    """

    def run(*, may_fail: bool = False) -> int:
        many = 0
        while _commit() or _do_next(may_fail):
            many += 1
            world.again()
        return DBTaskResult.objects.finished().count() if many else 0

    return run


def _commit() -> bool:
    """What was asked for at the end of a transaction, as if the test's own had ended. False if nothing was."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for _, function, _ in waiting:
        function()
    return bool(waiting)


def _do_next(may_fail: bool) -> bool:
    """One job, as the worker does it. False if none is waiting."""
    job = DBTaskResult.objects.ready().first()
    if job is None:
        return False
    job.claim("tests")
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
    )
    worker.run_task(job)
    if job.traceback and not may_fail:
        raise JobFailed(f"{job.task_path} failed:\n{job.traceback}")
    return True


class MailServer:
    """The letters that arrived, oldest first. Addresses in `refuses` get an error."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 There is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        letter = email.message_from_bytes(envelope.content or b"", policy=default)  # type: ignore[arg-type]
        self.letters.append(letter)
        return "250 Taken"

    def to(self, address: str) -> list[EmailMessage]:
        """Letters to one address."""
        return [letter for letter in self.letters if address in str(letter["To"])]

    def links(self, letter: EmailMessage) -> list[str]:
        """The links in a letter, in order."""
        body = letter.get_body()
        assert body
        return re.findall(r"https?://[^\s>\"]+", body.get_content())


@pytest.fixture
def mail_server(settings: Any, northshire: MusicService) -> Iterator[MailServer]:
    """A real mail server on this machine, which Tutti is told to use: `.letters`, `.to(address)`, `.links(letter)`.

    The services are real ones for this test, since nothing leaves a demo world.
    """
    MusicService.objects.update(is_demo=False)
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_URL = f"smtp://127.0.0.1:{controller.port}"
    yield server
    controller.stop()


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]
