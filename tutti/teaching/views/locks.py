"""Locking a month, for all teachers or one, and opening it again (R10)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.people.roles import Permission
from tutti.teaching.forms.lock import LockForm
from tutti.teaching.models.teacher_month import teacher_months

LOCK = Permission.LOCK_MONTHS


@allow(LOCK)
def locks(request: Request) -> HttpResponse:
    """Every teacher of a month that is over: locked or open, and what is missing still."""
    form = LockForm(request.GET, request.service)
    month = form.chosen_month
    rows = teacher_months(request.service, month) if month else []
    locked = sum(row.is_locked for row in rows)
    counts = {"locked": locked, "still_open": len(rows) - locked, "missing": sum(row.missing for row in rows)}
    return render(request, "teaching/lock/list.html", {"form": form, "month": month, "rows": rows, **counts})


@allow(LOCK)
@require_POST
def month_lock(request: Request) -> HttpResponse:
    return _done(request, "locked", undo=False)


@allow(LOCK)
@require_POST
def month_unlock(request: Request) -> HttpResponse:
    return _done(request, "open again", undo=True)


def _done(request: Request, words: str, *, undo: bool) -> HttpResponse:
    form = LockForm(request.POST, request.service)
    month = form.chosen_month
    if not form.is_valid():
        messages.error(request, "Choose a month that is over, and a teacher of this service.")
        return redirect("locks")
    try:
        many = form.unlock(request.member) if undo else form.save(request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("locks")
    unchanged = f"{month:%B} was {words} for {form.whom} already."
    messages.success(request, f"{month:%B} is {words} for {form.whom}." if many else unchanged)
    return redirect(f"{reverse('locks')}?month={month}")
