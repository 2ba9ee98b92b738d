"""Pages around allauth's own: choosing a service, using a link, going away."""

from __future__ import annotations

from allauth.account.internal.flows.logout import logout
from allauth.account.utils import perform_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tutti.core.access import public, signed_in
from tutti.people.models import SignInLink


@signed_in
def choose_service(request: HttpRequest) -> HttpResponse:
    """The services that the person works for (P1)."""
    return render(request, "people/sign_in/services.html", {"memberships": request.user.own_memberships})  # type: ignore


@public
def use_sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Says whom the link signs in, and does it when asked to: mail programs open links by themselves."""
    link = SignInLink.find(secret)
    reader = request.user if request.user.is_authenticated else None
    if link is None or (reader and reader != link.person):
        context = {"whose": reader and link}
        return render(request, "people/sign_in/link_gone.html", context, status=410)
    if request.method == "POST" and link.use():
        return perform_login(request, link.person)
    return render(request, "people/sign_in/link.html", {"person": link.person})


@public
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session and leaves nothing of it on the device (H11)."""
    if request.method != "POST":
        return render(request, "account/logout.html")
    logout(request, show_message=False)
    response = redirect("home")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@public
def not_here(request: HttpRequest, **_: str) -> HttpResponse:
    """Pages of allauth that Tutti does not have: addresses are kept by the office."""
    raise Http404


@public
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Says that the music service adds people (H1)."""
    return render(request, "account/signup_closed.html", status=404)
