"""Allocations: who teaches where; and a teacher's page for setting up one school (H1, H2, P2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear, School
from tutti.teaching.forms.allocation import (
    AllocationAddForm,
    AllocationEndForm,
    AllocationListForm,
    AllocationWeeksForm,
    GridForm,
    HandOnForm,
    read_pairs,
    teachers_of,
    write_pairs,
)
from tutti.teaching.models import Allocation, Place
from tutti.teaching.models.grid import Grid
from tutti.teaching.models.place_balances import Balances
from tutti.teaching.models.roster import read_rosters
from tutti.teaching.models.take_over import with_something_to_take
from tutti.teaching.views.way_back import way_back


@allow(Permission.ALLOCATE, Permission.SEE_TEACHERS)
def allocations(request: Request) -> HttpResponse:
    """This year's, as a list to filter and to take away."""
    year = _year(request)
    form = AllocationListForm(request.GET, request.member, year)
    if request.GET.get("as"):
        return form.download(request.GET["as"])
    page = Paginator(form.found(), 50).get_page(request.GET.get("page"))
    asked = urlencode({name: request.GET[name] for name in form.fields if request.GET.get(name)})
    may_change = request.member.may(Permission.ALLOCATE)
    context = {"form": form, "page": page, "year": year, "asked": asked, "may_change": may_change}
    return render(request, "teaching/allocation/list.html", context)


@allow(Permission.ALLOCATE)
def allocation_add(request: Request) -> HttpResponse:
    """A teacher at a school; both can be filled in by the link that leads here."""
    year = _year(request)
    if year is None:
        return render(request, "teaching/allocation/no_year.html")
    form = AllocationAddForm(request.POST or None, request.member, year, _asked_for(request))
    if form.saved(by=request.member):
        messages.success(request, f"{form.result}: allocated.")
        return redirect(way_back(request, "allocations"))
    context = {"form": form, "back": way_back(request, "allocations"), "year": year}
    return render(request, "teaching/allocation/add.html", context, status=form.status)


@allow(Permission.ALLOCATE)
def allocation_end(request: Request, allocation_pk: int) -> HttpResponse:
    """The last week, or another last week. What was recorded stays."""
    allocation = get_object_or_404(Allocation.objects.visible_to(request.member), pk=allocation_pk)
    form = AllocationEndForm(request.POST or None, allocation, Week.current())
    back = way_back(request, "allocations")
    if form.saved(by=request.member):
        messages.success(request, f"{allocation}: the last week is set. What was recorded stays.")
        return redirect(back)
    context = {"form": form, "weeks": AllocationWeeksForm(None, allocation), "allocation": allocation, "back": back}
    return render(request, "teaching/allocation/end.html", context, status=form.status)


@allow(Permission.ALLOCATE)
def allocation_hand_on(request: Request, allocation_pk: int) -> HttpResponse:
    """Whose lessons are handed on to this teacher, who may see those pupils' names then (P4)."""
    allocations = Allocation.objects.visible_to(request.member).select_related("teacher", "school", "year", "succeeds")
    allocation = get_object_or_404(allocations, pk=allocation_pk)
    form = HandOnForm(request.POST if request.method == "POST" else None, allocation, request.member)
    back = way_back(request, "allocations")
    if form.saved(by=request.member):
        messages.success(request, f"{allocation}: saved." if form.result else "Nothing was changed.")
        return redirect(back)
    context = {"form": form, "allocation": allocation, "back": back}
    return render(request, "teaching/allocation/hand_on.html", context, status=form.status)


@allow(Permission.ALLOCATE)
@require_POST
def allocation_weeks(request: Request, allocation_pk: int) -> HttpResponse:
    """Which of the service's lesson weeks are lesson weeks of this allocation (W2)."""
    allocation = get_object_or_404(Allocation.objects.visible_to(request.member), pk=allocation_pk)
    weeks, back = AllocationWeeksForm(request.POST, allocation), way_back(request, "allocations")
    if weeks.saved(by=request.member):
        messages.success(request, f"{allocation}: the lesson weeks are saved.")
        return redirect(back)
    form = AllocationEndForm(None, allocation, Week.current())
    context = {"form": form, "weeks": weeks, "allocation": allocation, "back": back}
    return render(request, "teaching/allocation/end.html", context, status=weeks.status)


@allow(Permission.ALLOCATE)
@require_POST
def allocation_remove(request: Request, allocation_pk: int) -> HttpResponse:
    """Take back an allocation made by mistake, while nothing is set up."""
    allocation = get_object_or_404(Allocation.objects.visible_to(request.member), pk=allocation_pk)
    try:
        allocation.remove(request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("allocation_end", allocation_pk)
    messages.success(request, "The allocation is taken back.")
    return redirect(way_back(request, "allocations"))


@allow(Permission.ALLOCATE)
def allocations_grid(request: Request) -> HttpResponse:
    """Teachers by schools with a tick where one teaches; saving shows first what it will do."""
    year = _year(request)
    if year is None:
        return render(request, "teaching/allocation/no_year.html")
    form = GridForm(request.POST or request.GET, request.member, year, Week.current())
    grid = form.grid()
    context = {"form": form, "grid": grid, "year": year, "asked": form.asked}
    if request.method == "POST":
        return _grid_move(request, grid, context)
    return render(request, "teaching/allocation/grid.html", context | {"rows": _rows(grid, grid.ticked)})


def _grid_move(request: Request, grid: Grid, context: dict[str, Any]) -> HttpResponse:
    """Look at what would change, go back to the ticks, or save."""
    was, now = read_pairs(request.POST.getlist("was")), read_pairs(request.POST.getlist("at"))
    move = request.POST.get("move", "look")
    if move == "save":
        done = grid.save(request.member, now - was, was - now)
        messages.success(request, f"Saved. {done.changes} changed." if done.changes else "Nothing was changed.")
        return redirect(f"{request.path}?{urlencode(context['asked'])}")
    ticked = (grid.ticked | (now - was)) - (was - now)
    context |= {"plan": grid.plan(now - was, was - now), "was": write_pairs(was), "now": write_pairs(now)}
    if move == "back" or not context["plan"].changes + len(context["plan"].stays):
        return render(request, "teaching/allocation/grid.html", context | {"rows": _rows(grid, ticked)})
    return render(request, "teaching/allocation/grid_plan.html", context)


def _rows(grid: Grid, ticked: set[tuple[int, int]]) -> list[tuple[Any, list[tuple[Any, bool]]]]:
    """Each teacher with every school and whether it is ticked."""
    schools = list(grid.schools.values())
    return [
        (teacher, [(school, (teacher.pk, school.pk) in ticked) for school in schools])
        for teacher in grid.teachers.values()
    ]


def _year(request: Request) -> AcademicYear | None:
    return AcademicYear.objects.visible_to(request.member).on(today())


def _asked_for(request: Request) -> dict[str, Any]:
    """The teacher and school that a link to the form names, if they are ours."""
    asked: dict[str, Any] = {}
    teacher, school = request.GET.get("teacher", ""), request.GET.get("school", "")
    if teacher.isdecimal() and len(teacher) < 19:
        asked["teacher"] = teachers_of(request.member).filter(pk=teacher).first()
    if school.isdecimal() and len(school) < 19:
        asked["school"] = School.objects.visible_to(request.member).filter(pk=school).first()
    return asked


@allow(Permission.SET_UP_PUPILS)
def allocation(request: Request, allocation_pk: int) -> HttpResponse:
    """The teacher's page for one school: lessons in their own order, each with its pupils."""
    allocation = get_object_or_404(
        Allocation.objects.changeable_by(request.member).select_related("school"), pk=allocation_pk
    )
    lessons = read_rosters([allocation], Week.current())[allocation.pk]
    places = Place.objects.filter(lesson__allocation=allocation)
    balances = Balances(request.service, places, Week.current())
    for row in lessons:
        row.balances = balances
    ended = allocation.lessons.filter(until_week__lt=Week.current()).with_pupils().order_by("-until_week")[:50]
    may_take = bool(with_something_to_take(request.member, [allocation]))
    context = {"allocation": allocation, "lessons": lessons, "ended": ended, "back": way_back(request, "my_pupils")}
    context |= {"may_take": may_take}
    return render(request, "teaching/allocation/show.html", context)
