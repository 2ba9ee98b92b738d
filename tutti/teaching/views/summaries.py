"""The office's pages of a month's summaries: who was sent what, and sending them (H8, S2, S4)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Day, first_of_month, next_month, today, working_day
from tutti.core.runs import Run
from tutti.people.roles import Permission
from tutti.teaching.forms.summary import MonthForm
from tutti.teaching.letters import read_summary
from tutti.teaching.models.school_month import SHOWN, SchoolMonth, letters_to_write, school_months, shown, state_of
from tutti.teaching.models.summary import RUN, draft_of, schools_taught, start_sending
from tutti.teaching.models.summary_link import LIVES
from tutti.teaching.models.year_end import start_corrections, year_to_close

SEND = Permission.SEND_SUMMARIES


@allow(SEND)
def summaries(request: Request) -> HttpResponse:
    form = MonthForm(request.GET, service=request.service)
    month = form.chosen_month
    if month is None:
        return render(request, "teaching/summary/none.html")
    schools = schools_taught(request.service, month)
    schools = schools.named(form.cleaned_data.get("q") or "").order_by("name", "pk")  # type: ignore[attr-defined]
    page = Paginator(shown(schools, request.service, month, form.chosen_show), 50).get_page(request.GET.get("page"))
    rows = school_months(page.object_list, request.service, month)
    run = Run.objects.visible_to(request.member).filter(kind=RUN, slot=f"{month:%Y-%m}").order_by("-pk").first()
    told = {"form": form, "month": month, "page": page, "rows": rows, "run": run, **_when(request, month)}
    choices = {"shown": SHOWN.items(), "show": form.chosen_show, "state": state_of(request.service, month)}
    told["closes_on"] = year_to_close(request.service, month)
    return render(request, "teaching/summary/list.html", {**told, **choices})


@allow(SEND)
def summaries_send(request: Request) -> HttpResponse:
    month = MonthForm(request.POST or request.GET, service=request.service).chosen_month
    if month is None:
        return redirect("summaries")
    if request.method == "POST":
        return _start(request, month)
    rows = letters_to_write(request.service, month)
    to_write = [row for row in rows if row.contacts and not row.is_sent]
    to_post = [row for row in rows if row.needs_post]
    lists = {
        "to_write": to_write,
        "to_post": to_post,
        "to_make": [r for r in to_post if not r.summary],
        "sent": [r for r in rows if r.is_sent],
    }
    told = {"month": month, "example": _example(to_write, month), **_when(request, month)}
    return render(request, "teaching/summary/send.html", {**lists, **told})


@allow(SEND)
@require_POST
def corrections_send(request: Request) -> HttpResponse:
    """Tell all schools what was corrected in the year that has ended, before that goes out by itself (S3)."""
    month = MonthForm(request.POST, service=request.service).chosen_month
    if month is None or not year_to_close(request.service, month):
        messages.error(request, "Corrections alone are told after the year’s last month.")
        return redirect("summaries")
    return redirect("run", start_corrections(request.service, month, request.member).pk)


def _start(request: Request, month: Day) -> HttpResponse:
    try:
        run = start_sending(request.service, month, request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(f"{reverse('summaries')}?month={month}")
    return redirect("run", run.pk)


def _when(request: Request, month: Day) -> dict[str, object]:
    """When the month's summaries go out by themselves, and whether they can be sent already."""
    day = working_day(next_month(month), request.service.summary_working_day)
    return {"goes_out": day, "is_over": month < first_of_month(today()), "today": today()}


def _example(rows: list[SchoolMonth], month: Day) -> str:
    """The first letter of all, as it will read."""
    if not rows:
        return ""
    draft = draft_of(rows[0].school, month, is_for_letter=True)
    return read_summary(
        draft, rows[0].contacts[0].name, "(a private link, made for each of them)", timezone.now() + LIVES
    )
