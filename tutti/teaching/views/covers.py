"""Cover: finding somebody for a visit, arranging it, and calling it off; the letters are read before they go (R7)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week
from tutti.core.templatetags.tutti import counted
from tutti.people.roles import Permission
from tutti.teaching.forms.cover import CoverForm, find_visits
from tutti.teaching.models import Cover
from tutti.teaching.models.arrangement import call_off, call_off_news


@allow(Permission.GIVE_NOTICE, Permission.SEE_REGISTERS)
def covers(request: Request) -> HttpResponse:
    """All that is arranged from this week on."""
    found = Cover.objects.visible_to(request.member).to_come(Week.current()).for_list()
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "may_cover": request.member.may(Permission.GIVE_NOTICE)}
    return render(request, "teaching/cover/list.html", context)


@allow(Permission.GIVE_NOTICE)
def covers_find(request: Request) -> HttpResponse:
    """Who could cover these visits; then the letters; then it is arranged."""
    visits = find_visits(request.member, request.GET.getlist("visit"))
    if not visits:
        return render(request, "teaching/cover/none.html")
    form = CoverForm(request.POST or None, visits)
    move, arrangement = request.POST.get("move", "look"), form.arrangement
    if move == "save" and arrangement and form.saved(by=request.member):
        words = f"{counted(form.result, 'visit')} covered by {form.chosen}. Both teachers are told."
        messages.success(request, words if form.result else "That was arranged already.")
        return redirect("covers")
    context = {"form": form, "visits": visits, "arrangement": arrangement}
    if move == "look" and arrangement:
        return render(request, "teaching/cover/look.html", context)
    return render(request, "teaching/cover/find.html", context, status=200 if arrangement else form.status)


@allow(Permission.GIVE_NOTICE)
def cover_call_off(request: Request, cover_pk: int) -> HttpResponse:
    """The two letters, and then no cover after all."""
    cover = get_object_or_404(Cover.objects.visible_to(request.member).for_list(), pk=cover_pk)
    if request.method == "POST":
        try:
            call_off([cover], request.member)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("covers")
        messages.success(request, "The cover is called off. Both teachers are told.")
        return redirect("covers")
    context = {"cover": cover, "news": call_off_news([cover])}
    return render(request, "teaching/cover/call_off.html", context)
