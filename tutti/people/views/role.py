"""What each role may do, on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tutti.core.access import allow
from tutti.people.roles import ROLES, Permission


@allow(Permission.MANAGE_TEACHERS)
def roles(request: HttpRequest) -> HttpResponse:
    """The page that a head of service can read and approve (B1)."""
    table = [
        (permission, [(role, permission in role.permissions) for role in ROLES.values()]) for permission in Permission
    ]
    return render(request, "people/member/roles.html", {"roles": ROLES.values(), "table": table})
