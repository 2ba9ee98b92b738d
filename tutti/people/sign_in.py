"""How people sign in: with django-allauth, by a code, a password or a passkey; nobody can sign up (H1, B1)."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tutti.core import letters, row_security
from tutti.people.models import Member, Person

RECENTLY = 15 * 60  # seconds after signing in, in which a password or passkey may be added without asking again


class PersonBackend(AuthenticationBackend):
    """Reads the person together with their memberships and services, in one query a request."""

    def get_user(self, user_id: int) -> Person | None:
        memberships = list(Member.objects.select_related("person", "service", "office").filter(person_id=user_id))
        person = memberships[0].person if memberships else Person.objects.filter(pk=user_id).first()
        if person is None or not person.is_active:
            return None
        person.own_memberships = [membership for membership in memberships if membership.is_active]
        return person


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up, sends allauth's letters as Tutti's own, and leads people to the service they work for."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": "This is not the code that we sent. Check it, or ask for a new one.",
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "too_many_login_attempts": "Too many tries. Wait a few minutes and try again.",
        "rate_limited": "Too many tries. Wait a few minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """A passkey is a way in of its own, never a second lock: a code must do where the passkey is not at hand."""
        return [stage for stage in super().get_login_stages() if not stage.startswith("allauth.mfa.")]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in need not do it again; a code counts, whatever else the person has."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - record["at"] < RECENTLY for record in records)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home in the service of the address, in the only service that the person works for, or a choice of them."""
        services = [m.service for m in Member.objects.own_of(request.user)]
        if any(service == request.service for service in services):  # type: ignore[attr-defined]
            return reverse("home")
        return services[0].home_url if len(services) == 1 else reverse("choose_service")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        row_security.enter(_service_pk(request), user.pk)
        for member in Member.objects.own_of(user).filter(joined_at=None):
            row_security.enter(member.service_id, user.pk)
            member.join()
        row_security.enter(_service_pk(request), user.pk)
        return super().post_login(request, user, **kwargs)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request) if request.member is None else reverse("me")  # type: ignore

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A code goes out at once: its reader is waiting. A member's is remembered as a letter of their service."""
        person = Person.objects.filter(email__iexact=email).first()
        message = self.render_mail(template_prefix, email, {"service": self.request.service, **context})
        if person is None:
            return
        row_security.enter(_service_pk(self.request), person.pk)
        member = self._member_of(person)
        if member is None:
            self._send_unremembered(message)
        else:
            row_security.enter(member.service_id, person.pk)
            self._send_remembered(message, member)
        row_security.enter(_service_pk(self.request), self.request.user.pk)

    def _member_of(self, person: Person) -> Member | None:
        """The person in the service of the address, or in one of those they work for."""
        own = list(Member.objects.own_of(person))
        return next((m for m in own if m.service == self.request.service), own[0] if own else None)

    def _send_remembered(self, message: EmailMessage, member: Member) -> None:
        letter = letters.Letter.objects.create(
            service=member.service,
            kind="sign-in",
            to_name=member.name,
            to_email=member.person.email,
            subject=str(message.subject),
            body=f"{message.body}\n",
            is_secret=True,
        )
        # Not by the queue: somebody is waiting, and must get in even where no worker runs.
        # Not within the transaction: the mail server may be slow.
        transaction.on_commit(lambda: letters.send_letters.call(service_id=member.service_id, letter_ids=[letter.pk]))

    def _send_unremembered(self, message: EmailMessage) -> None:
        if settings.EMAIL_URL:
            transaction.on_commit(message.send)


class PasskeyAdapter(DefaultMFAAdapter):
    """Passkeys under the service's name, called what people would call them."""

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        return "My passkey"

    def _get_site_name(self) -> str:
        return "Tutti"


def _service_pk(request: HttpRequest) -> int | None:
    service = request.service  # type: ignore[attr-defined]
    return service.pk if service else None
