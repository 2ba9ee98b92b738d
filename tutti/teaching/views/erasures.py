"""Erasing a pupil: the page before says exactly what will happen, for it cannot be undone (S6)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core.access import Request, allow
from tutti.people.roles import Permission
from tutti.teaching.forms.erasure import ErasureForm
from tutti.teaching.models import Pupil
from tutti.teaching.models.erasure import Erasure


@allow(Permission.ERASE_PUPILS)
def pupil_erase(request: Request, pupil_pk: int) -> HttpResponse:
    pupil = get_object_or_404(Pupil.objects.visible_to(request.member).select_related("school"), pk=pupil_pk)
    if pupil.erased_at:
        return redirect("pupil", pupil.pk)
    form = ErasureForm(request.POST or None, pupil)
    if form.saved(by=request.member):
        messages.success(request, "The pupil is erased. The figures stay.")
        return redirect("pupil", pupil.pk)
    context = {"pupil": pupil, "form": form, "erasure": Erasure(pupil)}
    return render(request, "teaching/pupil/erase.html", context, status=form.status)
