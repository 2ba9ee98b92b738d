"""Sheets to print: the office's as PDFs, a teacher's as pages, never as files (H9)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from tutti.core.access import Request, allow
from tutti.core.calendar import today
from tutti.core.documents import pdf_response
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear, School
from tutti.teaching.forms.paper import MyPaperForm, OfficePaperForm
from tutti.teaching.models.paper_file import HOW, file_name, legend, paper_file


@allow(Permission.SEE_PUPILS)
def papers(request: Request, school_pk: int | None = None) -> HttpResponse:
    """Which sheets, of one school or of which; the button makes the PDF."""
    schools = School.objects.visible_to(request.member)
    school = get_object_or_404(schools, pk=school_pk) if school_pk else None
    year = AcademicYear.objects.visible_to(request.member).on(today())
    if year is None:
        return render(request, "teaching/allocation/no_year.html")
    form = OfficePaperForm(request.GET.dict(), request.member, year, school)
    if form.is_valid():
        sheets, kind = form.papers(), form.kind_chosen
        return pdf_response(paper_file(sheets, kind, request.service, timezone.now()), file_name(sheets, kind))
    return render(request, "teaching/paper/choose.html", {"form": form}, status=form.status)


@allow(Permission.SET_UP_PUPILS)
def my_paper(request: Request) -> HttpResponse:
    """The teacher's own sheets, ready to print from the page."""
    year = AcademicYear.objects.visible_to(request.member).on(today())
    if year is None:
        return render(request, "teaching/my_week/no_year.html")
    form = MyPaperForm(request.GET.dict(), request.member, year)
    context = {"form": form, "papers": form.papers()}
    if form.is_valid():
        kind = form.kind_chosen
        words = legend(request.service, form.span[0].week) if kind == "register" else []
        context |= {"kind": kind, "how": HOW[kind], "legend": words}
    return render(request, "teaching/paper/mine.html", context, status=form.status)
