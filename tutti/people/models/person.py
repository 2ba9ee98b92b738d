"""A person is a sign-in and nothing else, in the whole deployment (P1)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save()
        return person

    def with_email(self, email: str) -> Person:
        """The person of this address, made if there is none; without a password, since a code does."""
        known = self.filter(email__iexact=email.strip()).first()
        return known or self.create_user(email)


class Person(AbstractBaseUser):
    """Somebody who can sign in: an e-mail address. Names and roles are on the member."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)

    own_memberships: list[Any]  # those that give access, set by the sign-in's backend

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_any_case")]

    def __str__(self) -> str:
        return self.email
