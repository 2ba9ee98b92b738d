"""The report of an observation: written by the mentor, read by the leader, shared with the teacher (M7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.documents import pdf_response
from tutti.partners.forms.report import ReportForm
from tutti.partners.models import Application
from tutti.partners.models.application_chart import LEADER, MENTOR
from tutti.partners.models.report_paper import report_paper_of
from tutti.partners.views.applications import sent_in


@allow(LEADER, MENTOR)
def application_report(request: Request, application_pk: int) -> HttpResponse:
    """The report that is being written; saved as it is typed. Once it is sent its reader is led to it."""
    found = sent_in(request, application_pk)
    seen = found.observation
    if seen is None or found.stage != Application.Stage.OBSERVED or found.mentor_id != request.member.pk:
        if seen and seen.sent_at:
            return redirect("observation_report", found.pk, seen.pk)
        messages.error(request, "There is no report to read yet.")
        return redirect("application", found.pk)
    form = ReportForm(request.POST or None, seen)
    if form.saved(by=request.member):
        if request.headers.get("X-Tutti"):
            return HttpResponse(status=204)
        then = "application_recommend" if request.POST.get("then") == "send" else "application_report"
        return redirect(then, found.pk)
    context = {"application": found, "observation": seen, "form": form}
    return render(request, "partners/application/report_form.html", context, status=form.status)


@allow(LEADER, MENTOR)
def observation_report(request: Request, application_pk: int, observation_pk: int) -> HttpResponse:
    """A report that was sent."""
    found = sent_in(request, application_pk)
    seen = get_object_or_404(found.observations.exclude(sent_at=None), pk=observation_pk)
    return render(request, "partners/application/report.html", {"application": found, "observation": seen})


@allow(LEADER, MENTOR)
def observation_report_pdf(request: Request, application_pk: int, observation_pk: int) -> HttpResponse:
    """The same to print."""
    found = sent_in(request, application_pk)
    seen = get_object_or_404(found.observations.exclude(sent_at=None), pk=observation_pk)
    return pdf_response(report_paper_of(seen), f"report-{seen.pk}")
