"""Applications as the leader and the mentors work through them: pipeline, case, moves, report (M3 to M10)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.partners.forms.application_move import FORMS
from tutti.partners.forms.report import ReportForm
from tutti.partners.models import Application
from tutti.partners.models.application_chart import LEADER, MENTOR
from tutti.partners.models.case_page import read_case, read_pipeline


@allow(LEADER, MENTOR)
def applications(request: Request) -> HttpResponse:
    """What waits for whoever looks, and all the others, the oldest first."""
    return render(request, "partners/application/list.html", {"pipeline": read_pipeline(request.member)})


@allow(LEADER, MENTOR)
def application(request: Request, application_pk: int) -> HttpResponse:
    """The case on one page: who, where it stands, the moves that are theirs to make, what happened."""
    found = get_object_or_404(Application.objects.visible_to(request.member), pk=application_pk)
    return render(request, "partners/application/show.html", {"case": read_case(found, request.member)})


@allow(LEADER, MENTOR)
def application_move(request: Request, application_pk: int, move: str) -> HttpResponse:
    """One move, with the letter that it sends, shown before it goes out."""
    found = get_object_or_404(Application.objects.visible_to(request.member), pk=application_pk)
    chosen = next((one for one in found.moves_open_to(request.member) if one.name == move), None)
    if chosen is None:
        messages.error(request, "That is not to be done now. Somebody may have moved the application on.")
        return redirect("application", found.pk)
    form = FORMS[move](request.POST or None, found, request.member)
    if form.saved(by=request.member):
        messages.success(request, f"{chosen.says[:1].upper()}{chosen.says[1:]}.")
        return redirect("application", found.pk)
    context = {"form": form, "application": found, "move": chosen}
    return render(request, "partners/application/move.html", context, status=form.status)


@allow(LEADER, MENTOR)
def application_report(request: Request, application_pk: int) -> HttpResponse:
    """The report: the mentor writes it, and who may see the case reads it once it is sent."""
    found = get_object_or_404(Application.objects.visible_to(request.member), pk=application_pk)
    seen = found.observation
    is_writing = found.stage == Application.Stage.OBSERVED and found.mentor_id == request.member.pk
    if seen is None or not (is_writing or seen.sent_at):
        messages.error(request, "There is no report to read yet.")
        return redirect("application", found.pk)
    form = ReportForm(request.POST or None, seen)
    if is_writing and form.saved(by=request.member):
        messages.success(request, "Saved. Nobody else reads it until you send it.")
        return redirect("application_report", found.pk)
    context = {"application": found, "observation": seen, "form": form, "is_writing": is_writing}
    return render(request, "partners/application/report.html", context, status=form.status if is_writing else 200)
