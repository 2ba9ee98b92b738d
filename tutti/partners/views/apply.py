"""The scheme for the world, and an application as its applicant fills it in and follows it, by a link (M1, M2)."""

from __future__ import annotations

from collections.abc import Callable

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core.access import Request, public
from tutti.core.calendar import today
from tutti.core.documents import pdf_response
from tutti.partners.forms.apply import BeginForm
from tutti.partners.models import Application, ApplicationLink, Scheme
from tutti.partners.models.applicant import applicant_of
from tutti.partners.models.application_form import read_form
from tutti.partners.models.application_next import WHAT_COMES_NEXT
from tutti.partners.models.application_stage import APPLICANT_READS, Stage
from tutti.partners.models.observation import shared_reports
from tutti.partners.models.paper_form import paper_form_of
from tutti.partners.models.report_paper import report_paper_of
from tutti.partners.views import application_form as form_pages


@public
def scheme(request: Request) -> HttpResponse:
    """What the scheme is, what it asks and gives; and the beginning of an application."""
    found = get_object_or_404(Scheme.objects.select_related("service"), service=request.service)
    form = BeginForm(request.POST or None, found, lambda: bool(ratelimit.consume(request, action="begin_application")))
    if form.saved(by=None):
        return render(request, "partners/scheme/sent.html", {"scheme": found, "email": form.cleaned_data["email"]})
    return render(request, "partners/scheme/show.html", {"scheme": found, "form": form}, status=form.status)


@public
def paper_form(request: Request) -> HttpResponse:
    """The form to print and to fill in with a pen (M2, A1)."""
    found = get_object_or_404(Scheme.objects.select_related("service"), service=request.service)
    return pdf_response(paper_form_of(found, today()), "application-form")


@public
def application_status(request: Request, secret: str) -> HttpResponse:
    """Where it stands; while it is a draft, the list of what is asked."""
    found = _application(request, secret)
    if found is None:
        return _no_link(request)
    if found.stage == Stage.DRAFT:
        return form_pages.show_tasks(request, found, _base(secret))
    stage, partner = Stage(found.stage), getattr(found, "partner", None)
    context = {
        "application": found,
        "words": APPLICANT_READS[stage],
        "next": WHAT_COMES_NEXT.get(stage),
        "secret": secret,
    }
    context |= {"can_withdraw": bool(found.moves_open_to(applicant_of(found))), "shared_reports": shared_reports(found)}
    context |= {"sent": read_form(found, ""), "is_listed": bool(partner and partner.is_listed(today()))}
    return render(request, "partners/apply/status.html", context)


@public
def own_report(request: Request, secret: str, observation_pk: int) -> HttpResponse:
    """A report about oneself, once it was decided on (M7)."""
    seen = next((one for one in shared_reports(application_of(request, secret)) if one.pk == observation_pk), None)
    if seen is None:
        raise Http404("no report of theirs")
    return pdf_response(report_paper_of(seen, for_teacher=True), f"report-{seen.pk}")


@public
def application_section(request: Request, secret: str, key: str) -> HttpResponse:
    """One section of what is asked."""
    found = _application(request, secret)
    if found is None:
        return _no_link(request)
    return form_pages.show_section(request, found, _base(secret), key, applicant_of(found))


@public
def application_check(request: Request, secret: str) -> HttpResponse:
    """All answers, to check before they are sent."""
    found = _application(request, secret)
    return form_pages.show_check(request, found, _base(secret)) if found else _no_link(request)


@public
def application_document(request: Request, secret: str, applicationdocument_pk: int) -> HttpResponse:
    """A paper of one's own, to look at or to remove."""
    found = application_of(request, secret)
    return form_pages.serve_document(request, found, _base(secret), applicationdocument_pk, applicant_of(found))


@public
@require_POST
def application_delete(request: Request, secret: str) -> HttpResponse:
    """The applicant wants what was never sent in gone."""
    found = _application(request, secret)
    if found is None:
        return _no_link(request)
    if form_pages.delete(request, found, applicant_of(found)):
        return redirect("scheme")
    return redirect("application_status", secret)


@public
@require_POST
def application_send(request: Request, secret: str) -> HttpResponse:
    """Send it in, once nothing is missing."""
    return _move(request, secret, lambda found: form_pages.send(found, applicant_of(found)))


@public
@require_POST
def application_withdraw(request: Request, secret: str) -> HttpResponse:
    """The applicant withdraws."""
    why = request.POST.get("why", "").replace("\0", "")[:500]
    return _move(request, secret, lambda found: found.withdraw(applicant_of(found), why=why))


def _move(request: Request, secret: str, make: Callable[[Application], None]) -> HttpResponse:
    """Make a move of the applicant's and go back to where it stands; what stands against it is said there."""
    found = _application(request, secret)
    if found is None:
        return _no_link(request)
    try:
        make(found)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("application_status", secret)


def application_of(request: Request, secret: str) -> Application:
    """The application of a link that still works; 404 for any other."""
    found = _application(request, secret)
    if found is None:
        raise Http404("the link has ended")
    return found


def _application(request: Request, secret: str) -> Application | None:
    """The application of a link that still works."""
    if request.service is None:
        raise Http404("no service")
    links = ApplicationLink.objects.with_secret(request.service, secret)
    link = links.select_related("application__service__scheme", "application__mentor", "application__partner").first()
    return link.application if link and not link.is_over else None


def _base(secret: str) -> str:
    return reverse("application_status", args=[secret])


def _no_link(request: Request) -> HttpResponse:
    return render(request, "partners/apply/no_link.html", status=410)
