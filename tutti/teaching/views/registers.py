"""The register: one school, one week (H5 to H7, H10, R1 to R9)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.calendar import Week
from tutti.people.roles import Permission
from tutti.teaching.forms.register import RegisterForm
from tutti.teaching.models import Lesson
from tutti.teaching.models.correction import propose
from tutti.teaching.models.make_up import begin_make_up, drop_make_up, read_key
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
    is_correcting = bool(request.GET.get("correct")) and sheet.is_locked and sheet.is_confirmed and sheet.is_own
    context = page_of(sheet, request.member, is_correcting=is_correcting)
    return render(request, "teaching/register/show.html", context)


@transaction.atomic
def _save(request: Request, allocation_pk: int, week: Week) -> HttpResponse:
    """Record what the page says, then do what the button says. Nothing that was typed is lost."""
    sheet = Sheet.open_to_write(request.member, allocation_pk, week)
    if sheet is None or not sheet.is_mine or not request.member.may(RECORD):
        raise Http404
    form, proposes = RegisterForm(sheet, request.POST), request.POST.get("move") == "propose"
    if _is_correcting(request) and not proposes:
        form.read()
        return _again(request, allocation_pk, week, form)  # a button on the page of a correction: it is not sent yet
    move = _propose if proposes else _record_and_move
    try:
        move(form, sheet, request)
    except ValidationError as error:
        form.errors.setdefault("why" if "why" in getattr(error, "error_dict", {}) else "register", error.messages[0])
    if not form.errors:
        return _answer(request, allocation_pk, week)
    return _again(request, allocation_pk, week, form)


def _again(request: Request, allocation_pk: int, week: Week, form: RegisterForm) -> HttpResponse:
    """The page with what stands in the way, and all that was typed."""
    sheet = Sheet.open(request.member, allocation_pk, week)
    assert sheet
    form.lay_on(sheet)
    context = page_of(sheet, request.member, form, is_correcting=_is_correcting(request))
    return render(request, "teaching/register/show.html", context, status=422 if form.errors else 200)


def _is_correcting(request: Request) -> bool:
    """The page of a correction asks why, or sends it."""
    return "why" in request.POST or request.POST.get("move") == "propose"


def _record_and_move(form: RegisterForm, sheet: Sheet, request: Request) -> None:
    _record(form, sheet, request.member)
    if not form.errors:
        _do_move(form, sheet, request)


def _record(form: RegisterForm, sheet: Sheet, by: Any) -> None:
    if sheet.is_confirmed:
        return
    form.read()
    if form.says_something:
        sheet.record(by, form.marks, form.counts, form.given)
    for key, minutes in form.minutes.items():
        sheet.set_minutes(by, key, minutes)
    for key, is_alone in form.alone.items():
        sheet.set_alone(by, key, is_alone)
    note = form.data.get("note")
    if sheet.is_whole and note is not None and note != form.data.get("was-note"):
        sheet.set_note(by, _tidy(note))


def _propose(form: RegisterForm, sheet: Sheet, request: Request) -> None:
    """Ask the office for what the page says differently from what is recorded (R10)."""
    form.read().ask_for_marks()
    if form.errors:
        return
    if sheet.register is None or not (sheet.is_confirmed and sheet.is_locked and sheet.is_own):
        raise ValidationError("This week is open: change it on its page.")
    changed: dict[str, Any] = {"marks": form.marks, "counts": form.counts, "given": form.given}
    why = _tidy(request.POST.get("why", ""))
    propose(sheet.register, request.member, why, minutes=form.minutes, **changed)
    messages.success(request, "Sent to the office, which decides and tells you.")


def _tidy(words: str) -> str:
    """What was typed, as every database keeps it."""
    return words.replace("\0", "").strip()[:500]


def _do_move(form: RegisterForm, sheet: Sheet, request: Request) -> None:
    """The button that was pressed."""
    by, asked = request.member, request.POST
    moves = {
        "planned": sheet.fill_as_planned,
        "undo": sheet.undo_fill,
        "confirm": sheet.confirm,
        "reopen": sheet.reopen,
    }
    if not sheet.is_own and (asked.get("absent") or asked.get("part") or asked.get("move") == "there"):
        raise ValidationError(f"Only {sheet.allocation.teacher} says that. Mark the lessons that you cover.")
    if asked.get("absent"):
        sheet.set_there(by, There.NONE, sheet.reason(asked["absent"]))
    elif asked.get("part"):
        sheet.set_there(by, There.PART, sheet.reason(asked["part"]), form.missed)
    elif asked.get("make_up"):
        _make_up(sheet, by, asked["make_up"])
    elif asked.get("drop"):
        dropped = next((x for x in sheet.lessons if x.is_make_up and str(x.key) == asked["drop"]), None)
        if dropped and sheet.register:
            drop_make_up(sheet.register, by, dropped)
    elif asked.get("move") == "there":
        sheet.set_there(by, There.ALL)
    elif move := moves.get(asked.get("move", "")):
        move(by)


def _make_up(sheet: Sheet, by: Any, text: str) -> None:
    """Begin a make-up out of "12-20261005": the lesson and the week that is owed (C5)."""
    key = read_key(text)
    lesson = Lesson.objects.filter(allocation=sheet.allocation.pk, pk=key[0]).first() if key else None
    seen = {row.lesson_pk for row in [*sheet.lessons, *sheet.not_due]}
    if lesson and not sheet.is_own and lesson.pk not in seen:
        lesson = None  # who covers makes up for what they cover
    if key is None or key[1] is None or lesson is None or sheet.register is None:
        raise ValidationError("Nothing is owed for that week any more.")
    begin_make_up(sheet.register, by, lesson, key[1])


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
    place, why = read_key(request.POST.get("place", "")), request.POST.get("why", "")
    once = _tidy(request.POST.get("once", ""))[:36]
    try:
        if place is None or not tap(request.member, allocation_pk, week, place[0], why, place[1], once):
            raise Http404
    except ValidationError as error:
        return HttpResponse(error.messages[0], status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)
