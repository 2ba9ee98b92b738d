"""Lessons of last year or of a predecessor, taken over by proposal (H2, P4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.templatetags.tutti import counted
from tutti.people.roles import Permission
from tutti.teaching.forms.take_over import TakeOverForm
from tutti.teaching.models import Allocation


@allow(Permission.SET_UP_PUPILS)
def take_over(request: Request, allocation_pk: int) -> HttpResponse:
    """All that can be taken over, ticked; one button makes the lessons and places."""
    allocations = Allocation.objects.changeable_by(request.member).select_related("school", "teacher", "year")
    allocation = get_object_or_404(allocations, pk=allocation_pk)
    form = TakeOverForm(request.POST or None, allocation)
    if form.saved(by=request.member):
        words = (
            f"{counted(form.result, 'lesson is,lessons are')} set up."
            if form.result
            else "Nothing was left to take over."
        )
        messages.success(request, words)
        return redirect("allocation", allocation.pk)
    context = {"form": form, "allocation": allocation}
    return render(request, "teaching/take_over/show.html", context, status=form.status)
