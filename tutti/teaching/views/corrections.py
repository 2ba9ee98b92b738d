"""Corrections of locked months: the office's list, one of them with its decision, and a teacher's own (R10)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.people.roles import Permission
from tutti.teaching.forms.correction import DecideForm
from tutti.teaching.models.correction import Correction
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.summary import told_of

DECIDE = Permission.DECIDE_CORRECTIONS


@allow(DECIDE)
def corrections(request: Request) -> HttpResponse:
    """All of them, those that wait first."""
    waits_first = Case(When(state=Correction.State.PROPOSED, then=Value(0)), default=Value(1))
    found = Correction.objects.visible_to(request.member).with_register().order_by(waits_first, "-proposed_at", "-pk")
    waiting = Correction.objects.visible_to(request.member).waiting().count()
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "teaching/correction/list.html", {"page": page, "waiting": waiting, "is_office": True})


@allow(Permission.RECORD_REGISTERS)
def my_corrections(request: Request) -> HttpResponse:
    """What the teacher asked to change, and what became of it."""
    own = Correction.objects.filter(service=request.service, register__allocation__teacher=request.member)
    page = Paginator(own.with_register(), 50).get_page(request.GET.get("page"))
    return render(request, "teaching/correction/list.html", {"page": page, "is_office": False})


@allow(DECIDE, Permission.RECORD_REGISTERS)
def correction(request: Request, correction_pk: int) -> HttpResponse:
    """Who, when, why, from what to what and what follows; the office decides."""
    found = get_object_or_404(Correction.objects.visible_to(request.member).with_register(), pk=correction_pk)
    may_decide = request.member.may(DECIDE)
    form = DecideForm(request.POST or None, found)
    if may_decide and form.saved(by=request.member):
        found.refresh_from_db()
        words = f"{found.get_state_display()}. {found.register.allocation.teacher} is told."
        messages.success(request, words if form.result else "Somebody else has decided it already.")
        return redirect("corrections")
    sheet = Sheet.open(request.member, found.register.allocation_id, found.register.week)
    context = {
        "correction": found,
        "form": form,
        "may_decide": may_decide and found.is_open,
        "changes": found.told(sheet) if sheet else [],
        "follows": found.follows(sheet) if sheet and found.is_open else None,
        "told": told_of(found.register.allocation.school, found.register.week),
    }
    return render(request, "teaching/correction/show.html", context, status=form.status if may_decide else 200)
