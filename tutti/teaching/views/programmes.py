"""Programmes: First Access and projects, set up by the office only (H4, P8)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear
from tutti.teaching.forms.programme import ProgrammeAddForm, ProgrammeChangeForm, ProgrammeListForm
from tutti.teaching.models import Lesson
from tutti.teaching.models.second_teacher import large_groups


@allow(Permission.ALLOCATE, Permission.SEE_TEACHERS)
def programmes(request: Request) -> HttpResponse:
    """This year's, as a list to filter and to take away."""
    year = AcademicYear.objects.visible_to(request.member).on(today())
    form = ProgrammeListForm(request.GET, request.member, year)
    if request.GET.get("as"):
        return form.download(request.GET["as"])
    page = Paginator(form.found(), 50).get_page(request.GET.get("page"))
    asked = urlencode({name: request.GET[name] for name in form.fields if request.GET.get(name)})
    may_change = request.member.may(Permission.ALLOCATE)
    context = {"form": form, "page": page, "year": year, "asked": asked, "may_change": may_change}
    context["groups"] = large_groups(request.member, year)
    return render(request, "teaching/programme/list.html", context)


@allow(Permission.ALLOCATE)
def programme_add(request: Request) -> HttpResponse:
    year = AcademicYear.objects.visible_to(request.member).on(today())
    if year is None:
        return render(request, "teaching/allocation/no_year.html")
    form = ProgrammeAddForm(request.POST or None, request.member, year)
    if form.saved(by=request.member):
        messages.success(request, f"{form.result} is set up.")
        return redirect("programmes")
    return render(request, "teaching/programme/add.html", {"form": form, "year": year}, status=form.status)


@allow(Permission.ALLOCATE)
def programme_change(request: Request, lesson_pk: int) -> HttpResponse:
    lesson = get_object_or_404(Lesson.objects.visible_to(request.member).programmes(), pk=lesson_pk)
    form = ProgrammeChangeForm(request.POST or None, lesson, Week.current())
    if form.saved(by=request.member):
        messages.success(request, f"{lesson} is changed." if form.result else "Nothing was changed.")
        return redirect("programmes")
    return render(request, "teaching/programme/change.html", {"form": form, "lesson": lesson}, status=form.status)
