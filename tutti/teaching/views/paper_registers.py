"""Typing in a register that was kept on paper, by the teacher or by the office for one (H9)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.people.roles import Permission
from tutti.teaching.forms.paper_register import PaperRegisterForm, PaperSpanForm
from tutti.teaching.models import Allocation


@allow(Permission.RECORD_REGISTERS, Permission.RECORD_FOR_TEACHERS)
def paper_register(request: Request, allocation_pk: int) -> HttpResponse:
    """Many weeks of one school on one page; one button saves them all."""
    allocations = Allocation.objects.recordable_by(request.member)
    allocation = get_object_or_404(allocations.select_related("school", "teacher", "year", "service"), pk=allocation_pk)
    span = PaperSpanForm(request.GET, allocation)
    is_sent = request.method == "POST"
    weeks = span.posted(request.POST) if is_sent else span.weeks
    form = PaperRegisterForm(request.member, allocation, weeks, request.POST if is_sent else None)
    if form.saved(by=request.member):
        messages.success(request, form.words)
        return redirect("paper_register", allocation.pk)
    is_own = allocation.teacher_id == request.member.pk
    context = {"form": form.lay_out(), "span": span, "allocation": allocation, "is_own": is_own}
    return render(request, "teaching/paper_register/show.html", context, status=form.status)
