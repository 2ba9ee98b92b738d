"""An arrangement: who covers which visits, and the letters that tell the two teachers (R7).

The letters can be read before they go out; they name school, week and lessons, and no pupil.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from tutti.people.models import Member
from tutti.teaching import letters
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.cover import Cover, Gap, arrange_covers, call_off_covers
from tutti.teaching.models.visit import Visit, read_visits


@dataclass(frozen=True, slots=True)
class CoverNews:
    """A letter about cover to one of the two: `kind` is one of `letters.COVER`."""

    kind: str
    to: Member
    absent: Member
    teacher: Member
    visits: list[Visit]

    @property
    def letter(self) -> tuple[str, str]:
        """Subject and text of the letter as it goes out."""
        subject, _, body = letters.read_cover_news(self).partition("\n")
        return subject, body.strip()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Visits, each with the lessons that are to be covered, and the teacher who covers them.

    `whole` are the keys of those that are covered as a visit, whatever comes to be due in them; of the others single
    lessons.
    """

    teacher: Member
    visits: list[Visit]
    whole: Collection[str] = ()

    @property
    def gaps(self) -> list[Gap]:
        found: list[Gap] = []
        for visit in self.visits:
            lessons = [None] if visit.key in self.whole else [lesson.lesson_pk for lesson in visit.lessons]
            found += [(visit.allocation, visit.week, lesson) for lesson in lessons]
        return found

    @property
    def news(self) -> list[CoverNews]:
        """The letters that it takes: to who covers, who is away, and who covered before."""
        return [*_called_off(self._taken_over()), *_arranged(self.teacher, self.visits)]

    @transaction.atomic
    def arrange(self, by: Any) -> int:
        """Arrange it and tell everybody; done twice it is done once. How many visits changed hands.

        ValidationError as of `arrange_covers`.
        """
        news = self.news
        changed = {(cover.allocation_id, cover.week) for cover in arrange_covers(self.gaps, by, self.teacher)}
        for one in news:
            visits = [visit for visit in one.visits if (visit.allocation.pk, visit.week) in changed]
            if visits:
                letters.cover_news(replace(one, visits=visits))
        return len(changed)

    def _taken_over(self) -> list[Cover]:
        return [cover for visit in self.visits for cover in visit.covers if cover.teacher_id != self.teacher.pk]


def call_off_news(covers: Iterable[Cover]) -> list[CoverNews]:
    """The letters that calling these covers off takes."""
    return _called_off(covers)


@transaction.atomic
def call_off(covers: Iterable[Cover], by: Any) -> int:
    """Call these covers off and tell both sides: how many there were. ValidationError once a week is confirmed."""
    rows = list(covers)
    news = _called_off(rows)
    gone = call_off_covers(rows, by)
    if gone:
        for one in news:
            letters.cover_news(one)
    return len(gone)


def cover_cards(member: Any, week: Any) -> list[Visit]:
    """What a member covers in a week, a visit each, with those lessons only; for My week. One query where it is
    nothing."""
    covered = Allocation.objects.filter(covers__teacher=member, covers__week=week)
    visits = read_visits(Allocation.objects.filter(pk__in=covered.values("pk")), week, week)
    own = [visit.given_by(member) for visit in visits]
    return [visit for visit in own if visit.lessons]


def _arranged(teacher: Member, visits: list[Visit]) -> list[CoverNews]:
    found = []
    for absent, own in _by_absent(visits).items():
        found.append(CoverNews("cover_arranged", teacher, absent, teacher, own))
        found.append(CoverNews("cover_told", absent, absent, teacher, own))
    return found


def _called_off(covers: Iterable[Cover]) -> list[CoverNews]:
    """To both sides, one letter for each pair of teachers."""
    rows = list(covers)
    if not rows:
        return []
    weeks = [cover.week for cover in rows]
    allocations = Allocation.objects.filter(pk__in={cover.allocation_id for cover in rows})
    visits = read_visits(allocations, min(weeks), max(weeks))
    found = []
    for teacher in {cover.teacher_id: cover.teacher for cover in rows}.values():
        own = {(cover.allocation_id, cover.week) for cover in rows if cover.teacher_id == teacher.pk}
        gone = [visit.given_by(teacher) for visit in visits if (visit.allocation.pk, visit.week) in own]
        for absent, of_absent in _by_absent(gone).items():
            found.append(CoverNews("cover_called_off", teacher, absent, teacher, of_absent))
            found.append(CoverNews("cover_called_off", absent, absent, teacher, of_absent))
    return found


def _by_absent(visits: Iterable[Visit]) -> dict[Member, list[Visit]]:
    found: dict[Member, list[Visit]] = {}
    for visit in visits:
        found.setdefault(visit.allocation.teacher, []).append(visit)
    return found
