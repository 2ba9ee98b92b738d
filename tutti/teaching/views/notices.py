"""Notices: what is known beforehand, of a pupil up to everybody; a teacher's leave is one (R6, R7)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear
from tutti.teaching.forms.notice import NoticeForm, NoticeListForm, NoticeSchoolForm, Subject, read_subject
from tutti.teaching.models import Allocation, Notice
from tutti.teaching.models.notice_reach import read_leave, read_reach

GIVE = (Permission.GIVE_NOTICE, Permission.SET_UP_PUPILS)


@allow(*GIVE, Permission.SEE_REGISTERS)
def notices(request: Request) -> HttpResponse:
    """Those running and to come, or the past ones."""
    form = NoticeListForm(request.GET, request.member)
    page = Paginator(form.found(), 50).get_page(request.GET.get("page"))
    asked = urlencode({name: request.GET[name] for name in form.fields if request.GET.get(name)})
    is_office = request.member.may(Permission.SEE_REGISTERS)
    context = {"form": form, "page": page, "asked": asked, "week": Week.current(), "is_office": is_office}
    return render(request, "teaching/notice/list.html", context | {"may_give": _may_give(request)})


@allow(*GIVE)
def notice_add(request: Request) -> HttpResponse:
    """For whom; then what; then what follows from it; and only then it is given."""
    subject = read_subject(request.GET, request.member)
    year = AcademicYear.objects.visible_to(request.member).on(today())
    if year is None:
        return render(request, "teaching/allocation/no_year.html")
    if subject is None:
        return _choose(request)
    if subject.asks_school:
        return _ask_school(request, subject)
    return _move(request, NoticeForm(request.POST or None, subject, request.member, year))


def _move(request: Request, form: NoticeForm) -> HttpResponse:
    """Type it, look at what follows, go back to what was typed, or give it."""
    move, planned = request.POST.get("move", "look"), form.planned
    if move == "save" and planned and form.saved(by=request.member):
        messages.success(request, "It is noted and waits on the registers.")
        return redirect("notice", form.result.pk)
    if move == "look" and planned:
        context = {"form": form, "notice": planned, "reach": read_reach(planned)}
        return render(request, "teaching/notice/look.html", context)
    context = {"form": form, "subject": form.subject}
    return render(request, "teaching/notice/add.html", context, status=200 if planned else form.status)


def _choose(request: Request) -> HttpResponse:
    """Whom it is for: for a teacher school by school."""
    may_all = request.member.may(Permission.GIVE_NOTICE)
    own = Allocation.objects.changeable_by(request.member).not_over(Week.current()).select_related("school")
    context = {"may_all": may_all, "own": [] if may_all else own}
    return render(request, "teaching/notice/choose.html", context)


def _ask_school(request: Request, subject: Subject) -> HttpResponse:
    form = NoticeSchoolForm(request.POST or None, request.member)
    if form.is_bound and form.is_valid():
        asked = urlencode({"for": subject.scope, "school": form.cleaned_data["school"].pk})
        return redirect(f"{reverse('notice_add')}?{asked}")
    return render(request, "teaching/notice/school.html", {"form": form, "subject": subject}, status=form.status)


@allow(*GIVE, Permission.SEE_REGISTERS)
def notice(request: Request, notice_pk: int) -> HttpResponse:
    """One notice with what it touches; of a leave every visit with its cover."""
    found = get_object_or_404(Notice.objects.visible_to(request.member).for_list(), pk=notice_pk)
    may_change = Notice.objects.changeable_by(request.member).filter(pk=found.pk).exists()
    context: dict[str, Any] = {"notice": found, "may_change": may_change and _may_give(request)}
    if not found.is_leave:
        return render(request, "teaching/notice/show.html", context | {"reach": read_reach(found)})
    visits = read_leave(found)
    context |= {"visits": visits, "gaps": [one for one in visits if not one.is_covered and not one.is_confirmed]}
    context["may_cover"] = request.member.may(Permission.GIVE_NOTICE)
    return render(request, "teaching/notice/leave.html", context)


@allow(*GIVE)
@require_POST
def notice_take_back(request: Request, notice_pk: int) -> HttpResponse:
    found = get_object_or_404(Notice.objects.changeable_by(request.member).for_list(), pk=notice_pk)
    found.take_back(request.member)
    messages.success(request, "Taken back. What registers took from it stays as it was recorded.")
    return redirect("notices")


def _may_give(request: Request) -> bool:
    return any(request.member.may(permission) for permission in GIVE)
