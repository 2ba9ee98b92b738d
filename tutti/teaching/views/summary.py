"""One school's summary, as the office sees it: the school's page, to whom it went, and its files (H8, S4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.documents import pdf_response
from tutti.core.tables import csv_response
from tutti.people.roles import Permission
from tutti.schools.models import Contact, School
from tutti.teaching.forms.summary import MonthForm
from tutti.teaching.models.school_month import school_months
from tutti.teaching.models.summary import Summary, draft_of, make_summary
from tutti.teaching.models.summary_corrections import correction_columns, correction_rows
from tutti.teaching.models.summary_paper import paper_of
from tutti.teaching.models.summary_words import lesson_columns, lesson_rows, pupil_columns, pupil_rows

SEND = Permission.SEND_SUMMARIES


@allow(SEND)
def summary(request: Request, summary_pk: int) -> HttpResponse:
    found = _summary(request, summary_pk)
    (row,) = school_months(School.objects.filter(pk=found.school_id), request.service, found.month, found.kind)
    return render(request, "teaching/summary/show.html", {**page_of(found), "row": row})


@allow(SEND)
def summary_preview(request: Request, school_pk: int) -> HttpResponse:
    """The month as it would be told today, before it is sent."""
    schools = School.objects.visible_to(request.member).select_related("office", "service")
    school = get_object_or_404(schools, pk=school_pk)
    month = MonthForm(request.GET, service=request.service).chosen_month
    if month is None:
        raise Http404
    known = Summary.objects.monthly().filter(school=school, month=month).first()
    return redirect("summary", known.pk) if known else _preview(request, draft_of(school, month))


@allow(SEND)
@require_POST
def summary_make(request: Request, school_pk: int) -> HttpResponse:
    """Make the summary of a school that nobody can be written to, so that it can be printed and posted (S4)."""
    school = get_object_or_404(School.objects.visible_to(request.member).select_related("service"), pk=school_pk)
    form = MonthForm(request.POST, service=request.service)
    if form.chosen_month is None:
        raise Http404
    try:
        return redirect("summary", make_summary(school, form.chosen_month).pk)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(f"{reverse('summaries')}?month={form.chosen_month}")


@allow(SEND)
@require_POST
def summary_again(request: Request, summary_pk: int, contact_pk: int) -> HttpResponse:
    found = _summary(request, summary_pk)
    contacts = Contact.objects.visible_to(request.member).for_summary()
    contact = get_object_or_404(contacts, pk=contact_pk, school=found.school_id)
    found.send_again(contact, request.member)
    messages.success(request, f"Sent to {contact.name}, {contact.email}.")
    return redirect("summary", found.pk)


@allow(SEND)
def summary_pdf(request: Request, summary_pk: int) -> HttpResponse:
    found = _summary(request, summary_pk)
    return pdf_response(paper_of(found), found.file_name)


@allow(SEND)
def summary_csv(request: Request, summary_pk: int) -> HttpResponse:
    return csv_of(_summary(request, summary_pk), request.GET.get("table", ""))


def _summary(request: Request, summary_pk: int) -> Summary:
    summaries = Summary.objects.visible_to(request.member).select_related("school__office", "school__service")
    return get_object_or_404(summaries, pk=summary_pk)


def _preview(request: Request, draft: Summary) -> HttpResponse:
    return render(request, "teaching/summary/preview.html", page_of(draft))


def page_of(summary: Summary) -> dict[str, Any]:
    """What the page of a month shows, to the office and to the school."""
    return {"summary": summary, "school": summary.school, "office": summary.school.office, "told": summary.told()}


def csv_of(summary: Summary, table: str) -> HttpResponse:
    """The pupils week by week; with "lessons" the lessons by teacher, with "corrections" what is told anew."""
    said = summary.said
    if table == "corrections" or summary.is_of_year:
        return csv_response(
            f"{summary.file_name}-corrections", correction_columns(), correction_rows(said["corrections"])
        )
    if table == "lessons":
        return csv_response(f"{summary.file_name}-lessons", lesson_columns(), lesson_rows(said))
    return csv_response(f"{summary.file_name}-pupils", pupil_columns(said), pupil_rows(said))
