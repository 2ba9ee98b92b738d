"""What schools and teachers ask their area office: the list, one question, asking as a teacher (S5, H16)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tutti.core.access import Request, allow
from tutti.core.tables import csv_response, xlsx_response
from tutti.people.roles import Permission
from tutti.teaching import letters
from tutti.teaching.forms.question import QuestionsFilterForm, ReplyForm, TeacherQuestionForm
from tutti.teaching.models import Question

ANSWER, TEACH = Permission.ANSWER_QUESTIONS, Permission.RECORD_REGISTERS
COLUMNS = ["Asked", "School", "Area office", "Who", "About", "Question", "State", "Last answer", "By", "On"]


@allow(ANSWER, TEACH)
def questions(request: Request) -> HttpResponse:
    """All for the office; for a teacher their own and those about their lessons."""
    form = QuestionsFilterForm(request.GET, by=request.member)
    page = Paginator(form.questions, 50).get_page(request.GET.get("page"))
    may = {"is_office": request.member.may(ANSWER), "may_ask": request.member.may(TEACH)}
    return render(request, "teaching/question/list.html", {"form": form, "page": page, **may})


@allow(ANSWER)
def questions_csv(request: Request) -> HttpResponse:
    return csv_response("questions", COLUMNS, _cells(QuestionsFilterForm(request.GET, by=request.member).questions))


@allow(ANSWER)
def questions_xlsx(request: Request) -> HttpResponse:
    return xlsx_response("questions", COLUMNS, _cells(QuestionsFilterForm(request.GET, by=request.member).questions))


@allow(ANSWER, TEACH)
def question(request: Request, question_pk: int) -> HttpResponse:
    """What was asked and answered, the register it is about, and a field for the answer."""
    found = _question(request, question_pk)
    form = ReplyForm(request.POST or None, found, request.member)
    if form.saved(by=request.member):
        messages.success(request, "Sent." if found.reader or form.is_asker else "Kept. Nobody is written to.")
        return redirect("question", found.pk)
    may = Question.objects.answerable_by(request.member).filter(pk=found.pk).exists()
    context = {"question": found, "form": form, "may_answer": may, "letter": letters.read_answer(found)}
    context |= {"is_office": request.member.may(ANSWER)}
    return render(request, "teaching/question/show.html", context, status=form.status)


@allow(ANSWER, TEACH)
@require_POST
def question_close(request: Request, question_pk: int) -> HttpResponse:
    closed = get_object_or_404(Question.objects.answerable_by(request.member), pk=question_pk)
    if closed.close(request.member):
        messages.success(request, "Closed. It is kept, and can be opened again.")
    return redirect("question", question_pk)


@allow(ANSWER, TEACH)
@require_POST
def question_open_again(request: Request, question_pk: int) -> HttpResponse:
    get_object_or_404(Question.objects.answerable_by(request.member), pk=question_pk).open_again(request.member)
    return redirect("question", question_pk)


@allow(TEACH)
def question_ask(request: Request) -> HttpResponse:
    """A teacher asks the area office, or raises a concern about a school (H16)."""
    form = TeacherQuestionForm(request.POST or None, request.member, request.GET.get("school", ""))
    if form.saved(by=request.member):
        messages.success(request, "Sent. The answer comes by e-mail and stands here.")
        return redirect("question", form.result.pk)
    return render(request, "teaching/question/ask.html", {"form": form}, status=form.status)


def _question(request: Request, question_pk: int) -> Question:
    found = Question.objects.visible_to(request.member).for_list().with_replies()
    return get_object_or_404(found.select_related("summary", "contact", "asked_by__person"), pk=question_pk)


def _cells(found: Any) -> Iterator[list[Any]]:
    for one in found:
        asked = [timezone.localdate(one.asked_at), str(one.school or ""), str(one.office or ""), one.name]
        answers = [reply for reply in one.replies.all() if reply.by_id and reply.by_id != one.asked_by_id]
        last = [answers[-1].text, answers[-1].name, timezone.localdate(answers[-1].at)] if answers else ["", "", None]
        yield [*asked, one.about, one.text, one.get_state_display(), *last]
