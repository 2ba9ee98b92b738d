"""The national list: send it, look at what it would do, take it in."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.people.roles import Permission
from tutti.schools.forms.national_file import ColumnsForm, NationalFileForm, PickForm
from tutti.schools.models import NationalFile
from tutti.schools.models.national_file import Preview, keep_national

A_PAGE = 25


@allow(Permission.MANAGE_SCHOOLS)
def schools_import(request: Request) -> HttpResponse:
    """Send the list, and perhaps the links."""
    form = NationalFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        name = form.cleaned_data["file"].name
        file = keep_national(request.service, name, form.sheet, form.found_links)  # type: ignore[attr-defined]
        return redirect("schools_import_preview", file.pk)
    waiting = NationalFile.objects.visible_to(request.member)  # type: ignore[attr-defined]
    context = {"form": form, "waiting": waiting}
    return render(request, "schools/national_file/add.html", context, status=422 if form.errors else 200)


@allow(Permission.MANAGE_SCHOOLS)
def schools_import_preview(request: Request, nationalfile_pk: int) -> HttpResponse:
    """What the list would do: counts, and each school of a kind, page by page."""
    file = get_object_or_404(NationalFile.objects.visible_to(request.member), pk=nationalfile_pk)  # type: ignore[attr-defined]
    listed = file.read()
    pick_form = PickForm(request.GET, listed=listed)
    preview = Preview.of(request.service, listed, listed.picked(pick_form.pick), file.links())  # type: ignore[attr-defined]
    kind = preview.kind_to_show(request.GET.get("kind", ""))
    page = Paginator(preview.rows(kind), A_PAGE).get_page(request.GET.get("page"))
    context = {"file": file, "listed": listed, "pick_form": pick_form, "preview": preview, "kind": kind, "page": page}
    context |= {"columns_form": ColumnsForm(None, file=file, columns=listed.columns)}
    context |= {"page_query": f"{pick_form.querystring}&kind={kind}".lstrip("&")}
    return render(request, "schools/national_file/show.html", context)


@allow(Permission.MANAGE_SCHOOLS)
def schools_import_columns(request: Request, nationalfile_pk: int) -> HttpResponse:
    """Say what the columns hold whose headings nobody knows."""
    file = get_object_or_404(NationalFile.objects.visible_to(request.member), pk=nationalfile_pk)  # type: ignore[attr-defined]
    form = ColumnsForm(request.POST or None, file=file, columns=file.read().columns)
    if form.is_valid():
        file.map_columns(form.mapping)
        return redirect("schools_import_preview", file.pk)
    context = {"form": form, "file": file}
    return render(request, "schools/national_file/columns.html", context, status=422 if form.errors else 200)


@allow(Permission.MANAGE_SCHOOLS)
@require_POST
def schools_import_start(request: Request, nationalfile_pk: int) -> HttpResponse:
    """Take in the picked schools in the background."""
    file = get_object_or_404(NationalFile.objects.visible_to(request.member), pk=nationalfile_pk)  # type: ignore[attr-defined]
    listed = file.read()
    pick = PickForm(request.POST, listed=listed).pick
    return redirect("run", file.start(request.member, pick, len(listed.picked(pick))).pk)  # type: ignore[attr-defined]


@allow(Permission.MANAGE_SCHOOLS)
@require_POST
def schools_import_drop(request: Request, nationalfile_pk: int) -> HttpResponse:
    """Throw the file away; nothing of it was taken in."""
    file = get_object_or_404(NationalFile.objects.visible_to(request.member), pk=nationalfile_pk)  # type: ignore[attr-defined]
    file.drop()
    messages.success(request, f"{file.name} is thrown away. Nothing was imported.")
    return redirect("schools_import")
