"""The academic year: terms, half terms, teaching weeks and lesson weeks (W1, W2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.forms.term import LessonWeeksForm, terms_form
from tutti.schools.models import AcademicYear, Closure, School
from tutti.schools.models.closing import read_closings, split_over
from tutti.schools.models.term import add_year


@allow(Permission.MANAGE_YEAR)
def year(request: Request) -> HttpResponse:
    """The year that runs; a service without one is asked for its first."""
    running = AcademicYear.objects.visible_to(request.member).on(today())  # type: ignore[attr-defined]
    return redirect("year_of", running.pk) if running else redirect("year_add")


@allow(Permission.MANAGE_YEAR)
def year_of(request: Request, academicyear_pk: int) -> HttpResponse:
    """One year: its terms to change, its weeks to mark."""
    years = AcademicYear.objects.visible_to(request.member)  # type: ignore[attr-defined]
    shown = get_object_or_404(years, pk=academicyear_pk)
    form = terms_form(request.POST or None, service_id=shown.service_id, year=shown)
    if request.method == "POST" and form.is_valid() and form.save(shown, request.member):
        messages.success(request, f"The terms of {shown} are saved.")
        return redirect("year_of", shown.pk)
    context = {"year": shown, "years": years, "form": form, "terms": shown.terms.prefetch_related("weeks")}
    context |= {"weeks": shown.count_weeks(), "current": Week.current()}
    closures = Closure.objects.visible_to(request.member).of_year(shown)  # type: ignore[attr-defined]
    context |= split_over(read_closings(closures)) | {"own": School.objects.with_own_dates(shown)}
    return render(request, "schools/term/show.html", context, status=422 if request.method == "POST" else 200)


@allow(Permission.MANAGE_YEAR)
def year_add(request: Request) -> HttpResponse:
    """The next year, or the first: the usual three terms, or last year's dates 52 weeks on."""
    last = AcademicYear.objects.visible_to(request.member).last()  # type: ignore[attr-defined]
    form = terms_form(request.POST or None, service_id=request.member.service_id, like=last)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        added = add_year(request.service, request.member, form.terms, form.lessons)  # type: ignore[attr-defined]
        messages.success(request, f"The academic year {added} is added.")
        return redirect("year_of", added.pk)
    context = {"form": form, "last": last}
    return render(request, "schools/term/add.html", context, status=422 if request.method == "POST" else 200)


@allow(Permission.MANAGE_YEAR)
@require_POST
def lesson_weeks(request: Request, academicyear_pk: int) -> HttpResponse:
    """Which teaching weeks are lesson weeks; the others are spare (W2)."""
    shown = get_object_or_404(AcademicYear.objects.visible_to(request.member), pk=academicyear_pk)  # type: ignore[attr-defined]
    form = LessonWeeksForm(request.POST, year=shown)
    if form.is_valid() and form.save(request.member):
        messages.success(request, f"{len(form.cleaned_data['week'])} lesson weeks are marked.")
    else:
        messages.error(request, form.refusal or "The weeks of this year have changed meanwhile. Look at them again.")
    return redirect("year_of", shown.pk)
