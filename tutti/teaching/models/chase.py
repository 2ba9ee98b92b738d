"""Chasing: whom to remind of registers that are missing, who reminded them last, and reminding them, by hand or by
itself."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tutti.core import history
from tutti.core.calendar import Week, bank_holidays, is_working_day, spell_weeks, today
from tutti.core.history import Event
from tutti.people.models import Member, MusicService
from tutti.schools.models import AcademicYear, TeachingWeek
from tutti.teaching import letters
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.expected import Delivery, Missing

REMINDED = "reminded of registers"


@dataclass(frozen=True, slots=True)
class Reminder:
    """When a teacher was reminded, and by whom: "" for by itself."""

    at: dt.datetime
    by_name: str

    @property
    def who(self) -> str:
        return f"by {self.by_name or 'itself'}"

    @property
    def words(self) -> str:
        """ "16 November, by itself"."""
        day = timezone.localdate(self.at)
        return f"{day.day} {day:%B}, {self.who}"

    @property
    def was_today(self) -> bool:
        return timezone.localdate(self.at) == today()

    @property
    def was_this_week(self) -> bool:
        return Week.of(timezone.localdate(self.at)) == Week.current()


@dataclass(slots=True)
class Chase:
    """A teacher, the registers that they have not recorded (the oldest first), and when they were last reminded.

    `weeks_late`: how many lesson weeks ago the oldest was due, 1 for last week's.
    """

    teacher: Member
    missing: list[Missing]
    last: Reminder | None = None
    weeks_late: int = 0

    @property
    def by_school(self) -> list[tuple[str, str]]:
        """Each school with its weeks in words: "weeks commencing 2 and 9 November"."""
        weeks: dict[str, list[Week]] = defaultdict(list)
        for one in self.missing:
            weeks[one.school_name].append(one.week)
        return [(name, _in_words(of_school)) for name, of_school in sorted(weeks.items())]

    @property
    def late_words(self) -> str:
        return f"{self.weeks_late} weeks late"

    @property
    def schools(self) -> int:
        return len({one.school_id for one in self.missing})

    @property
    def was_chased_today(self) -> bool:
        return self.last is not None and self.last.was_today

    @property
    def was_chased_this_week(self) -> bool:
        return self.last is not None and self.last.was_this_week

    @property
    def letter(self) -> tuple[str, str]:
        """Subject and text of the letter as it would go out now."""
        subject, _, body = letters.reminder_as_text(self).partition("\n")
        return subject, body.strip()


def chases(service: Any, missing: Iterable[Missing], weeks: Sequence[TeachingWeek]) -> list[Chase]:
    """Whom these missing registers belong to, those with the most first. `weeks`: the lesson weeks up to this one.

    Two queries, however many.
    """
    of_teacher: dict[int, list[Missing]] = defaultdict(list)
    for one in missing:
        of_teacher[one.teacher_id].append(one)
    teachers = Member.objects.filter(service_id=service.pk, pk__in=of_teacher, is_active=True)
    reminded = last_reminders(service, of_teacher)
    people = teachers.select_related("person", "service", "office")
    past = [row.monday for row in weeks if row.monday < Week.current()]
    found = []
    for teacher in people:
        own = of_teacher[teacher.pk]
        late = sum(1 for monday in past if monday >= own[0].week)
        found.append(Chase(teacher, own, reminded.get(teacher.pk), late))
    return sorted(found, key=lambda chase: (-len(chase.missing), chase.teacher.name))


def last_reminders(service: Any, teachers: Iterable[int]) -> dict[int, Reminder]:
    """By teacher when they were last reminded, those who ever were. One query."""
    told = Event.objects.filter(service_id=service.pk, thing=Member._meta.label_lower, verb=REMINDED)
    newest = told.filter(thing_id__in=list(teachers)).order_by().values("thing_id").annotate(last=Max("pk"))
    rows = Event.objects.filter(pk__in=newest.values("last")).values_list("thing_id", "at", "by_name")
    return {teacher: Reminder(at, by_name) for teacher, at, by_name in rows}


@transaction.atomic
def remind(service: Any, chased: Sequence[Chase], by: Any) -> list[Chase]:
    """Write to these teachers; `by` is None for what goes out by itself. Returns those who were written to.

    Whoever was reminded today is left out: once a day is enough. Five statements, however many teachers.
    """
    MusicService.objects.select_for_update().get(pk=service.pk)  # as for two who chase by hand
    written = {letter.thing_id for letter in letters.reminders(service, chased)}
    sent = [chase for chase in chased if chase.teacher.pk in written]
    history.record_all(
        history.make_event(REMINDED, chase.teacher, by, after={"registers": len(chase.missing)}) for chase in sent
    )
    return sent


@transaction.atomic
def remind_by_itself(service: Any) -> list[Chase]:
    """Remind those who miss registers of weeks before this one: on the day for letters that each of them chose, or the
    next on which this is called, once a week at most. Returns those who were written to.

    Whoever was chased by hand this week is left in peace until the next. Nobody is written to on a bank holiday, nor in
    holidays but for the working days of their first week. A fixed number of queries, one where nobody's day has come.
    """
    teachers = Member.objects.filter(service_id=service.pk).to_remind(today())
    if today() in bank_holidays(today().year) or not teachers.exists():
        return []
    MusicService.objects.select_for_update().get(pk=service.pk)  # two at once: the second finds them reminded
    this_week = Week.current()
    year = AcademicYear.objects.filter(service_id=service.pk).on((this_week - 1).monday)
    weeks = list(year.weeks.all()) if year else []
    taught = {row.monday for row in weeks}
    if this_week not in taught and not (this_week - 1 in taught and is_working_day(today())):
        return []
    past = [row for row in weeks if row.lesson_number and row.monday < this_week]
    own = Allocation.objects.filter(service_id=service.pk, teacher__in=teachers)
    late = chases(service, Delivery(service, past, own).missing(), past)
    return remind(service, [chase for chase in late if not chase.was_chased_this_week], by=None)


def _in_words(weeks: list[Week]) -> str:
    return f"{'week' if len(weeks) == 1 else 'weeks'} commencing {spell_weeks(weeks)}"
