"""The first page: the front door without a service, and in one the home page of whoever is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, public
from tutti.core.calendar import today
from tutti.front import door, progress, to_do
from tutti.front.waiting import count_waiting
from tutti.people.roles import Permission
from tutti.teaching.models import Allocation, Question
from tutti.teaching.models.chase import chases
from tutti.teaching.views.my_week import my_week

SHOWN = 5  # teachers named on the home page; the others are behind "and 2 more"


@public
def home(request: Request) -> HttpResponse:
    """By service and role: the front door, my week, the area, the office."""
    if request.service is None:
        return _front_door(request)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.member is None or not request.member.may(Permission.SEE_HOME):
        raise Http404("not a member of this service")
    if request.member.may(Permission.ALLOCATE):
        return render(request, "front/home/office.html", _office(request.member))
    if request.member.may(Permission.SEE_REGISTERS):
        return render(request, "front/home/area.html", _area(request.member))
    if request.member.may(Permission.RECORD_REGISTERS):
        return my_week(request)
    works = request.member.may(Permission.DECIDE_APPLICATIONS) or request.member.may(Permission.OBSERVE_APPLICANTS)
    return redirect("my_entry" if request.member.may(Permission.EDIT_OWN_ENTRY) and not works else "applications")


@public
@require_POST
def demo_sign_in(request: Request) -> HttpResponse:
    """Signs in as one of the cast: in a demo world only."""
    member = door.pick(request.POST.get("as", ""))
    if member is None:
        raise Http404("not one of the cast")
    login(request, member.person, backend="tutti.people.sign_in.PersonBackend")
    return redirect(f"/{member.service.slug}/")


def _front_door(request: Request) -> HttpResponse:
    """Tutti's own page. Somebody who has signed in goes on to their service, unless they ask for the cast."""
    if request.user.is_authenticated and "cast" not in request.GET:
        own = request.user.own_memberships  # type: ignore[union-attr]
        return redirect(f"/{own[0].service.slug}/" if len(own) == 1 else "choose_service")
    return render(request, "front/door/show.html", {"picks": door.picks()})


def _office(member: Any) -> dict[str, Any]:
    """What the office does next, and how the service stands."""
    place = progress.place_in_year(member.service)
    delivery = place.delivery()
    missing = [one for one in delivery.missing() if one.week < place.this_week]
    to_chase = chases(member.service, missing, place.begun)
    waiting = count_waiting(member, place, delivery)
    tasks = to_do.tasks(member, place, delivery, waiting)
    return {
        "today": today(),
        "place": place,
        "chases": to_chase[:SHOWN],
        "chased": to_chase,
        "reminded": sum(one.was_chased_this_week for one in to_chase),
        "more_to_chase": len(to_chase) - SHOWN,
        "missing": missing,
        "last_week": place.last_lesson_week,
        "tasks": tasks,
        "things": len(tasks) + bool(missing),
        "chart": place.chart(delivery),
        "last": place.last_week_count(delivery),
        "waiting": waiting,
        "runs": progress.recent_runs(member),
        "next_summaries": progress.next_summaries(member.service),
        "closings": progress.closings_to_come(member, place),
    }


def _area(member: Any) -> dict[str, Any]:
    """Whether the teaching in the area manager's schools is delivered."""
    place = progress.place_in_year(member.service)
    own = Allocation.objects.filter(service_id=member.service_id)
    area = own.filter(school__office=member.office) if member.office else own
    delivery = place.delivery(area)
    missing = [one for one in delivery.missing() if one.week < place.this_week]
    schools = progress.stand_of_schools(member, delivery, place.this_week)
    questions = Question.objects.waiting_for(member)
    return {
        "questions": questions.filter(office=member.office) if member.office else questions,
        "office": member.office,
        "today": today(),
        "place": place,
        "chart": place.chart(delivery, many=len(place.begun)),
        "schools": schools,
        "total": progress.total_of(schools),
        "chases": chases(member.service, missing, place.begun),
        "missing": missing,
    }
