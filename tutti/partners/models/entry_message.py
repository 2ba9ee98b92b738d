"""A school or parent writes to a partner through the hub (M11). No row of its own: two letters, whose words are
not kept longer than `KEPT_FOR`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tutti.core import history
from tutti.core.calendar import today
from tutti.core.letters import Letter
from tutti.partners import entry_letters
from tutti.partners.models.entry import Entry

KEPT_FOR = timedelta(days=90)
NOT_KEPT = "[not kept]\n"


@transaction.atomic
def write_to(entry: Entry, *, name: str, email: str, who: str, text: str) -> None:
    """Pass a message on. ValidationError for a partner who is not listed today, or has
    no e-mail address. The history says that there was one,
    not of whom."""
    if not entry.partner.is_listed(today()):
        raise ValidationError(f"{entry} is not on the list any more.")
    if not entry.partner.reach:
        raise ValidationError(f"{entry} has no e-mail address. Telephone, or ask the hub.")
    entry_letters.message(entry, {"name": " ".join(name.split()), "email": email, "who": who, "text": text.strip()})
    history.record("was written to through the list", entry, None)


def forget_messages(service: Any) -> int:
    """Empty the words of old messages, and who wrote them; that a letter went out stays. Returns how many."""
    old = Letter.objects.filter(service=service, written_at__lt=timezone.now() - KEPT_FOR).exclude(body=NOT_KEPT)
    copies = old.filter(kind=entry_letters.COPY).update(
        body=NOT_KEPT, to_name="[not kept]", to_email="not-kept@invalid"
    )
    return copies + old.filter(kind=entry_letters.MESSAGE).update(body=NOT_KEPT)
