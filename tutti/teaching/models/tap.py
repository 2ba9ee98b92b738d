"""A tap: one pupil's mark saved at once, in as few statements as it takes (H10, R9)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tutti.core import history
from tutti.core.calendar import Week
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.allocation import holds_in
from tutti.teaching.models.cover import Cover
from tutti.teaching.models.lesson import LessonShape
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.place import Place
from tutti.teaching.models.reason import PRESENT, Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.sheet import CONFIRMED

UNIQUE = ["register", "lesson", "for_week"]


@transaction.atomic
def tap(
    member: Any, allocation_pk: int, week: Week, place_pk: int, why: str, for_week: Week | None = None, once: str = ""
) -> bool:
    """Mark one pupil: `why` is a reason's number, or "here". False if the member teaches no such pupil that week.

    `for_week` is the week that a make-up makes up for. The same tap twice (`once`) is one tap, whatever came between;
    taps on other pupils are never touched (R9). ValidationError if the register is confirmed or the reason is none of
    the service's.
    """
    places = _place(member, allocation_pk, week, why, for_week or week)
    place = places.annotate(is_done=_is_done(once)).filter(pk=place_pk).first()
    if place is None or (for_week and not place.line_pk):  # type: ignore[attr-defined]
        return False
    if place.is_done:  # type: ignore[attr-defined]
        return True
    if place.reason_pk is None:  # type: ignore[attr-defined]
        raise ValidationError("Choose a reason from the list.")
    register = _hold_register(place, week)
    if register.is_confirmed:
        raise ValidationError(CONFIRMED)
    line = _line(place, register, for_week or week)
    Mark.objects.bulk_create(
        [Mark(service_id=place.service_id, line=line, place=place, reason_id=place.reason_pk)],  # type: ignore[attr-defined]
        update_conflicts=True,
        unique_fields=["line", "place"],
        update_fields=["reason", "is_filled"],
    )
    before, after = place.was, place.reason_code  # type: ignore[attr-defined]
    pupil = str(place.pupil_id)
    told = {"pupils": {pupil: after}} | ({"once": once} if once else {})
    history.record("marked", register, member, before={"pupils": {pupil: before}}, after=told)
    return True


def _place(member: Any, allocation_pk: int, week: Week, why: str, for_week: Week) -> QuerySet[Place]:
    """The pupil's place with all that the tap needs to know, in one query."""
    register = Register.objects.filter(allocation=OuterRef("lesson__allocation"), week=week)
    line = Line.objects.filter(lesson=OuterRef("lesson"), register__week=week, for_week=for_week)
    mark = Mark.objects.filter(place=OuterRef("pk"), line__register__week=week, line__for_week=for_week)
    cover = Cover.objects.of_lesson(OuterRef("lesson__allocation"), OuterRef("lesson"), week)
    reasons = Reason.objects.filter(service=OuterRef("service")).in_use(week)
    number = int(why) if why.isdecimal() and len(why) < 18 else 0
    reason = reasons.filter(code=PRESENT) if why == "here" else reasons.filter(pk=number)
    shape = LessonShape.objects.filter(holds_in(for_week), lesson=OuterRef("lesson"))
    teaching_week = TeachingWeek.objects.filter(service=OuterRef("service"), monday=week)
    places = Place.objects.filter(service_id=member.service_id, lesson__allocation=allocation_pk)
    places = places.filter(holds_in(week)) if for_week == week else places.filter(from_week__lte=for_week)
    places = places.annotate(cover_pk=Subquery(cover.values("teacher")[:1]))
    places = places.filter(Q(lesson__allocation__teacher=member) | Q(cover_pk=member.pk))
    at_school = Q(lesson__allocation__from_week__lte=week, lesson__allocation__until_week__gte=week)
    return places.filter(at_school, Exists(teaching_week)).annotate(
        allocation_pk=F("lesson__allocation"),
        teacher_pk=Coalesce("cover_pk", "lesson__allocation__teacher_id", output_field=BigIntegerField()),
        register_pk=Subquery(register.values("pk")),
        confirmed=Subquery(register.values("confirmed_by")),
        line_pk=Subquery(line.values("pk")),
        line_given=Subquery(line.values("given")),
        was=Subquery(mark.values("reason__code")),
        reason_pk=Subquery(reason.values("pk")),
        reason_code=Subquery(reason.values("code")),
        reason_here=Subquery(reason.values("is_here")),
        kind=Subquery(shape.values("kind")),
        minutes=Subquery(shape.values("minutes")),
    )


def _is_done(once: str) -> Exists | Value:
    """The register's history tells of this very tap."""
    if not once:
        return Value(False)
    told = history.Event.objects.filter(service=OuterRef("service"), thing="teaching.register")
    return Exists(told.filter(thing_id=OuterRef("register_pk"), after__once=once))


def _hold_register(place: Any, week: Week) -> Register:
    fields = {"service_id": place.service_id, "allocation_id": place.allocation_pk, "week": week}
    known = Register(pk=place.register_pk, confirmed_by_id=place.confirmed, **fields) if place.register_pk else None
    return Register.hold(place.service_id, place.allocation_pk, week, known)


def _line(place: Any, register: Register, for_week: Week) -> Line:
    """The lesson's line, made on the first tap; a pupil who is here takes back that the lesson was struck out."""
    line = Line(
        pk=place.line_pk,
        service_id=place.service_id,
        register=register,
        lesson_id=place.lesson_id,
        for_week=for_week,
        is_make_up=for_week != register.week,
        given_by_id=place.teacher_pk,
        kind=place.kind,
        minutes=place.minutes,
    )
    if not place.line_pk:
        Line.objects.bulk_create([line], update_conflicts=True, unique_fields=UNIQUE, update_fields=["service"])
    elif place.line_given is False and place.reason_here:
        Line.objects.filter(pk=line.pk).update(given=None, reason=None)
    return line
