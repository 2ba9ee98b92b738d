"""A link that signs a person in once: for invitations, and for whoever runs the machine."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from tutti.core.access import fingerprint
from tutti.people.models.person import Person


class SignInLink(models.Model):
    """The fingerprint of a secret that was given to one person. The secret itself is nowhere kept."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="sign_in_links")
    fingerprint = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    secret: str = ""  # known only to the object that `make` returned

    @classmethod
    def make(cls, person: Person, *, days: int) -> SignInLink:
        secret = secrets.token_urlsafe(32)
        ends_at = timezone.now() + timedelta(days=days)
        link = cls.objects.create(person=person, fingerprint=fingerprint(secret), ends_at=ends_at)
        link.secret = secret
        return link

    @classmethod
    def find(cls, secret: str) -> SignInLink | None:
        """The link of this secret if it can still be used."""
        usable = cls.objects.select_related("person").filter(used_at=None, ends_at__gt=timezone.now())
        return usable.filter(fingerprint=fingerprint(secret), person__is_active=True).first()

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("use_sign_in_link", args=[self.secret])

    @transaction.atomic
    def use(self) -> bool:
        """Use it up. False if somebody was quicker."""
        unused = SignInLink.objects.filter(pk=self.pk, used_at=None)
        return unused.update(used_at=timezone.now()) == 1
