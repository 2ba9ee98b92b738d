"""How people sign in: with django-allauth, by a code, a password or a passkey; nobody can sign up (H1, B1)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils import timezone

from tutti.core import letters, row_security
from tutti.people.models import Member, Person


class PersonBackend(AuthenticationBackend):
    """Reads the person together with their memberships and services, in one query a request."""

    def get_user(self, user_id: int) -> Person | None:
        memberships = list(Member.objects.select_related("person", "service", "office").filter(person_id=user_id))
        memberships = [membership for membership in memberships if membership.is_active]
        person = memberships[0].person if memberships else Person.objects.filter(pk=user_id).first()
        if person is None or not person.is_active:
            return None
        person.own_memberships = memberships
        return person


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up and sends allauth's letters as Tutti's own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A code goes out at once: its reader is waiting. A member's is remembered as a letter of their service."""
        message = self.render_mail(template_prefix, email, context)
        member = self._member_to_remember(email)
        if member is None:
            self._send_unremembered(message)
            return
        row_security.enter(member.service_id, member.person_id)
        letter = letters.Letter.objects.create(
            service=member.service,
            kind="sign-in",
            to_name=member.name,
            to_email=email,
            subject=message.subject,
            body=message.body,
            is_secret=True,
            state=letters.State.CLAIMED,
            sent_at=timezone.now(),
        )
        letter.hand_over()

    def _member_to_remember(self, email: str) -> Member | None:
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            return None
        row_security.enter(None, person.pk)
        return Member.objects.select_related("service").filter(person=person, is_active=True).first()

    def _send_unremembered(self, message: EmailMessage) -> None:
        if settings.EMAIL_URL:
            message.send()
