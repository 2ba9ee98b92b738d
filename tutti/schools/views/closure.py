"""A school that is closed for a whole week (W4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import today
from tutti.people.roles import Permission
from tutti.schools.forms.closure import ClosureForm
from tutti.schools.models import AcademicYear, Closure, School


@allow(Permission.MANAGE_YEAR)
def closure_add(request: Request, school_pk: int) -> HttpResponse:
    """Say which week and why."""
    school = get_object_or_404(School.objects.visible_to(request.member), pk=school_pk)  # type: ignore[attr-defined]
    year = AcademicYear.objects.visible_to(request.member).on(today())  # type: ignore[attr-defined]
    form = ClosureForm(request.POST or None, school=school, year=year)
    if form.is_valid():
        closure = school.close_for_week(request.member, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, f"Closed in the week commencing {closure.week_words}.")
        return redirect(school)
    context = {"form": form, "school": school, "year": year}
    return render(request, "schools/closure/add.html", context, status=422 if form.errors else 200)


@allow(Permission.MANAGE_YEAR)
@require_POST
def closure_remove(request: Request, closure_pk: int) -> HttpResponse:
    """The school is open after all."""
    closure = get_object_or_404(Closure.objects.visible_to(request.member).select_related("school"), pk=closure_pk)  # type: ignore[attr-defined]
    closure.remove(request.member)  # type: ignore[attr-defined]
    messages.success(request, f"Open again in the week commencing {closure.week_words}.")
    return redirect(closure.school)
