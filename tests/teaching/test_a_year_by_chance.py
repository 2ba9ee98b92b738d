"""A year of a small music service by chance, reckoned twice: by the product, and plainly by the rules.

Three teachers at two schools: pupils start, move and stop, weeks are closed, covered, recorded, changed, made up,
locked, corrected and told as chance will have it. After each step every sum is what `plain_reckoning` says, and what is
to be told what `plain_telling` says. By hand TUTTI_EXAMPLES=500 tries more of it, each time others, and TUTTI_SHRINK=1
makes what failed shorter, which takes minutes.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.teaching.chance_recording import Recording
from tests.teaching.chance_set_up import SetUp
from tests.teaching.chance_telling import Telling
from tests.teaching.plain_reckoning import WEEKS, YEAR, holds
from tests.teaching.small_service import SmallService
from tutti.teaching.models import Line, Mark, Place
from tutti.teaching.models.expected import Delivery
from tutti.teaching.models.my_week import minutes_in_month
from tutti.teaching.models.place_balances import Balances
from tutti.teaching.models.sheet import Sheet


class Year(Telling, SetUp, Recording):
    """The year as chance will have it, reckoned twice after each step."""

    @invariant()
    def both_reckonings_agree(self):
        self.what_is_confirmed_is_what_was_said()
        self.every_place_has_what_the_rules_say()
        self.the_register_that_was_touched_says_the_same()
        self.lines_are_paid_and_charged_once()
        self.every_teacher_gave_their_minutes()
        self.registers_are_expected_where_lessons_are_due()
        self.what_is_to_be_told_is_what_differs(self.touched[0].school if self.touched else self.small.schools[0])

    def what_is_confirmed_is_what_was_said(self):
        """Every mark of every confirmed register (R2, R5)."""
        marks = Mark.objects.confirmed().filter(line__register__allocation__school__in=self.small.schools)
        found = set(marks.values_list("place", "line__register__week", "line__for_week", "reason__code"))
        said = {(p.row.pk, x.week, x.for_week, code) for x in self.book.confirmed_lines() for p, code in x.said.items()}
        assert found == said

    def every_place_has_what_the_rules_say(self):
        """Due, had, owed and promise on the pages of many places (C4)."""
        rows = Place.objects.filter(lesson__allocation__school__in=self.small.schools)
        found = Balances(self.small.service, rows, self.now)
        for place in self.book.places:
            until = self.now if self.book.is_confirmed(place.lesson.visit, self.now) else self.now - 1
            assert _spelt(found.of(place.row.pk)) == self.book.balance(place, until), self._words(place)

    def the_register_that_was_touched_says_the_same(self):
        """Who is on it, how they are marked, and their sums until that week (R2, R3, C4)."""
        if self.touched is None:
            return
        visit, week = self.touched
        sheet = Sheet.open(visit.teacher, visit.row.pk, week)
        if sheet is None:
            assert not holds(visit, week)
            return
        register = self.register(visit, week)
        own = {lesson.row.pk for lesson in self.book.on_sheet(visit, week)}
        assert {lesson.key for lesson in sheet.lessons if not lesson.is_make_up} == own
        places = {place.row.pk: place for place in self.book.places}
        for lesson in sheet.lessons:
            for pupil in lesson.pupils:
                self._pupil_agrees(register, lesson, pupil, places[pupil.place_pk])

    def _pupil_agrees(self, register, lesson, pupil, place):
        line = register.lines.get((place.lesson, lesson.for_week))
        code = pupil.reason.code if pupil.reason else None
        assert code == (line.said.get(place) if line else None), self._words(place)
        if not lesson.is_make_up:
            until = register.week if register.is_confirmed else register.week - 1
            assert _spelt(pupil.balance) == self.book.balance(place, until), self._words(place)

    def lines_are_paid_and_charged_once(self):
        """(C3, C5)"""
        lines = Line.objects.filter(register__allocation__school__in=self.small.schools)
        plain = {(x.lesson.row.pk, x.week, x.for_week, x.minutes): x for x in self.book.confirmed_lines()}
        for rows, wanted in (
            (lines.payable(), {key for key, line in plain.items() if line.is_payable}),
            (lines.chargeable(), {key for key, line in plain.items() if line.is_chargeable}),
        ):
            assert set(rows.values_list("lesson", "register__week", "for_week", "minutes")) == wanted

    def every_teacher_gave_their_minutes(self):
        """In the month of the register that was touched (R5, R7, R8)."""
        month = YEAR[self.touched[1] if self.touched else self.now][1]
        for teacher in self.small.teachers:
            assert minutes_in_month(teacher, month) == self.book.minutes_given(teacher, month), (teacher.name, month)

    def registers_are_expected_where_lessons_are_due(self):
        """And missing where they are not confirmed (W2, W4, P6, R5)."""
        found = Delivery(self.small.service, self.small.weeks)
        for visit in self.book.visits:
            weeks = [week for week in WEEKS if self.book.is_expected(visit, week)]
            done = [week for week in weeks if self.book.is_confirmed(visit, week)]
            assert found.share_of(visit.row.pk) == (len(done), len(weeks)), str(visit.row)

    def _words(self, place):
        return f"{place.pupil} in {place.lesson.row.pk} of {place.lesson.visit.row}"


def _spelt(balance):
    return balance.due, balance.had, balance.owed, balance.promise


@pytest.mark.django_db
def test_a_year_by_chance_is_reckoned_as_the_rules_say(world, clock):
    """W2 to W4, P6, P7, P9, R3 to R10, C3 to C5, S3: everything at once, against a second reckoning."""
    small = SmallService()
    many = int(os.environ.get("TUTTI_EXAMPLES", "0"))
    with world.of(small.service):
        Year.small, Year.clock = small.set_up(), clock
        run_state_machine_as_test(
            Year,
            settings=settings(
                max_examples=many or 4,
                stateful_step_count=40 if many else 30,
                deadline=None,
                derandomize=not many,
                database=None,
                phases=[Phase.generate, *([Phase.shrink] if "TUTTI_SHRINK" in os.environ else [])],
                suppress_health_check=list(HealthCheck),
            ),
        )
