"""Last year's lessons, or a predecessor's, taken over by proposal (H2, P4).

A teacher's own lessons of the year before at the school are proposed, and those of the allocation that the office has
handed on. Each lesson is taken once, by whoever takes it first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from tutti.core import history
from tutti.core.calendar import Week, year_group
from tutti.schools.models import AcademicYear, TeachingWeek
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.carry import Carry, take_up
from tutti.teaching.models.lesson import Due, Kind, Lesson, LessonShape, RotaWeek
from tutti.teaching.models.place import Place
from tutti.teaching.models.start_back import start_back

TAKEN = UUID("7a0e1a7e-0000-4000-8000-7475747469aa")  # with a lesson's key: the token of whatever takes it over
NOT_ANY_MORE = 10  # years; who is older and in no year group has left school, not yet to begin it


@dataclass(slots=True)
class OldPlace:
    """A pupil of an old lesson, and why they have probably left; empty for those who will carry on."""

    place: Place
    left: str = ""


@dataclass(slots=True)
class OldLesson:
    """A lesson to take over, as it was at the end."""

    lesson: Lesson
    kind: Kind
    minutes: int
    places: list[OldPlace]
    is_offered: bool = True

    @property
    def token(self) -> UUID:
        return _token(self.lesson.pk)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of one old lesson; `places`: the old places whose pupils carry on."""

    lesson: int
    kind: str
    minutes: int
    places: Collection[int]


class TakeOver:
    """What an allocation can take over. A fixed number of queries, however many lessons there were."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self.sources = sources(allocation)
        self.lessons: list[OldLesson] = self._propose() if self.sources else []

    @property
    def is_within_the_year(self) -> bool:
        """Whether running lessons are taken over, not last year's."""
        return any(source.year_id == self.allocation.year_id for source in self.sources)

    @property
    def teachers(self) -> list[str]:
        """The names of those whose lessons they were, the teacher's own left out."""
        own = self.allocation.teacher_id
        return list(dict.fromkeys(source.teacher.name for source in self.sources if source.teacher_id != own))

    def _propose(self) -> list[OldLesson]:
        by_pk = {source.pk: source for source in self.sources}
        last_weeks = _last_lesson_weeks(self.allocation, self.sources)
        lessons = Lesson.objects.with_pupils().filter(allocation__in=by_pk).order_by("allocation", "position", "pk")
        read = list(lessons.prefetch_related("shapes", "rota_weeks", "places__pupil"))
        taken = self._taken([_token(lesson.pk) for lesson in read])
        known = self._known_pupils()
        found = []
        for lesson in read:
            source = by_pk[lesson.allocation_id]
            places = (
                self._places(source, lesson, last_weeks[source.pk], known) if _token(lesson.pk) not in taken else []
            )
            if places:
                shape = list(lesson.shapes.all())[-1]
                found.append(OldLesson(lesson, Kind(shape.kind), shape.minutes, places))
        return self._as_taught(_each_pupil_once(found))

    def _taken(self, tokens: Collection[UUID]) -> set[UUID]:
        """The lessons that somebody at this school has taken over already in the year."""
        here = Lesson.objects.filter(
            allocation__school=self.allocation.school_id, allocation__year=self.allocation.year_id
        )
        return set(here.filter(once__in=tokens).values_list("once", flat=True))  # type: ignore[arg-type]

    def _known_pupils(self) -> set[tuple[int, str]]:
        """Who learns an instrument here already."""
        places = Place.objects.filter(lesson__allocation=self.allocation)
        rows = places.values_list("pupil", "lesson__instrument")
        return {(pupil, instrument.casefold()) for pupil, instrument in rows}

    def _places(self, source: Allocation, lesson: Lesson, last: Week, known: set[tuple[int, str]]) -> list[OldPlace]:
        """The pupils of a lesson who still go to this school and do not learn it here already."""
        begun = [place for place in lesson.places.all() if place.from_week <= source.until_week]
        return [
            OldPlace(place, self._why_left(source, place, last))
            for place in sorted(begun, key=lambda place: (place.pupil.name, place.pk))
            if place.pupil.school_id == self.allocation.school_id
            and (place.pupil_id, lesson.instrument.casefold()) not in known
        ]

    def _why_left(self, source: Allocation, place: Place, last: Week) -> str:
        if place.until_week and place.until_week < last:
            return "Had left before the end"
        if source.year_id == self.allocation.year_id:
            return ""
        first_day, last_group = self.allocation.year.first_day, self.allocation.school.last_year_group
        group = year_group(place.pupil.date_of_birth, first_day)
        is_grown = group is None and first_day.year - place.pupil.date_of_birth.year > NOT_ANY_MORE
        return "Has probably left the school" if is_grown or (group or 0) > last_group else ""

    def _as_taught(self, found: list[OldLesson]) -> list[OldLesson]:
        """A predecessor's lessons are offered by instrument, where the teacher is known to teach one of them."""
        taught = (self.allocation.teacher.teaches or "").casefold()
        others = [row for row in found if self._is_of_another(row)]
        if any(row.lesson.instrument.casefold() in taught for row in others):
            for row in others:
                row.is_offered = row.lesson.instrument.casefold() in taught
        return found

    def _is_of_another(self, row: OldLesson) -> bool:
        source = next(source for source in self.sources if source.pk == row.lesson.allocation_id)
        return source.teacher_id != self.allocation.teacher_id

    @transaction.atomic
    def save(self, by: Any, wanted: Iterable[Wanted], from_week: Week) -> int:
        """Make what is wanted, from a week on: new lessons and places, the same pupils. The number of lessons made.

        Sent twice it is done once, whoever sends it. ValidationError for a week in which the teacher is not here.
        """
        Allocation.objects.select_for_update().get(pk=self.allocation.pk)
        if not self.allocation.from_week <= from_week <= self.allocation.until_week:
            raise ValidationError({"from_week": "The teacher is not at this school in that week."})
        fresh = TakeOver(self.allocation)
        asked = {one.lesson: one for one in wanted}
        pairs = [(row, asked[row.lesson.pk]) for row in fresh.lessons if row.lesson.pk in asked]
        return fresh._write(by, [pair for pair in pairs if _chosen(*pair)], from_week)

    def _write(self, by: Any, pairs: Sequence[tuple[OldLesson, Wanted]], week: Week) -> int:
        first = self.allocation.lessons.count()
        made = [self._lesson(row, first + number, week) for number, (row, _) in enumerate(pairs)]
        Lesson.objects.bulk_create(made)
        service_id = self.allocation.service_id
        LessonShape.objects.bulk_create(
            LessonShape(service_id=service_id, lesson=lesson, kind=one.kind, minutes=one.minutes, from_week=week)
            for lesson, (_, one) in zip(made, pairs, strict=True)
        )
        RotaWeek.objects.bulk_create(
            RotaWeek(service_id=service_id, lesson=lesson, week=called.week)
            for lesson, (row, _) in zip(made, pairs, strict=True)
            for called in (row.lesson.rota_weeks.all() if lesson.due == Due.ROTA else [])
            if called.week >= week
        )
        self._write_places(by, [(lesson, *pair) for lesson, pair in zip(made, pairs, strict=True)], week)
        return len(made)

    def _lesson(self, row: OldLesson, position: int, week: Week) -> Lesson:
        """A rota names weeks, so it lasts within its year only."""
        is_new_year = row.lesson.due == Due.ROTA and not self.is_within_the_year
        return Lesson(
            service_id=self.allocation.service_id,
            allocation=self.allocation,
            instrument=row.lesson.instrument,
            title=row.lesson.title,
            due=Due.EVERY if is_new_year else row.lesson.due,
            from_week=week,
            position=position,
            once=row.token,
        )

    def _write_places(self, by: Any, made: Sequence[tuple[Lesson, OldLesson, Wanted]], week: Week) -> None:
        pupils = [(lesson, old.pupil) for lesson, row, one in made for old in _chosen(row, one)]
        waiting = Carry.objects.waiting([pupil.pk for _, pupil in pupils], self.allocation.year_id)
        brought = [waiting.pop((pupil.pk, lesson.instrument.casefold()), None) for lesson, pupil in pupils]
        places = [
            Place(
                service_id=lesson.service_id,
                lesson=lesson,
                pupil=pupil,
                from_week=week,
                **(carry.numbers if carry else {}),
            )
            for (lesson, pupil), carry in zip(pupils, brought, strict=True)
        ]
        Place.objects.bulk_create(places)
        take_up(places, brought)
        events = [history.make_event("took over the lesson", x, by, after={"lesson": str(x)}) for x, _, _ in made]
        after = {"from_week": str(week)}
        events += [
            history.make_event("put into a lesson", p, by, after={"lesson": str(p.lesson), **after}) for p in places
        ]
        history.record_all(events)
        if places:
            start_back(by, places, week)


def sources(allocation: Allocation) -> list[Allocation]:
    """The allocations whose lessons this one may take over: the teacher's own of last year, and the one handed on.

    Where the predecessor had set up nothing this year, their lessons of last year stand for it.
    """
    last_year = AcademicYear.objects.filter(service=allocation.service_id, last_day__lt=allocation.year.first_day)
    before = Q(year=last_year.order_by("-first_day").values("pk")[:1])
    whose = Q(teacher=allocation.teacher_id) & before
    if allocation.succeeds_id:
        whose |= Q(pk=allocation.succeeds_id) | Q(teacher__allocations=allocation.succeeds_id) & before
    with_pupils = Lesson.objects.with_pupils().filter(allocation=OuterRef("pk"), places__isnull=False)
    found = Allocation.objects.filter(whose, Exists(with_pupils), school=allocation.school_id)
    rows = list(found.exclude(pk=allocation.pk).select_related("teacher", "year").distinct().order_by("from_week"))
    if any(row.pk == allocation.succeeds_id for row in rows):
        return [row for row in rows if row.pk == allocation.succeeds_id or row.teacher_id == allocation.teacher_id]
    return rows


def with_something_to_take(teacher: Any, allocations: Iterable[Allocation]) -> set[int]:
    """Which of these allocations of a teacher have lessons to take over, perhaps. One query."""
    rows = Allocation.objects.filter(pk__in=[allocation.pk for allocation in allocations])
    lessons = Lesson.objects.with_pupils().filter(allocation__school=OuterRef("school"), places__isnull=False)
    earlier = lessons.filter(allocation__teacher=teacher, allocation__until_week__lt=OuterRef("year__first_day"))
    return set(rows.filter(Q(succeeds__isnull=False) | Exists(earlier)).values_list("pk", flat=True))


def _token(lesson_pk: int) -> UUID:
    return uuid5(TAKEN, str(lesson_pk))


def _chosen(row: OldLesson, one: Wanted) -> list[Place]:
    """The old places of a lesson whose pupils carry on."""
    return [old.place for old in row.places if old.place.pk in one.places]


def _last_lesson_weeks(allocation: Allocation, held: Sequence[Allocation]) -> dict[int, Week]:
    """By allocation the last lesson week in which a pupil would have been, had they not left."""
    years = {source.year_id for source in held}
    weeks = TeachingWeek.objects.lesson_weeks().filter(year__in=years).values_list("year", "monday")
    mondays: dict[int, list[Week]] = {}
    for year, monday in weeks:
        mondays.setdefault(year, []).append(monday)
    found = {}
    for source in held:
        end = min(source.until_week, allocation.from_week - 1)
        found[source.pk] = max((m for m in mondays.get(source.year_id, []) if m <= end), default=end)
    return found


def _each_pupil_once(found: list[OldLesson]) -> list[OldLesson]:
    """A pupil who left one lesson for another of the same instrument is proposed in the one they were in last."""
    running = {
        (old.place.pupil_id, row.lesson.instrument.casefold()) for row in found for old in row.places if not old.left
    }
    for row in found:
        key = row.lesson.instrument.casefold()
        row.places = [old for old in row.places if not old.left or (old.place.pupil_id, key) not in running]
    return [row for row in found if row.places]
