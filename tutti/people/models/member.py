"""A member: a person in one service, with a name, a phone, an area office and roles (P1)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from tutti.core import history
from tutti.people import letters
from tutti.people.models.person import Person
from tutti.people.models.sign_in_link import SignInLink
from tutti.people.roles import ROLES, TEACHER, Permission, Role, permissions_of


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, member: Any) -> MemberQuerySet:
        """Everybody of the service for those who see teachers; oneself for all others."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_TEACHERS) else own.filter(pk=member.pk)

    def with_role(self, role: Role) -> MemberQuerySet:
        return self.filter(roles__icontains=f'"{role.name}"')

    def teachers(self) -> MemberQuerySet:
        return self.with_role(TEACHER)


class Member(models.Model):
    """What a service knows of a person who works for it. `roles` is a list of names out of `people.roles`."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="members")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="memberships")
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    teaches = models.CharField(max_length=120, blank=True)
    office = models.ForeignKey("people.Office", models.SET_NULL, null=True, blank=True, related_name="members")
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["service", "person"], name="member_once_a_service")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.replace("-", " ").split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"

    @property
    def role_titles(self) -> str:
        return ", ".join(ROLES[name].title for name in self.roles if name in ROLES)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles) if self.is_active else frozenset()

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def is_teacher(self) -> bool:
        return TEACHER.name in self.roles

    @transaction.atomic
    def change(self, by: Any, **fields: Any) -> bool:
        """Change what is known of the member, with history. False if nothing differed."""
        self.__dict__.pop("permissions", None)
        return history.change(self, "changed the member", by, **fields)

    @transaction.atomic
    def invite(self, by: Any) -> SignInLink:
        """Send a letter with a link that signs in once within fourteen days (H1). Inviting again sends a new one."""
        link = SignInLink.make(self.person, days=14)
        self.invited_at = timezone.now()
        self.save(update_fields=["invited_at"])
        history.record("invited", self, by, after={"email": self.person.email})
        letters.invitation(self, link)
        return link


@transaction.atomic
def add_member(service: Any, by: Any, *, name: str, email: str, roles: list[str], **fields: Any) -> Member:
    """Add somebody to a service. Their person is shared with every other service they work for."""
    person = Person.objects.with_email(email)
    member = Member.objects.create(service=service, person=person, name=name.strip(), roles=roles, **fields)
    history.record("added", member, by, after={"name": member.name, "email": person.email, "roles": roles})
    return member
