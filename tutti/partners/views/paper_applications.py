"""Applications that come on paper: keyed in by the office, with the scan, and sent in for the applicant (M2)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.partners.forms.apply import KeyInForm
from tutti.partners.models import Application, Scheme
from tutti.partners.models.applicant import instead_of_applicant
from tutti.partners.models.application_stage import Stage
from tutti.partners.views import application_form as form_pages
from tutti.people.roles import Permission

KEY_IN = Permission.KEY_IN_APPLICATIONS


@allow(KEY_IN)
def paper_applications(request: Request) -> HttpResponse:
    """Those that are not sent in yet, and a new one."""
    scheme = get_object_or_404(Scheme, service=request.service)
    sent = request.method == "POST"
    form = KeyInForm(request.POST if sent else None, request.FILES if sent else None, scheme)
    if form.saved(by=request.member):
        return redirect("paper_application", form.result.pk)
    begun = Application.objects.visible_to(request.member).filter(stage=Stage.DRAFT)
    context = {"form": form, "begun": begun, "scheme": scheme}
    return render(request, "partners/application/paper.html", context, status=form.status)


@allow(KEY_IN)
def paper_application(request: Request, application_pk: int) -> HttpResponse:
    """The list of what is asked."""
    found = _draft(request, application_pk)
    return form_pages.show_tasks(request, found, _base(found))


@allow(KEY_IN)
def paper_application_section(request: Request, application_pk: int, key: str) -> HttpResponse:
    """One section of what is asked."""
    found = _draft(request, application_pk)
    by = instead_of_applicant(found, request.member)
    return form_pages.show_section(request, found, _base(found), key, by)


@allow(KEY_IN)
def paper_application_check(request: Request, application_pk: int) -> HttpResponse:
    """All answers, to check before they are sent in."""
    found = _draft(request, application_pk)
    return form_pages.show_check(request, found, _base(found))


@allow(KEY_IN)
def paper_application_document(request: Request, application_pk: int, applicationdocument_pk: int) -> HttpResponse:
    """A paper of it, to look at or to remove."""
    found = _draft(request, application_pk)
    by = instead_of_applicant(found, request.member)
    return form_pages.serve_document(request, found, _base(found), applicationdocument_pk, by)


@allow(KEY_IN)
@require_POST
def paper_application_delete(request: Request, application_pk: int) -> HttpResponse:
    """Delete one that was keyed in by mistake."""
    found = _draft(request, application_pk)
    form_pages.delete(request, found, instead_of_applicant(found, request.member))
    return redirect("paper_applications")


@allow(KEY_IN)
@require_POST
def paper_application_send(request: Request, application_pk: int) -> HttpResponse:
    """Send it in for the applicant, once nothing is missing."""
    found = _draft(request, application_pk)
    try:
        form_pages.send(found, instead_of_applicant(found, request.member))
        messages.success(request, f"Sent in for {found.name}: {found.reference}. The leader has it now.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("paper_application", found.pk)
    return redirect("paper_applications")


def _draft(request: Request, application_pk: int) -> Application:
    drafts = Application.objects.visible_to(request.member).filter(stage=Stage.DRAFT)
    return get_object_or_404(drafts.select_related("service__scheme"), pk=application_pk)


def _base(application: Application) -> str:
    return reverse("paper_application", args=[application.pk])
