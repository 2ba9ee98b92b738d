"""A year of a small music service by chance, reckoned twice: by the product, and plainly by the rules.

Three teachers at two schools: pupils start, move and stop, weeks are closed, covered, recorded, changed, made up, locked
and corrected as chance will have it. After each step every sum is what `plain_reckoning` says. TUTTI_EXAMPLES=500 tries
more of it, by hand.
"""

import os
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.teaching.plain_reckoning import FOLLOWS, MONTHS, WEEKS, YEAR, Book, Lesson, Line, Notice, Place, Register, Visit
from tutti.core.calendar import TermDates, Week
from tutti.people.models import Office
from tutti.people.models.member import add_member
from tutti.people.models.music_service import add_service
from tutti.schools.models import Closure, School, TeachingWeek
from tutti.schools.models.closing import close_schools, open_again
from tutti.schools.models.school import add_school
from tutti.schools.models.term import add_year
from tutti.teaching.models import Line as LineRow
from tutti.teaching.models import Place as PlaceRow
from tutti.teaching.models import Reason
from tutti.teaching.models.allocation import allocate
from tutti.teaching.models.correction import propose
from tutti.teaching.models.cover import arrange_cover
from tutti.teaching.models.expected import Delivery
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.lock import lock_month
from tutti.teaching.models.make_up import begin_make_up, drop_make_up
from tutti.teaching.models.my_week import minutes_in_month
from tutti.teaching.models.notice import give_notice
from tutti.teaching.models.owed import read_owed
from tutti.teaching.models.place import add_place
from tutti.teaching.models.place_balances import Balances
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.reason import add_reason, ship_defaults
from tutti.teaching.models.second_teacher import add_second_teacher
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.tap import tap

DATES = [
    ("Autumn", TermDates(date(2026, 9, 1), date(2026, 12, 18), (date(2026, 10, 26), date(2026, 10, 30)))),
    ("Spring", TermDates(date(2027, 1, 4), date(2027, 3, 25), (date(2027, 2, 15), date(2027, 2, 19)))),
    ("Summer", TermDates(date(2027, 4, 12), date(2027, 7, 21), (date(2027, 5, 31), date(2027, 6, 4)))),
]
NAMES = ["Ada Quill", "Bo Lark", "Cy Moss", "Dot Fell", "Eli Wren", "Fay Holt", "Gus Pike", "Ivy Nash"]
BORN = date(2016, 3, 14)
OF_PUPIL = ["present", "ill", "late", "trip", "forgot", "trip-late", "online", "not-started", "came-for-nothing"]
OF_LESSON = ["event", "closed-late", "weather", "teacher-ill", "hall-was-taken"]
any_number = st.integers(0, 40)
few = st.integers(0, 3)


class SmallService:
    """A service of its own: three teachers, two schools, a year of 33 lessons."""

    def __init__(self):
        self.service = add_service("Eastshire Music Service", "eastshire")

    def set_up(self):
        service = self.service
        office = Office.objects.create(service=service, name="Only office", phone="01632 960111")
        names = ["Olive Office", "Tom Reed", "Uma Bell", "Vic Stone"]
        roles = [["head"], ["teacher"], ["teacher"], ["teacher"]]
        people = [
            add_member(service, None, name=name, email=f"{name[:3].lower()}@eastshire.example", roles=of, office=office)
            for name, of in zip(names, roles, strict=True)
        ]
        self.office, self.teachers = people[0], people[1:]
        ship_defaults(service)
        odd = {"cause": "nobody", "short": "Odd", "from_week": WEEKS[0], "for_lesson": True}
        for name in ("Came for nothing", "Hall was taken"):
            follows = dict(zip(("counts", "paid", "charged", "owed"), FOLLOWS[name.lower().replace(" ", "-")][1:], strict=True))
            add_reason(service, self.office, name=name, **follows, **odd)
        self.reasons = {reason.code: reason for reason in Reason.objects.filter(service=service)}
        self.year = add_year(service, self.office, DATES, (12, 10, 11))
        self.schools = [
            add_school(service, self.office, name=name, town="Otterbridge", office=office)
            for name in ("Ash Lane School", "Beck Street School")
        ]
        self.weeks = list(TeachingWeek.objects.filter(year=self.year))
        return self


class Year(RuleBasedStateMachine):
    """The year as chance will have it; `book` is what was done."""

    small: SmallService
    clock = None

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = WEEKS[2]
        self._turn_clock()
        self.book = Book()
        self.by, self.pupils = self.small.office, {}
        tom, uma, vic = self.small.teachers
        ash, beck = self.small.schools
        self.touched: tuple[Visit, Week] | None = None
        for teacher, school, first in ((tom, ash, WEEKS[0]), (uma, ash, WEEKS[0]), (tom, beck, WEEKS[1])):
            row = allocate(teacher, school, self.small.year, self.by, from_week=first, until_week=WEEKS[-1])
            self.book.visits.append(Visit(row, teacher, school, first, WEEKS[-1]))
        visit = self.book.visits[0]
        self._add_lesson(visit, "small_group", "every", 30, visit.first, 2)
        self._add_lesson(visit, "individual", "every", 20, visit.first, 1)

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # small words

    def _turn_clock(self):
        self.clock.move_to(self.now.monday + timedelta(days=2))

    def _one(self, many, number):
        return many[number % len(many)]

    def _past(self, back):
        """A week that has begun: the running one, or so many before it."""
        begun = [week for week in WEEKS if week <= self.now]
        return begun[max(0, len(begun) - 1 - back)]

    def _coming(self, ahead):
        """The running week, or so many teaching weeks after it."""
        left = [week for week in WEEKS if week >= self.now]
        return left[min(ahead, len(left) - 1)]

    def _fresh(self, one):
        return type(one.row).objects.get(pk=one.row.pk)

    def _tried(self, verb, *args, **fields):
        """What the verb gives, or None where it refuses: then nothing is written."""
        try:
            with transaction.atomic():
                return verb(*args, **fields) or True
        except ValidationError:
            return None

    def _reason(self, code):
        return self.small.reasons[code]

    def _code(self, reason):
        return reason.code if reason else None

    # what is set up

    def _add_lesson(self, visit, kind, due, minutes, first, many=0):
        own = {"title": "Year 4 Maple", "class_size": 28} if kind == "first_access" else {}
        row = add_lesson(self._fresh(visit), self.by, kind=kind, minutes=minutes, instrument="Violin", from_week=first, **own)
        lesson = Lesson(row, visit, kind, first, class_size=own.get("class_size"))
        lesson.minutes.append((first, minutes))
        lesson.rules.append((first, "every", frozenset()))
        self.book.lessons.append(lesson)
        if due != "every":
            self._set_due(lesson, first, due)
        for _ in range(many):
            self._put(lesson, NAMES[len(self.book.places) % len(NAMES)], first)
        return lesson

    def _set_due(self, lesson, first, due):
        rota = frozenset(WEEKS[::3]) if due == "rota" else frozenset()
        if self._tried(self._fresh(lesson).set_due, self.by, first, due, rota) is not None:
            lesson.rules.append((first, due, rota))

    def _put(self, lesson, name, first, **before):
        pupil, _ = find_or_add(lesson.visit.school, self.by, name, BORN)
        pupil = self.pupils.setdefault(pupil.pk, pupil)
        row = self._tried(add_place, self._fresh(lesson), pupil, self.by, from_week=first, **before)
        if row is None:
            return
        known = next((place for place in self.book.places if place.row.pk == row.pk), None)
        if known:  # who left the week before carries on
            known.last = None
            self._end_with_its_pupil(known.lesson)
        else:
            self.book.places.append(Place(row, lesson, pupil, first, **before))

    def _end_with_its_pupil(self, lesson):
        """An individual lesson lasts as long as its pupil's place (P7)."""
        ends = [place.last for place in self.book.places if place.lesson is lesson]
        if lesson.kind == "individual" and ends:
            lesson.last = None if None in ends else max(ends)

    @rule(
        visit=few,
        kind=st.sampled_from(["individual", "small_group", "large_group", "first_access"]),
        due=st.sampled_from(["every", "odd", "even", "rota"]),
        minutes=st.sampled_from([20, 25, 45]),
        back=few,
    )
    def a_lesson_is_added(self, visit, kind, due, minutes, back):
        visit = self._one(self.book.visits, visit)
        first = max(visit.first, self._past(back))
        many = {"individual": 1, "small_group": 2, "large_group": 3, "first_access": 0}[kind]
        if first <= visit.last and len(self.book.lessons) < 9:
            self._add_lesson(visit, kind, due, minutes, first, many)

    @rule(lesson=any_number, name=st.sampled_from(NAMES), ahead=few, had=st.sampled_from([0, 0, 2]))
    def a_pupil_starts(self, lesson, name, ahead, had):
        lesson = self._one(self.book.lessons, lesson)
        if lesson.kind in ("small_group", "large_group"):
            self._put(lesson, name, self._coming(ahead), had_before=had)

    @precondition(lambda self: self.book.places)
    @rule(place=any_number, ahead=few)
    def a_pupil_stops(self, place, ahead):
        place = self._one(self.book.places, place)
        last = self._coming(ahead)
        if place.last is None and self._tried(self._fresh(place).end, self.by, last) is not None:
            place.last = last
            self._end_with_its_pupil(place.lesson)

    @precondition(lambda self: self.book.places)
    @rule(place=any_number, lesson=any_number, ahead=few)
    def a_pupil_moves(self, place, lesson, ahead):
        place, lesson, first = self._one(self.book.places, place), self._one(self.book.lessons, lesson), self._coming(ahead)
        if place.lesson is lesson or lesson.kind == "individual" or lesson.is_programme or first <= place.first:
            return
        row = self._tried(self._fresh(place).move, self.by, self._fresh(lesson), first)
        if row is None:
            return
        left, place.last = place.last, first - 1
        self._end_with_its_pupil(place.lesson)
        known = next((one for one in self.book.places if one.row.pk == row.pk), None)
        if known:
            known.last = None
        else:
            self.book.places.append(Place(row, lesson, place.pupil, first, left))

    @rule(lesson=any_number, ahead=st.integers(1, 3), minutes=st.sampled_from([15, 40]))
    def a_lesson_has_other_minutes(self, lesson, ahead, minutes):
        lesson, first = self._one(self.book.lessons, lesson), self._coming(ahead)
        kind = self._fresh(lesson).shapes.last().kind
        if first > self.now and self._tried(self._fresh(lesson).reshape, self.by, first, kind=kind, minutes=minutes):
            lesson.minutes = [one for one in lesson.minutes if one[0] < first] + [(first, minutes)]

    @rule(lesson=any_number, ahead=st.integers(1, 3), due=st.sampled_from(["every", "odd", "even", "rota"]))
    def a_lesson_is_due_otherwise(self, lesson, ahead, due):
        lesson, first = self._one(self.book.lessons, lesson), self._coming(ahead)
        if first > self.now and lesson.first < first:
            lesson.rules = [one for one in lesson.rules if one[0] < first]
            self._set_due(lesson, first, due)

    @rule(visit=few, ahead=st.integers(2, 12))
    def an_allocation_ends(self, visit, ahead):
        visit, last = self.book.visits[1 + visit % 2], self._coming(ahead)
        if self._tried(self._fresh(visit).end, self.by, last) is not None:
            visit.last = last

    @rule(school=few, week=st.integers(-2, 4))
    def a_school_is_closed(self, school, week):
        school, week = self._one(self.small.schools, school), self._coming(week) if week >= 0 else self._past(-week)
        close_schools(self.small.year, self.by, School.objects.filter(pk=school.pk), [week], "Snow")
        self.book.closed.add((school, week))

    @precondition(lambda self: self.book.closed)
    @rule(closed=any_number)
    def a_school_is_open_after_all(self, closed):
        school, week = self._one(sorted(self.book.closed, key=lambda one: (one[1], one[0].name)), closed)
        open_again(Closure.objects.get(school=school, week=week), self.by)
        self.book.closed.discard((school, week))

    @rule(visit=few, weeks=st.sets(st.integers(0, 39), max_size=3))
    def weeks_are_spare(self, visit, weeks):
        visit = self._one(self.book.visits, visit)
        weeks = {WEEKS[n] for n in weeks}
        if self._tried(self._fresh(visit).set_spare_weeks, self.by, weeks) is not None:
            kept = {one for one in self.book.spare if one[0] is not visit}
            self.book.spare = kept | {(visit, week) for week in weeks}

    @rule(
        scope=st.sampled_from(["pupil", "lesson", "teacher", "school"]),
        of=any_number,
        code=st.sampled_from(["trip", "event", "teacher-away", "trip-late"]),
        ahead=few,
        many=few,
    )
    def a_notice_is_given(self, scope, of, code, ahead, many):
        first, book = self._coming(ahead), self.book
        choices = {"lesson": book.lessons, "teacher": self.small.teachers, "school": self.small.schools}
        choices["pupil"] = [place.pupil for place in book.places]
        of = self._one(choices[scope], of)
        last = first + many
        row = give_notice(
            self.small.service,
            self.by,
            reason=self._reason(code),
            from_week=first,
            until_week=last,
            **{scope: of.row if scope == "lesson" else of},
        )
        if all(one.row.pk != row.pk for one in book.notices):
            book.notices.append(Notice(row, code, first, last, scope, of))

    @precondition(lambda self: self.book.notices)
    @rule(notice=any_number)
    def a_notice_is_taken_back(self, notice):
        notice = self._one(self.book.notices, notice)
        self._fresh(notice).take_back(self.by)
        self.book.notices.remove(notice)

    # what is covered

    @rule(visit=few, back=st.integers(-2, 2), teacher=few, lesson=any_number, whole=st.booleans())
    def cover_is_arranged(self, visit, back, teacher, lesson, whole):
        visit, week = self._one(self.book.visits, visit), self._past(back) if back >= 0 else self._coming(-back)
        own = [one for one in self.book.lessons if one.visit is visit]
        lesson = None if whole or not own else self._one(own, lesson)
        teacher = self._one(self.small.teachers, teacher)
        row = self._tried(arrange_cover, self._fresh(visit), self.by, week, teacher, self._fresh(lesson) if lesson else None)
        if row is not None:
            self.book.covers[visit, week, lesson] = teacher
            self._gives(visit, week)

    @precondition(lambda self: self.book.covers)
    @rule(cover=any_number)
    def cover_is_called_off(self, cover):
        visit, week, lesson = self._one(list(self.book.covers), cover)
        row = visit.row.covers.get(week=week, lesson=lesson.row if lesson else None)
        if self._tried(row.call_off, self.by) is not None:
            del self.book.covers[visit, week, lesson]
            self._gives(visit, week)

    def _gives(self, visit, week):
        """Lines begun already follow who gives them now (R7)."""
        register = self.book.registers.get((visit, week))
        for line in register.lines.values() if register else []:
            line.given_by = self.book.cover_of(visit, week, line.lesson) or visit.teacher

    @rule(lesson=any_number, teacher=few, minutes=st.sampled_from([30, 45]))
    def somebody_teaches_beside(self, lesson, teacher, minutes):
        lesson, teacher = self._one(self.book.lessons, lesson), self._one(self.small.teachers, teacher)
        first = self._coming(1)
        if not lesson.is_programme or first <= self.now:
            return
        fields = {"teacher": teacher, "minutes": minutes, "from_week": first}
        if self._tried(add_second_teacher, self._fresh(lesson), self.by, **fields) is not None:
            lesson.seconds = [one for one in lesson.seconds if one[2] < first]
            for one in lesson.seconds:
                one[3] = first - 1
            lesson.seconds.append([teacher, minutes, first, None])

    # what is recorded

    def _sheet(self, visit, week):
        return Sheet.open_to_write(visit.teacher, visit.row.pk, week)

    def _register(self, visit, week):
        return self.book.registers.setdefault((visit, week), Register(visit, week))

    def _line(self, register, lesson, for_week=None):
        """The line of a lesson, begun if need be."""
        week = register.week
        key = lesson, for_week or week
        if key not in register.lines:
            given_by = self.book.cover_of(register.visit, week, lesson) or register.visit.teacher
            register.lines[key] = Line(lesson, week, key[1], given_by, lesson.minutes_in(key[1]))
        return register.lines[key]

    def _takers(self, line_or_lesson, week):
        """Who is in a lesson that week; of a make-up, to whom its week is owed or who is marked in it (C5)."""
        if isinstance(line_or_lesson, Line):
            line = line_or_lesson
            of_lesson = [place for place in self.book.places if place.lesson is line.lesson]
            return [p for p in of_lesson if p in line.said or line.for_week in self.book.owed_weeks(p)]
        return self.book.takers(line_or_lesson, week)

    def _cards(self, register):
        """The lessons on a register, make-ups too, each with its line if it has one, and its takers."""
        visit, week, found = register.visit, register.week, {}
        for lesson in self.book.on_sheet(visit, week):
            found[lesson, week] = self._takers(lesson, week)
        for key, line in register.lines.items():
            if line.is_make_up:
                found[key] = self._takers(line, week)
        return found

    def _key(self, register, of, for_week):
        pk = of.row.pk
        return pk if for_week == register.week else f"{pk}-{for_week.monday:%Y%m%d}"

    @rule(visit=few, data=st.data())
    def the_running_week_is_recorded(self, visit, data):
        self._record(self._one(self.book.visits, visit), self.now, data)

    @rule(visit=few, back=st.integers(0, 5), data=st.data(), ends=st.sampled_from(["confirm", "begin"]))
    def a_week_is_recorded(self, visit, back, data, ends):
        self._record(self._one(self.book.visits, visit), self._past(back), data, ends)

    @rule(visit=few, many=st.integers(1, 3), data=st.data())
    def what_is_missing_is_recorded(self, visit, many, data):
        visit = self._one(self.book.visits, visit)
        past = [week for week in WEEKS if week <= self.now and self.book.is_expected(visit, week)]
        missing = [week for week in past if not self._is_confirmed(visit, week)]
        for week in missing[:many]:
            self._record(visit, week, data)

    @rule(register=any_number, data=st.data())
    def a_recorded_week_is_changed(self, register, data):
        done = [one for one in self.book.registers.values() if one.is_confirmed]
        if done:
            register = self._one(done, register)
            self._record(register.visit, register.week, data)

    def _is_confirmed(self, visit, week):
        register = self.book.registers.get((visit, week))
        return register is not None and register.is_confirmed

    def _record(self, visit, week, data, ends="confirm"):
        sheet = self._sheet(visit, week)
        if not (visit.first <= week <= visit.last):
            assert sheet is None
            return
        self.touched = visit, week
        register = self._register(visit, week)
        if register.is_confirmed:
            if self.book.is_locked(visit, week):
                with pytest.raises(ValidationError):
                    sheet.reopen(visit.teacher)
                return
            sheet.reopen(visit.teacher)
            register.is_confirmed = False
        elif not register.lines and data.draw(st.integers(0, 5)) == 0:
            self._say_not_there(register, data.draw(st.sampled_from(["teacher-ill", "weather"])))
        self._mark_some(register, data)
        if ends == "confirm":
            self._fill_and_confirm(register)

    def _say_not_there(self, register, code):
        """The whole visit is struck out, but for what somebody covers (R3, R7)."""
        visit, week = register.visit, register.week
        self._sheet(visit, week).set_there(visit.teacher, "none", self._reason(code))
        for (lesson, _), takers in self._cards(register).items():
            if not self.book.cover_of(visit, week, lesson):
                self._line(register, lesson).strike(code, takers)

    def _choices(self, register, data):
        """What somebody marks on a register: reasons of pupils, head counts, lessons struck out or given after all."""
        marks, heads, given = {}, {}, {}
        for (lesson, for_week), takers in self._cards(register).items():
            line = register.lines.get((lesson, for_week))
            what = data.draw(st.sampled_from(["nothing", "mark", "mark", "strike", "after all"]))
            if what == "strike":
                given[lesson, for_week] = data.draw(st.sampled_from(OF_LESSON))
            if what == "after all" and line and line.struck:
                given[lesson, for_week] = None
            if what in ("mark", "after all") and lesson.is_programme:
                heads[lesson, for_week] = data.draw(st.integers(0, 28))
            for place in takers if what in ("mark", "after all") else []:
                if data.draw(st.booleans()):
                    marks[place, for_week] = data.draw(st.sampled_from(OF_PUPIL))
        return marks, heads, given

    def _mark_some(self, register, data):
        visit = register.visit
        marks, heads, given = self._choices(register, data)
        sheet = self._sheet(visit, register.week)
        sheet.record(visit.teacher, *self._as_keys(register, marks, heads, given))
        self._apply(register, marks, heads, given)

    def _as_keys(self, register, marks, heads, given):
        key = self._key
        return (
            {key(register, place, week): self._reason(code) for (place, week), code in marks.items()},
            {key(register, lesson, week): many for (lesson, week), many in heads.items()},
            {key(register, lesson, week): code and self._reason(code) for (lesson, week), code in given.items()},
        )

    def _apply(self, register, marks, heads, given):
        for (lesson, for_week), takers in self._cards(register).items():
            own = {place: marks[place, for_week] for place in takers if (place, for_week) in marks}
            key = lesson, for_week
            if own or key in heads or key in given:
                line = self._line(register, *key)
                if key in given:
                    line.strike(given[key], takers) if given[key] else line.give_after_all()
                if key in heads:
                    line.count(heads[key])
                for place, code in own.items():
                    line.mark(place, code)

    def _is_marked(self, line, takers):
        if line is None:
            return False
        if line.struck:
            return True
        return line.heads is not None if line.lesson.is_programme else all(place in line.said for place in takers)

    def _fill_and_confirm(self, register):
        visit, week = register.visit, register.week
        cards = self._cards(register)
        self._sheet(visit, week).fill_as_planned(visit.teacher)
        for (lesson, for_week), takers in cards.items():
            line = self._line(register, lesson, for_week)
            if not self._is_marked(line, takers):
                self._fill(line, takers)
        done = self._tried(self._sheet(visit, week).confirm, visit.teacher)
        assert (done is not None) == bool(cards), f"{week} can be confirmed if anything is on it"
        if done is not None:
            self._confirmed(register)

    def _fill(self, line, takers):
        """As it was planned, or known beforehand: the nearest reason counts (R3, R4, R6)."""
        book, lesson, week = self.book, line.lesson, line.week
        known = book.known_of_lesson(lesson, week, line.given_by is not lesson.visit.teacher)
        for place in takers:
            own = book.known_of_pupil(place, week)
            line.said.setdefault(place, own or known or "present")
        if known:
            line.strike(known, takers)
        elif lesson.is_programme:
            line.count(lesson.class_size)

    def _confirmed(self, register):
        register.is_confirmed = True
        for line in register.lines.values():
            self._share(line)

    def _share(self, line):
        """The second teacher is paid their own minutes where the class was given (R8)."""
        second = None if line.is_make_up else line.lesson.second_in(line.week)
        line.share = second if line.was_given and not line.is_alone else None

    # time passes

    @rule(weeks=st.integers(1, 5))
    def weeks_pass(self, weeks):
        self.now = self._coming(weeks)
        self._turn_clock()

    # the two reckonings

    @invariant()
    def both_reckonings_agree(self):
        self.every_place_has_what_the_rules_say()
        self.the_register_that_was_touched_says_the_same()
        self.lines_are_paid_and_charged_once()
        self.every_teacher_gave_their_minutes()
        self.registers_are_expected_where_lessons_are_due()

    def every_place_has_what_the_rules_say(self):
        """Due, had, owed, promise, on the pages of many places (C4)."""
        rows = PlaceRow.objects.filter(lesson__allocation__school__in=self.small.schools)
        found = Balances(self.small.service, rows, self.now)
        for place in self.book.places:
            until = self.now if self._is_confirmed(place.lesson.visit, self.now) else self.now - 1
            assert _spelt(found.of(place.row.pk)) == self.book.balance(place, until), self._words(place)

    def the_register_that_was_touched_says_the_same(self):
        if self.touched is None:
            return
        visit, week = self.touched
        sheet = Sheet.open(visit.teacher, visit.row.pk, week)
        if sheet is None:
            assert not holds_in(visit, week)
            return
        register = self._register(visit, week)
        own = {lesson.row.pk for lesson in self.book.on_sheet(visit, week)}
        assert {lesson.key for lesson in sheet.lessons if not lesson.is_make_up} == own
        until = week if register.is_confirmed else week - 1
        places = {place.row.pk: place for place in self.book.places}
        for lesson in sheet.lessons:
            for pupil in lesson.pupils:
                place = places[pupil.place_pk]
                line = register.lines.get((place.lesson, lesson.for_week))
                assert self._code(pupil.reason) == (line.said.get(place) if line else None), self._words(place)
                if pupil.balance and not lesson.is_make_up:
                    assert _spelt(pupil.balance) == self.book.balance(place, until), self._words(place)

    def lines_are_paid_and_charged_once(self):
        """(C3, C5)"""
        lines = LineRow.objects.filter(register__allocation__school__in=self.small.schools)
        plain = {self._of_line(line): line for line in self.book.confirmed_lines()}
        for rows, wanted in (
            (lines.payable(), {key for key, line in plain.items() if line.is_payable}),
            (lines.chargeable(), {key for key, line in plain.items() if line.is_chargeable}),
        ):
            assert set(rows.values_list("lesson", "register__week", "for_week", "minutes")) == wanted

    def _of_line(self, line):
        return line.lesson.row.pk, line.week, line.for_week, line.minutes

    def every_teacher_gave_their_minutes(self):
        """Of the month of the register that was touched (R5, R7, R8)."""
        week = self.touched[1] if self.touched else self.now
        for teacher in self.small.teachers:
            month = YEAR[week][1]
            assert minutes_in_month(teacher, month) == self.book.minutes_given(teacher, month), (teacher.name, month)

    def registers_are_expected_where_lessons_are_due(self):
        """(W2, W4, P6)"""
        found = Delivery(self.small.service, self.small.weeks)
        for visit in self.book.visits:
            weeks = [week for week in WEEKS if self.book.is_expected(visit, week)]
            done = [week for week in weeks if self._is_confirmed(visit, week)]
            assert found.share_of(visit.row.pk) == (len(done), len(weeks))

    def _words(self, place):
        return f"{place.pupil} in {place.lesson.row.pk} of {place.lesson.visit.row}"


def holds_in(span, week):
    return span.first <= week <= span.last


def _spelt(balance):
    return balance.due, balance.had, balance.owed, balance.promise


@pytest.mark.django_db
def test_a_year_by_chance_is_reckoned_as_the_rules_say(world, clock):
    """W2 to W4, P6, P7, R3 to R8, R10, C3 to C5, S3: everything at once, against a second reckoning."""
    small = SmallService()
    with world.of(small.service):
        Year.small, Year.clock = small.set_up(), clock
        many = int(os.environ.get("TUTTI_EXAMPLES", "0"))
        run_state_machine_as_test(
            Year,
            settings=settings(
                max_examples=many or 20,
                stateful_step_count=40 if many else 30,
                deadline=None,
                derandomize=not many,
                phases=[Phase.generate, *([Phase.shrink] if "TUTTI_SHRINK" in os.environ else [])],
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
