"""What a school says about whom we write to: a proposal until the office approves it (H9)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tutti.core import history
from tutti.people.roles import Permission
from tutti.schools.models.contact import Contact, ContactRole, add_contact
from tutti.schools.models.school import School


class Kind(models.TextChoices):
    CHANGED = "changed", "The name, e-mail or role has changed"
    OTHER = "other", "Somebody else should get it"
    GONE = "gone", "No longer at the school"


class ContactChangeQuerySet(models.QuerySet["ContactChange"]):
    def visible_to(self, member: Any) -> ContactChangeQuerySet:
        own = self.filter(school__in=School.objects.visible_to(member))
        return own if member.may(Permission.SEE_SCHOOLS) else own.none()

    def waiting(self) -> ContactChangeQuerySet:
        """Those that the office has not looked at, the oldest first."""
        return self.filter(state="waiting").select_related("school", "contact").order_by("said_at", "pk")


class ContactChange(models.Model):
    """Somebody else, another address or nobody any more, as told from the private page. One waits for a contact."""

    Kind = Kind

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, related_name="contact_changes")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=ContactRole, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    said_at = models.DateTimeField(default=timezone.now)

    objects = ContactChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-said_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(state="waiting"), name="contact_change_one_waits_a_contact"
            )
        ]

    class Personal:
        """Fields with people in them, and those that may stay."""

        personal = ["name", "email"]
        stays = ["id", "service", "school", "contact", "kind", "role", "state", "said_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.school}"

    @property
    def names_somebody(self) -> bool:
        return bool(self.email)

    @transaction.atomic
    def approve(self, by: Any) -> Contact | None:
        """Do as it says, with history. The contact who is to be written to now; None if that is nobody, or if it was
        settled before. ValidationError where another contact of the school has the address."""
        if not self._is_waiting():
            return None
        contact = self._change_contact(by)
        self._settle("approved what the school said", by, self.State.APPROVED)
        return contact

    @transaction.atomic
    def decline(self, by: Any) -> bool:
        """Leave the contact as it is. False if it was settled before."""
        if not self._is_waiting():
            return False
        self._settle("declined what the school said", by, self.State.DECLINED)
        return True

    def _is_waiting(self) -> bool:
        held = ContactChange.objects.select_for_update(of=("self",)).get(pk=self.pk)
        return held.state == self.State.WAITING

    def _change_contact(self, by: Any) -> Contact | None:
        contact = self.contact
        if contact is None:  # removed by hand since
            return self._successor(by) if self.names_somebody else None
        if self.kind == Kind.CHANGED:
            self._refuse_taken(contact)
            contact.change(by, name=self.name, email=self.email, role=self.role)
            return contact
        successor = self._successor(by) if self.names_somebody else None
        if self.kind == Kind.OTHER:
            contact.change(by, gets_summary=successor == contact)
            return successor
        if successor != contact:
            contact.remove(by)
            self.contact = None
        return successor

    def _successor(self, by: Any) -> Contact:
        """The contact of the school who has the address already, or a new one."""
        same = self.school.contacts.filter(email__iexact=self.email).first()  # type: ignore[attr-defined]
        if same is None:
            return add_contact(self.school, by, name=self.name, email=self.email, role=self.role)
        same.change(by, name=self.name, role=self.role, gets_summary=True)
        return same  # type: ignore[no-any-return]

    def _refuse_taken(self, contact: Contact) -> None:
        same = self.school.contacts.filter(email__iexact=self.email).exclude(pk=contact.pk).first()  # type: ignore[attr-defined]
        if same:
            raise ValidationError(f"{same.name} has the address {self.email} at this school already.")

    def _settle(self, verb: str, by: Any, state: str) -> None:
        self.state = state
        self.save(update_fields=["state", "contact"])
        history.record(verb, self.school, by, after={"kind": self.get_kind_display(), "email": self.email})


@transaction.atomic
def propose_change(contact: Contact, kind: str, *, name: str = "", email: str = "", role: str = "") -> ContactChange:
    """The school says who should be written to. Said again it stays one proposal, with the last words."""
    Contact.objects.select_for_update().get(pk=contact.pk)
    said = {"kind": kind, "name": name, "email": email, "role": role}
    known = ContactChange.objects.filter(contact=contact, state="waiting").first()
    if known is None:
        known = ContactChange.objects.create(
            service_id=contact.service_id, school_id=contact.school_id, contact=contact, **said
        )
        history.record("said who should be written to", contact.school, None, after={"kind": Kind(kind).label})
        return known
    ContactChange.objects.filter(pk=known.pk).update(**said)
    known.refresh_from_db()
    return known
