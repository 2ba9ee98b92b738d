"""Whoever came by a link to their own application: no member of the service, and may do what an applicant may.

Somebody of the office who keys in a form on paper does so in the applicant's stead, under their own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tutti.partners.models.application_chart import APPLICANT


@dataclass(frozen=True, slots=True)
class Applicant:
    """Stands where a member stands for others: `by`."""

    application_pk: int
    name: str
    person_id: int | None = None

    def may(self, permission: Any) -> bool:
        return bool(permission == APPLICANT)


def applicant_of(application: Any) -> Applicant:
    """Who came by the link."""
    return Applicant(application.pk, application.name)


def instead_of_applicant(application: Any, member: Any) -> Applicant:
    """A member of the hub, who does what came on paper or by telephone."""
    return Applicant(application.pk, member.name, member.person_id)
