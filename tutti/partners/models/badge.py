"""A partner's badge: an Open Badges 3.0 credential that any website can check (M10).

It is signed (VC-JWT), says by a list of its own whether it still holds, and can be baked into the picture of the logo.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from datetime import UTC, datetime, time
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tutti.core.calendar import Day, today
from tutti.core.letters import address
from tutti.partners.models.logo import logo_of
from tutti.partners.models.partner import Partner
from tutti.partners.models.scheme import Scheme
from tutti.partners.models.signing_key import public_keys, sign

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
STATUS = "1EdTechRevocationList"


def credential_of(partner: Partner) -> dict[str, Any]:
    """What the badge says, as JSON."""
    scheme = partner.service.scheme
    achieved = {"type": ["AchievementSubject"], "achievement": achievement_of(scheme)}
    return {
        "@context": CONTEXT,
        "id": _id_of(partner),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{scheme.partner_word} of {scheme.hub_name}",
        "issuer": issuer_of(scheme),
        "validFrom": datetime.combine(partner.since, time(), UTC).isoformat().replace("+00:00", "Z"),
        "credentialSubject": {**_subject(partner), **achieved},
        "credentialStatus": {"id": address(scheme.service, "badge_status"), "type": STATUS},
    }


def badge_of(partner: Partner) -> str:
    """The credential signed, as a compact JWT."""
    said = credential_of(partner)
    since = int(datetime.combine(partner.since, time(), UTC).timestamp())
    claims = {"iss": said["issuer"]["id"], "jti": said["id"], "sub": said["credentialSubject"]["id"], "nbf": since}
    return sign(partner.service, {**said, **claims}, address(partner.service, "badge_keys"))


def baked_badge_of(partner: Partner) -> bytes:
    """The logo of this year with the badge inside it, as PNG."""
    picture = Image.open(io.BytesIO(logo_of(partner.service.scheme, today().year, "png")))
    info, out = PngInfo(), io.BytesIO()
    info.add_itxt("openbadgecredential", badge_of(partner))
    picture.save(out, "PNG", pnginfo=info, optimize=True)
    return out.getvalue()


def issuer_of(scheme: Scheme) -> dict[str, Any]:
    """The hub, as who issues."""
    said = {
        "id": address(scheme.service, "badge_issuer"),
        "type": ["Profile"],
        "name": scheme.hub_name,
        "url": address(scheme.service, "scheme"),
    }
    return {**said, "email": scheme.hub_email} if scheme.hub_email else said


def achievement_of(scheme: Scheme) -> dict[str, Any]:
    """What a partner has achieved."""
    return {
        "id": address(scheme.service, "badge_achievement"),
        "type": ["Achievement"],
        "achievementType": "Membership",
        "name": scheme.partner_word,
        "description": f"A teacher whom {scheme.hub_name} has seen teach or interviewed, and inducted.",
        "criteria": {"id": address(scheme.service, "scheme"), "narrative": "; ".join(scheme.criteria)},
    }


def keys_of(service: Any) -> dict[str, Any]:
    """The public keys, as a JSON Web Key Set."""
    return {"keys": public_keys(service, address(service, "badge_keys"))}


def status_of(service: Any, on: Day) -> dict[str, Any]:
    """The badges that do not hold on a day, asked of the rows: partners who are not in good standing (A5)."""
    listed = Partner.objects.listed(on).filter(service=service)
    others = Partner.objects.filter(service=service).exclude(pk__in=listed.values("pk"))
    return {
        "id": address(service, "badge_status"),
        "issuer": address(service, "badge_issuer"),
        "type": STATUS,
        "revokedCredential": [{"id": _id_of(partner), "revoked": True} for partner in others],
    }


def _id_of(partner: Partner) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'tutti partner {partner.code}')}"


def _subject(partner: Partner) -> dict[str, Any]:
    """Who it is about: known by the page of their code, and by their e-mail address to whoever knows it."""
    who = {"id": address(partner.service, "partner_check", partner.code)}
    if not partner.email:
        return who
    salt = hashlib.sha256(partner.code.encode()).hexdigest()[:16]
    hashed = hashlib.sha256((partner.email.lower() + salt).encode()).hexdigest()
    known = {"type": "IdentityObject", "identityType": "emailAddress", "hashed": True, "salt": salt}
    return {**who, "identifier": [{**known, "identityHash": f"sha256${hashed}"}]}
