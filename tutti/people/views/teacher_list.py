"""Many teachers at once: send a list, look at what would become of it, take it in (B4)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core import tables
from tutti.core.access import Request, allow
from tutti.people.forms.teacher import TeacherListForm, rows_typed
from tutti.people.models import teacher_list
from tutti.people.roles import Permission


@allow(Permission.MANAGE_TEACHERS)
def teachers_import(request: Request) -> HttpResponse:
    """Send a file, or paste it; nothing is written of it but the list itself."""
    if request.GET.get("as") in ("csv", "xlsx"):
        download = tables.csv_response if request.GET["as"] == "csv" else tables.xlsx_response
        return download("teachers-to-fill-in", TeacherListForm.HEADINGS, [])
    form = TeacherListForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            run = teacher_list.keep(form.sheet, request.member)  # type: ignore[attr-defined]
            return redirect("teachers_preview", run.pk)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "people/teacher/import.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(Permission.MANAGE_TEACHERS)
def teachers_preview(request: Request, run_pk: int) -> HttpResponse:
    """What would become of each row; those that are not right can be typed anew here."""
    run = get_object_or_404(teacher_list.lists_of(request.member), pk=run_pk)  # type: ignore[attr-defined]
    if run.is_unfinished:
        return redirect("run", run.pk)
    if request.method == "POST":
        teacher_list.correct(run, rows_typed(request.POST))
        return redirect("teachers_preview", run.pk)
    context = {"run": run, **teacher_list.sorted_out(teacher_list.check(run))}
    return render(request, "people/teacher/preview.html", context)


@allow(Permission.MANAGE_TEACHERS)
@require_POST
def teachers_take_in(request: Request, run_pk: int) -> HttpResponse:
    """Add all that are right, in the background; the others stay in the list."""
    run = get_object_or_404(teacher_list.lists_of(request.member), pk=run_pk)  # type: ignore[attr-defined]
    if not run.is_unfinished:
        teacher_list.correct(run, rows_typed(request.POST))
        teacher_list.take_in(run, invite="invite" in request.POST)
    return redirect("run", run.pk)
