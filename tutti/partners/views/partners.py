"""The list of partners for schools and parents: as a page, in a frame, on paper, as data; and each by itself (M11)."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt

from tutti.core.access import Request, public
from tutti.core.calendar import today
from tutti.core.documents import pdf_response
from tutti.core.letters import address
from tutti.core.tables import csv_response
from tutti.partners.forms.entry import MessageForm
from tutti.partners.forms.partner_list import PartnerListForm
from tutti.partners.models import Entry, Partner, Scheme
from tutti.partners.models.entry_shown import COLUMNS, Shown, linked_list, linked_person
from tutti.partners.models.list_paper import as_pdf

A_PAGE = 50


@public
def partners(request: Request) -> HttpResponse:
    """Those in good standing today, found by instrument, place, setting, style and words."""
    return render(request, "partners/partner/list.html", _read(request))


@public  # type: ignore[arg-type]
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
def partners_embed(request: Request) -> HttpResponse:
    """The same list inside of another website: the one page that may stand in a frame."""
    return render(request, "partners/partner/embed.html", _read(request))


@public
def partners_line(request: Request) -> HttpResponse:
    """How to put the list on a website: the line to copy, and what the website must allow."""
    context = {
        "scheme": _scheme(request),
        "script": address(request.service, "partners_embed_js"),
        "frame": address(request.service, "partners_embed"),
        "site": settings.SITE_URL,
    }
    return render(request, "partners/partner/line.html", context)


@public
def partners_embed_js(request: Request) -> HttpResponse:
    """The script that a website includes: it makes the frame and fits its height. Its address never changes."""
    _scheme(request)
    answer = render(request, "partners/partner/embed.js", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@public
def partners_pdf(request: Request) -> HttpResponse:
    """For a school's office, by instrument."""
    shown = _all(request)
    return pdf_response(as_pdf(_scheme(request), shown, timezone.now()), "teachers")


@public
def partners_csv(request: Request) -> HttpResponse:
    """As a table."""
    return csv_response("teachers", COLUMNS, [one.as_row for one in _all(request)])


@public
def partners_json(request: Request) -> HttpResponse:
    """For programs, from anywhere: it is public."""
    scheme = _scheme(request)
    told = {"hub": scheme.hub_name, "scheme": scheme.name, "partners": [one.as_json for one in _all(request)]}
    return JsonResponse(told, headers={"Access-Control-Allow-Origin": "*"}, json_dumps_params={"ensure_ascii": False})


@public
def partner(request: Request, partner_pk: int) -> HttpResponse:
    """One entry."""
    scheme, shown = _scheme(request), Shown(_entry(request, partner_pk))
    context = {"scheme": scheme, "shown": shown, "linked": linked_person(shown, scheme.hub_name)}
    return render(request, "partners/partner/show.html", context)


@public
def partner_write(request: Request, partner_pk: int) -> HttpResponse:
    """Write to a partner, whose address is not shown; so many in an hour."""
    entry = _entry(request, partner_pk)
    form = MessageForm(request.POST or None, entry, lambda email: _may_send(request, email))
    if form.saved(by=None):
        messages.success(request, f"Your message is on its way to {entry}. You get a letter that says so.")
        return redirect("partner", partner_pk)
    context = {"scheme": _scheme(request), "shown": Shown(entry), "form": form}
    return render(request, "partners/partner/write.html", context, status=form.status)


def _may_send(request: Request, email: str) -> bool:
    """Of one sender and from one place so many in an hour, as the settings say."""
    return bool(ratelimit.consume(request, action="message_partner", key=email.casefold()))


def _scheme(request: Request) -> Scheme:
    return get_object_or_404(Scheme.objects.select_related("service"), service=request.service)


def _entry(request: Request, partner_pk: int) -> Entry:
    listed = Partner.objects.filter(service=request.service).listed(today())
    found = get_object_or_404(listed, pk=partner_pk)
    return get_object_or_404(Entry.objects.of(listed).with_checks().select_related("service"), partner=found)


def _read(request: Request) -> dict[str, Any]:
    """What is searched for, and a page of those found. At most five queries with the service's own."""
    scheme = _scheme(request)
    form = PartnerListForm(request.GET, request.service, today())
    page = Paginator(form.found().with_checks(), A_PAGE).get_page(request.GET.get("page"))
    shown = [_shown(request, entry) for entry in page.object_list]
    linked = linked_list(shown, scheme.hub_name)
    return {"scheme": scheme, "form": form, "page": page, "shown": shown, "linked": linked}


def _all(request: Request) -> list[Shown]:
    form = PartnerListForm(request.GET, request.service, today())
    _scheme(request)
    return [_shown(request, entry) for entry in form.found().with_checks()]


def _shown(request: Request, entry: Entry) -> Shown:
    entry.service = request.service
    return Shown(entry)
