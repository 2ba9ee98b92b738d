"""Whom the service writes to at a school; nobody there needs an account (H9)."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models.functions import Lower

from tutti.core import history
from tutti.schools.models.school import School


class ContactRole(models.TextChoices):
    HEAD = "head", "Head teacher"
    MUSIC = "music", "Music lead"
    BURSAR = "bursar", "Bursar"
    OFFICE = "office", "School office"


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, member: Any) -> ContactQuerySet:
        return self.filter(school__in=School.objects.visible_to(member))

    def for_summary(self) -> ContactQuerySet:
        return self.filter(gets_summary=True)


class Contact(models.Model):
    """A person at a school with a role; `gets_summary` says who is sent the monthly summary."""

    Role = ContactRole

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=ContactRole)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    gets_summary = models.BooleanField(default=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("school", Lower("email"), name="contact_email_once_a_school")]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def change(self, by: Any, **fields: Any) -> bool:
        return history.change(self, "changed the contact", by, **fields)

    @transaction.atomic
    def remove(self, by: Any) -> None:
        history.record("removed the contact", self.school, by, before={"name": self.name, "email": self.email})
        self.delete()


@transaction.atomic
def add_contact(school: School, by: Any, **fields: Any) -> Contact:
    contact = Contact.objects.create(school=school, service_id=school.service_id, **fields)
    history.record("added the contact", school, by, after={"name": contact.name, "email": contact.email})
    return contact
