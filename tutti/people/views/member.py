"""Everybody who works in the service, and their roles: for the head of service."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tutti.core import history
from tutti.core.access import Request, allow
from tutti.people.forms.member import MemberForm, NewMemberForm
from tutti.people.models import Member
from tutti.people.models.member import add_member
from tutti.people.roles import Permission


@allow(Permission.MANAGE_SERVICE)
def members(request: Request) -> HttpResponse:
    """Those with a role other than teacher; teachers have a list of their own."""
    found = Member.objects.visible_to(request.member).in_the_office()  # type: ignore[attr-defined]
    return render(request, "people/member/list.html", {"members": found})


@allow(Permission.MANAGE_SERVICE)
def member_add(request: Request) -> HttpResponse:
    """Add somebody, with an invitation at once or later."""
    form = NewMemberForm(request.POST or None, by=request.member)  # type: ignore[attr-defined]
    if form.is_valid():
        invite = form.cleaned_data.pop("invite")
        member = add_member(request.service, request.member, invite=invite, **form.cleaned_data)  # type: ignore
        messages.success(request, f"{member.name} is added{' and invited' if invite else ''}.")
        return redirect("members")
    return render(request, "people/member/change.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(Permission.MANAGE_SERVICE)
def member_change(request: Request, member_pk: int) -> HttpResponse:
    """Change what is known of somebody, and their roles."""
    by = request.member  # type: ignore[attr-defined]
    member = get_object_or_404(Member.objects.visible_to(by).select_related("person", "office"), pk=member_pk)
    form = MemberForm(request.POST or None, by=by, member=member)
    if form.is_valid():
        member.change(by, **form.cleaned_data)
        messages.success(request, f"{member.name} is saved.")
        return redirect("members")
    events = history.Event.objects.about(member).newest_first()[:20]
    context = {"form": form, "member": member, "events": events}
    return render(request, "people/member/change.html", context, status=422 if form.is_bound else 200)


@allow(Permission.MANAGE_TEACHERS)
@require_POST
def member_leave(request: Request, member_pk: int) -> HttpResponse:
    """Take somebody's access away, at once."""
    by = request.member  # type: ignore[attr-defined]
    member = get_object_or_404(Member.objects.visible_to(by).changeable_by(by), pk=member_pk)
    if member.is_last_head:
        messages.error(request, "A service needs a head of service. Give the role to somebody else first.")
        return redirect("member_change", member.pk)
    member.leave(by)
    messages.success(request, f"{member.name} can no longer sign in here. All that was recorded stays.")
    return redirect("teachers" if member.is_only_teacher else "members")


@allow(Permission.MANAGE_TEACHERS)
@require_POST
def member_come_back(request: Request, member_pk: int) -> HttpResponse:
    """Give somebody's access again."""
    by = request.member  # type: ignore[attr-defined]
    member = get_object_or_404(Member.objects.visible_to(by).changeable_by(by), pk=member_pk)
    member.come_back(by)
    messages.success(request, f"{member.name} can sign in again.")
    return redirect("teachers" if member.is_only_teacher else "members")


@allow(Permission.MANAGE_TEACHERS)
@require_POST
def member_invite(request: Request, member_pk: int) -> HttpResponse:
    """Send somebody an invitation, or another one."""
    by = request.member  # type: ignore[attr-defined]
    member = get_object_or_404(Member.objects.visible_to(by).active().select_related("person", "service"), pk=member_pk)
    member.invite(by)
    messages.success(request, f"An invitation is on its way to {member.name}, {member.person.email}.")
    return redirect("teachers" if member.is_teacher else "members")
