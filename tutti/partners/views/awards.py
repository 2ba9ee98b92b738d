"""What a partner is given: the page that proves it, the official letter, the logo and the badge (M10)."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from tutti.core.access import Request, allow, public
from tutti.core.calendar import today
from tutti.core.documents import pdf_response
from tutti.partners.models import Partner, Scheme
from tutti.partners.models.application_chart import LEADER, MENTOR
from tutti.partners.models.badge import (
    achievement_of,
    badge_of,
    baked_badge_of,
    credential_of,
    issuer_of,
    keys_of,
    status_of,
)
from tutti.partners.models.logo import KINDS, logo_of
from tutti.partners.models.official_letter import letter_of
from tutti.partners.views.applications import sent_in
from tutti.partners.views.apply import application_of
from tutti.people.roles import Permission

GIVEN = ("letter.pdf", "logo.svg", "logo.png", "badge.png")


@public
def partner_check(request: Request, secret: str) -> HttpResponse:
    """Whom the hub vouches for today: name, since when, in good standing or not, and nothing else."""
    scheme = _scheme(request)
    found = Partner.objects.with_code(request.service, secret).first()
    context = {"scheme": scheme, "partner": found, "is_listed": bool(found and found.is_listed(today()))}
    return render(request, "partners/partner/check.html", context, status=200 if found else 404)


@public
def partner_badge(request: Request, secret: str) -> HttpResponse:
    """The signed credential, for a website that shows or checks it; as plain JSON to who asks for that."""
    found = get_object_or_404(Partner.objects.with_code(_own(request), secret).select_related("service__scheme"))
    if "json" in request.GET:
        return _for_all(credential_of(found))
    return _open(HttpResponse(badge_of(found), content_type="application/vc+jwt"))


@public
def badge_issuer(request: Request) -> HttpResponse:
    """The hub, as who issues badges."""
    return _for_all(issuer_of(_scheme(request)))


@public
def badge_achievement(request: Request) -> HttpResponse:
    """What a badge stands for."""
    return _for_all(achievement_of(_scheme(request)))


@public
def badge_keys(request: Request) -> HttpResponse:
    """The public keys with which a badge is checked."""
    _scheme(request)
    return _for_all(keys_of(request.service))


@public
def badge_status(request: Request) -> HttpResponse:
    """The badges that do not hold today."""
    _scheme(request)
    return _for_all(status_of(request.service, today()))


@public
def given_to_partner(request: Request, secret: str, what: str) -> HttpResponse:
    """The letter, the logo or the badge, by the link to one's own application."""
    return _give(_partner(application_of(request, secret)), what)


@allow(LEADER, MENTOR)
def given_by_hub(request: Request, application_pk: int, what: str) -> HttpResponse:
    """The same, for the hub."""
    return _give(_partner(sent_in(request, application_pk)), what)


@allow(Permission.EDIT_OWN_ENTRY)
def given_to_me(request: Request, what: str) -> HttpResponse:
    """The same, for a partner who has signed in."""
    return _give(Partner.objects.of_member(request.member), what)


def _partner(application: Any) -> Partner | None:
    return Partner.objects.filter(application=application).select_related("service__scheme").first()


def _give(partner: Partner | None, what: str) -> HttpResponse:
    if partner is None:
        raise Http404("not a partner")
    if what == "letter.pdf":
        return pdf_response(letter_of(partner).paper(), "official-letter")
    if not partner.is_listed(today()):
        raise Http404("the logo is for those in good standing")
    kind: Literal["svg", "png"] = "svg" if what == "logo.svg" else "png"
    made = baked_badge_of(partner) if what == "badge.png" else logo_of(partner.service.scheme, today().year, kind)
    headers = {"Content-Disposition": f'attachment; filename="{what}"'}
    return HttpResponse(made, content_type=KINDS[kind], headers=headers)


def _own(request: Request) -> Any:
    if request.service is None:
        raise Http404("no service")
    return request.service


def _scheme(request: Request) -> Scheme:
    return get_object_or_404(Scheme.objects.select_related("service"), service=_own(request))


def _for_all(said: dict[str, Any]) -> HttpResponse:
    return _open(JsonResponse(said))


def _open(response: HttpResponse) -> HttpResponse:
    """For every website to read."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
