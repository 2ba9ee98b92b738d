"""Pupils: a teacher's own, school by school; the office's list; and one pupil with what happened (H2, P3, P4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear
from tutti.teaching.forms.pasted_list import PastedListForm
from tutti.teaching.forms.pupil import PupilAddForm, PupilChangeForm, PupilForm
from tutti.teaching.forms.pupil_list import PupilListForm
from tutti.teaching.models import Allocation, Pupil
from tutti.teaching.models.child import alike_to, who_is_known
from tutti.teaching.models.place_balances import Balances
from tutti.teaching.models.roster import read_rosters, school_rosters
from tutti.teaching.views.way_back import way_back, week_meant

SET_UP = Permission.SET_UP_PUPILS


@allow(SET_UP)
def my_pupils(request: Request) -> HttpResponse:
    """The teacher's schools, each with its lessons and pupils."""
    year = AcademicYear.objects.visible_to(request.member).on(today())
    rosters = school_rosters(request.member, year, Week.current())
    return render(request, "teaching/pupil/mine.html", {"rosters": rosters})


@allow(SET_UP)
def pupil_add(request: Request, allocation_pk: int) -> HttpResponse:
    """Three fields, in the corridor, and back to where it began (H2)."""
    allocation = get_object_or_404(Allocation.objects.changeable_by(request.member), pk=allocation_pk)
    back = way_back(request, "allocation", allocation.pk)
    lessons = read_rosters([allocation], min(week_meant(back), Week.current()))[allocation.pk]
    chosen = request.GET.get("lesson", "")
    form = PupilAddForm(request.POST or None, allocation, lessons, week_meant(back), chosen)
    if form.saved(by=request.member):
        messages.success(request, f"{form.result.pupil} is in {form.result.lesson}.")
        return redirect(back)
    context = {"form": form, "allocation": allocation, "back": back, "own": _own_places(request, form)}
    return render(request, "teaching/pupil/add.html", context, status=form.status)


@allow(SET_UP)
@require_POST
def pupil_known(request: Request, allocation_pk: int) -> HttpResponse:
    """For the page's script, while one types: who is at this school already, in sentences, and no more (P4)."""
    allocation = get_object_or_404(Allocation.objects.changeable_by(request.member), pk=allocation_pk)
    form = PupilForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=204)
    words = who_is_known(allocation, form.cleaned_data["name"], form.cleaned_data["date_of_birth"])
    return JsonResponse({"words": words})


@allow(SET_UP, Permission.ALLOCATE)
def pupils_paste(request: Request, allocation_pk: int) -> HttpResponse:
    """A whole list at once, pasted or a file: read, shown line by line, mended, then saved. The office may help."""
    allocations = Allocation.objects.fillable_by(request.member).select_related("school", "teacher")
    allocation = get_object_or_404(allocations, pk=allocation_pk)
    is_own = allocation.teacher_id == request.member.pk
    back = way_back(request, "allocation", allocation.pk) if is_own else way_back(request, "set_up")
    form = PastedListForm(request.POST or None, request.FILES or None, allocation, Week.current())
    if form.saved(by=request.member):
        words = "1 pupil is" if form.result == 1 else f"{form.result:,} pupils are"
        messages.success(request, f"{words} set up." if form.result else "All of them were set up already.")
        return redirect(back)
    context = {"form": form, "allocation": allocation, "back": back, "is_own": is_own}
    is_preview = form.is_bound and not form.errors
    page = "teaching/pasted_list/preview.html" if is_preview else "teaching/pasted_list/form.html"
    return render(request, page, context, status=form.status)


def _own_places(request: Request, form: PupilAddForm) -> list[Any]:
    """What this teacher gives a child who is there already; what others give them is not shown (P4)."""
    if form.asks_same is None:
        return []
    return list(form.asks_same.places_for(request.member).filter(until_week=None))


@allow(Permission.SEE_PUPILS, SET_UP)
def pupil(request: Request, pupil_pk: int) -> HttpResponse:
    pupil = get_object_or_404(Pupil.objects.visible_to(request.member).select_related("school"), pk=pupil_pk)
    may_change = Pupil.objects.changeable_by(request.member).filter(pk=pupil.pk).exists()
    may_move = request.member.may(Permission.ALLOCATE)
    places = pupil.places_for(request.member)
    balances = Balances(request.service, places, Week.current())
    context = {
        "pupil": pupil,
        "places": [(place, balances.of(place.pk)) for place in places],
        "schools": list(dict.fromkeys(place.lesson.allocation.school for place in places)),
        "may_move": may_move,
        "alike": ", ".join(map(str, alike_to(pupil))) if may_move else "",
        "events": pupil.history_for(request.member),
        "may_change": may_change,
        "is_office": request.member.may(Permission.SEE_PUPILS),
        "week": Week.current(),
        "may_erase": request.member.may(Permission.ERASE_PUPILS) and not pupil.erased_at,
    }
    return render(request, "teaching/pupil/show.html", context)


@allow(SET_UP, Permission.ALLOCATE)
def pupil_change(request: Request, pupil_pk: int) -> HttpResponse:
    """Put a name or birthday right."""
    pupil = get_object_or_404(Pupil.objects.changeable_by(request.member), pk=pupil_pk)
    form = PupilChangeForm(request.POST or None, pupil)
    if form.saved(by=request.member):
        messages.success(request, "Saved." if form.result else "Nothing was changed.")
        return redirect("pupil", pupil.pk)
    context = {"form": form, "pupil_pk": pupil_pk}
    return render(request, "teaching/pupil/change.html", context, status=form.status)


@allow(Permission.SEE_PUPILS)
def pupils(request: Request) -> HttpResponse:
    """All pupils of the service. What is searched for is kept in the session, so that no name is in an address."""
    if request.method == "POST":
        request.session["find_pupils"] = PupilListForm.keep(request.POST)
        return redirect("pupils")
    form = PupilListForm(request.session.get("find_pupils", {}), request.member)
    wanted = request.GET.get("as", "")
    if wanted and request.member.may(Permission.ALLOCATE):
        return form.download(wanted)
    page = Paginator(form.found().for_list(), 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_take": request.member.may(Permission.ALLOCATE)}
    return render(request, "teaching/pupil/list.html", context)
