"""Teachers: found, added, changed and invited by the office; nobody adds themself (H1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core import tables
from tutti.core.access import Request, allow
from tutti.people.forms.teacher import NewTeacherForm, TeacherForm, TeachersFilterForm
from tutti.people.models import Member, Office
from tutti.people.models.member import TEACHER_COLUMNS, add_member
from tutti.people.roles import TEACHER, Permission

DOWNLOADS = {"csv": tables.csv_response, "xlsx": tables.xlsx_response}


@allow(Permission.SEE_TEACHERS)
def teachers(request: Request) -> HttpResponse:
    """The list, filtered by name, area office and whether they have joined; as a page, CSV or Excel."""
    by = request.member  # type: ignore[attr-defined]
    form = TeachersFilterForm(request.GET)
    form.is_valid()
    found = Member.objects.visible_to(by).teachers().select_related("person", "office").found_by(**form.cleaned_data)
    if download := DOWNLOADS.get(request.GET.get("as", "")):
        return download("teachers", TEACHER_COLUMNS, (teacher.as_row for teacher in found))
    context = {
        "form": form,
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "offices": Office.objects.visible_to(by),
        "querystring": form.querystring,
        "may_manage": by.may(Permission.MANAGE_TEACHERS),
        "may_manage_all": by.may(Permission.MANAGE_SERVICE),
        "waiting": Member.objects.visible_to(by).teachers().not_yet_joined().count(),
    }
    return render(request, "people/teacher/list.html", context)


@allow(Permission.MANAGE_TEACHERS)
def teacher_add(request: Request) -> HttpResponse:
    """Add one teacher, invited by e-mail at once or later."""
    by = request.member  # type: ignore[attr-defined]
    form = NewTeacherForm(request.POST or None, by=by)
    if form.is_valid():
        invite = form.cleaned_data.pop("invite")
        teacher = add_member(by.service, by, roles=[TEACHER.name], invite=invite, **form.cleaned_data)
        messages.success(request, f"{teacher.name} is added{' and invited' if invite else ''}.")
        return redirect("teachers")
    return render(request, "people/teacher/change.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(Permission.MANAGE_TEACHERS)
def teacher_change(request: Request, member_pk: int) -> HttpResponse:
    """Change what is known of a teacher."""
    by = request.member  # type: ignore[attr-defined]
    found = Member.objects.visible_to(by).teachers().changeable_by(by).select_related("person", "office")
    teacher = get_object_or_404(found, pk=member_pk)
    form = TeacherForm(request.POST or None, by=by, member=teacher)
    if form.is_valid():
        teacher.change(by, **form.cleaned_data)
        messages.success(request, f"{teacher.name} is saved.")
        return redirect("teachers")
    context = {"form": form, "teacher": teacher}
    return render(request, "people/teacher/change.html", context, status=422 if form.is_bound else 200)
