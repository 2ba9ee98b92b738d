"""The area offices (H16)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.people.forms.office import OfficeForm
from tutti.people.models import Office
from tutti.people.models.office import add_office
from tutti.people.roles import Permission


@allow(Permission.MANAGE_SERVICE)
def offices(request: Request) -> HttpResponse:
    """All area offices with the ways to reach them."""
    found = Office.objects.visible_to(request.member).with_counts()  # type: ignore[attr-defined]
    return render(request, "people/office/list.html", {"offices": found})


@allow(Permission.MANAGE_SERVICE)
def office_add(request: Request) -> HttpResponse:
    """Add one."""
    form = OfficeForm(request.POST or None, by=request.member)  # type: ignore[attr-defined]
    if form.is_valid():
        office = add_office(request.service, request.member, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, f"{office.name} is added.")
        return redirect("offices")
    return render(request, "people/office/change.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(Permission.MANAGE_SERVICE)
def office_change(request: Request, office_pk: int) -> HttpResponse:
    """Change one."""
    member = request.member  # type: ignore[attr-defined]
    office = get_object_or_404(Office.objects.visible_to(member), pk=office_pk)
    form = OfficeForm(request.POST or None, by=member, office=office)
    if form.is_valid():
        office.change(member, **form.cleaned_data)
        messages.success(request, f"{office.name} is saved.")
        return redirect("offices")
    context = {"form": form, "office": office}
    return render(request, "people/office/change.html", context, status=422 if form.is_bound else 200)
