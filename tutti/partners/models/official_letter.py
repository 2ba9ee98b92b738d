"""The official letter of a partner: kept as it was issued, in the same bytes whenever it is asked for (M10)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from tutti.core import documents, history, uploads
from tutti.core.calendar import Day
from tutti.core.letters import address
from tutti.core.uploads import Upload
from tutti.partners.models.letter_words import fill

SAMPLE = "Name of a Partner"
SOURCE = Path(__file__).resolve().parent.parent / "documents" / "official_letter.typ"


class OfficialLetter(models.Model):
    """What the letter said on the day it was issued, and the PDF itself: neither later words of the scheme nor a later
    drawing of the page changes anything in it."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    partner = models.OneToOneField("partners.Partner", models.CASCADE, related_name="letter")
    data = models.JSONField()
    kept_as = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.data.get("title", ""))

    def paper(self) -> bytes:
        """The letter as PDF/UA-1, as it was issued; drawn again from its data if the file was lost."""
        try:
            return uploads.read(self.kept_as)
        except (OSError, ValueError):
            return draw(self.data, self.issued_at)


def issue_letter(partner: Any, at: datetime | None = None) -> OfficialLetter:
    """Write the letter of a new partner in the words of the scheme, and keep it."""
    issued_at = at or timezone.now()
    data = write_letter(partner.service.scheme, partner.name, partner.since, partner.code)
    kept_as = uploads.keep(Upload("pdf", draw(data, issued_at)), "letters")
    own = {"service_id": partner.service_id, "partner": partner, "data": data, "kept_as": kept_as}
    return OfficialLetter.objects.create(**own, issued_at=issued_at)


@transaction.atomic
def letter_of(partner: Any) -> OfficialLetter:
    """The letter of a partner; one who was a partner before there were letters gets theirs now, once."""
    issued = OfficialLetter.objects.filter(partner=partner)
    if found := issued.first():
        return found
    type(partner).objects.select_for_update().get(pk=partner.pk)
    return issued.first() or issue_letter(partner)


def sample_of(scheme: Any, at: datetime) -> bytes:
    """How the letter would read to a partner of today, for whoever writes its words."""
    return draw(write_letter(scheme, SAMPLE, timezone.localdate(at), "name-of-code"), at)


def write_letter(scheme: Any, name: str, since: Day, code: str) -> dict[str, Any]:
    """All that stands in a letter."""
    day = history.day_in_words(str(since))
    words = {"name": name, "partner": scheme.partner_word, "hub": scheme.hub_name, "since": day}
    return {
        "title": f"{scheme.partner_word}: {name}",
        "accent": scheme.service.palette.light.accent,
        "hub": scheme.hub_name,
        "hub_address": scheme.hub_address,
        "hub_email": scheme.hub_email,
        "lead": scheme.lead_name,
        "name": name,
        "partner": scheme.partner_word,
        "day": day,
        "paragraphs": fill(scheme.letter_words, words).replace("\r\n", "\n").split("\n\n"),
        "signatory": [scheme.signatory_name, scheme.signatory_title],
        "signature": scheme.signature,
        "url": address(scheme.service, "partner_check", code),
    }


def draw(data: dict[str, Any], at: datetime) -> bytes:
    """The letter on paper. A picture of a signature that is not there any more leaves room for a pen."""
    try:
        picture = list(uploads.read(data["signature"])) if data["signature"] else []
    except OSError:
        picture = []
    return documents.render(SOURCE, {**data, "signature": picture, "qr": documents.qr(data["url"])}, at)
