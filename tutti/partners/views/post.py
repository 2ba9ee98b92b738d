"""Letters for who has no e-mail address: printed with what is enclosed, and noted as posted (M2)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core import uploads
from tutti.core.access import Request, allow
from tutti.core.documents import pdf_response
from tutti.core.letters import Letter
from tutti.partners.models import Application
from tutti.partners.models.application_chart import LEADER, MENTOR
from tutti.partners.models.letter_paper import letter_paper_of, letters_to_post
from tutti.people.roles import Permission

KEY_IN = Permission.KEY_IN_APPLICATIONS


@allow(LEADER, KEY_IN)
def post(request: Request) -> HttpResponse:
    """All that wait to be posted, the oldest first."""
    return render(request, "partners/application/post.html", {"letters": letters_to_post(request.service)})


@allow(LEADER, MENTOR, KEY_IN)
def posted_letter(request: Request, letter_pk: int) -> HttpResponse:
    """A letter to print, or with `enclosed` what goes into the same envelope; sent as a form, it is noted as posted."""
    letter, application = _find(request, letter_pk)
    enclosed = {str(number): one for number, one in enumerate(letter.enclosed, 1)}
    if one := enclosed.get(request.GET.get("enclosed", "")):
        return uploads.response(one["kept_as"], one["name"].rpartition(".")[0])
    if request.method != "POST":
        return pdf_response(letter_paper_of(letter, application), f"letter-{letter.pk}")
    letter.post(request.member)
    return redirect("application", application.pk) if request.POST.get("case") else redirect("post")


def _find(request: Request, letter_pk: int) -> tuple[Letter, Application]:
    """A letter that waits to be posted, with its application: a mentor's are those of their own cases."""
    letter = get_object_or_404(letters_to_post(request.service), pk=letter_pk)
    own = Application.objects.filter(service=request.service).select_related("service__scheme")
    application = get_object_or_404(own, pk=letter.thing_id)
    member = request.member
    if not (member.may(LEADER) or member.may(KEY_IN) or application.mentor_id == member.pk):
        raise PermissionDenied
    return letter, application
