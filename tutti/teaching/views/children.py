"""The office puts pupils right: two who are one child, and one who changes school (P3, P5)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear
from tutti.teaching.forms.child import CompareForm
from tutti.teaching.forms.school_move import SchoolMoveForm
from tutti.teaching.models import Pupil


@allow(Permission.ALLOCATE)
def pupil_compare(request: Request, pupil_pk: int) -> HttpResponse:
    """A pupil beside those who may be the same child, each with their places."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.member).select_related("school"), pk=pupil_pk)
    form = CompareForm(request.POST or None, pupil)
    if form.saved(by=request.member):
        messages.success(request, form.result)
        return redirect("pupil", form.kept.pk)
    shown = Pupil.objects.with_places().filter(pk__in=[pupil.pk, *(other.pk for other in form.others)])
    by_pk = {one.pk: one for one in shown}
    pairs = [[by_pk[pupil.pk], by_pk[other.pk]] for other in form.others]
    context = {"form": form, "pupil": pupil, "pairs": pairs}
    return render(request, "teaching/child/compare.html", context, status=form.status)


@allow(Permission.ALLOCATE)
def pupil_move(request: Request, pupil_pk: int) -> HttpResponse:
    """To another school from a week on; what was recorded stays with the old one."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.member).select_related("school"), pk=pupil_pk)
    year = AcademicYear.objects.visible_to(request.member).on(today())
    if year is None:
        return render(request, "teaching/allocation/no_year.html")
    form = SchoolMoveForm(request.POST or None, request.member, pupil, year, Week.current())
    if form.saved(by=request.member):
        messages.success(
            request, f"{form.result} goes to {form.result.school} now. A teacher there gives the new place."
        )
        return redirect("pupil", form.result.pk)
    context = {"form": form, "pupil": pupil, "running": pupil.places_for(request.member).not_over(Week.current())}
    return render(request, "teaching/child/move.html", context, status=form.status)
