"""Whoever came by a link to their own application: no member of the service, and may do what an applicant may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tutti.partners.models.application_chart import APPLICANT


@dataclass(frozen=True, slots=True)
class Applicant:
    """Stands where a member stands for others: `by`."""

    application_pk: int
    name: str
    person_id: None = None

    def may(self, permission: Any) -> bool:
        return bool(permission == APPLICANT)
