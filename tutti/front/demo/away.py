"""Who is away in the demo world and who covers; a trip and an absence known beforehand; two teachers in a class."""

from __future__ import annotations

from typing import Any

from tutti.core.calendar import Day, Week, previous_month
from tutti.front.demo.lessons import Taught
from tutti.people.models import Member
from tutti.schools.models import TeachingWeek
from tutti.teaching.models import Allocation, Cover, Line, Place, Reason, Share
from tutti.teaching.models.cover import arrange_cover
from tutti.teaching.models.notice import give_notice
from tutti.teaching.models.second_teacher import add_second_teacher

# who is away next week, which school of theirs is covered, and by whom
ON_LEAVE = {
    "northshire": ("Gareth Pym", "Ashcombe Vale School", "Priya Raman-Cole"),
    "southshire": ("Ottoline Frayne", "Umberfold Primary School", "Ivo Crane"),
}
# who was away in the last weeks of last month, where, and who covered
COVERED = {"northshire": ("Wren Ashby", "Pennock Primary School", "Lena Farrow")}
TRIP = {"northshire": ("Saltwick Bay Primary School", 5, "Year 5 to the lifeboat station")}
KNOWN = {"northshire": ("Lena Farrow", "Brackenholme School", "Family wedding")}
TOGETHER = {
    "northshire": ("Kofi Abara", "Coldwater Primary School", "Idris Vale", 45),
    "southshire": ("Ivo Crane", "Quillmere Primary School", "Ottoline Frayne", 30),
}


def let_teachers_be_away(taught: list[Taught], reasons: dict[str, Reason], by: Any, today: Day) -> None:
    """What is known and arranged in one service; before its summaries are made, so that they tell of the cover."""
    slug = by.service.slug
    at = {(one.teacher.name, one.allocation.school.name): one for one in taught}
    people = {one.teacher.name: one.allocation.teacher for one in taught}
    following = TeachingWeek.objects.filter(service=by.service, monday__gt=Week.of(today)).lesson_weeks()
    coming: list[Week] = list(following.values_list("monday", flat=True)[:3])
    if coming:
        _take_leave(at, people, reasons, by, coming[0])
    if coming and slug in TRIP:
        _know_beforehand(at, reasons, by, coming)
    if slug in COVERED:
        _cover_last_month(at, people, by, previous_month(today))
    _teach_together(at, people, by)


def _take_leave(at: Any, people: dict[str, Member], reasons: dict[str, Reason], by: Any, week: Week) -> None:
    away, school, cover = ON_LEAVE[by.service.slug]
    fields = {"from_week": week, "until_week": week, "words": "Training course"}
    give_notice(by.service, by, reason=reasons["teacher-away"], teacher=people[away], **fields)
    arrange_cover(at[away, school].allocation, by, week, people[cover])


def _know_beforehand(at: Any, reasons: dict[str, Reason], by: Any, weeks: list[Week]) -> None:
    """A year group's trip, and a child who will be away."""
    school, year, words = TRIP[by.service.slug]
    allocation: Allocation = next(one.allocation for (_, name), one in at.items() if name == school)
    week = weeks[1] if len(weeks) > 1 else weeks[0]
    trip = {"school": allocation.school, "year_group": year, "words": words}
    give_notice(by.service, by, reason=reasons["trip"], from_week=week, until_week=week, **trip)
    teacher, school, words = KNOWN[by.service.slug]
    place = Place.objects.filter(lesson__allocation=at[teacher, school].allocation).select_related("pupil").first()
    if place:
        weeks_of = {"from_week": weeks[0], "until_week": weeks[0]}
        by = at[teacher, school].allocation.teacher
        give_notice(by.service, by, reason=reasons["absent"], pupil=place.pupil, words=words, **weeks_of)


def _cover_last_month(at: Any, people: dict[str, Member], by: Any, month: Day) -> None:
    """In the last recorded week of last month somebody else gave the lessons of one school (R7)."""
    away, school, cover = COVERED[by.service.slug]
    register = at[away, school].allocation.registers.confirmed().filter(week__in=_weeks_of(by, month)).last()
    if register:
        teacher = people[cover]
        fields = {"allocation": at[away, school].allocation, "week": register.week, "teacher": teacher}
        Cover.objects.create(service=by.service, **fields)
        Line.objects.filter(register=register, given=True).update(given_by=teacher)


def _weeks_of(by: Any, month: Day) -> Any:
    return TeachingWeek.objects.filter(service=by.service, month=month).values("monday")


def _teach_together(at: Any, people: dict[str, Member], by: Any) -> None:
    """A second teacher all year, with their share of every confirmed lesson (R8)."""
    lead, school, second, minutes = TOGETHER[by.service.slug]
    lesson = at[lead, school].lessons[0]
    add_second_teacher(lesson, by, teacher=people[second], minutes=minutes, from_week=lesson.from_week)
    given = Line.objects.confirmed().filter(lesson=lesson, given=True)
    share = {"service": by.service, "teacher": people[second], "minutes": minutes}
    Share.objects.bulk_create([Share(line=line, **share) for line in given])
