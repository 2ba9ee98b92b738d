"""A referee answers, on a page that a link opens; no account is needed (A2)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from tutti.core.access import Request, public
from tutti.partners.forms.reference import ReferenceForm
from tutti.partners.models import RefereeLink


@public
def reference(request: Request, secret: str) -> HttpResponse:
    """What they write is sent once; after that, or too late, the page says so."""
    if request.service is None:
        raise Http404("no service")
    links = RefereeLink.objects.with_secret(request.service, secret)
    link = links.select_related("referee__application", "referee__service").first()
    if link is None or not link.is_open:
        answered = link is not None and link.referee.has_answered
        return render(request, "partners/reference/over.html", {"answered": answered}, status=410)
    found = link.referee
    if request.method == "POST" and "X-Tutti" in request.headers:
        found.keep_typed(request.POST.get("answer", ""))
        return HttpResponse(status=204)
    form = ReferenceForm(request.POST or None, found)
    if form.saved(by=None):
        if form.result:
            return render(request, "partners/reference/over.html", {"answered": True})
        return render(request, "partners/reference/over.html", {"typed": form.cleaned_data["answer"]}, status=410)
    context = {"referee": found, "application": found.application, "form": form}
    return render(request, "partners/reference/show.html", context, status=form.status)
