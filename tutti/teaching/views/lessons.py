"""Lessons as a teacher sets them up at a school (H3, P6, P7)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week
from tutti.people.roles import Permission
from tutti.teaching.forms.lesson import LessonAddForm, LessonChangeForm, LessonEndForm
from tutti.teaching.models import Allocation, Lesson
from tutti.teaching.models.lesson_end import carry_lesson_on
from tutti.teaching.views.way_back import way_back, week_meant

SET_UP = Permission.SET_UP_PUPILS


@allow(SET_UP)
def lesson_add(request: Request, allocation_pk: int) -> HttpResponse:
    allocation = get_object_or_404(Allocation.objects.changeable_by(request.member), pk=allocation_pk)
    back = way_back(request, "allocation", allocation.pk)
    form = LessonAddForm(request.POST or None, allocation, week_meant(back))
    if form.saved(by=request.member):
        messages.success(request, f"{form.result} is added. Now its pupils.")
        return redirect(back)
    context = {"form": form, "allocation": allocation, "back": back}
    return render(request, "teaching/lesson/add.html", context, status=form.status)


@allow(SET_UP)
def lesson_change(request: Request, lesson_pk: int) -> HttpResponse:
    """Kind, minutes and when it is due, from a week on; earlier weeks keep theirs (P7)."""
    lesson = get_object_or_404(Lesson.objects.changeable_by(request.member).with_pupils(), pk=lesson_pk)
    back = way_back(request, "allocation", lesson.allocation_id)
    form = LessonChangeForm(request.POST or None, lesson, week_meant(back))
    if form.saved(by=request.member):
        messages.success(request, f"{lesson} is changed." if form.result else "Nothing was changed.")
        return redirect(back)
    context = {"form": form, "lesson": lesson, "back": back}
    return render(request, "teaching/lesson/change.html", context, status=form.status)


@allow(SET_UP)
def lesson_end(request: Request, lesson_pk: int) -> HttpResponse:
    """The last week of a lesson."""
    lesson = get_object_or_404(Lesson.objects.changeable_by(request.member).with_pupils(), pk=lesson_pk)
    back = way_back(request, "allocation", lesson.allocation_id)
    form = LessonEndForm(request.POST or None, lesson, Week.current())
    if form.saved(by=request.member):
        messages.success(request, f"{lesson} ends. What was recorded stays.")
        return redirect(back)
    context = {"form": form, "lesson": lesson, "back": back}
    return render(request, "teaching/lesson/end.html", context, status=form.status)


@allow(SET_UP)
@require_POST
def lesson_carry_on(request: Request, lesson_pk: int) -> HttpResponse:
    """Undo an end."""
    lesson = get_object_or_404(Lesson.objects.changeable_by(request.member).with_pupils(), pk=lesson_pk)
    carry_lesson_on(lesson, request.member)
    messages.success(request, f"{lesson} goes on.")
    return redirect(way_back(request, "allocation", lesson.allocation_id))


@allow(SET_UP)
@require_POST
def lesson_remove(request: Request, lesson_pk: int) -> HttpResponse:
    """Take out a lesson that was added by mistake."""
    lesson = get_object_or_404(Lesson.objects.changeable_by(request.member).with_pupils(), pk=lesson_pk)
    back = way_back(request, "allocation", lesson.allocation_id)
    try:
        lesson.remove(request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "The lesson is taken out.")
    return redirect(back)


@allow(SET_UP)
@require_POST
def lesson_move(request: Request, lesson_pk: int) -> HttpResponse:
    """One up or down in the teacher's own order."""
    lesson = get_object_or_404(Lesson.objects.changeable_by(request.member), pk=lesson_pk)
    lesson.shift(request.member, -1 if request.POST.get("way") == "up" else 1)
    return redirect(f"{way_back(request, 'allocation', lesson.allocation_id)}#lesson-{lesson.pk}")
