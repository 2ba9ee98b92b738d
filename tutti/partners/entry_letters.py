"""Letters about the public list: to partners about their entry, and from who writes to them (M11)."""

from __future__ import annotations

from typing import Any

from tutti.core import letters
from tutti.core.letters import address
from tutti.partners.letters import leaders_of

MESSAGE, COPY = "partner_message", "partner_message_copy"


def entry_waits(change: Any) -> None:
    """To the leaders that a partner wrote a text for the list (M11); never to the partner themselves."""
    url = address(change.entry.service, "entry_change", change.pk)
    for leader in leaders_of(change.service).exclude(person__email__iexact=change.entry.partner.email):
        _write(
            change.entry, "entry_waits", "partners/letters/entry_waits.txt", leader.name, leader.person.email, url=url
        )


def entry_approved(change: Any) -> None:
    """To the partner that their text is public now."""
    _to_partner(change, "entry_approved", "partners/letters/entry_approved.txt")


def entry_refused(change: Any) -> None:
    """To the partner that it is not, and why."""
    _to_partner(change, "entry_refused", "partners/letters/entry_refused.txt")


def message(entry: Any, said: dict[str, str]) -> None:
    """What a school or parent writes goes to the partner, and a copy to whoever wrote; neither reads an address that
    they were not given (M11). The words are kept for `KEPT_FOR`."""
    partner, who = entry.partner, {"said": said, "partner": entry.partner}
    _write(entry, MESSAGE, "partners/letters/message.txt", partner.name, partner.reach, **who)
    _write(entry, COPY, "partners/letters/message_copy.txt", said["name"], said["email"], **who)


def _to_partner(change: Any, kind: str, template: str) -> None:
    partner, url = change.entry.partner, address(change.entry.service, "my_entry")
    _write(change.entry, kind, template, partner.name, partner.reach, change=change, url=url)


def _write(entry: Any, kind: str, template: str, name: str, email: str, **words: Any) -> None:
    letters.write(entry.service, kind, template, words, to_name=name, to_email=email, about=entry)
