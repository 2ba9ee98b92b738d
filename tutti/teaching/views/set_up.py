"""Set up so far: what the office looks at in its first weeks (H1, H2)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear
from tutti.teaching.forms.set_up import SetUpListForm
from tutti.teaching.models.set_up import read_set_up, with_nothing


@allow(Permission.SEE_REGISTERS)
def set_up(request: Request) -> HttpResponse:
    """The year's allocations with their lessons, pupils and minutes, as a list to filter and to take away."""
    year = AcademicYear.objects.visible_to(request.member).on(today())
    form = SetUpListForm(request.GET, request.member, year)
    if request.GET.get("as"):
        return form.download(request.GET["as"])
    page = Paginator(form.found(), 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": read_set_up(list(page), Week.current()), "year": year}
    context |= {"asked": urlencode({name: request.GET[name] for name in form.fields if request.GET.get(name)})}
    context |= {"nothing": with_nothing(form.chosen).count(), "may_help": request.member.may(Permission.ALLOCATE)}
    return render(request, "teaching/set_up/list.html", context)
