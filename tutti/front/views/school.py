"""A school's page: who teaches there, whom we write to, what it was told and what happened (H9, H16)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tutti.core.access import allow
from tutti.core.calendar import Week, today
from tutti.core.history import Event
from tutti.front.timeline import timeline
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear, School
from tutti.teaching.models import Allocation, Summary

EVENTS, SUMMARIES = 12, 12


@allow(Permission.SEE_SCHOOLS)
def school(request: HttpRequest, school_pk: int) -> HttpResponse:
    """All about one school."""
    schools = School.objects.visible_to(request.member).select_related("office", "succeeded_by")
    shown = get_object_or_404(schools.prefetch_related("contacts", "predecessors"), pk=school_pk)
    year = AcademicYear.objects.visible_to(request.member).on(today())
    context = {"school": shown, "year": year, "allocations": _allocations(shown, year), "events": _events(shown)}
    context |= {"closures": shown.closures.of_year(year), "summaries": _summaries(shown), "current": Week.current()}
    context |= {"can_manage": request.member.may(Permission.MANAGE_SCHOOLS)}
    context |= {"can_close": request.member.may(Permission.MANAGE_YEAR)}
    return render(request, "front/school/show.html", context)


def _allocations(school: School, year: AcademicYear | None) -> Any:
    """This year's teachers, each with how many registers are confirmed."""
    confirmed = Count("registers", filter=Q(registers__confirmed_by__isnull=False))
    found = Allocation.objects.filter(school=school, year=year).select_related("teacher")
    return found.annotate(confirmed=confirmed).order_by("teacher__name", "from_week")


def _summaries(school: School) -> Any:
    return Summary.objects.filter(school=school).defer("figures").order_by("-month")[:SUMMARIES]


def _events(school: School) -> Any:
    """What happened to the school and to the allocations of its teachers, newest first."""
    allocations = Allocation.objects.filter(school=school).values("pk")
    about_allocations = Q(thing=Allocation._meta.label_lower, thing_id__in=allocations)
    about_school = Q(thing=School._meta.label_lower, thing_id=school.pk)
    events = Event.objects.filter(about_school | about_allocations, service_id=school.service_id)
    return timeline(events.newest_first()[:EVENTS])
