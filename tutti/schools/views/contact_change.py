"""What schools say about whom we write to: the office approves it or declines, with one button (H9)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.people.roles import Permission
from tutti.schools.models import Contact, ContactChange


@allow(Permission.MANAGE_SCHOOLS)
def contact_changes(request: Request) -> HttpResponse:
    """All that waits, as it is and as it would be."""
    waiting = ContactChange.objects.visible_to(request.member).waiting()  # type: ignore[attr-defined]
    return render(request, "schools/contact_change/list.html", {"changes": waiting})


@allow(Permission.MANAGE_SCHOOLS)
@require_POST
def contact_change_approve(request: Request, contactchange_pk: int) -> HttpResponse:
    """Do as it says; where somebody new is to be written to, on to the newest summary, which can be sent there."""
    change = _change(request, contactchange_pk)
    before = change.contact.email if change.contact else ""
    try:
        contact = change.approve(request.member)  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, f"{error.messages[0]} Decline this, or change the contact by hand.")
        return redirect("contact_changes")
    return _on(request, change, contact if contact and contact.email != before else None)


@allow(Permission.MANAGE_SCHOOLS)
@require_POST
def contact_change_decline(request: Request, contactchange_pk: int) -> HttpResponse:
    """The contact stays as it is."""
    change = _change(request, contactchange_pk)
    if change.decline(request.member):  # type: ignore[attr-defined]
        messages.success(request, "Declined. Nothing was changed.")
    return redirect("contact_changes")


def _change(request: Request, contactchange_pk: int) -> ContactChange:
    changes = ContactChange.objects.visible_to(request.member).select_related("school", "contact")  # type: ignore[attr-defined]
    return get_object_or_404(changes, pk=contactchange_pk)


def _on(request: Request, change: ContactChange, newcomer: Contact | None) -> HttpResponse:
    newest: Any = change.school.summaries.first() if newcomer else None  # type: ignore[attr-defined]
    if newcomer and newest:
        messages.success(request, f"Approved. {newcomer.name} has not been sent {newest.month:%B}’s summary yet.")
        return redirect("summary", newest.pk)
    messages.success(request, "Approved.")
    return redirect("contact_changes")
