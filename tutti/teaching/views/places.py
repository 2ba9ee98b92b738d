"""A pupil's place: moved to another lesson, or ended, from a week on (H3, P3)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week
from tutti.people.roles import Permission
from tutti.teaching.forms.place import PlaceChangeForm, PlaceStartForm
from tutti.teaching.models import Place
from tutti.teaching.models.roster import read_rosters
from tutti.teaching.views.way_back import way_back


@allow(Permission.SET_UP_PUPILS)
def place_change(request: Request, place_pk: int) -> HttpResponse:
    place = get_object_or_404(
        Place.objects.changeable_by(request.member).select_related("pupil", "lesson"), pk=place_pk
    )
    allocation = place.lesson.allocation
    back = way_back(request, "allocation", allocation.pk)
    lessons = [row for row in read_rosters([allocation], Week.current())[allocation.pk] if not row.lesson.is_programme]
    form = PlaceChangeForm(request.POST or None, place, lessons, Week.current())
    if form.saved(by=request.member):
        messages.success(request, f"{place.pupil} {form.result}.")
        return redirect(back)
    context = {"form": form, "place": place, "back": back}
    return render(request, "teaching/place/change.html", context, status=form.status)


@allow(Permission.SET_UP_PUPILS)
@require_POST
def place_carry_on(request: Request, place_pk: int) -> HttpResponse:
    """Undo an end."""
    place = get_object_or_404(
        Place.objects.changeable_by(request.member).select_related("pupil", "lesson"), pk=place_pk
    )
    try:
        place.carry_on(request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"{place.pupil} stays in {place.lesson}.")
    return redirect(way_back(request, "allocation", place.lesson.allocation_id))


@allow(Permission.SET_UP_PUPILS, Permission.ALLOCATE)
def place_start(request: Request, place_pk: int) -> HttpResponse:
    """How it began: asked for by the school, and what came before (P10)."""
    places = Place.objects.start_known_to(request.member).select_related("pupil", "lesson__allocation__school")
    place = get_object_or_404(places, pk=place_pk)
    form = PlaceStartForm(request.POST or None, place)
    if form.saved(by=request.member):
        messages.success(request, "Saved." if form.result else "Nothing was changed.")
        return redirect("pupil", place.pupil_id)
    return render(request, "teaching/place/start.html", {"form": form, "place": place}, status=form.status)
