"""Long work in the background: how far it is, stop it, let it go on (B6)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.runs import Run
from tutti.people.roles import Permission


@allow(Permission.MANAGE_SCHOOLS)
def runs(request: Request) -> HttpResponse:
    """Every run, the newest first."""
    found = (
        Run.objects.visible_to(request.member)
        .select_related("by")
        .defer("report", "order")
        .order_by("-started_at", "-pk")
    )
    return render(request, "front/run/list.html", {"page": Paginator(found, 50).get_page(request.GET.get("page"))})


@allow(Permission.MANAGE_SCHOOLS)
def run(request: Request, run_pk: int) -> HttpResponse:
    """One run with its report; while it is not finished the page comes again by itself."""
    shown = get_object_or_404(Run.objects.visible_to(request.member), pk=run_pk)
    response = render(request, "front/run/show.html", {"run": shown})
    if shown.is_unfinished:
        response["Refresh"] = "3"
    return response


@allow(Permission.MANAGE_SCHOOLS)
@require_POST
def run_stop(request: Request, run_pk: int) -> HttpResponse:
    """Ends it after the step it is at."""
    stopped = get_object_or_404(Run.objects.visible_to(request.member), pk=run_pk)
    if stopped.is_unfinished:
        stopped.stop()
        messages.success(request, "It stops after the step it is at. What is done stays done.")
    return redirect("run", run_pk)


@allow(Permission.MANAGE_SCHOOLS)
@require_POST
def run_go_on(request: Request, run_pk: int) -> HttpResponse:
    """Starts it again; what was done is found done."""
    found = get_object_or_404(Run.objects.visible_to(request.member), pk=run_pk)
    if not found.go_on():
        messages.error(request, "Another run of this is under way.")
    return redirect("run", run_pk)
