"""The area office: whom a school or a teacher asks (H16)."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from tutti.core import history


class OfficeQuerySet(models.QuerySet["Office"]):
    def visible_to(self, member: Any) -> OfficeQuerySet:
        return self.filter(service_id=member.service_id)

    def with_counts(self) -> OfficeQuerySet:
        """Each with `people`: how many who work here look to it."""
        return self.annotate(people=models.Count("members", filter=models.Q(members__is_active=True)))


class Office(models.Model):
    """An area office with the ways to reach it, as schools read them on every page and PDF."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="offices")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="office_name_once")]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def change(self, by: Any, **fields: Any) -> bool:
        return history.change(self, "changed the area office", by, **fields)


@transaction.atomic
def add_office(service: Any, by: Any, **fields: Any) -> Office:
    """Add an area office to a service."""
    office = Office.objects.create(service=service, **fields)
    history.record("added", office, by, after=fields)
    return office
