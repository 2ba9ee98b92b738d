"""A teacher leaves: one last week for all of their schools, and who comes after them (P2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, today
from tutti.core.templatetags.tutti import counted
from tutti.people.models import Member
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear
from tutti.teaching.forms.leaver import LastWeekForm, LeaverForm


@allow(Permission.ALLOCATE)
def teacher_leaves(request: Request, member_pk: int) -> HttpResponse:
    """The last week first; then what ends with it, and who comes after."""
    teacher = get_object_or_404(Member.objects.visible_to(request.member).teachers(), pk=member_pk)
    year = AcademicYear.objects.visible_to(request.member).on(today())
    if year is None:
        return render(request, "teaching/allocation/no_year.html")
    asked = LastWeekForm(request.GET if "until_week" in request.GET else None, year, Week.current())
    if not asked.is_valid():
        status = 422 if asked.is_bound else 200
        return render(request, "teaching/leaver/week.html", {"form": asked, "teacher": teacher}, status=status)
    sent = request.POST if request.method == "POST" else None
    form = LeaverForm(sent, teacher, asked.cleaned_data["until_week"], request.member)
    if form.saved(by=request.member):
        heirs = f" {counted(len(form.result), 'school')} handed on." if form.result else ""
        messages.success(request, f"{teacher}: the last week is set everywhere.{heirs} What was recorded stays.")
        return redirect("teacher", teacher.pk)
    context = {"form": form, "leaver": form.leaver, "teacher": teacher}
    return render(request, "teaching/leaver/show.html", context, status=form.status)
