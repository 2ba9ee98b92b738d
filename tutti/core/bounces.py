"""Letters that came back, as mail providers and mail servers tell of them (L2).

Our own shape, which any relay can be taught: a JSON object, or a list of them, with `message_id` (the letter's
Message-ID) or `email` (whom it went to), and if known `reason` (what the mail said) and `at` (ISO 8601, or seconds
since 1970). The events of Postmark, SendGrid, Mailgun and Brevo are understood as they are; what tells of no letter
that came back is read and left. A mail server's own report is taken whole: an e-mail by RFC 3464, as message/rfc822 or
multipart/report.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Any

from django.utils import timezone

from tutti.core.letters import WENT_OUT, Letter, State

MOST_BYTES, MOST_REPORTS = 256_000, 500
FOUND_BY_ADDRESS = dt.timedelta(days=30)  # no mail server tries for longer
JSON_TYPES = {"application/json", "text/json", "text/plain"}
MAIL_TYPES = {"message/rfc822", "multipart/report"}
# the words of the providers for a letter that did not and will not arrive
FAILED = {"bounce", "dropped", "blocked", "hard_bounce", "soft_bounce", "invalid_email"}
POSTMARK_FAILED = {"HardBounce", "SoftBounce", "BadEmailAddress", "Blocked", "DnsError", "ManuallyDeactivated"}


class Unreadable(ValueError):  # noqa: N818 - it reads as a sentence where it is raised
    """What came tells of no letter, in words for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Report:
    """One letter that came back: known by its Message-ID, or by whom it went to and when."""

    message_id: str
    email: str
    reason: str
    at: dt.datetime


def read(content_type: str, header: str, body: bytes) -> list[Report]:
    """What a body tells of; none where it tells of other things. `header` is the whole Content-Type.

    Raises Unreadable for anything else.
    """
    try:
        reports = list(_read_mail(content_type, header, body) if content_type in MAIL_TYPES else _read_json(body))
    except RecursionError as error:
        raise Unreadable("This is nested too deeply.") from error
    if len(reports) > MOST_REPORTS:
        raise Unreadable(f"Send at most {MOST_REPORTS} reports at once.")
    return reports


def _find(service: Any, report: Report) -> Letter | None:
    """The letter with this Message-ID; by address the last one that had gone out by then."""
    own = Letter.objects.filter(service=service)
    if report.message_id and (letter := own.filter(message_id=f"<{report.message_id}>").first()):
        return letter
    if not report.email:
        return None
    gone = own.filter(to_email__iexact=report.email, state__in=[*WENT_OUT, State.BOUNCED])
    in_time = gone.filter(written_at__range=(report.at - FOUND_BY_ADDRESS, report.at))
    return in_time.order_by("-written_at", "-pk").first()


def take_in(service: Any, reports: Iterable[Report]) -> tuple[int, int]:
    """Mark the letters that came back. How many of them are known here, and for how many that is news."""
    found = [(letter, report.reason) for report in reports if (letter := _find(service, report))]
    return len(found), sum(letter.come_back(None, reason) for letter, reason in found)


def _read_json(body: bytes) -> Iterator[Report]:
    try:
        told = json.loads(body)
    except ValueError as error:
        raise Unreadable("This is no JSON.") from error
    for event in told if isinstance(told, list) else [told]:
        if not isinstance(event, dict):
            raise Unreadable("Send an object, or a list of them.")
        if report := _read_event(event):
            yield report


def _read_event(event: dict[str, Any]) -> Report | None:
    """An event of one of the providers, or our own shape; None for an event of another kind."""
    if "event-data" in event:
        return _of_mailgun(_object(event, "event-data"))
    if "RecordType" in event:
        failed = event["RecordType"] == "Bounce" and _text(event, "Type") in POSTMARK_FAILED
        return _report(event, "", "Email", ["Details", "Description"], "BouncedAt") if failed else None
    if "event" in event:
        message_id = "smtp-id" if "smtp-id" in event else "message-id"
        at = "timestamp" if "timestamp" in event else "date"
        return _report(event, message_id, "email", ["reason"], at) if _text(event, "event") in FAILED else None
    return _report(event, "message_id", "email", ["reason"], "at")


def _of_mailgun(event: dict[str, Any]) -> Report | None:
    if event.get("event") != "failed" or event.get("severity") == "temporary":
        return None
    own = {name: event.get(name) for name in ("recipient", "timestamp")}
    flat = {**_object(_object(event, "message"), "headers"), **_object(event, "delivery-status"), **own}
    return _report(flat, "message-id", "recipient", ["message", "description"], "timestamp")


def _report(event: dict[str, Any], message_id: str, email: str, reasons: list[str], at: str) -> Report:
    """A report from the fields with these names. Unreadable if it does not say which letter, or when is no time."""
    reason = next((words for name in reasons if (words := _text(event, name))), "")
    report = Report(_text(event, message_id).strip("<> "), _text(event, email), reason, _moment(event.get(at)))
    if not report.message_id and not report.email:
        raise Unreadable("Say which letter came back: its message_id, or the email it went to.")
    return report


def _object(event: dict[str, Any], name: str) -> dict[str, Any]:
    found = event.get(name) or {}
    if not isinstance(found, dict):
        raise Unreadable(f"{name} is not an object.")
    return found


def _text(event: dict[str, Any], name: str) -> str:
    found = event.get(name)
    if found is not None and not isinstance(found, str):
        raise Unreadable(f"{name} is not a text.")
    return _clean(found or "")


def _clean(words: str) -> str:
    """In one line, without what no database takes."""
    tidy = words.encode("utf-8", "replace").decode().replace("\0", "")
    return " ".join(tidy.split())[:300]


def _moment(at: Any) -> dt.datetime:
    """A moment from ISO 8601 or seconds since 1970; now for none, and for one still to come."""
    if at is None:
        return timezone.now()
    try:
        is_number = isinstance(at, int | float)
        found = dt.datetime.fromtimestamp(at, dt.UTC) if is_number else dt.datetime.fromisoformat(at)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise Unreadable("The time is none: write it like 2026-11-20T10:00:00Z.") from error
    if not 2000 <= found.year <= 2100:
        raise Unreadable("The time is too far away.")
    return min(found if found.tzinfo else found.replace(tzinfo=dt.UTC), timezone.now())


def _read_mail(content_type: str, header: str, body: bytes) -> Iterator[Report]:
    """The failures in a delivery status report. The older parser is used: it never minds a broken head."""
    head = f"Content-Type: {header}\r\n\r\n".encode("latin-1", "replace") if content_type == "multipart/report" else b""
    parts = list(message_from_bytes(head + body).walk())
    status = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not status:
        raise Unreadable("This mail is no delivery status report by RFC 3464.")
    message_id = next(filter(None, map(_original_id, parts)), "")
    for part in status:
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and str(block["Action"]).strip().lower() == "failed":
                recipient = _typed(block["Original-Recipient"]) or _typed(block["Final-Recipient"])
                reason = _typed(block["Diagnostic-Code"]) or _clean(str(block["Status"] or ""))
                yield Report(message_id, recipient, reason, timezone.now())


def _original_id(part: Message) -> str:
    """The Message-ID of the letter that a part of a report returns, whole or its head."""
    kind, inside = part.get_content_type(), part.get_payload()
    if kind == "text/rfc822-headers" and isinstance(inside, str):
        inside = [message_from_string(inside)]
    if kind not in ("message/rfc822", "text/rfc822-headers") or not isinstance(inside, list) or not inside:
        return ""
    letter = inside[0]
    return _clean(str(letter["Message-ID"] or "")).strip("<> ") if isinstance(letter, Message) else ""


def _typed(field: Any) -> str:
    """What stands after its type: "rfc822; ada@example.org", "smtp; 550 no such mailbox"."""
    _, _, rest = (words := str(field or "")).partition(";")
    return _clean(rest or words)
