"""The school asks from its private page, about a line or anything, and says whom we should write to (S5, H9, H16)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, public
from tutti.schools.forms.contact_change import ContactChangeForm
from tutti.teaching.forms.question import ReplyForm, SharedQuestionForm
from tutti.teaching.models.question import Question
from tutti.teaching.models.summary_link import SummaryLink
from tutti.teaching.models.told_line import line_of
from tutti.teaching.views.shared_summary import by_link, names_open
from tutti.teaching.views.summary import page_of

SENT = "Sent. The answer comes by e-mail, with a link to this page."


@public
@by_link
def shared_question(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    """ "This line is not right", or anything else. Without the code no line is shown (S4)."""
    page, key = page_of(link.summary), request.GET.get("line", "")
    line = line_of(page["told"], key) if key and names_open(request, link) else None
    if key and line is None:
        return redirect("shared_summary", secret)
    form = SharedQuestionForm(request.POST or None, link, line)
    if form.saved(by=None):
        messages.success(request, SENT)
        return redirect("shared_summary", secret)
    context = {**page, "form": form, "line": line, "link": link, "secret": secret}
    return render(request, "teaching/question/shared.html", context, status=form.status)


@public
@by_link
def shared_question_again(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    """One more word to a question of this month: `question` in the address says to which."""
    number = request.GET.get("question", "")
    if not names_open(request, link) or not number.isdecimal() or len(number) > 18:
        return redirect("shared_summary", secret)
    asked = Question.objects.for_list().with_replies().filter(summary=link.summary)
    question = get_object_or_404(asked, pk=number)
    form = ReplyForm(request.POST or None, question)
    if form.saved(by=None):
        messages.success(request, SENT)
        return redirect("shared_summary", secret)
    context = {**page_of(link.summary), "form": form, "question": question, "link": link, "secret": secret}
    return render(request, "teaching/question/shared.html", context, status=form.status)


@public
@by_link
def shared_contact(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    """ "Not the right person for this?" The office looks at it first; nothing is told to anybody."""
    form = ContactChangeForm(request.POST or None, contact=link.contact)
    if form.is_valid():
        form.propose()
        messages.success(request, "Thank you. The office sees to it, and until then nothing changes.")
        return redirect("shared_summary", secret)
    context = {**page_of(link.summary), "form": form, "link": link, "secret": secret}
    return render(request, "teaching/summary/contact.html", context, status=422 if form.is_bound else 200)
