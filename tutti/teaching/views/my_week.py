"""My week: the teacher's home; and my year, the same over the terms (H5, H10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from tutti.core.access import Request, allow
from tutti.core.calendar import Week, first_of_month, today
from tutti.people.roles import Permission
from tutti.schools.models import TeachingWeek
from tutti.teaching.models import Allocation, Question, SecondTeacher
from tutti.teaching.models.arrangement import cover_cards
from tutti.teaching.models.expected import Delivery, WeekCount, recorded_by_week
from tutti.teaching.models.my_week import (
    YearPlace,
    minutes_in_month,
    school_cards,
    year_place,
)
from tutti.teaching.models.take_over import with_something_to_take


@allow(Permission.RECORD_REGISTERS)
def my_week(request: Request, week: Week | None = None) -> HttpResponse:
    """This week, or the one in the address, with the weeks that are not yet recorded above the schools."""
    week = week or Week.current()
    place = year_place(request.service.pk, week)
    if place is None:
        return render(request, "teaching/my_week/no_year.html")
    context = _week_context(request.member, place, week)
    return render(request, "teaching/my_week/show.html", context)


def _week_context(teacher: Any, place: YearPlace, week: Week) -> dict[str, Any]:
    delivery = Delivery(teacher.service, place.weeks, Allocation.objects.filter(teacher=teacher))
    until = min(week, Week.current())
    month = place.week.month if place.week else first_of_month(today())
    cards = school_cards(teacher, week, place.week.lesson_number if place.week else None) if place.week else []
    counts = delivery.by_week()
    return {
        "place": place,
        "week": week,
        "is_this_week": week == Week.current(),
        "cards": cards,
        "covers": cover_cards(teacher, week),
        "seconds": SecondTeacher.objects.seconds_in(teacher, week),
        "questions": Question.objects.waiting_for(teacher),
        "missing": [missing for missing in delivery.missing() if missing.week < until],
        "terms": year_line(place.weeks, counts),
        "sentence": spell_year(place.weeks, counts),
        "before": _neighbour(place.weeks, week, -1),
        "after": _neighbour(place.weeks, week, 1),
        "month": month,
        "minutes": minutes_in_month(teacher, month),
        "to_take": with_something_to_take(teacher, [card.allocation for card in cards if card.state == "set_up"]),
        "is_new": bool(cards) and all(card.state == "set_up" for card in cards),
    }


@allow(Permission.RECORD_REGISTERS)
def my_year(request: Request) -> HttpResponse:
    """Every week of the year with what was recorded, each a way into that week."""
    place = year_place(request.service.pk, Week.current())
    if place is None:
        return render(request, "teaching/my_week/no_year.html")
    own = Allocation.objects.filter(teacher=request.member)
    counts = {count.week: count for count in recorded_by_week(request.service, place.weeks, own)}
    rows = [(row, counts.get(row.monday)) for row in place.weeks]
    context = {"place": place, "rows": rows, "this_week": Week.current()}
    return render(request, "teaching/my_week/year.html", context)


def _neighbour(weeks: list[TeachingWeek], week: Week, step: int) -> Week | None:
    """The teaching week before or after, skipping holidays."""
    mondays = [row.monday for row in weeks]
    earlier, later = [m for m in mondays if m < week], [m for m in mondays if m > week]
    return (later[0] if later else None) if step > 0 else (earlier[-1] if earlier else None)


def year_line(weeks: list[TeachingWeek], counts: list[WeekCount]) -> list[dict[str, Any]]:
    """The bars of the year's picture, a list of terms: full, half (this week), missing or ahead."""
    by_week = {count.week: count for count in counts}
    terms: dict[str, list[str]] = {}
    for row in weeks:
        if row.lesson_number:
            terms.setdefault(row.term.name, []).append(_bar(row.monday, by_week.get(row.monday)))
    return [{"name": name, "bars": bars} for name, bars in terms.items()]


def _bar(week: Week, count: WeekCount | None) -> str:
    this_week = Week.current()
    if count and count.expected and not count.missing:
        return "full"
    if week >= this_week:
        return "half" if week == this_week else "ahead"
    return "missing" if count and count.expected else "ahead"


def spell_year(weeks: list[TeachingWeek], counts: list[WeekCount]) -> str:
    """The picture's sentence, for those who do not see it."""
    lessons = [row for row in weeks if row.lesson_number]
    past = [count for count in counts if count.week < Week.current() and count.expected]
    gaps = [count for count in past if count.missing]
    recorded = f"{len(past) - len(gaps)} of {len(past)} lesson weeks so far are recorded"
    return f"{recorded}; {len(lessons)} in the year"
