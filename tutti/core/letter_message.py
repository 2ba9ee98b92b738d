"""A letter as it is handed to the mail server: text, the entry for a calendar, and what is enclosed."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from tutti.core import uploads

ENTRY = "text/calendar; method={}"


def message_of(letter: Any) -> EmailMessage:
    """OSError where an enclosed file is not there any more."""
    service = letter.service
    message = EmailMessage(
        letter.subject,
        letter.body,
        formataddr((service.name, settings.DEFAULT_FROM_EMAIL)),
        [formataddr((letter.to_name, letter.to_email))],
        reply_to=[service.email] if service.email else None,
        headers={"Auto-Submitted": "auto-generated", "Message-ID": letter.message_id},
    )
    if letter.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in letter.calendar.splitlines() else "REQUEST"
        message.attach("appointment.ics", letter.calendar, ENTRY.format(method))
    for one in letter.enclosed:
        message.attach(one["name"], uploads.read(one["kept_as"]))
    return message
