"""What is owed: a teacher's, at their schools; and all of it, with make-ups that make up for nothing (C4, C5)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear, TeachingWeek
from tutti.teaching.forms.owed import OwedForm
from tutti.teaching.models import Allocation, Line
from tutti.teaching.models.owed import by_school, count_owed, idle_make_ups, let_stand, read_owed


@allow(Permission.RECORD_REGISTERS)
def my_owed(request: Request) -> HttpResponse:
    """All that the teacher still owes, school by school, each with a button that puts it on this week's register."""
    year = AcademicYear.objects.visible_to(request.member).on(today())
    own = Allocation.objects.filter(teacher=request.member)
    week = Week.current()
    is_teaching_week = TeachingWeek.objects.filter(service=request.service, monday=week).exists()
    context = {
        "schools": by_school(read_owed(own.of_year(year))).items(),
        "week": week,
        "can_make_up": is_teaching_week,
        "settled": count_owed(own.exclude(year=year)),
    }
    return render(request, "teaching/owed/mine.html", context)


@allow(Permission.SEE_REGISTERS)
def owed(request: Request) -> HttpResponse:
    """All that is owed in the service, to filter and to take away."""
    year = AcademicYear.objects.visible_to(request.member).on(today())
    form = OwedForm(request.GET, request.member, year)
    if request.GET.get("as") and request.member.may(Permission.ALLOCATE):
        return form.download(request.GET["as"])
    rows = form.rows()
    asked = urlencode({name: request.GET[name] for name in form.fields if request.GET.get(name)})
    idle = idle_make_ups(Line.objects.filter(register__allocation__in=form.allocations.values("pk")))
    names = ("lesson", "register__allocation__school", "register__allocation__teacher")
    context = {"form": form, "page": Paginator(rows, 50).get_page(request.GET.get("page")), "asked": asked}
    context |= {"year": year, "idle": idle.select_related(*names)[:50], "pupils": sum(len(x.pupils) for x in rows)}
    context["may_change"] = request.member.may(Permission.ALLOCATE)
    return render(request, "teaching/owed/list.html", context)


@allow(Permission.ALLOCATE)
@require_POST
def make_up_stands(request: Request, line_pk: int) -> HttpResponse:
    """A make-up whose week is not owed any more stays as an extra lesson."""
    lines = Line.objects.filter(service_id=request.member.service_id).make_ups()
    line = get_object_or_404(lines.select_related("register", "lesson"), pk=line_pk)
    let_stand(line, request.member)
    messages.success(request, f"{line.lesson} stands as an extra lesson.")
    return redirect("owed")
