"""Schools that are closed for whole weeks: one, those of an area office, or all (W4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import today
from tutti.core.templatetags.tutti import counted
from tutti.people.roles import Permission
from tutti.schools.forms.closure import ClosureForm
from tutti.schools.models import AcademicYear, Closure, School
from tutti.schools.models.closing import open_again


@allow(Permission.MANAGE_YEAR)
def closure_add(request: Request, school_pk: int) -> HttpResponse:
    """From a school's page: this school unless others are chosen."""
    school = get_object_or_404(School.objects.visible_to(request.member), pk=school_pk)  # type: ignore[attr-defined]
    year = AcademicYear.objects.visible_to(request.member).on(today())  # type: ignore[attr-defined]
    form = ClosureForm(request.POST or None, member=request.member, year=year, school=school)
    return _close(request, form, school.get_absolute_url())


@allow(Permission.MANAGE_YEAR)
def closing_add(request: Request, academicyear_pk: int) -> HttpResponse:
    """From the year's page: the schools of an area office, or all."""
    year = get_object_or_404(AcademicYear.objects.visible_to(request.member), pk=academicyear_pk)  # type: ignore[attr-defined]
    form = ClosureForm(request.POST or None, member=request.member, year=year)
    return _close(request, form, reverse("year_of", args=[year.pk]))


def _close(request: Request, form: ClosureForm, back: str) -> HttpResponse:
    """Which weeks and why; then, where it is more than a week of one school, what it means; then do it."""
    move, context = request.POST.get("move", ""), {"form": form, "school": form.school, "year": form.year, "back": back}
    if not form.is_valid() or move == "back":
        return render(request, "schools/closure/add.html", context, status=422 if form.errors else 200)
    if form.needs_a_look and move != "save":
        return render(request, "schools/closure/look.html", context)
    closed = form.save(request.member)
    messages.success(request, _done(form, closed))
    return redirect(back if form.is_of_one else reverse("year_of", args=[form.year.pk]))  # type: ignore[union-attr]


def _done(form: ClosureForm, closed: int) -> str:
    weeks = f"the {'weeks' if len(form.cleaned_data['week']) > 1 else 'week'} commencing {form.week_words}"
    if not closed:
        return f"Closed in {weeks} already. Nothing is changed."
    return f"Closed in {weeks}." if form.is_of_one else f"{counted(closed, 'school')} closed in {weeks}."


@allow(Permission.MANAGE_YEAR)
@require_POST
def closure_remove(request: Request, closure_pk: int) -> HttpResponse:
    """One school is open after all in one week."""
    found = Closure.objects.visible_to(request.member).said().select_related("school")  # type: ignore[attr-defined]
    closure = get_object_or_404(found, pk=closure_pk)
    open_again(closure, request.member)
    messages.success(request, f"Open again in the week commencing {closure.week_words}.")
    return redirect(closure.school)


@allow(Permission.MANAGE_YEAR)
@require_POST
def closing_remove(request: Request, closure_pk: int) -> HttpResponse:
    """All that was closed together with this is open after all."""
    closure = get_object_or_404(Closure.objects.visible_to(request.member).said(), pk=closure_pk)  # type: ignore[attr-defined]
    year = AcademicYear.objects.visible_to(request.member).filter(weeks__monday=closure.week).first()  # type: ignore[attr-defined]
    opened = open_again(closure, request.member, together=True)
    messages.success(request, f"{counted(opened, 'school')} open again. Teaching is expected there as before.")
    return redirect("year_of", year.pk) if year else redirect("year")
