"""The service's reasons and what follows from each (C1, C2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear, TeachingWeek
from tutti.teaching.forms.reason import ReasonForm, ReasonRetireForm
from tutti.teaching.models import Reason


@allow(Permission.MANAGE_SERVICE)
def reasons(request: Request) -> HttpResponse:
    """Those in use and to come, and those that were retired."""
    found = list(Reason.objects.visible_to(request.member))
    retired = [reason for reason in found if reason.retired_from and reason.retired_from <= Week.current()]
    context = {"reasons": [reason for reason in found if reason not in retired], "retired": retired}
    return render(request, "teaching/reason/list.html", context)


@allow(Permission.MANAGE_SERVICE)
def reason_add(request: Request) -> HttpResponse:
    form = ReasonForm(request.POST or None, _weeks(request.member), Week.current())
    if form.saved(by=request.member):
        messages.success(request, f"{form.result} is added.")
        return redirect("reasons")
    return render(request, "teaching/reason/form.html", {"form": form}, status=form.status)


@allow(Permission.MANAGE_SERVICE)
def reason_change(request: Request, reason_pk: int) -> HttpResponse:
    """A reason is never changed: from a week on another stands in its place."""
    reason = get_object_or_404(Reason.objects.visible_to(request.member), pk=reason_pk)
    form = ReasonForm(request.POST or None, _weeks(request.member), Week.current() + 1, reason)
    if form.saved(by=request.member):
        messages.success(request, f"{form.result} stands in its place. What was recorded stays.")
        return redirect("reasons")
    return render(request, "teaching/reason/form.html", {"form": form, "reason": reason}, status=form.status)


@allow(Permission.MANAGE_SERVICE)
def reason_retire(request: Request, reason_pk: int) -> HttpResponse:
    reason = get_object_or_404(Reason.objects.visible_to(request.member), pk=reason_pk)
    form = ReasonRetireForm(request.POST or None, _weeks(request.member), Week.current() + 1, reason)
    if form.saved(by=request.member):
        messages.success(request, f"{reason} is retired. What was recorded stays.")
        return redirect("reasons")
    return render(request, "teaching/reason/retire.html", {"form": form, "reason": reason}, status=form.status)


def _weeks(member: Any) -> list[TeachingWeek]:
    """The teaching weeks of this year; a reason begins and ends with one."""
    year = AcademicYear.objects.visible_to(member).on(today())
    return list(year.weeks.select_related("term")) if year else []
