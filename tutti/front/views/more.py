"""Everything that has no place in the menu; and help, privacy, accessibility, which anybody may read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tutti.core.access import Request, allow, public
from tutti.partners.models import Scheme
from tutti.people.roles import Permission

SCHEME = "The partners scheme"
# url name, sign, word, what it is for, who may
PLACES: list[tuple[str, list[tuple[str, str, str, str, Permission]]]] = [
    (
        "Your area office",
        [
            ("question_ask", "chat", "Ask your area office", "Or say what worries you", Permission.RECORD_REGISTERS),
            ("questions", "chat", "Questions", "Yours, and about your lessons", Permission.RECORD_REGISTERS),
        ],
    ),
    (
        "Day by day",
        [
            ("teachers", "person", "Teachers", "Who teaches, and who has joined", Permission.SEE_TEACHERS),
            ("pupils", "people", "Pupils", "Every school’s pupils", Permission.SEE_PUPILS),
            ("papers", "print", "Sheets to print", "Registers, timetables and rotas on paper", Permission.SEE_PUPILS),
            ("my_paper", "print", "Sheets to print", "Your lessons on paper", Permission.SET_UP_PUPILS),
            ("summaries", "letter", "Summaries", "What schools are told every month", Permission.SEND_SUMMARIES),
            ("my_owed", "owed", "Owed at my schools", "Lessons still to be made up", Permission.RECORD_REGISTERS),
            ("owed", "owed", "Owed", "Lessons still to be made up, by school", Permission.SEE_REGISTERS),
            ("questions", "chat", "Questions", "What schools and teachers ask", Permission.ANSWER_QUESTIONS),
            ("corrections", "undo", "Corrections", "Changes to locked months", Permission.DECIDE_CORRECTIONS),
            ("my_corrections", "undo", "My corrections", "What you asked to change", Permission.RECORD_REGISTERS),
            ("locks", "lock", "Locked months", "After that only corrections", Permission.LOCK_MONTHS),
            ("notices", "week", "Known beforehand", "Leave, trips, events", Permission.GIVE_NOTICE),
            ("covers", "arrows", "Cover", "Who gives the lessons of a teacher who is away", Permission.GIVE_NOTICE),
            ("letters", "letter", "Letters", "Every e-mail that went out", Permission.SEE_LETTERS),
            ("runs", "arrows", "Long work", "Imports and summaries as they run", Permission.MANAGE_SCHOOLS),
        ],
    ),
    (
        SCHEME,
        [
            ("applications", "file", "Applications", "Who applies, and what waits", Permission.DECIDE_APPLICATIONS),
            ("applications", "file", "Applications", "Those given to you", Permission.OBSERVE_APPLICANTS),
            (
                "paper_applications",
                "note",
                "Applications on paper",
                "Key in a form that came by post",
                Permission.KEY_IN_APPLICATIONS,
            ),
            ("my_entry", "person", "My entry", "What the public list shows of you", Permission.EDIT_OWN_ENTRY),
            ("partners", "search", "Find a teacher", "The list as everybody sees it", Permission.DECIDE_APPLICATIONS),
            ("partners_line", "eye", "The list on a website", "The line to copy", Permission.DECIDE_APPLICATIONS),
        ],
    ),
    (
        "Your weeks",
        [("notices", "week", "Known beforehand", "When you will be away, a trip, a pupil", Permission.SET_UP_PUPILS)],
    ),
    (
        "The year",
        [
            ("allocations", "map", "Allocations", "Which teacher goes to which school", Permission.ALLOCATE),
            ("set_up", "people", "Set up so far", "Which schools still wait for pupils", Permission.SEE_REGISTERS),
            (
                "programmes",
                "note",
                "First Access and projects",
                "Whole classes and their teachers",
                Permission.ALLOCATE,
            ),
            ("year", "calendar", "Terms and weeks", "Terms, lesson weeks, closed schools", Permission.MANAGE_YEAR),
            (
                "schools_import",
                "upload",
                "National list of schools",
                "Bring schools in, or up to date",
                Permission.MANAGE_SCHOOLS,
            ),
        ],
    ),
    (
        "The service",
        [
            ("service_settings", "cog", "Settings", "Name, colour, when summaries go out", Permission.MANAGE_SERVICE),
            (
                "scheme_settings",
                "shield",
                "The partners scheme",
                "Its words and limits",
                Permission.MANAGE_SERVICE,
            ),
            ("offices", "home", "Area offices", "Whom schools and teachers ask", Permission.MANAGE_SERVICE),
            ("members", "people", "Members", "Who works here and what they may do", Permission.MANAGE_SERVICE),
            ("reasons", "file", "Reasons", "Why a lesson was missed, and what follows", Permission.MANAGE_SERVICE),
            ("roles", "shield", "Roles", "What each role may do", Permission.MANAGE_TEACHERS),
        ],
    ),
]


@allow(Permission.SEE_HOME)
def more(request: Request) -> HttpResponse:
    """Links to all that the reader may open; those of the scheme where the service runs it."""
    shown = PLACES if Scheme.objects.of(request.service) else [group for group in PLACES if group[0] != SCHEME]
    groups = [(title, [_link(place) for place in places if request.member.may(place[4])]) for title, places in shown]
    return render(request, "front/more/show.html", {"groups": [group for group in groups if group[1]]})


def _link(place: tuple[str, str, str, str, Permission]) -> dict[str, Any]:
    name, icon, word, text, _ = place
    return {"url": reverse(name), "icon": icon, "word": word, "text": text}


@public
def help(request: Request) -> HttpResponse:
    """The few things that one has to know."""
    return render(request, "front/more/help.html")


@public
def privacy(request: Request) -> HttpResponse:
    """What is kept about whom, and who sees it."""
    return render(request, "front/more/privacy.html")


@public
def accessibility(request: Request) -> HttpResponse:
    """What works for whom, and what to do where it does not."""
    return render(request, "front/more/accessibility.html")
