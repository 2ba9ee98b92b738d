"""The page with one's own initials."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow, signed_in
from tutti.people.forms.member import MeForm, RemindersForm
from tutti.people.roles import Permission


@allow(Permission.SEE_HOME)
def me(request: Request) -> HttpResponse:
    """Name and phone, ways to sign in, and the way out."""
    member = request.member  # type: ignore[attr-defined]
    form = MeForm(request.POST or None, initial=_known(member))
    if form.is_valid():
        member.change(member, **form.cleaned_data)
        messages.success(request, "Your details are saved.")
        return redirect("me")
    context = {"form": form, "reminders": RemindersForm(member=member)}
    return render(request, "people/me/show.html", context, status=422 if form.is_bound else 200)


@allow(Permission.RECORD_REGISTERS)
@require_POST
def my_reminders(request: Request) -> HttpResponse:
    """The day for letters about registers that are missing, or never."""
    form = RemindersForm(request.POST, member=request.member)
    if form.is_valid():
        request.member.choose_reminders(form.cleaned_data["remind_on"])
        messages.success(request, f"Reminders come {request.member.remind_words}.")
        return redirect("me")
    context = {"form": MeForm(initial=_known(request.member)), "reminders": form}
    return render(request, "people/me/show.html", context, status=422)


def _known(member: Any) -> dict[str, str]:
    return {"name": member.name, "phone": member.phone}


@signed_in
def passkeys(request: Request) -> HttpResponse:
    """Where allauth leads after a passkey was added."""
    return redirect("mfa_list_webauthn")
