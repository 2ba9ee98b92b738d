"""Saves a pasted list of pupils in a fixed number of statements, however long it is (H2, B4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from tutti.core import history
from tutti.core.calendar import Day, Week
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.carry import Carry, take_up
from tutti.teaching.models.lesson import Kind, Lesson, LessonShape
from tutti.teaching.models.pasted_list import PastedRow
from tutti.teaching.models.place import Place
from tutti.teaching.models.pupil import Pupil
from tutti.teaching.models.start_back import start_back

Child = tuple[str, Day | None]
BATCH = 500


class ListWriter:
    """Knows who and what is there already at a school, and adds what is not."""

    def __init__(self, allocation: Allocation, rows: Sequence[PastedRow], week: Week) -> None:
        self.allocation, self.rows, self.week = allocation, rows, week
        self.pupils = self._known_pupils()
        self.groups = self._known_groups()
        self.taken = self._taken()

    def _known_pupils(self) -> dict[Child, Pupil]:
        """The school's pupils by name and birthday, whoever teaches them (P4)."""
        birthdays = {row.date_of_birth for row in self.rows if row.date_of_birth}
        if not birthdays:
            return {}
        born = Pupil.objects.filter(school=self.allocation.school_id)
        born = born.filter(date_of_birth__range=(min(birthdays), max(birthdays)))
        return {(pupil.name.casefold(), pupil.date_of_birth): pupil for pupil in born}

    def _known_groups(self) -> dict[tuple[str, str], Lesson]:
        """Groups with a name, of this allocation, that run in the week."""
        lessons = [x for x in self.allocation.lessons.with_pupils().exclude(title="") if x.holds(self.week)]
        return {(lesson.title.casefold(), lesson.instrument.casefold()): lesson for lesson in lessons}

    def _taken(self) -> dict[tuple[int, str], Lesson]:
        """Which pupils have a lesson of an instrument with this teacher already, in the week or later."""
        places = Place.objects.filter(lesson__allocation=self.allocation).not_over(self.week).select_related("lesson")
        return {(place.pupil_id, place.lesson.instrument.casefold()): place.lesson for place in places}

    def note(self) -> None:
        """Say on each row what is there already (P4: nothing else about the child)."""
        for row in self.rows:
            pupil = self.pupils.get(row.child)
            if pupil and (pupil.pk, row.instrument.casefold()) in self.taken:
                row.is_there, row.note = True, "Has this lesson already, stays as it is"
            elif pupil:
                row.note = "Is at this school already, is taken as the same pupil"

    @transaction.atomic
    def save(self, by: Any, once: UUID) -> int:
        """Add what is missing; the number of places added. The same list sent twice adds nothing (`once`)."""
        Allocation.objects.select_for_update().get(pk=self.allocation.pk)
        if not self.allocation.from_week <= self.week <= self.allocation.until_week:
            raise ValidationError("The teacher is not at this school in that week.")
        fresh = ListWriter(self.allocation, self.rows, self.week)
        fresh._add_pupils(by)
        wanted = [row for row in fresh.rows if not fresh._has_lesson(row)]
        places = fresh._add_places(by, wanted, fresh._add_lessons(by, wanted, once))
        if places:
            start_back(by, places, self.week)
        return len(places)

    def _has_lesson(self, row: PastedRow) -> bool:
        return (self.pupils[row.child].pk, row.instrument.casefold()) in self.taken

    def _add_pupils(self, by: Any) -> None:
        service_id, school_id = self.allocation.service_id, self.allocation.school_id
        new = {row.child: row for row in self.rows if row.child not in self.pupils}
        rows = [
            Pupil(service_id=service_id, school_id=school_id, name=row.name, date_of_birth=row.date_of_birth)  # type: ignore[misc]
            for row in new.values()
        ]
        Pupil.objects.bulk_create(rows, batch_size=BATCH)
        self.pupils |= {(pupil.name.casefold(), pupil.date_of_birth): pupil for pupil in rows}
        history.record_all(
            history.make_event("added the pupil", p, by, after={"name": p.name, "date_of_birth": str(p.date_of_birth)})
            for p in rows
        )

    def _add_lessons(self, by: Any, wanted: Sequence[PastedRow], once: UUID) -> dict[int, Lesson]:
        """Each wanted row's lesson: an individual one of its own, or its group, made where it is not there."""
        lessons: dict[int, Lesson] = {}
        made: dict[int, tuple[Lesson, PastedRow]] = {}
        position = self.allocation.lessons.count()
        for row in wanted:
            lesson = self.groups.get(row.group_key) if row.group else None
            if lesson is None:
                lesson = self._lesson(row, once, position + len(made))
                made[row.number] = (lesson, row)
                if row.group:
                    self.groups[row.group_key] = lesson
            lessons[row.number] = lesson
        self._write_lessons(by, list(made.values()))
        return lessons

    def _lesson(self, row: PastedRow, once: UUID, position: int) -> Lesson:
        return Lesson(
            service_id=self.allocation.service_id,
            allocation=self.allocation,
            instrument=row.instrument,
            title=row.group,
            from_week=self.week,
            position=position,
            once=uuid5(once, str(row.number)),
        )

    def _write_lessons(self, by: Any, made: Sequence[tuple[Lesson, PastedRow]]) -> None:
        Lesson.objects.bulk_create([lesson for lesson, _ in made], batch_size=BATCH)
        service_id = self.allocation.service_id
        LessonShape.objects.bulk_create(
            [
                LessonShape(service_id=service_id, lesson=x, kind=row.kind, minutes=row.minutes, from_week=self.week)
                for x, row in made
            ],
            batch_size=BATCH,
        )
        history.record_all(
            history.make_event(
                "added the lesson",
                lesson,
                by,
                after={"instrument": row.instrument, "title": row.group, "kind": row.kind, "minutes": row.minutes},
            )
            for lesson, row in made
        )

    def _add_places(self, by: Any, wanted: Sequence[PastedRow], lessons: dict[int, Lesson]) -> list[Place]:
        waiting = Carry.objects.waiting({self.pupils[row.child].pk for row in wanted}, self.allocation.year_id)
        brought = [waiting.pop((self.pupils[row.child].pk, row.instrument.casefold()), None) for row in wanted]
        places = [
            Place(
                service_id=self.allocation.service_id,
                lesson=lessons[row.number],
                pupil=self.pupils[row.child],
                from_week=self.week,
                **(carry.numbers if carry else {}),
            )
            for row, carry in zip(wanted, brought, strict=True)
        ]
        Place.objects.bulk_create(places, batch_size=BATCH)
        take_up(places, brought)
        history.record_all(
            history.make_event("put into a lesson", p, by, after={"lesson": str(p.lesson), "from_week": str(self.week)})
            for p in places
        )
        return places


def summary_of(rows: Sequence[PastedRow]) -> str:
    """What a list would add, in a sentence: "23 pupils: 18 individual lessons and 2 groups"."""
    pupils = len({row.child for row in rows})
    alone = sum(1 for row in rows if row.kind == Kind.INDIVIDUAL)
    groups = len({row.group_key for row in rows if row.group})
    parts = [f"{alone} individual {'lesson' if alone == 1 else 'lessons'}"] if alone else []
    parts += [f"{groups} {'group' if groups == 1 else 'groups'}"] if groups else []
    return f"{pupils} {'pupil' if pupils == 1 else 'pupils'}: {' and '.join(parts)}"
