"""What a service says of its scheme, for its head: whether it runs one, its words, its limits, its letters (A1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.documents import pdf_response
from tutti.partners.forms.scheme import LetterWordsForm, SchemeForm
from tutti.partners.models import Scheme
from tutti.partners.models.letter_words import DRAFTS, TITLES
from tutti.partners.models.official_letter import sample_of
from tutti.partners.models.scheme import run_scheme
from tutti.people.roles import Permission

MANAGE = Permission.MANAGE_SERVICE


@allow(MANAGE)
def scheme_settings(request: Request) -> HttpResponse:
    """Everything that is said of the scheme; where there is none, a button that begins it."""
    scheme = Scheme.objects.of(request.service)
    if scheme is None:
        return render(request, "partners/scheme/begin.html")
    sent = request.method == "POST"
    form = SchemeForm(request.POST if sent else None, request.FILES if sent else None, scheme)
    if form.saved(by=request.member):
        messages.success(request, "Saved.")
        return redirect("scheme_settings")
    letters = [(move, title, move in scheme.drafts) for move, title in TITLES.items()]
    context = {"form": form, "scheme": scheme, "letters": letters}
    return render(request, "partners/scheme/settings.html", context, status=form.status)


@allow(MANAGE)
@require_POST
def scheme_begin(request: Request) -> HttpResponse:
    """Begin to run the scheme, with our words to begin with."""
    run_scheme(request.service, request.member, is_open=False)
    messages.success(request, "The scheme has a page now. Look through what it says, then take applications.")
    return redirect("scheme_settings")


@allow(MANAGE)
def scheme_sample(request: Request) -> HttpResponse:
    """The official letter as it would read, to nobody."""
    scheme = get_object_or_404(Scheme.objects.select_related("service"), service=request.service)
    return pdf_response(sample_of(scheme, timezone.now()), "sample-letter")


@allow(MANAGE)
def scheme_letter(request: Request, key: str) -> HttpResponse:
    """The words of one letter to an applicant."""
    if key not in DRAFTS:
        raise Http404("there is no such letter")
    scheme = get_object_or_404(Scheme, service=request.service)
    form = LetterWordsForm(request.POST or None, scheme, key)
    if form.saved(by=request.member):
        messages.success(request, f"Saved: {TITLES[key]}.")
        return redirect("scheme_settings")
    context = {"form": form, "title": TITLES[key]}
    return render(request, "partners/scheme/letter.html", context, status=form.status)
