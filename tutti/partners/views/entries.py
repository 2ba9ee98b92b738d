"""A partner's own entry, and the leader's word on what they write (M11)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.core.calendar import today
from tutti.partners.forms.entry import DecideForm, EntryForm
from tutti.partners.models import EntryChange, Partner
from tutti.partners.models.entry import SHOWN, lacking
from tutti.partners.models.entry_shown import Shown
from tutti.people.roles import Permission


@allow(Permission.EDIT_OWN_ENTRY)
def my_entry(request: Request) -> HttpResponse:
    """How a partner stands: since when, on the list or not, what is public and what waits."""
    partner = Partner.objects.of_member(request.member)
    if partner is None:
        return render(request, "partners/entry/none.html")
    changes = EntryChange.objects.filter(entry=partner.entry)
    last = changes.exclude(state=EntryChange.State.TAKEN_BACK).first()
    context = {
        "partner": partner,
        "is_listed": partner.is_listed(today()),
        "shown": Shown(partner.entry),
        "last": last,
        "lacks": lacking(partner.entry),
        "hidden": [
            f"{words[:1].lower()}{words[1:]}" for name, words in SHOWN.items() if not getattr(partner.entry, name)
        ],
    }
    return render(request, "partners/entry/show.html", context)


@allow(Permission.EDIT_OWN_ENTRY)
def my_entry_change(request: Request) -> HttpResponse:
    """Change it: ticks count at once, texts wait for the hub."""
    partner = Partner.objects.of_member(request.member)
    if partner is None:
        return redirect("my_entry")
    waiting = EntryChange.objects.filter(entry=partner.entry).waiting().first()
    form = EntryForm(request.POST or None, partner.entry, waiting)
    if form.saved(by=request.member):
        messages.success(request, "Saved. The texts wait for the hub." if form.result else "Saved.")
        return redirect("my_entry")
    return render(request, "partners/entry/form.html", {"form": form, "waiting": waiting}, status=form.status)


@allow(Permission.DECIDE_APPLICATIONS)
def partner_entry(request: Request, partner_pk: int) -> HttpResponse:
    """The entry of a partner who cannot sign in: the hub writes it for them, and nothing waits."""
    alone = Partner.objects.visible_to(request.member).filter(member=None).select_related("entry__partner")
    partner = get_object_or_404(alone, pk=partner_pk)
    form = EntryForm(request.POST or None, partner.entry, None)
    if form.saved(by=request.member):
        if form.result:
            form.result.approve(request.member, form.result.seen)
        messages.success(request, "Saved.")
        return redirect("application", partner.application_id)
    context = {"form": form, "partner": partner}
    return render(request, "partners/entry/form.html", context, status=form.status)


@allow(Permission.DECIDE_APPLICATIONS)
def entry_change(request: Request, entrychange_pk: int) -> HttpResponse:
    """Old and new beside each other, and the leader's word."""
    rows = EntryChange.objects.visible_to(request.member).select_related("entry__partner")
    change = get_object_or_404(rows, pk=entrychange_pk)
    form = DecideForm(request.POST or None, change)
    if form.saved(by=request.member):
        messages.success(request, f"Done. {change.entry} gets a letter.")
        return redirect("applications")
    return render(request, "partners/entry/change.html", {"form": form, "change": change}, status=form.status)
