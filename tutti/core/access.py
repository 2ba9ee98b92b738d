"""Who may open a page (H1, H11): everything needs a sign-in and a permission unless the page says `@public`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from secrets import token_urlsafe
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request as a view gets it: the service in the address and who of it asks, each None where there is none."""

    service: Any
    member: Any


def fingerprint(secret: str) -> str:
    """What is kept of the secret of a link or code: enough to know it again, and of no use to who reads it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def public(view: View) -> View:
    """For the world: no sign-in asked."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    open_to_all.is_public = True  # type: ignore[attr-defined]
    return open_to_all


def signed_in(view: View) -> View:
    """For anybody who has signed in, member of a service or not."""

    @wraps(view)
    def for_the_signed_in(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    for_the_signed_in.permission = "signed in"  # type: ignore[attr-defined]
    return for_the_signed_in


def allow(*permissions: Any) -> Callable[[View], View]:
    """For members of the service in the address who may do one of these; strangers get 404, others 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def for_those_who_may(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.member.may(permission) for permission in permissions):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        for_those_who_may.permission = permissions  # type: ignore[attr-defined]
        return for_those_who_may

    return guard


class NothingKeptMiddleware:
    """Lets no browser keep an answer, whoever made it, unless it says itself how long it may be kept (H11)."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class NothingSentIsKeptMiddleware:
    """Answers a sent form with an address instead of a page, so that no browser keeps what was typed (H11).

    With each page a browser writes down how to fetch it again, to restore its tabs with. For a page that answers a form
    that is all that was sent, in files that outlive the sign-out. So such a page waits in the session, until the next
    form is sent, and the browser fetches it. What is sent by anything but a browser's form is answered as it is.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or request.headers.get("Sec-Fetch-Mode") != "navigate":
            return response
        is_page = response.get("Content-Type", "").startswith("text/html") and response.status_code < 500
        if is_page and not response.has_header("Location") and request.user.is_authenticated:
            return self._keep(request, response)
        request.session.pop("answer", None)
        return response

    def _keep(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        query = request.GET.copy()
        query["answer"] = token_urlsafe(9)
        answer = {"key": query["answer"], "path": request.path, "status": response.status_code}
        request.session["answer"] = {**answer, "page": response.content.decode()}
        return HttpResponse(status=303, headers={"Location": f"{request.path}?{query.urlencode()}"})

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        key = request.GET.get("answer") if request.method == "GET" else None
        answer = request.session.get("answer", {}) if key else {}
        if not key or (answer.get("key"), answer.get("path")) != (key, request.path):
            return None
        return HttpResponse(answer["page"], status=answer["status"])


class SignedInMiddleware:
    """Sends strangers to the sign-in page."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "is_public", False) or view.__module__.startswith("allauth."):
            return None
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if getattr(view, "permission", None) == "signed in":
            return None
        if not hasattr(view, "permission"):
            raise PermissionDenied(f"{view.__name__} does not say who may open it")
        if request.member is None:  # type: ignore[attr-defined]
            raise Http404("not a member of this service")
        return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A tap that was saved in the background must not be answered with a sign-in page inside the register."""
    if request.headers.get("X-Tutti"):
        return HttpResponse("Signed out", status=401, content_type="text/plain")
    return redirect_to_login(request.get_full_path())
