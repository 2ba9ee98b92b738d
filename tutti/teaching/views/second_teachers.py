"""Second teachers: who teaches a class beside its lead, each for minutes of their own (R8)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week
from tutti.people.roles import Permission
from tutti.teaching.forms.second_teacher import SecondEndForm, SecondTeacherForm
from tutti.teaching.models import SecondTeacher
from tutti.teaching.models.second_teacher import classes_of


@allow(Permission.ALLOCATE)
def programme_second(request: Request, lesson_pk: int) -> HttpResponse:
    """Those of a programme or large group, and another from a week on."""
    classes = classes_of(request.service).select_related("allocation__school", "allocation__teacher")
    lesson = get_object_or_404(classes, pk=lesson_pk)
    form = SecondTeacherForm(request.POST or None, lesson, request.member, Week.current())
    if form.saved(by=request.member):
        messages.success(request, f"{form.result.teacher} teaches there too, {form.result.minutes} minutes a lesson.")
        return redirect("programme_second", lesson.pk)
    seconds = lesson.second_teachers.select_related("teacher")
    context = {"form": form, "lesson": lesson, "seconds": seconds, "week": Week.current()}
    return render(request, "teaching/second_teacher/show.html", context, status=form.status)


@allow(Permission.ALLOCATE)
def second_end(request: Request, secondteacher_pk: int) -> HttpResponse:
    """Their last week. What was confirmed stays."""
    rows = SecondTeacher.objects.visible_to(request.member).select_related("teacher", "lesson__allocation__school")
    second = get_object_or_404(rows, pk=secondteacher_pk)
    form = SecondEndForm(request.POST or None, second, Week.current())
    if form.saved(by=request.member):
        messages.success(request, f"{second.teacher}: the last week is set. What was confirmed stays.")
        return redirect("programme_second", second.lesson_id)
    context = {"form": form, "second": second}
    return render(request, "teaching/second_teacher/end.html", context, status=form.status)
