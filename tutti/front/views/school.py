"""A school's page: who teaches there, whom we write to, what it was told and what happened (H9, H16)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tutti.core.access import Request, allow
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.front import progress
from tutti.front.timeline import timeline
from tutti.people.roles import Permission
from tutti.schools.models import School
from tutti.teaching.models import Allocation, Summary
from tutti.teaching.views.my_week import spell_year, year_line

EVENTS, SUMMARIES, MISSING = 12, 12, 12
MOVES = {
    "may_see_letters": Permission.SEE_LETTERS,
    "may_manage": Permission.MANAGE_SCHOOLS,
    "may_close": Permission.MANAGE_YEAR,
    "may_allocate": Permission.ALLOCATE,
    "may_record": Permission.RECORD_FOR_TEACHERS,
    "may_see_summaries": Permission.SEND_SUMMARIES,
}


@allow(Permission.SEE_SCHOOLS)
def school(request: Request, school_pk: int) -> HttpResponse:
    """All about one school."""
    schools = School.objects.visible_to(request.member).select_related("office", "succeeded_by")  # type: ignore[attr-defined]
    shown = get_object_or_404(schools.prefetch_related("contacts", "predecessors"), pk=school_pk)
    context = {"school": shown, "events": _events(shown), "summaries": _summaries(shown)}
    context |= {"contacts": _contacts(request.member, shown)}
    context |= {name: request.member.may(permission) for name, permission in MOVES.items()}  # type: ignore[attr-defined]
    return render(request, "front/school/show.html", context | _teaching(request.member, shown))  # type: ignore[attr-defined]


def _contacts(member: Any, school: School) -> list[tuple[Any, Letter | None]]:
    """Whom we write to, each with their last letter if that came back (L2)."""
    contacts = list(school.contacts.all())  # type: ignore[attr-defined]
    lost = Letter.objects.visible_to(member).last_came_back(contact.email for contact in contacts)
    return [(contact, lost.get(contact.email.lower())) for contact in contacts]


def _teaching(member: Any, school: School) -> dict[str, Any]:
    """The year's teachers with their registers, the year as a line, what is missing and when the school is closed."""
    place = progress.place_in_year(member.service)
    own = Allocation.objects.visible_to(member).filter(school=school, year=place.year)
    delivery, balances = place.taught(own)
    missing = [one for one in delivery.missing() if one.week < place.this_week]
    rows = list(own.select_related("teacher").order_by("teacher__name", "from_week"))
    names = {row.teacher_id: row.teacher.name for row in rows}
    unset = {row[0] for row in delivery.not_set_up}
    return {
        "place": place,
        "teachers": [(row, delivery.share_of(row.pk), row.pk in unset, balances.of_allocation[row.pk]) for row in rows],
        "terms": year_line(place.weeks, delivery.by_week()),
        "sentence": spell_year(place.weeks, delivery.by_week()),
        "missing": [(one, names[one.teacher_id]) for one in missing[:MISSING]],
        "more_missing": len(missing) - MISSING,
        "missing_in_all": len(missing),
        "closures": school.closures.of_year(place.year),  # type: ignore[attr-defined]
    }


def _summaries(school: School) -> Any:
    return Summary.objects.filter(school=school).only("month", "made_at").order_by("-month")[:SUMMARIES]


def _events(school: School) -> Any:
    """What happened to the school and to the allocations of its teachers, newest first."""
    allocations = Allocation.objects.filter(school=school).values("pk")
    about_allocations = Q(thing=Allocation._meta.label_lower, thing_id__in=allocations)
    about_school = Q(thing=School._meta.label_lower, thing_id=school.pk)
    events = Event.objects.filter(about_school | about_allocations, service_id=school.service_id)
    return timeline(events.newest_first()[:EVENTS])
