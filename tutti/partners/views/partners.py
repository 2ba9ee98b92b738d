"""The list of partners for schools and parents (M11)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tutti.core.access import Request, public
from tutti.core.calendar import today
from tutti.partners.forms.partner_list import PartnerListForm
from tutti.partners.models import Scheme


@public
def partners(request: Request) -> HttpResponse:
    """Those in good standing today, found by name and instrument."""
    scheme = get_object_or_404(Scheme.objects.select_related("service"), service=request.service)
    form = PartnerListForm(request.GET, request.service, today())
    page = Paginator(form.found(), 50).get_page(request.GET.get("page"))
    return render(request, "partners/partner/list.html", {"scheme": scheme, "form": form, "page": page})
