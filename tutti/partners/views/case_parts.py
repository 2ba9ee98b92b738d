"""What is done on a case besides its moves: papers read, parts checked, references keyed in, addresses put right."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core import uploads
from tutti.core.access import Request, allow
from tutti.partners.forms.contact import ContactForm, RefereeForm
from tutti.partners.forms.meeting import MeetingForm
from tutti.partners.forms.reference import KeyInReferenceForm
from tutti.partners.models.applicant import instead_of_applicant
from tutti.partners.models.application_chart import LEADER, MENTOR
from tutti.partners.models.application_check import CHECKED, check_section, uncheck_section
from tutti.partners.views.applications import sent_in


@allow(LEADER, MENTOR)
def case_document(request: Request, application_pk: int, applicationdocument_pk: int) -> HttpResponse:
    """A paper of the application, as a download."""
    found = get_object_or_404(sent_in(request, application_pk).documents, pk=applicationdocument_pk)
    return uploads.response(found.kept_as, found.file_name)


@allow(LEADER, MENTOR)
@require_POST
def case_check(request: Request, application_pk: int, key: str) -> HttpResponse:
    """Say that a part was looked at and is in order, or take it back."""
    found = sent_in(request, application_pk)
    if key not in CHECKED:
        raise Http404("nothing is to be checked there")
    change = uncheck_section if request.POST.get("undo") else check_section
    try:
        change(found, request.member, key)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(f"{reverse('application', args=[found.pk])}#{key}")


@allow(LEADER)
@require_POST
def case_withdraw(request: Request, application_pk: int) -> HttpResponse:
    """The applicant withdraws by telephone or letter (A4)."""
    found = sent_in(request, application_pk)
    try:
        found.withdraw(instead_of_applicant(found, request.member), why="By telephone or letter.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("application", found.pk)


@allow(LEADER)
def referee_answer(request: Request, application_pk: int, referee_pk: int) -> HttpResponse:
    """Key in what a referee wrote on paper or said (A2)."""
    found = sent_in(request, application_pk)
    referee = get_object_or_404(found.referees, pk=referee_pk)
    form = KeyInReferenceForm(request.POST or None, referee)
    if form.saved(by=request.member):
        return redirect("application", found.pk)
    context = {"application": found, "referee": referee, "form": form}
    return render(request, "partners/reference/key_in.html", context, status=form.status)


@allow(MENTOR)
def mentoring_meeting(request: Request, application_pk: int) -> HttpResponse:
    """The mentor notes a meeting (M8)."""
    found = sent_in(request, application_pk)
    programme = found.programme
    form = MeetingForm(request.POST or None, programme)
    if programme is None or found.mentor_id != request.member.pk:
        if found.mentor_id != request.member.pk or not form.is_bound:
            messages.error(request, "No mentoring of yours runs here.")
            return redirect("application", found.pk)
        form.add_error(None, "The mentoring was ended in the meantime.")
    elif form.saved(by=request.member):
        return redirect("application", found.pk)
    return render(
        request, "partners/application/meeting.html", {"application": found, "form": form}, status=form.status
    )


@allow(LEADER)
def case_contact(request: Request, application_pk: int) -> HttpResponse:
    """How the applicant is called and reached, put right."""
    found = sent_in(request, application_pk)
    form = ContactForm(request.POST or None, found)
    if form.saved(by=request.member):
        messages.success(request, "Saved." if form.result else "Nothing differed.")
        return redirect("application", found.pk)
    context = {"application": found, "form": form}
    return render(request, "partners/application/contact.html", context, status=form.status)


@allow(LEADER)
def referee_change(request: Request, application_pk: int, referee_pk: int) -> HttpResponse:
    """Ask a referee at another address, or somebody else instead (A2)."""
    found = sent_in(request, application_pk)
    referee = get_object_or_404(found.referees, pk=referee_pk)
    form = RefereeForm(request.POST or None, referee)
    if form.saved(by=request.member):
        messages.success(request, f"A letter to {form.cleaned_data['name']} is written.")
        return redirect("application", found.pk)
    context = {"application": found, "referee": referee, "form": form}
    return render(request, "partners/reference/change.html", context, status=form.status)
