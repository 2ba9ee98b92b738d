"""A school's own term dates, and what follows from them (W4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.people.roles import Permission
from tutti.schools.forms.own_dates import own_dates_form
from tutti.schools.models import AcademicYear, School
from tutti.schools.models.own_dates import SchoolYear, set_own_dates


@allow(Permission.MANAGE_YEAR)
def own_dates(request: Request, school_pk: int, academicyear_pk: int) -> HttpResponse:
    """The year's terms as the school keeps them, filled in with the service's."""
    kept = _find(request, school_pk, academicyear_pk)
    form = own_dates_form(request.POST or None, kept)
    if request.method == "POST" and form.is_valid():
        changed = form.save(request.member)
        messages.success(request, "The school’s own dates are saved." if changed else "Nothing is changed.")
        return redirect("own_dates", school_pk, academicyear_pk)
    years = AcademicYear.objects.visible_to(request.member)  # type: ignore[attr-defined]
    context = {"form": form, "kept": kept, "school": kept.school, "year": kept.year, "years": years}
    return render(request, "schools/own_dates/show.html", context, status=422 if request.method == "POST" else 200)


@allow(Permission.MANAGE_YEAR)
@require_POST
def own_dates_clear(request: Request, school_pk: int, academicyear_pk: int) -> HttpResponse:
    """The school keeps the service's terms after all."""
    kept = _find(request, school_pk, academicyear_pk)
    set_own_dates(kept.school, kept.year, request.member, {})
    messages.success(request, f"{kept.school} keeps the service’s dates again.")
    return redirect("own_dates", school_pk, academicyear_pk)


def _find(request: Request, school_pk: int, academicyear_pk: int) -> SchoolYear:
    school = get_object_or_404(School.objects.visible_to(request.member), pk=school_pk)  # type: ignore[attr-defined]
    year = get_object_or_404(AcademicYear.objects.visible_to(request.member), pk=academicyear_pk)  # type: ignore[attr-defined]
    return SchoolYear(school, year)
