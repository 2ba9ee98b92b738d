"""The people of a school that the service writes to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.people.roles import Permission
from tutti.schools.forms.contact import ContactForm
from tutti.schools.models import Contact, School
from tutti.schools.models.contact import add_contact


@allow(Permission.MANAGE_SCHOOLS)
def contact_add(request: Request, school_pk: int) -> HttpResponse:
    """Somebody new at a school."""
    school = get_object_or_404(School.objects.visible_to(request.member), pk=school_pk)  # type: ignore[attr-defined]
    form = ContactForm(request.POST or None, school=school)
    if form.is_valid():
        contact = add_contact(school, request.member, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, f"{contact.name} is added.")
        return redirect(school)
    context = {"form": form, "school": school}
    return render(request, "schools/contact/add.html", context, status=422 if form.errors else 200)


@allow(Permission.MANAGE_SCHOOLS)
def contact_change(request: Request, contact_pk: int) -> HttpResponse:
    """Another name, address or role, or no summary any more."""
    contacts = Contact.objects.visible_to(request.member).select_related("school")  # type: ignore[attr-defined]
    contact = get_object_or_404(contacts, pk=contact_pk)
    form = ContactForm(request.POST or None, school=contact.school, contact=contact)
    if form.is_valid():
        contact.change(request.member, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, f"{contact.name} is saved.")
        return redirect(contact.school)
    context = {"form": form, "school": contact.school, "contact": contact}
    return render(request, "schools/contact/change.html", context, status=422 if form.errors else 200)


@allow(Permission.MANAGE_SCHOOLS)
@require_POST
def contact_remove(request: Request, contact_pk: int) -> HttpResponse:
    """The service no longer writes to them; what was sent stays in the history."""
    contact = get_object_or_404(Contact.objects.visible_to(request.member).select_related("school"), pk=contact_pk)  # type: ignore[attr-defined]
    contact.remove(request.member)  # type: ignore[attr-defined]
    messages.success(request, f"{contact.name} is removed.")
    return redirect(contact.school)
