"""Where somebody came from, so that adding a pupil returns to the register it was begun in."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, name: str, *args: object) -> str:
    """The page in `next` if it is one of ours, else the page of this name."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else reverse(name, args=args)
