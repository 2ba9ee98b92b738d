"""A school of the service, typed by hand or from the national list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from tutti.core import history
from tutti.people.roles import Permission


class Status(models.TextChoices):
    OPEN = "open", "Open"
    CLOSING = "closing", "Open, but proposed to close"
    PROPOSED = "proposed", "Proposed to open"
    CLOSED = "closed", "Closed"


OPEN = [Status.OPEN, Status.CLOSING]
LAST_GROUPS = {"Nursery": 0, "Primary": 6, "Middle deemed primary": 7, "Middle deemed secondary": 8}


class SchoolQuerySet(models.QuerySet["School"]):
    def visible_to(self, member: Any) -> SchoolQuerySet:
        """All of the service for those who see schools; a teacher's own come from their allocations."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_SCHOOLS) else own.filter(allocations__teacher=member).distinct()

    def of_year(self, year: Any) -> SchoolQuerySet:
        """Schools with an allocation in this academic year; none for no year."""
        return self.filter(pk__in=School.objects.filter(allocations__year=year).values("pk")) if year else self.none()

    def open(self) -> SchoolQuerySet:
        return self.filter(status__in=OPEN)

    def without_summary_contact(self) -> SchoolQuerySet:
        """Schools where nobody gets the monthly summary (S4)."""
        return self.exclude(pk__in=School.objects.filter(contacts__gets_summary=True).values("pk"))

    def with_own_dates(self, year: Any) -> SchoolQuerySet:
        """Schools that keep terms of this year in their own way (W4)."""
        return self.filter(own_dates__term__year=year).distinct()

    def recorded_in(self, weeks: Iterable[Any]) -> Any:
        """Their confirmed registers in these weeks: school's key and name, week, teacher's name."""
        registers = "allocations__registers__"
        found = self.filter(**{f"{registers}confirmed_by__isnull": False, f"{registers}week__in": list(weeks)})
        ordered = found.order_by("name", "pk", f"{registers}week", "allocations__teacher__name")
        return ordered.values_list("pk", "name", f"{registers}week", "allocations__teacher__name")

    def for_list(self, year: Any) -> SchoolQuerySet:
        """With the area office, how many teachers it has in the year and how many contacts get the summary."""
        one = School.objects.filter(pk=OuterRef("pk")).order_by()
        teachers = one.annotate(n=Count("allocations__teacher", filter=Q(allocations__year=year), distinct=True))
        contacts = one.annotate(n=Count("contacts", filter=Q(contacts__gets_summary=True)))
        counts = {"teachers": Subquery(teachers.values("n")), "summary_contacts": Subquery(contacts.values("n"))}
        return self.select_related("office").annotate(**counts).order_by("name", "town", "pk")

    def named(self, words: str) -> SchoolQuerySet:
        """Schools whose name, town, postcode or URN begins with or holds these words."""
        words = words.strip()
        match = Q(name__icontains=words) | Q(town__icontains=words) | Q(postcode__istartswith=words)
        return self.filter(match | Q(urn=int(words)) if words.isdecimal() and len(words) < 9 else match)


class School(models.Model):
    """A school. `urn` is its number in the national list, null for one typed by hand; a school's urn never changes."""

    Status = Status

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="schools")
    name = models.CharField(max_length=200)
    urn = models.PositiveIntegerField(null=True, blank=True)
    dfe_number = models.CharField(max_length=8, blank=True)
    type = models.CharField(max_length=120, blank=True)
    phase = models.CharField(max_length=60, blank=True)
    authority = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=200, blank=True)
    locality = models.CharField(max_length=200, blank=True)
    address3 = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=120, blank=True)
    county = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.OPEN)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    succeeded_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")
    office = models.ForeignKey("people.Office", models.SET_NULL, null=True, blank=True, related_name="schools")

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name", "town"]
        constraints = [models.UniqueConstraint(fields=["service", "urn"], name="school_urn_once")]
        indexes = [
            models.Index(fields=["service", "name"]),
            models.Index(fields=["service", "authority"]),
            models.Index(fields=["service", "town"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("school", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def place_name(self) -> str:
        return ", ".join(part for part in (self.town, self.postcode) if part)

    @property
    def last_year_group(self) -> int:
        """The highest year group that goes here, as far as its phase and name tell: 2 for an infant school (H2)."""
        is_infant = "infant" in self.name.casefold() and "junior" not in self.name.casefold()
        return 2 if is_infant else LAST_GROUPS.get(self.phase, 13)

    @property
    def address_lines(self) -> list[str]:
        """The lines of its postal address, without the empty ones."""
        lines = (self.street, self.locality, self.address3, self.town, self.county, self.postcode)
        return [line for line in lines if line]

    @property
    def website_url(self) -> str:
        """Where its website is; empty for what a browser must not follow."""
        if not self.website or re.match(r"[a-z][a-z0-9+.-]*:(?!//)", self.website, re.IGNORECASE):
            return ""
        return self.website if re.match(r"https?://", self.website, re.IGNORECASE) else f"http://{self.website}"

    @transaction.atomic
    def change(self, by: Any, **fields: Any) -> bool:
        """Change the school, with history. False if nothing differed."""
        return history.change(self, "changed the school", by, **fields)

    @transaction.atomic
    def close_for_week(self, by: Any, week: Any, why: str) -> Any:
        """Say that the school by itself is closed all week (W4). Saying it again changes the reason only."""
        fields = {"why": why, "kind": "said", "batch": None, "scope": ""}
        closure, _ = self.closures.update_or_create(
            week=week, defaults=fields, create_defaults={**fields, "service_id": self.service_id}
        )
        history.record("closed for a week", self, by, after={"week": str(week), "why": why})
        return closure


@transaction.atomic
def add_school(service: Any, by: Any, **fields: Any) -> School:
    school = School.objects.create(service=service, **fields)
    history.record("added the school", school, by, after={"name": school.name})
    return school
