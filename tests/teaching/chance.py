"""What a year by chance stands on: a small service that is put back after each example, a clock, and the plain book."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.teaching.plain_reckoning import WEEKS, Book, Line, Register, Visit
from tests.teaching.small_service import SmallService
from tutti.teaching.models.allocation import allocate

any_number = st.integers(0, 40)
few = st.integers(0, 3)


def happens(weight=1, when=lambda year: True, **strategies):
    """A thing that may happen, so many times as often as others, where it can, with what is drawn for it.

    Rules of the state machine itself would be as likely each, and most years little else than spare weeks.
    """

    def mark(verb):
        verb.weight, verb.when, verb.strategies = weight, when, strategies
        return verb

    return mark


class Chance(RuleBasedStateMachine):
    """`book` is what was done, `now` the running week, `touched` the register that was written to last."""

    small: SmallService
    clock = None

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now, self.is_over = WEEKS[2], False
        self._turn_clock()
        self.book, self.by, self.pupils = Book(), self.small.office, {}
        self.touched: tuple[Visit, object] | None = None
        tom, uma, _ = self.small.teachers
        ash, beck = self.small.schools
        for teacher, school, first in ((tom, ash, WEEKS[0]), (uma, ash, WEEKS[0]), (tom, beck, WEEKS[1])):
            row = allocate(teacher, school, self.small.year, self.by, from_week=first, until_week=WEEKS[-1])
            self.book.visits.append(Visit(row, teacher, school, first, WEEKS[-1]))
        self.begin()

    def begin(self):
        """What every year begins with."""

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(data=st.data())
    def something_happens(self, data):
        verbs = {name: getattr(type(self), name) for name in dir(type(self))}
        can = {name: verb for name, verb in verbs.items() if hasattr(verb, "weight") and verb.when(self)}
        often = [name for name in sorted(can, key=lambda name: -can[name].weight) for _ in range(can[name].weight)]
        verb = getattr(self, data.draw(st.sampled_from(often)))
        drawn = {n: data if n == "data" else data.draw(of, label=n) for n, of in verb.strategies.items()}
        verb(**drawn)

    # time passes

    @happens(when=lambda year: not year.is_over, weeks=st.sampled_from([1, 2, 6]))
    def weeks_pass(self, weeks):
        """Nothing is recorded in them. After the last week comes August."""
        self.is_over = self.now == WEEKS[-1]
        self.now = self.coming(weeks)
        self._turn_clock()

    def _turn_clock(self):
        self.clock.move_to(date(2027, 8, 18) if self.is_over else self.now.monday + timedelta(days=2))

    @property
    def month(self):
        """The running month, by its first day."""
        return date(2027, 8, 1) if self.is_over else (self.now.monday + timedelta(days=2)).replace(day=1)

    def past(self, back):
        """A week that has begun: the running one, or so many before it."""
        begun = [week for week in WEEKS if week <= self.now]
        return begun[max(0, len(begun) - 1 - back)]

    def coming(self, ahead):
        """The running week, or so many teaching weeks after it."""
        left = [week for week in WEEKS if week >= self.now]
        return left[min(ahead, len(left) - 1)]

    def around(self, weeks):
        return self.coming(weeks) if weeks >= 0 else self.past(-weeks)

    # small words

    def one(self, many, number):
        return many[number % len(many)]

    def fresh(self, thing):
        return type(thing.row).objects.get(pk=thing.row.pk)

    def tried(self, verb, *args, **fields):
        """What the verb gives, or None where it refuses: then nothing is written."""
        try:
            with transaction.atomic():
                return verb(*args, **fields) or True
        except ValidationError:
            return None

    def reason(self, code):
        return self.small.reasons[code]

    # registers

    def register(self, visit, week):
        return self.book.registers.setdefault((visit, week), Register(visit, week))

    def line(self, register, lesson, for_week=None):
        """The line of a lesson, begun if need be."""
        week = register.week
        key = lesson, for_week or week
        if key not in register.lines:
            given_by = self.book.cover_of(register.visit, week, lesson) or register.visit.teacher
            register.lines[key] = Line(lesson, week, key[1], given_by, lesson.minutes_in(key[1]))
        return register.lines[key]

    def takers(self, line):
        """Who is in a lesson that week; of a make-up, to whom its week is owed or who is marked in it (C5)."""
        if not line.is_make_up:
            return self.book.takers(line.lesson, line.week)
        of_lesson = [place for place in self.book.places if place.lesson is line.lesson]
        return [p for p in of_lesson if p in line.said or line.for_week in self.book.owed_weeks(p)]

    def cards(self, register):
        """The lessons on a register and its make-ups, by lesson and the week that they are for, with their takers."""
        found = {
            (x, register.week): self.book.takers(x, register.week)
            for x in self.book.on_sheet(register.visit, register.week)
        }
        return found | {key: self.takers(line) for key, line in register.lines.items() if line.is_make_up}
