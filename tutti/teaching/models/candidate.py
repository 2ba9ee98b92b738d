"""A candidate: a teacher who could cover, and what they have already in those weeks (R7).

No times are kept (H7), so nobody is "free": the load of the week is said in words, and people decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from tutti.core.calendar import Week
from tutti.core.templatetags.tutti import counted, minutes_long
from tutti.people.models import Member
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.notice import Notice
from tutti.teaching.models.visit import Visit, read_visits

GENERAL = {"access", "class", "classes", "first", "lower", "music", "upper", "whole", "with", "world"}


@dataclass(slots=True)
class WeekLoad:
    """What a teacher has in a week: schools with their minutes that are due, and what they cover already."""

    schools: int = 0
    minutes: int = 0
    covers: int = 0

    @property
    def words(self) -> str:
        """ "3 schools, 4 hours 10 minutes, covers 1 visit already"."""
        own = f"{counted(self.schools, 'school')}, {minutes_long(self.minutes)}" if self.schools else "No lessons due"
        return f"{own}, covers {counted(self.covers, 'visit')} already" if self.covers else own


@dataclass(slots=True)
class Candidate:
    """A teacher who is not away, which of the instruments they teach, and how near they are."""

    teacher: Member
    instruments: list[str]
    is_at_school: bool
    is_of_area: bool
    loads: dict[Week, WeekLoad] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        return sum(load.minutes for load in self.loads.values())

    @property
    def near_words(self) -> str:
        if self.is_at_school:
            return "Teaches at this school already"
        return f"Same area, {self.teacher.office}" if self.is_of_area else str(self.teacher.office or "No area office")


def read_candidates(visits: Sequence[Visit]) -> list[Candidate]:
    """Who teaches an instrument of these visits and is not on leave in their weeks, the nearest and least laden first.

    By the lessons that they give this year, and by the words of what they teach, among which are those of the teacher
    who is away ("Woodwind"). Nine queries at most.
    """
    weeks = sorted({visit.week for visit in visits})
    able = _able(visits, weeks) if visits else []
    allocations = Allocation.objects.filter(teacher__in=[candidate.teacher.pk for candidate in able])
    covered = Allocation.objects.filter(covers__teacher__in=[candidate.teacher.pk for candidate in able])
    theirs = allocations | Allocation.objects.filter(pk__in=covered.values("pk"))
    all_visits = read_visits(theirs, weeks[0], weeks[-1]) if weeks else []
    for candidate in able:
        _lay_load(candidate, weeks, all_visits, {visit.allocation.school_id for visit in visits})
    return sorted(able, key=_rank)


def free_teachers(service: Any, absent: Collection[int], weeks: Sequence[Week]) -> Any:
    """Active teachers of the service who are not on leave in any of these weeks, without those who are away (P1)."""
    on_leave = Notice.objects.filter(service=service).leave()
    on_leave = on_leave.filter(from_week__lte=weeks[-1], until_week__gte=weeks[0])
    found = Member.objects.filter(service=service).active().teachers()
    return found.exclude(pk__in=absent).exclude(pk__in=on_leave.values("teacher"))


def _able(visits: Sequence[Visit], weeks: Sequence[Week]) -> list[Candidate]:
    allocation, instruments = visits[0].allocation, {one for visit in visits for one in visit.instruments}
    absent = {visit.allocation.teacher for visit in visits}
    wanted = instruments | {word for teacher in absent for word in _words(teacher.teaches)}
    taught: dict[int, set[str]] = {}
    of_year = Lesson.objects.filter(allocation__year=allocation.year_id, instrument__in=instruments).order_by()
    for teacher, instrument in of_year.values_list("allocation__teacher", "instrument").distinct():
        taught.setdefault(teacher, set()).add(instrument)
    named = [Q(teaches__icontains=word) for word in wanted]
    people = free_teachers(allocation.service_id, {teacher.pk for teacher in absent}, weeks)
    people = people.filter(Q(*named, pk__in=taught, _connector=Q.OR)).select_related("office", "person", "service")
    area = {visit.allocation.school.office_id for visit in visits}
    found = []
    for teacher in people:
        own = {one for one in wanted if one.casefold() in teacher.teaches.casefold()} | taught.get(teacher.pk, set())
        found.append(Candidate(teacher, _each_once(own), False, teacher.office_id in area))
    return found


def _words(teaches: str) -> set[str]:
    """What somebody teaches, word by word, without those that say nothing of an instrument."""
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", teaches)} - GENERAL


def _each_once(words: Collection[str]) -> list[str]:
    """ "Piano" and "piano" are one."""
    return sorted({word.casefold(): word.capitalize() for word in words}.values())


def _lay_load(candidate: Candidate, weeks: Sequence[Week], visits: list[Visit], schools: Collection[int]) -> None:
    teacher = candidate.teacher
    candidate.loads = {week: WeekLoad() for week in weeks}
    for visit in visits:
        load = candidate.loads.get(visit.week)
        if load is None:
            continue
        if visit.allocation.teacher_id == teacher.pk:
            load.schools += 1
            load.minutes += sum(lesson.minutes for lesson in visit.owed)
            candidate.is_at_school |= visit.allocation.school_id in schools
        elif own := visit.given_by(teacher).lessons:
            load.covers += 1
            load.minutes += sum(lesson.minutes for lesson in own)


def _rank(candidate: Candidate) -> tuple[Any, ...]:
    near = (not candidate.is_at_school, not candidate.is_of_area)
    return (-len(candidate.instruments), *near, candidate.minutes, candidate.teacher.name)
