"""What is done on a case besides its moves: papers read, parts checked, references keyed in, letters posted."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core import uploads
from tutti.core.access import Request, allow
from tutti.core.documents import pdf_response
from tutti.core.letters import Letter
from tutti.partners.forms.meeting import MeetingForm
from tutti.partners.forms.reference import KeyInReferenceForm
from tutti.partners.models.applicant import instead_of_applicant
from tutti.partners.models.application_chart import LEADER, MENTOR
from tutti.partners.models.application_check import check_section, uncheck_section
from tutti.partners.models.application_form import find_section
from tutti.partners.models.letter_paper import letter_paper_of
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
    if find_section(found, key) is None:
        raise Http404("nothing is asked there")
    change = uncheck_section if request.POST.get("undo") else check_section
    change(found, request.member, key)
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
    if programme is None or found.mentor_id != request.member.pk:
        messages.error(request, "No mentoring of yours runs here.")
        return redirect("application", found.pk)
    form = MeetingForm(request.POST or None, programme)
    if form.saved(by=request.member):
        return redirect("application", found.pk)
    return render(
        request, "partners/application/meeting.html", {"application": found, "form": form}, status=form.status
    )


@allow(LEADER, MENTOR)
def case_letter(request: Request, application_pk: int, letter_pk: int) -> HttpResponse:
    """A letter to print; sent as a form, it is noted as posted."""
    found = sent_in(request, application_pk)
    letter = get_object_or_404(Letter.objects.about(found).filter(state=Letter.State.TO_POST), pk=letter_pk)
    if request.method != "POST":
        return pdf_response(letter_paper_of(letter, found), f"letter-{letter.pk}")
    letter.post(request.member)
    return redirect("application", found.pk)
