"""The list of schools, its downloads, and adding or changing one by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.calendar import today
from tutti.core.tables import csv_response, xlsx_response
from tutti.people.roles import Permission
from tutti.schools.forms.school import SchoolFilter, SchoolForm
from tutti.schools.models import AcademicYear, School
from tutti.schools.models.school import add_school

A_PAGE = 50
COLUMNS = ["Name", "URN", "DfE number", "Type", "Phase", "Local authority", "Street", "Locality", "Address 3", "Town"]
COLUMNS += ["County", "Postcode", "Telephone", "Website", "Status", "Area office", "Teachers this year"]
COLUMNS += ["Contacts who get the summary"]


@allow(Permission.SEE_SCHOOLS)
def schools(request: Request) -> HttpResponse:
    """Our schools, all schools, or those where nobody gets the summary."""
    year, narrow = _asked(request)
    page = Paginator(narrow.narrowed().for_list(year), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "filter": narrow, "year": year}
    context |= {"can_manage": request.member.may(Permission.MANAGE_SCHOOLS)}  # type: ignore[attr-defined]
    return render(request, "schools/school/list.html", context)


@allow(Permission.SEE_SCHOOLS)
def schools_csv(request: Request) -> HttpResponse:
    """The list as it is narrowed, as CSV."""
    year, narrow = _asked(request)
    return csv_response("schools", COLUMNS, _cells(narrow.narrowed().for_list(year)))


@allow(Permission.SEE_SCHOOLS)
def schools_xlsx(request: Request) -> HttpResponse:
    """The list as it is narrowed, as an Excel file."""
    year, narrow = _asked(request)
    return xlsx_response("schools", COLUMNS, _cells(narrow.narrowed().for_list(year)))


@allow(Permission.MANAGE_SCHOOLS)
def school_add(request: Request) -> HttpResponse:
    """A school typed by hand; no URN is needed."""
    form = SchoolForm(request.POST or None, member=request.member)  # type: ignore[attr-defined]
    if form.is_valid():
        school = add_school(request.service, request.member, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, f"{school.name} is added. Now say who gets its monthly summary.")
        return redirect(school)
    return render(request, "schools/school/add.html", {"form": form}, status=422 if form.errors else 200)


@allow(Permission.MANAGE_SCHOOLS)
def school_change(request: Request, school_pk: int) -> HttpResponse:
    """What is known of a school, changed by hand."""
    school = get_object_or_404(School.objects.visible_to(request.member), pk=school_pk)  # type: ignore[attr-defined]
    form = SchoolForm(request.POST or None, member=request.member, school=school)  # type: ignore[attr-defined]
    if form.is_valid():
        school.change(request.member, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, f"{school.name} is saved.")
        return redirect(school)
    context = {"form": form, "school": school}
    return render(request, "schools/school/change.html", context, status=422 if form.errors else 200)


def _asked(request: Request) -> tuple[AcademicYear | None, SchoolFilter]:
    year = AcademicYear.objects.visible_to(request.member).on(today())  # type: ignore[attr-defined]
    return year, SchoolFilter(request.GET, member=request.member, year=year)  # type: ignore[attr-defined]


def _cells(schools: Any) -> Iterator[list[Any]]:
    for s in schools:
        address = [s.street, s.locality, s.address3, s.town, s.county, s.postcode]
        known = [s.name, s.urn, s.dfe_number, s.type, s.phase, s.authority, *address, s.phone, s.website]
        yield [*known, s.get_status_display(), s.office.name if s.office else "", s.teachers, s.summary_contacts]
