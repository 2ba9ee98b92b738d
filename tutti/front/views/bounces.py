"""Where mail providers and mail servers tell of letters that came back (L2)."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tutti.core.access import Request, public
from tutti.core.bounces import JSON_TYPES, MAIL_TYPES, MOST_BYTES, Unreadable, read, take_in


@csrf_exempt  # no browser comes here, and the key in the address is what lets one in
@public
@require_POST
def bounces(request: Request, key: str) -> HttpResponse:
    """Marks the letters that a body tells of, in one of the shapes of `core.bounces`; telling it again changes nothing.

    404 for a wrong key and for letters that are not known here, 413, 415 and 400 for what cannot be taken or read.
    """
    if request.service is None or not request.service.is_bounce_key(key):
        return _refuse("There is no such address.", 404)
    if request.content_type not in JSON_TYPES | MAIL_TYPES:
        return _refuse("Send JSON, or a delivery status report as message/rfc822 or multipart/report.", 415)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _refuse(f"Send at most {MOST_BYTES} bytes.", 413)
    try:
        reports = read(request.content_type, request.headers["Content-Type"], body)
    except Unreadable as error:
        return _refuse(str(error), 400)
    known, news = take_in(request.service, reports)
    if reports and not known:
        return _refuse("No letter of these is known here.", 404)
    return JsonResponse({"known": known, "came_back": news})


def _refuse(words: str, status: int) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)
