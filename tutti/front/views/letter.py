"""Letters that were sent, or are kept here where there is no mail server (L1, L2)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.history import Event
from tutti.core.letters import SECRET, Letter
from tutti.front.forms.letter import CameBackForm, LettersFilterForm
from tutti.front.timeline import timeline
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
    return _show(request, _find(request, letter_pk), CameBackForm())


@allow(Permission.SEE_LETTERS)
@require_POST
def letter_came_back(request: Request, letter_pk: int) -> HttpResponse:
    """The office found it in its own mail: it came back, and what the mail said (L2)."""
    found, form = _find(request, letter_pk), CameBackForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    if found.come_back(request.member, form.cleaned_data["said"]):
        messages.success(request, f"Noted: the letter to {found.to_name} came back.")
    return redirect("letter", letter_pk)


@allow(Permission.SEE_LETTERS)
@require_POST
def letter_undo_came_back(request: Request, letter_pk: int) -> HttpResponse:
    """It is what it was before somebody, or the mail provider, said that it came back."""
    if _find(request, letter_pk).undo_come_back(request.member):
        messages.success(request, "Undone: the letter did not come back.")
    return redirect("letter", letter_pk)


@allow(Permission.SEE_LETTERS)
@require_POST
def letter_arrived(request: Request, letter_pk: int) -> HttpResponse:
    """Somebody has asked its reader: what was perhaps sent has arrived (L1)."""
    if _find(request, letter_pk).arrived(request.member):
        messages.success(request, "Noted: the letter arrived.")
    return redirect("letter", letter_pk)


def _find(request: Request, letter_pk: int) -> Letter:
    return get_object_or_404(Letter.objects.visible_to(request.member), pk=letter_pk)


def _show(request: Request, shown: Letter, form: CameBackForm) -> HttpResponse:
    hidden = shown.is_secret and shown.kind in SIGNS_IN and not request.service.is_demo
    body = SECRET.sub("[not shown]", shown.body) if hidden else shown.body
    events = Event.objects.about(shown).filter(service_id=shown.service_id)
    context = {"letter": shown, "body": body, "form": form, "events": timeline(events.newest_first())}
    return render(request, "front/letter/show.html", context, status=422 if form.errors else 200)
