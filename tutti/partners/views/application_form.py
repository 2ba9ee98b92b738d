"""The pages of the form, for the applicant by a link and for whoever keys a paper form in: both see the same (M2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tutti.core import uploads
from tutti.core.access import Request
from tutti.partners.forms.apply import SectionForm
from tutti.partners.models import Application
from tutti.partners.models.application_answers import missing_answers
from tutti.partners.models.application_begin import erase_drafts
from tutti.partners.models.application_form import find_section, read_form
from tutti.partners.models.application_stage import Stage


def show_tasks(request: Request, application: Application, base: str) -> HttpResponse:
    """The list of sections, each done or not."""
    return render(request, "partners/apply/tasks.html", {"page": read_form(application, base)})


def show_section(request: Request, application: Application, base: str, key: str, by: Any) -> HttpResponse:
    """One section; saved as far as it is typed, and on to the next."""
    section = find_section(application, key)
    if section is None:
        raise Http404("nothing is asked there")
    if application.stage != Stage.DRAFT:
        return redirect(base)
    sent = request.method == "POST"
    form = SectionForm(request.POST if sent else None, request.FILES if sent else None, application, section)
    form.is_as_typed = "X-Tutti" in request.headers
    if form.saved(by=by):
        if form.is_as_typed:
            return HttpResponse(status=204)
        messages.success(request, f"Saved: {section.title}.")
        has_file = bool(form.cleaned_data.get("document"))
        return redirect(request.path if has_file else read_form(application, base).next_after(section))
    page = read_form(application, base)
    shown = next(one for one in page.sections if one.section.key == key)
    context = {"page": page, "shown": shown, "form": form}
    return render(request, "partners/apply/section.html", context, status=form.status)


def show_check(request: Request, application: Application, base: str) -> HttpResponse:
    """All answers with a way to change each, and the button that sends them."""
    if application.stage != Stage.DRAFT:
        return redirect(base)
    return render(request, "partners/apply/check.html", {"page": read_form(application, base)})


def serve_document(request: Request, application: Application, base: str, pk: int, by: Any) -> HttpResponse:
    """A paper of the application to read; sent as a form, it is removed."""
    found = get_object_or_404(application.documents, pk=pk)
    if request.method != "POST":
        return uploads.response(found.kept_as, found.file_name)
    try:
        found.remove(by)
        messages.success(request, f"Removed: {found.name}.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(f"{base}{found.section}/" if find_section(application, found.section) else base)


def delete(request: Request, application: Application, by: Any) -> bool:
    """Erase what was never sent in, for good. False if it was sent in meanwhile."""
    is_gone = bool(erase_drafts(Application.objects.filter(pk=application.pk), by))
    if is_gone:
        messages.success(request, "It is deleted, with everything in it.")
    return is_gone


def send(application: Application, by: Any) -> None:
    """Send it in. ValidationError while something is missing."""
    if missing_answers(application):
        raise ValidationError("Something is still missing.")
    application.send(by)
