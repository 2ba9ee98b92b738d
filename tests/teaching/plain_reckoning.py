"""A year of teaching reckoned a second time, plainly: what was done, fact by fact, and sums over it in simple loops.

It is written from the rules of the field (W2 to W4, P2 to P8, R2 to R8, C1 to C5), never from the product's own sums,
so that the two can be held against each other.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tutti.core.calendar import Week

# W1, W3: first and last Monday of each half term, written down by hand; the term's weeks that are lesson weeks (W2).
TERMS = [
    ([(date(2026, 8, 31), 8), (date(2026, 11, 2), 7)], 12),
    ([(date(2027, 1, 4), 6), (date(2027, 2, 22), 5)], 10),
    ([(date(2027, 4, 12), 7), (date(2027, 6, 7), 7)], 11),
]

# C2: what follows from a reason: here, counts, paid, charged, owed. The last two are made up by the service, so that
# each of the four stands alone at least once (C1).
FOLLOWS = {
    "present": (True, True, True, True, False),
    "late": (True, True, True, True, False),
    "online": (True, True, True, True, False),
    "ill": (False, True, True, True, False),
    "forgot": (False, True, True, True, False),
    "trip-late": (False, True, True, True, False),
    "trip": (False, False, False, False, True),
    "event": (False, False, False, False, True),
    "closed-late": (False, True, True, True, False),
    "weather": (False, True, True, True, False),
    "teacher-ill": (False, False, False, False, True),
    "teacher-away": (False, False, False, False, True),
    "not-started": (False, False, False, False, False),
    "came-for-nothing": (False, False, True, False, True),
    "hall-was-taken": (False, True, False, True, False),
}


def is_here(code):
    return FOLLOWS[code][0]


def counts(code):
    return FOLLOWS[code][1]


def is_paid(code):
    return FOLLOWS[code][2]


def is_charged(code):
    return FOLLOWS[code][3]


def is_owed(code):
    return FOLLOWS[code][4]


def _year():
    """Every teaching week: its lesson number, None in a spare week (W2), and its month (W3)."""
    weeks, number = {}, 0
    for halves, lessons in TERMS:
        of_term = [Week(first) + n for first, many in halves for n in range(many)]
        for place, week in enumerate(of_term):
            number += place < lessons
            # the week in which a term begins belongs to the month of the term's first day: 1 September
            month = date(2026, 9, 1) if week.monday == date(2026, 8, 31) else week.monday.replace(day=1)
            weeks[week] = (number if place < lessons else None, month)
    return weeks


YEAR = _year()
WEEKS = sorted(YEAR)
MONTHS = sorted({month for _, month in YEAR.values()})


@dataclass(eq=False)
class Visit:
    """A teacher at a school from a week until a week (P2). `row` is always the product's own row."""

    row: Any
    teacher: Any
    school: Any
    first: Week
    last: Week


@dataclass(eq=False)
class Lesson:
    """`minutes` and `rules` hold from a week on (P6, P7)."""

    row: Any
    visit: Visit
    kind: str
    first: Week
    last: Week | None = None
    minutes: list[tuple[Week, int]] = field(default_factory=list)
    rules: list[tuple[Week, str, frozenset[Week]]] = field(default_factory=list)
    class_size: int | None = None
    seconds: list[list[Any]] = field(default_factory=list)  # teacher, minutes, from, until (R8)

    @property
    def is_programme(self):
        return self.kind == "first_access"

    def holds(self, week):
        """The lesson is given in that week and its teacher is allocated to the school."""
        return holds(self, week) and holds(self.visit, week)

    def minutes_in(self, week):
        return [minutes for first, minutes in self.minutes if first <= week][-1]

    def second_in(self, week):
        return next(
            ((who, m) for who, m, first, last in self.seconds if first <= week and week <= (last or week)), None
        )


@dataclass(eq=False)
class Place:
    row: Any
    lesson: Lesson
    pupil: Any
    first: Week
    last: Week | None = None
    had_before: int = 0
    owed_before: int = 0

    def holds(self, week):
        return holds(self, week) and self.lesson.holds(week)


def holds(span, week):
    return span.first <= week and (span.last is None or week <= span.last)


@dataclass(eq=False)
class Line:
    """One lesson in one register (R2): struck out with a reason, or each pupil's mark, or a head count."""

    lesson: Lesson
    week: Week
    for_week: Week
    given_by: Any
    minutes: int
    struck: str | None = None
    heads: int | None = None
    said: dict[Place, str] = field(default_factory=dict)
    is_alone: bool = False
    share: tuple[Any, int] | None = None

    @property
    def is_make_up(self):
        return self.week != self.for_week

    @property
    def was_given(self):
        """Not struck out, and for somebody: a class with its head count, or a pupil for whom one is paid (C3)."""
        return self.struck is None and self._any(is_paid)

    @property
    def is_payable(self):
        return is_paid(self.struck) if self.struck else self._any(is_paid)

    @property
    def is_chargeable(self):
        """A make-up is not charged again (C5)."""
        return not self.is_make_up and (is_charged(self.struck) if self.struck else self._any(is_charged))

    def _any(self, follows):
        return self.heads is not None if self.lesson.is_programme else any(map(follows, self.said.values()))

    def strike(self, code, takers):
        """The nearest reason counts: who is away for a reason of their own keeps it (R3)."""
        for place in takers:
            own = self.said.get(place)
            if own is None or is_here(own) or own == self.struck:
                self.said[place] = code
        self.struck, self.heads = code, None

    def give_after_all(self):
        self.said = {place: own for place, own in self.said.items() if own != self.struck}
        self.struck = self.heads = None

    def mark(self, place, code):
        """Who is here takes back that the lesson was struck out."""
        self.said[place] = code
        if is_here(code):
            self.struck = None

    def count(self, heads):
        self.struck, self.heads = None, heads


@dataclass(eq=False)
class Register:
    visit: Visit
    week: Week
    lines: dict[tuple[Lesson, Week], Line] = field(default_factory=dict)
    is_confirmed: bool = False


@dataclass(eq=False)
class Notice:
    """What is known beforehand, of a pupil, a lesson, a teacher or a school (R6)."""

    row: Any
    code: str
    first: Week
    last: Week
    scope: str
    of: Any


@dataclass(eq=False)
class Proposal:
    """A correction that waits for the office (R10), in the order in which it is written."""

    row: Any
    register: Register
    marks: dict[tuple[Place, Week], str]
    heads: dict[tuple[Lesson, Week], int] = field(default_factory=dict)
    given: dict[tuple[Lesson, Week], str | None] = field(default_factory=dict)
    minutes: dict[tuple[Lesson, Week], int] = field(default_factory=dict)


class Book:
    """All that was done, and the sums that follow."""

    def __init__(self):
        self.visits: list[Visit] = []
        self.lessons: list[Lesson] = []
        self.places: list[Place] = []
        self.registers: dict[tuple[Visit, Week], Register] = {}
        self.closed: set[tuple[Any, Week]] = set()
        self.spare: set[tuple[Visit, Week]] = set()
        self.covers: dict[tuple[Visit, Week, Lesson | None], Any] = {}
        self.notices: list[Notice] = []
        self.locked: set[tuple[Any, date]] = set()
        self.proposals: list[Proposal] = []

    # what is due

    def number(self, visit, week, closed_too=True):
        """The week's lesson number; none in a spare week (W2), nor where the school is closed (W4)."""
        if (visit, week) in self.spare or (closed_too and (visit.school, week) in self.closed):
            return None
        return YEAR[week][0]

    def is_due(self, lesson, week, closed_too=True):
        """Every lesson week, every second one, or those that the school's rota names (P6)."""
        number = self.number(lesson.visit, week, closed_too)
        if number is None or not lesson.holds(week):
            return False
        _, rule, rota = [one for one in lesson.rules if one[0] <= week][-1]
        return {"every": True, "odd": number % 2 == 1, "even": number % 2 == 0, "rota": week in rota}[rule]

    def takers(self, lesson, week):
        return [place for place in self.places if place.lesson is lesson and place.holds(week)]

    def on_sheet(self, visit, week):
        """The week's own lessons on a register: those due with somebody in them; in a spare week any."""
        spare = self.number(visit, week) is None
        found = [x for x in self.lessons if x.visit is visit and x.holds(week) and (spare or self.is_due(x, week))]
        return [lesson for lesson in found if lesson.is_programme or self.takers(lesson, week)]

    def is_expected(self, visit, week):
        """A register is expected in a lesson week in which a lesson with somebody in it is due (W2, W4, P6)."""
        return holds(visit, week) and self.number(visit, week) is not None and bool(self.on_sheet(visit, week))

    def is_locked(self, visit, week):
        return (visit.teacher, YEAR[week][1]) in self.locked

    # what is recorded

    def is_confirmed(self, visit, week):
        register = self.registers.get((visit, week))
        return register is not None and register.is_confirmed

    def recorded_from(self, visit, first):
        own = [register for (of, week), register in self.registers.items() if of is visit and week >= first]
        return [register for register in own if register.is_confirmed]

    def confirmed_lines(self, until=WEEKS[-1]):
        """Only what is confirmed counts (R5)."""
        registers = [one for one in self.registers.values() if one.is_confirmed and one.week <= until]
        return [line for register in registers for line in register.lines.values()]

    def marks(self, place, until):
        return [(line, line.said[place]) for line in self.confirmed_lines(until) if place in line.said]

    # the sums of a place (C4)

    def balance(self, place, until):
        """Due, had, owed and promise, up to a week, that week included."""
        marks = self.marks(place, until)
        before = place.had_before + place.owed_before
        return (
            len(self._due_weeks(place, until, marks)) + before,
            sum(counts(code) for _, code in marks) + place.had_before,
            len(self.owed_weeks(place, until)) + place.owed_before,
            self._promise(place),
        )

    def _due_weeks(self, place, until, marks):
        """The lesson weeks of the place so far, without those from whose mark nothing follows (C2)."""
        own = {line.week: code for line, code in marks if not line.is_make_up}
        nothing = {week for week, code in own.items() if not counts(code) and not is_owed(code)}
        due = {week for week in WEEKS if week <= until and place.holds(week) and self.is_due(place.lesson, week)}
        return due - nothing

    def owed_weeks(self, place, until=WEEKS[-1]):
        """Owed marks of the week's own line, without those that a make-up closed, once (C5)."""
        marks = self.marks(place, until)
        made_up = {line.for_week for line, code in marks if line.is_make_up and counts(code)}
        return {line.week for line, code in marks if not line.is_make_up and is_owed(code)} - made_up

    def owed_lessons(self):
        """What can be made up: a lesson and the week in which it was owed to somebody, or to a class (C5, P8)."""
        found = {(place.lesson, week): None for place in self.places for week in self.owed_weeks(place)}
        lines = [line for line in self.confirmed_lines() if line.lesson.is_programme]
        made_up = {(line.lesson, line.for_week) for line in lines if line.is_make_up and line.was_given}
        classes = [x for x in lines if not x.is_make_up and x.struck and is_owed(x.struck)]
        return [*found, *((x.lesson, x.week) for x in classes if (x.lesson, x.week) not in made_up)]

    def _promise(self, place):
        """The service's number, or the lesson weeks between start and end; a closed school is promised them too."""
        between = [w for w in WEEKS if place.holds(w) and self.is_due(place.lesson, w, closed_too=False)]
        return min(33, len(between))

    # the minutes of a teacher, and what is paid and charged (C3, C5, R7, R8)

    def minutes_given(self, teacher, month):
        total = 0
        for line in self.confirmed_lines():
            if YEAR[line.week][1] == month and line.was_given:
                total += line.minutes if line.given_by is teacher else 0
                total += line.share[1] if line.share and line.share[0] is teacher else 0
        return total

    # what is known beforehand (R6)

    def known_of_lesson(self, lesson, week, is_covered):
        """The nearest first: the lesson's own, the teacher's leave unless somebody covers, the school's (R3, R7)."""
        nearness = {"lesson": 0, "teacher": 1, "school": 2}
        of = {"lesson": lesson, "teacher": lesson.visit.teacher, "school": lesson.visit.school}
        found = [
            one
            for one in self.notices
            if one.scope != "pupil" and holds(one, week) and one.of is of[one.scope]
            if not (one.scope == "teacher" and is_covered)
        ]
        return min(found, key=lambda one: nearness[one.scope]).code if found else None

    def known_of_pupil(self, place, week):
        own = [one for one in self.notices if one.scope == "pupil" and holds(one, week) and one.of is place.pupil]
        return own[0].code if own else None

    def cover_of(self, visit, week, lesson):
        """Who covers a lesson: its own cover before that of the whole visit (R7)."""
        return self.covers.get((visit, week, lesson)) or self.covers.get((visit, week, None))
