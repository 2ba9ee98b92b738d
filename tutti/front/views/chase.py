"""Chasing: exactly what will go to whom, and then sending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tutti.core.access import Request, allow
from tutti.core.templatetags.tutti import counted
from tutti.front import progress
from tutti.front.forms.register import RegistersFilterForm
from tutti.people.roles import Permission
from tutti.teaching.models.chase import chases, remind


@allow(Permission.CHASE_TEACHERS)
def chase(request: Request) -> HttpResponse:
    """The letters to all teachers who miss registers, or to the one in the address; a POST sends them."""
    form = RegistersFilterForm(request.POST or request.GET, by=request.member)
    place = progress.place_in_year(request.service)
    missing = [one for one in place.delivery(form.allocations).missing() if one.week < place.this_week]
    found = chases(request.service, missing, place.begun)
    if request.method == "POST":
        sent = remind(request.service, found, request.member)
        words = f"{counted(len(sent), 'teacher')} reminded." if sent else "Everybody was reminded today already."
        messages.success(request, words)
        return redirect("registers")
    open_ones = [one for one in found if not one.was_chased_today]
    context = {"form": form, "chases": open_ones, "done": [one for one in found if one.was_chased_today]}
    return render(request, "front/chase/show.html", context)
