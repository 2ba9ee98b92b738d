"""The keys with which a hub signs its partners' badges (Open Badges 3.0, VC-JWT with Ed25519).

The private half is kept locked by SECRET_KEY. Where that was changed a new key is made, and old badges are still
checked against the public half of the old one.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import jwt
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import models
from django.utils import timezone
from jwt.algorithms import OKPAlgorithm


class SigningKey(models.Model):
    """One key of a service. `public` is a JWK, with its fingerprint as `kid`."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    public = models.JSONField()
    locked = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.public["kid"])

    def known_at(self, key_url: str) -> dict[str, Any]:
        """The public half, named by the address at which it is published."""
        return {**self.public, "kid": f"{key_url}#{self.public['kid']}"}

    def sign(self, claims: dict[str, Any], key_url: str) -> str:
        """The claims as a compact JWT; InvalidToken if SECRET_KEY is another by now."""
        private = Ed25519PrivateKey.from_private_bytes(_lock().decrypt(self.locked.encode()))
        known = self.known_at(key_url)
        headers = {"kid": known["kid"], "jwk": known, "typ": "vc+jwt"}
        return jwt.encode(claims, private, algorithm="EdDSA", headers=headers)


def sign(service: Any, claims: dict[str, Any], key_url: str) -> str:
    """Sign with the newest key of a service; the first badge, or a changed SECRET_KEY, makes one."""
    newest = SigningKey.objects.filter(service=service).last()
    if newest:
        try:
            return newest.sign(claims, key_url)
        except InvalidToken:
            pass  # locked with another SECRET_KEY
    return _make_key(service).sign(claims, key_url)


def public_keys(service: Any, key_url: str) -> list[dict[str, Any]]:
    """All that ever signed, for whoever checks a badge."""
    return [key.known_at(key_url) for key in SigningKey.objects.filter(service=service)]


def _make_key(service: Any) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    public = json.loads(OKPAlgorithm.to_jwk(private.public_key()))
    public |= {"alg": "EdDSA", "use": "sig", "kid": hashlib.sha256(public["x"].encode()).hexdigest()[:16]}
    raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return SigningKey.objects.create(service=service, public=public, locked=_lock().encrypt(raw).decode())


def _lock() -> Fernet:
    secret = hashlib.sha256(b"tutti badges" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
