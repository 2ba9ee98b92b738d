"""Registers recorded against expected, and the missing ones (H5, H10)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from tutti.core.access import Request, allow
from tutti.front import progress
from tutti.front.forms.register import RegistersFilterForm
from tutti.people.models import Member
from tutti.people.roles import Permission
from tutti.teaching.models.chase import last_reminders

A_PAGE = 50


@allow(Permission.SEE_REGISTERS)
def registers(request: Request) -> HttpResponse:
    """The year by week as a picture with its table, and every register that is missing."""
    form = RegistersFilterForm(request.GET, by=request.member)
    place = progress.place_in_year(request.service)
    delivery = place.delivery(form.allocations)
    missing = [one for one in delivery.missing() if one.week < place.this_week]
    page = Paginator(missing, A_PAGE).get_page(request.GET.get("page"))
    names = dict(Member.objects.filter(service=request.service).values_list("pk", "name"))
    context = {"form": form, "place": place, "page": page, "names": names, "missing": missing}
    context |= {"rows": [(one, names[one.teacher_id]) for one in page]}
    reminded = last_reminders(request.service, names)
    context |= {"reminded": sorted((names[pk], one) for pk, one in reminded.items() if one.was_this_week)}
    context |= {"chart": place.chart(delivery, many=len(place.begun)), "last": place.last_week_count(delivery)}
    return render(request, "front/register/list.html", context)
