"""The page with one's own initials."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tutti.core.access import Request, allow, signed_in
from tutti.people.forms.member import MeForm
from tutti.people.roles import Permission


@allow(Permission.SEE_HOME)
def me(request: Request) -> HttpResponse:
    """Name and phone, ways to sign in, and the way out."""
    member = request.member  # type: ignore[attr-defined]
    form = MeForm(request.POST or None, initial={"name": member.name, "phone": member.phone})
    if form.is_valid():
        member.change(member, **form.cleaned_data)
        messages.success(request, "Your details are saved.")
        return redirect("me")
    return render(request, "people/me/show.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
def passkeys(request: Request) -> HttpResponse:
    """Where allauth leads after a passkey was added."""
    return redirect("mfa_list_webauthn")
