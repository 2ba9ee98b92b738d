"""Applications as the leader and the mentors work through them: pipeline, case, moves (M3 to M10)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.tables import csv_response
from tutti.partners.forms.application_list import COLUMNS, ApplicationListForm, as_row
from tutti.partners.forms.application_move import FORMS
from tutti.partners.models import Application
from tutti.partners.models.application_chart import LEADER, MENTOR
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.case_page import read_case, what_it_sends
from tutti.partners.models.pipeline import read_pipeline
from tutti.people.roles import Permission

A_PAGE = 50
NOT_NOW = "That is not to be done now. Somebody may have moved the application on."


@allow(LEADER, MENTOR)
def applications(request: Request) -> HttpResponse:
    """What waits for whoever looks, and all the others, the oldest first."""
    may_key_in = request.member.may(Permission.KEY_IN_APPLICATIONS)
    may_post = may_key_in or request.member.may(LEADER)
    context = {"pipeline": read_pipeline(request.member), "may_key_in": may_key_in, "may_post": may_post}
    return render(request, "partners/application/list.html", context)


@allow(LEADER, MENTOR)
def all_applications(request: Request) -> HttpResponse:
    """Every one that was sent in, those that ended too, by stage and words."""
    form = ApplicationListForm(request.GET, request.member)
    page = Paginator(form.rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": form.read(page.object_list)}
    return render(request, "partners/application/all.html", context)


@allow(LEADER, MENTOR)
def all_applications_csv(request: Request) -> HttpResponse:
    """The same as a table to keep."""
    form = ApplicationListForm(request.GET, request.member)
    return csv_response("applications", COLUMNS, [as_row(one) for one in form.read(form.rows)])


@allow(LEADER, MENTOR)
def application(request: Request, application_pk: int) -> HttpResponse:
    """The case on one page: who, where it stands, the moves that are theirs to make, what happened."""
    found = sent_in(request, application_pk)
    may_decide = request.member.may(LEADER)
    context = {"case": read_case(found, request.member), "may_decide": may_decide}
    context |= {"is_mentor": found.mentor_id == request.member.pk, "may_withdraw": may_decide and found.is_running}
    return render(request, "partners/application/show.html", context)


@allow(LEADER, MENTOR)
def application_move(request: Request, application_pk: int, move: str) -> HttpResponse:
    """One move, with the letter that it sends, shown before it goes out."""
    found = sent_in(request, application_pk)
    chosen = next(one for one in Application.moves() if one.name == move)
    is_open = chosen in found.moves_open_to(request.member)
    if not is_open and not (request.method == "POST" and found.may_make(chosen, request.member)):
        messages.error(request, NOT_NOW)
        return redirect("application", found.pk)
    form = FORMS[move](request.POST or None, found, request.member)
    if not is_open:
        form.add_error(None, f"{NOT_NOW} What you typed stands below.")
    elif form.saved(by=request.member):
        messages.success(request, f"{chosen.says[:1].upper()}{chosen.says[1:]}.")
        return redirect("application", found.pk)
    context = {"form": form, "application": found, "move": chosen, "sends": what_it_sends(move)}
    return render(request, "partners/application/move.html", context, status=form.status)


def sent_in(request: Request, application_pk: int) -> Application:
    """One that was sent in and that this member may see; 404 for any other."""
    seen = Application.objects.visible_to(request.member).exclude(stage=Stage.DRAFT)
    return get_object_or_404(seen.select_related("service__scheme", "mentor__person"), pk=application_pk)
