"""The register: one school, one week (H5 to H7, H10, R1 to R9)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week
from tutti.people.roles import Permission
from tutti.teaching.forms.register import RegisterForm
from tutti.teaching.models.register import There
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.tap import tap
from tutti.teaching.views.register_page import page_of

RECORD = Permission.RECORD_REGISTERS


@allow(RECORD, Permission.SEE_REGISTERS)
def register(request: Request, allocation_pk: int, week: Week) -> HttpResponse:
    if request.method == "POST":
        return _save(request, allocation_pk, week)
    sheet = Sheet.open(request.member, allocation_pk, week)
    if sheet is None:
        raise Http404
    return render(request, "teaching/register/show.html", page_of(sheet, request.member))


@transaction.atomic
def _save(request: Request, allocation_pk: int, week: Week) -> HttpResponse:
    """Record what the page says, then do what the button says. Nothing that was typed is lost."""
    sheet = Sheet.open_to_write(request.member, allocation_pk, week)
    if sheet is None or not _may_write(sheet, request.member):
        raise Http404
    form = RegisterForm(sheet, request.POST)
    try:
        _record(form, sheet, request.member)
        if not form.errors:
            _do_move(sheet, request)
    except ValidationError as error:
        form.errors.setdefault("register", error.messages[0])
    if not form.errors:
        return _answer(request, allocation_pk, week)
    again = Sheet.open(request.member, allocation_pk, week)
    assert again
    return render(request, "teaching/register/show.html", page_of(again, request.member, form), status=422)


def _may_write(sheet: Sheet, member: Any) -> bool:
    """The teacher whose register it is; the office reads."""
    return sheet.allocation.teacher_id == member.pk and member.may(RECORD)


def _record(form: RegisterForm, sheet: Sheet, by: Any) -> None:
    if sheet.is_confirmed:
        return
    form.read()
    if form.says_something:
        sheet.record(by, form.marks, form.counts, form.given)
    for lesson_pk, minutes in form.minutes.items():
        sheet.set_minutes(by, lesson_pk, minutes)
    note = form.data.get("note")
    if note is not None and note != form.data.get("was-note"):
        sheet.set_note(by, note.strip()[:500])


def _do_move(sheet: Sheet, request: Request) -> None:
    """The button that was pressed."""
    by, move = request.member, request.POST.get("move", "save")
    if request.POST.get("absent"):
        sheet.set_there(by, There.NONE, sheet.reason(request.POST["absent"]))
    elif move == "there":
        sheet.set_there(by, There.ALL)
    elif move == "planned":
        sheet.fill_as_planned(by)
    elif move == "undo":
        sheet.undo_fill(by)
    elif move == "confirm":
        sheet.confirm(by)
    elif move == "reopen":
        sheet.reopen(by)


def _answer(request: Request, allocation_pk: int, week: Week) -> HttpResponse:
    """Nothing to a script that saved in the background; otherwise the page again."""
    if request.headers.get("X-Tutti") == "save":
        return HttpResponse(status=204)
    response = redirect("register", allocation_pk, week)
    assert isinstance(response, HttpResponseRedirect)
    response.status_code = 303
    return response


@allow(RECORD)
@require_POST
def register_tap(request: Request, allocation_pk: int, week: Week) -> HttpResponse:
    """One pupil's mark, saved in the background."""
    place, why = request.POST.get("place", ""), request.POST.get("why", "")
    try:
        if not place.isdecimal() or len(place) > 18 or not tap(request.member, allocation_pk, week, int(place), why):
            raise Http404
    except ValidationError as error:
        return HttpResponse(error.messages[0], status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)
