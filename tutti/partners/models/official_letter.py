"""The official letter of a partner: kept as it was issued, in the same bytes whenever it is asked for (M10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import models
from django.utils import timezone

from tutti.core import documents, history, uploads
from tutti.core.letters import address
from tutti.partners.models.letter_words import fill

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "official_letter.typ"


class OfficialLetter(models.Model):
    """What the letter said on the day it was issued; later words of the scheme change nothing in it."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    partner = models.OneToOneField("partners.Partner", models.CASCADE, related_name="letter")
    data = models.JSONField()
    issued_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.data.get("title", ""))

    def paper(self) -> bytes:
        """The letter as PDF/UA-1."""
        signature = self.data["signature"]
        picture = list(uploads.read(signature)) if signature else []
        code = documents.qr(self.data["url"])
        return documents.render(SOURCE, {**self.data, "signature": picture, "qr": code}, self.issued_at)


def issue_letter(partner: Any) -> OfficialLetter:
    """Write the letter of a new partner in the words of the scheme."""
    scheme = partner.service.scheme
    since = history.day_in_words(str(partner.since))
    words = {"name": partner.name, "partner": scheme.partner_word, "hub": scheme.hub_name, "since": since}
    data = {
        "title": f"{scheme.partner_word}: {partner.name}",
        "accent": partner.service.palette.light.accent,
        "hub": scheme.hub_name,
        "hub_address": scheme.hub_address,
        "hub_email": scheme.hub_email,
        "lead": scheme.lead_name,
        "name": partner.name,
        "partner": scheme.partner_word,
        "day": since,
        "paragraphs": fill(scheme.letter_words, words).split("\n\n"),
        "signatory": [scheme.signatory_name, scheme.signatory_title],
        "signature": scheme.signature,
        "url": address(partner.service, "partner_check", partner.code),
    }
    return OfficialLetter.objects.create(service_id=partner.service_id, partner=partner, data=data)


def letter_of(partner: Any) -> OfficialLetter:
    """The letter of a partner; one who was a partner before there were letters gets theirs now."""
    return OfficialLetter.objects.filter(partner=partner).first() or issue_letter(partner)
