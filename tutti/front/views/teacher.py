"""A teacher's page for the office: what they teach and where, what is recorded, what is missing, what happened."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.front import progress
from tutti.front.timeline import timeline
from tutti.people.models import Member
from tutti.people.roles import Permission
from tutti.teaching.models import Allocation, Notice
from tutti.teaching.models.chase import last_reminders
from tutti.teaching.views.my_week import spell_year, year_line

EVENTS, LETTERS, MISSING = 12, 8, 20


@allow(Permission.SEE_TEACHERS)
def teacher(request: Request, member_pk: int) -> HttpResponse:
    """All about one teacher."""
    found = Member.objects.visible_to(request.member).teachers().select_related("person", "office")
    shown = get_object_or_404(found, pk=member_pk)
    letters = _letters(request.member, shown)
    leave = Notice.objects.visible_to(request.member).filter(teacher=shown).not_over(Week.current())
    context = {"teacher": shown, "events": _events(shown), "letters": letters, "leave": leave.for_list()}
    context |= {"lost": _lost(request.member, shown, letters)}
    context |= {name: request.member.may(permission) for name, permission in MOVES.items()}
    return render(request, "front/teacher/show.html", context | _teaching(request.member, shown))


MOVES = {
    "may_manage": Permission.MANAGE_TEACHERS,
    "may_allocate": Permission.ALLOCATE,
    "may_chase": Permission.CHASE_TEACHERS,
    "may_see_letters": Permission.SEE_LETTERS,
    "may_lock": Permission.LOCK_MONTHS,
    "may_give_notice": Permission.GIVE_NOTICE,
}


def _teaching(member: Any, teacher: Member) -> dict[str, Any]:
    """The year's schools with their registers, the year as a line, and what is missing."""
    place = progress.place_in_year(member.service)
    own = Allocation.objects.visible_to(member).filter(teacher=teacher, year=place.year)
    delivery, balances = place.taught(own)
    missing = [one for one in delivery.missing() if one.week < place.this_week]
    unset = {row[0] for row in delivery.not_set_up}
    return {
        "place": place,
        "schools": [
            (row, delivery.share_of(row.pk), row.pk in unset, balances.of_allocation[row.pk])
            for row in own.select_related("school").order_by("school__name", "from_week")
        ],
        "terms": year_line(place.weeks, delivery.by_week()),
        "sentence": spell_year(place.weeks, delivery.by_week()),
        "is_expected": any(delivery.expected.values()),
        "missing": missing[:MISSING],
        "more_missing": len(missing) - MISSING,
        "missing_in_all": len(missing),
        "reminder": last_reminders(member.service, [teacher.pk]).get(teacher.pk),
    }


def _events(teacher: Member) -> Any:
    allocations = Allocation.objects.filter(teacher=teacher).values("pk")
    about_allocations = Q(thing=Allocation._meta.label_lower, thing_id__in=allocations)
    about_teacher = Q(thing=Member._meta.label_lower, thing_id=teacher.pk)
    events = Event.objects.filter(about_teacher | about_allocations, service_id=teacher.service_id)
    return timeline(events.newest_first()[:EVENTS])


def _letters(member: Any, teacher: Member) -> list[Letter]:
    """What was sent to the teacher, for those who may read letters."""
    if not member.may(Permission.SEE_LETTERS):
        return []
    sent = Letter.objects.visible_to(member).filter(to_email__iexact=teacher.person.email)
    return list(sent.defer("body").order_by("-written_at")[:LETTERS])


def _lost(member: Any, teacher: Member, letters: list[Letter]) -> dict[str, Letter]:
    """The teacher's address with the newest letter to it, if that came back; asked only where no letters are read."""
    if not member.may(Permission.SEE_LETTERS):
        return Letter.objects.visible_to(member).last_came_back([teacher.person.email])
    sent = [letter for letter in letters if letter.state != Letter.State.WAITING]
    return {letter.to_email: letter for letter in sent[:1] if letter.state == Letter.State.BOUNCED}
