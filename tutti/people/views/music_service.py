"""The service's settings, and its colours as a style sheet."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow, public
from tutti.core.letters import address
from tutti.people.forms.music_service import ServiceForm
from tutti.people.roles import Permission


@allow(Permission.MANAGE_SERVICE)
def service_settings(request: Request) -> HttpResponse:
    """Name, colour, ways to reach the service, lessons a year, and when summaries go out."""
    service = request.service  # type: ignore[attr-defined]
    form = ServiceForm(request.POST or None, service=service)
    if form.is_valid():
        service.change(request.member, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, "The settings are saved.")
        return redirect("service_settings")
    key = service.bounce_key
    context = {"form": form, "service": service, "bounces_url": key and address(service, "bounces", key)}
    return render(request, "people/service/settings.html", context, status=422 if form.is_bound else 200)


@allow(Permission.MANAGE_SERVICE)
@require_POST
def bounce_key_renew(request: Request) -> HttpResponse:
    """Another address at which the mail provider tells of letters that came back; the one before is no more (L2)."""
    number = request.service.bounce_key_number
    if request.POST.get("number") == str(number) and request.service.renew_bounce_key(request.member, number):
        messages.success(request, "There is a new address. Give it to your mail provider.")
    return redirect(f"{reverse('service_settings')}#bounces")


@public
def brand(request: Request) -> HttpResponse:
    """The service's colours as custom properties; its address names the colour, so it can be kept for a year."""
    service = request.service  # type: ignore[attr-defined]
    if service is None:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(service.palette.as_css(), content_type="text/css; charset=utf-8", headers=headers)
