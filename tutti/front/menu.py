"""The menu of each role: four places on a phone, all of them in the bar on top of a wide screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tutti.people.roles import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the menu. `section` is compared with the page's own, to show where one is."""

    url: str
    label: str
    icon: str
    current: bool
    on_phone: bool = True


TEACHER = [
    ("home", "My week", "week", None),
    ("my_pupils", "Pupils", "people", Permission.SET_UP_PUPILS),
    ("my_year", "My year", "calendar", Permission.RECORD_REGISTERS),
    ("more", "More", "more", None),
]
SCHEME = [
    ("applications", "Applications", "file", None),
    ("scheme", "The scheme", "shield", None),
    ("more", "More", "more", None),
]
PARTNER = [
    ("my_entry", "My entry", "person", None),
    ("partners", "The list", "search", None),
    ("scheme", "The scheme", "shield", None),
    ("more", "More", "more", None),
]
OFFICE = [
    ("home", "Home", "home", None),
    ("registers", "Registers", "register", Permission.SEE_REGISTERS),
    ("schools", "Schools", "school", Permission.SEE_SCHOOLS),
    ("teachers", "Teachers", "person", Permission.SEE_TEACHERS),
    ("pupils", "Pupils", "people", Permission.SEE_PUPILS),
    ("summaries", "Summaries", "letter", Permission.SEND_SUMMARIES),
    ("more", "More", "more", None),
]
ON_PHONE = {
    "my_entry",
    "partners",
    "applications",
    "scheme",
    "home",
    "registers",
    "schools",
    "more",
    "my_pupils",
    "my_year",
}


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context for every page: the menu of whoever is signed in."""
    member = getattr(request, "member", None)
    if member is None:
        return {"menu": []}
    places = _places(member)
    return {"menu": [_entry(request, *place) for place in places if place[3] is None or member.may(place[3])]}


def _places(member: Any) -> list[Any]:
    """By what somebody works at; who leads, mentors or is a partner besides finds that under "More"."""
    if member.may(Permission.SEE_REGISTERS):
        return OFFICE
    if member.may(Permission.RECORD_REGISTERS):
        return TEACHER
    works = member.may(Permission.DECIDE_APPLICATIONS) or member.may(Permission.OBSERVE_APPLICANTS)
    return SCHEME if works or not member.may(Permission.EDIT_OWN_ENTRY) else PARTNER


def _entry(request: HttpRequest, name: str, label: str, icon: str, _: Any) -> Entry:
    url = reverse(name)
    here = request.path == url if name == "home" else request.path.startswith(url)
    return Entry(url, label, icon, here, name in ON_PHONE)
