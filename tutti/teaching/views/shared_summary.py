"""The school's page of a month: by a private link, without an account (H8, H9, S4)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tutti.core.access import Request, public
from tutti.core.documents import pdf_response
from tutti.core.letters import address
from tutti.teaching.forms.summary import CodeForm
from tutti.teaching.models.paper import PaperKind, coming_paper
from tutti.teaching.models.paper_file import file_name, paper_file
from tutti.teaching.models.summary_link import FRESH, SummaryLink
from tutti.teaching.models.summary_paper import paper_of
from tutti.teaching.views.summary import csv_of, page_of

View = Callable[..., HttpResponse]
OPENED = "opened_summaries"  # in the session: link by number, until when its names stay open


def by_link(view: View) -> View:
    """Finds the link of the secret. What is wrong gets a page that says what to do; nothing is kept or listed."""

    @wraps(view)
    def with_link(request: Request, secret: str) -> HttpResponse:
        link = SummaryLink.objects.with_secret(request.service, secret).first() if request.service else None
        if link is None:
            response = render(request, "teaching/summary/no_link.html", status=404)
        elif link.is_over and view.__name__ != "shared_summary_again":
            response = render(request, "teaching/summary/ended.html", {"link": link, "secret": secret}, status=410)
        else:
            response = view(request, secret, link)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return with_link


@public
@by_link
def shared_summary(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    if request.method == "GET":
        link.mark_opened()
    context = {**page_of(link.summary), "link": link, "secret": secret}
    if not names_open(request, link):
        return render(request, "teaching/summary/locked.html", context)
    context["questions"] = link.summary.questions.for_list().with_replies()
    return render(request, "teaching/summary/shared.html", context)


@public
@by_link
def shared_summary_code(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    form = CodeForm(request.POST or None, link=link)
    if form.is_valid():
        until = (timezone.now() + FRESH).timestamp()
        request.session[OPENED] = {**request.session.get(OPENED, {}), str(link.pk): until}
        return redirect("shared_summary", secret)
    context = {**page_of(link.summary), "form": form, "link": link, "secret": secret}
    return render(request, "teaching/summary/code.html", context, status=422 if form.is_bound else 200)


@public
@require_POST
@by_link
def shared_summary_send_code(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    """E-mail a code to the link's own contact, whoever asks."""
    link.send_code()
    return redirect("shared_summary_code", secret)


@public
@require_POST
@by_link
def shared_summary_again(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    """A link that has ended: send its contact a new one (S4)."""
    link.renew()
    return render(request, "teaching/summary/renewed.html", {"link": link, "school": link.summary.school})


@public
@by_link
def shared_summary_pdf(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    if not names_open(request, link):
        return redirect("shared_summary", secret)
    url = address(request.service, "shared_summary", secret)
    return pdf_response(paper_of(link.summary, url, link.ends_at), link.summary.file_name)


@public
@by_link
def shared_summary_csv(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    if not names_open(request, link):
        return redirect("shared_summary", secret)
    return csv_of(link.summary, request.GET.get("table", ""))


@public
@by_link
def shared_paper_pdf(request: Request, secret: str, link: SummaryLink) -> HttpResponse:
    """A sheet for the school's own use, for the coming month (H9)."""
    if not names_open(request, link):
        return redirect("shared_summary", secret)
    sheets, kind = coming_paper(link.summary.school), PaperKind.named(request.GET.get("kind", ""))
    if not sheets:
        messages.error(request, "No lessons are set up at your school in the coming month.")
        return redirect("shared_summary", secret)
    return pdf_response(paper_file(sheets, kind, request.service, timezone.now()), file_name(sheets, kind))


def names_open(request: Request, link: SummaryLink) -> bool:
    """Pupils' names are shown on the day of the e-mail, and after that to who typed the code (S4)."""
    until: dict[str, Any] = request.session.get(OPENED, {})
    return link.is_fresh or until.get(str(link.pk), 0) > timezone.now().timestamp()
