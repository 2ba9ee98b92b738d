"""Letters that were sent, or are kept here where there is no mail server (L1, L2)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tutti.core.access import Request, allow
from tutti.core.letters import SECRET, Letter
from tutti.front.forms.letter import LettersFilterForm
from tutti.people.roles import Permission

SIGNS_IN = ("invitation", "sign-in")  # whoever reads one of these could sign in as its reader


@allow(Permission.SEE_LETTERS)
def letters(request: Request) -> HttpResponse:
    """All letters, the newest first, by kind, state and reader."""
    form = LettersFilterForm(request.GET, by=request.member)
    page = Paginator(form.letters, 50).get_page(request.GET.get("page"))
    return render(request, "front/letter/list.html", {"form": form, "page": page})


@allow(Permission.SEE_LETTERS)
def letter(request: Request, letter_pk: int) -> HttpResponse:
    """One letter as it was written. What signs somebody in is shown in a demo world only."""
    shown = get_object_or_404(Letter.objects.visible_to(request.member), pk=letter_pk)
    hidden = shown.is_secret and shown.kind in SIGNS_IN and not request.service.is_demo
    body = SECRET.sub("[not shown]", shown.body) if hidden else shown.body
    return render(request, "front/letter/show.html", {"letter": shown, "body": body})
