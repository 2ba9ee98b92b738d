"""Where somebody came from, so that adding a pupil returns to the register it was begun in."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tutti.core.calendar import Week

MONDAY = re.compile(r"/(\d{4}-\d{2}-\d{2})/")


def way_back(request: HttpRequest, name: str, *args: object) -> str:
    """The page in `next` if it is one of ours, else the page of this name."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else reverse(name, args=args)


def week_meant(back: str) -> Week:
    """The week of the register that somebody came from, so that a pupil added there is in it; else this week."""
    found = MONDAY.search(back)
    try:
        return Week.parse(found[1]) if found else Week.current()
    except ValueError:
        return Week.current()
