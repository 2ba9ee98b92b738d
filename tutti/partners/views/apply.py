"""The scheme for the world, and an application as its applicant sees it, by a link (M1, M2)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, public
from tutti.partners.forms.apply import AnswersForm, BeginForm
from tutti.partners.models import Application, ApplicationLink, Scheme
from tutti.partners.models.applicant import Applicant
from tutti.partners.models.application_answers import missing_answers
from tutti.partners.models.application_stage import APPLICANT_READS, Stage


@public
def scheme(request: Request) -> HttpResponse:
    """What the scheme is, what it asks and gives; and the beginning of an application."""
    found = get_object_or_404(Scheme.objects.select_related("service"), service=request.service)
    form = BeginForm(request.POST or None, found)
    if form.saved(by=None):
        return render(request, "partners/scheme/sent.html", {"scheme": found, "email": form.cleaned_data["email"]})
    return render(request, "partners/scheme/show.html", {"scheme": found, "form": form}, status=form.status)


@public
def application_status(request: Request, secret: str) -> HttpResponse:
    """Where it stands; while it is a draft, the form itself."""
    found = _application(request, secret)
    if found is None:
        return render(request, "partners/apply/no_link.html", status=410)
    context = {"application": found, "words": APPLICANT_READS[Stage(found.stage)], "secret": secret}
    if found.stage != Stage.DRAFT:
        context["can_withdraw"] = bool(found.moves_open_to(_who(found)))
        return render(request, "partners/apply/status.html", context)
    form = AnswersForm(request.POST or None, found)
    if form.saved(by=_who(found)):
        messages.success(request, "Saved.")
        return redirect("application_status", secret)
    context |= {"form": form, "missing": missing_answers(found)}
    return render(request, "partners/apply/form.html", context, status=form.status)


@public
@require_POST
def application_send(request: Request, secret: str) -> HttpResponse:
    """Send it in, once nothing is missing."""
    return _move(request, secret, _send)


@public
@require_POST
def application_withdraw(request: Request, secret: str) -> HttpResponse:
    """The applicant withdraws."""
    why = request.POST.get("why", "")[:500]
    return _move(request, secret, lambda found: found.withdraw(_who(found), why=why))


def _send(application: Application) -> None:
    if missing_answers(application):
        raise ValidationError("Something is still missing.")
    application.send(_who(application))


def _move(request: Request, secret: str, make: Callable[[Application], None]) -> HttpResponse:
    """Make a move of the applicant's and go back to where it stands; what stands against it is said there."""
    found = _application(request, secret)
    if found is None:
        return render(request, "partners/apply/no_link.html", status=410)
    try:
        make(found)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("application_status", secret)


def _application(request: Request, secret: str) -> Application | None:
    """The application of a link that still works."""
    if request.service is None:
        raise Http404("no service")
    link = ApplicationLink.objects.with_secret(request.service, secret).first()
    return link.application if link and not link.is_over else None


def _who(application: Application) -> Applicant:
    return Applicant(application.pk, application.name)
