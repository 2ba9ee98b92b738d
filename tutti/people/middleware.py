"""Takes the service off the address, says who is there, and on PostgreSQL lets the request see that service's rows."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django.urls import set_script_prefix

from tutti.core import row_security
from tutti.people.models import MusicService

GetResponse = Callable[[HttpRequest], HttpResponse]
FIRST_PART = re.compile(r"^/(healthz|readyz|[a-z][a-z0-9-]*(?=/))(/.*|)$")
WITHOUT_DATABASE = {"static", "healthz", "readyz"}  # readyz must be able to say that there is none
WITHOUT_SERVICE = {"accounts", "sign-in-link", "demo", "help", "privacy", "accessibility"}


class ServiceMiddleware:
    """`/northshire/registers/` becomes `/registers/` of Northshire; no page or link names the service itself.

    On PostgreSQL all of a request is one transaction, which row-level security needs; a failure undoes it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.service = request.member = None  # type: ignore[attr-defined]
        found = FIRST_PART.match(request.path_info)
        slug, rest = (found[1], found[2]) if found else ("", request.path_info)
        if slug in WITHOUT_DATABASE or connection.vendor != "postgresql":
            return self._answer(request, slug, rest)
        with transaction.atomic():
            response = self._answer(request, slug, rest)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _answer(self, request: HttpRequest, slug: str, rest: str) -> HttpResponse:
        set_script_prefix("/")  # a worker serves many services: nothing may stay from the request before
        if slug in WITHOUT_DATABASE:
            return self.get_response(request)
        person_id = request.session.get(SESSION_KEY)
        if not slug or slug in WITHOUT_SERVICE:
            row_security.enter(None, person_id)
            return self.get_response(request)
        service = row_security.entering(MusicService.objects.filter(slug=slug), person_id).first()
        if service is None:
            return HttpResponseNotFound(render_to_string("404.html", request=request))
        request.service = service  # type: ignore[attr-defined]
        request.path_info = rest
        set_script_prefix(f"/{service.slug}/")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix("/")


class MemberMiddleware:
    """Sets `request.member`: the person who signed in, as this service knows them, or None."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        service = request.service  # type: ignore[attr-defined]
        if service and request.user.is_authenticated:
            own = [m for m in request.user.own_memberships if m.service_id == service.pk]
            request.member = own[0] if own else None  # type: ignore[attr-defined]
        return self.get_response(request)
