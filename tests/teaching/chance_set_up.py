"""What chance sets up in a year: lessons, pupils who start, move and stop, closures, spare weeks, notices, cover."""

from datetime import date

from hypothesis import strategies as st

from tests.teaching.chance import Chance, any_number, few, happens
from tests.teaching.plain_reckoning import WEEKS, Lesson, Notice, Place, Proposal
from tutti.schools.models import Closure, School
from tutti.schools.models.closing import close_schools, open_again
from tutti.teaching.models import Correction
from tutti.teaching.models.cover import arrange_cover
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.lesson_end import end_lesson
from tutti.teaching.models.notice import give_notice
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.second_teacher import add_second_teacher

NAMES = ["Ada Quill", "Bo Lark", "Cy Moss", "Dot Fell", "Eli Wren", "Fay Holt", "Gus Pike", "Ivy Nash"]
BORN = date(2016, 3, 14)
MANY = {"individual": 1, "small_group": 2, "large_group": 3, "first_access": 0}
DUE = st.sampled_from(["every", "odd", "even", "rota"])


class SetUp(Chance):
    def begin(self):
        """Somebody to teach everywhere."""
        ash, beside, beck = self.book.visits
        self._add_lesson(ash, "small_group", "every", 30, ash.first)
        self._add_lesson(ash, "individual", "every", 20, ash.first)
        self._add_lesson(beside, "first_access", "every", 50, beside.first)
        self._add_lesson(beck, "large_group", "odd", 40, beck.first)

    def _add_lesson(self, visit, kind, due, minutes, first):
        own = {"title": "Year 4 Maple", "class_size": 28} if kind == "first_access" else {}
        fields = {"kind": kind, "minutes": minutes, "instrument": "Violin", "from_week": first}
        row = add_lesson(self.fresh(visit), self.by, **fields, **own)
        lesson = Lesson(row, visit, kind, first, class_size=own.get("class_size"))
        lesson.minutes.append((first, minutes))
        lesson.rules.append((first, "every", frozenset()))
        self.book.lessons.append(lesson)
        if due != "every":
            self._set_due(lesson, first, due)
        for _ in range(MANY[kind]):
            self._put(lesson, NAMES[len(self.book.places) % len(NAMES)], first)

    def _set_due(self, lesson, first, due):
        rota = frozenset(WEEKS[::3]) if due == "rota" else frozenset()
        self.fresh(lesson).set_due(self.by, first, due, rota)
        lesson.rules = [one for one in lesson.rules if one[0] < first] + [(first, due, rota)]

    @happens(
        2,
        visit=few,
        kind=st.sampled_from(sorted(MANY)),
        due=DUE,
        minutes=st.sampled_from([20, 25, 45]),
        back=st.integers(-1, 3),
    )
    def a_lesson_is_added(self, visit, kind, due, minutes, back):
        visit = self.one(self.book.visits, visit)
        first = max(visit.first, self.around(-back))
        if first <= visit.last and len(self.book.lessons) < 9:
            self._add_lesson(visit, kind, due, minutes, first)

    @happens(lesson=any_number, ahead=st.integers(1, 3), minutes=st.sampled_from([15, 40]))
    def a_lesson_has_other_minutes(self, lesson, ahead, minutes):
        """From a week on (P7)."""
        lesson, first = self.one(self.book.lessons, lesson), self.coming(ahead)
        kind = self.fresh(lesson).shapes.last().kind
        if first > self.now and self.tried(self.fresh(lesson).reshape, self.by, first, kind=kind, minutes=minutes):
            lesson.minutes = [one for one in lesson.minutes if one[0] < first] + [(first, minutes)]

    @happens(lesson=any_number, ahead=st.integers(1, 3), due=DUE)
    def a_lesson_is_due_otherwise(self, lesson, ahead, due):
        """From a week on (P6)."""
        lesson, first = self.one(self.book.lessons, lesson), self.coming(ahead)
        if lesson.first < first and first > self.now:
            self._set_due(lesson, first, due)

    # who is in it

    def _put(self, lesson, name, first, **before):
        pupil, _ = find_or_add(lesson.visit.school, self.by, name, BORN)
        pupil = self.pupils.setdefault(pupil.pk, pupil)
        row = self.tried(add_place, self.fresh(lesson), pupil, self.by, from_week=first, **before)
        if row is not None:
            self._placed(row, lesson, pupil, first, **before)

    def _placed(self, row, lesson, pupil, first, last=None, **before):
        """Who left the lesson the week before carries on in the same place."""
        place = next((one for one in self.book.places if one.row.pk == row.pk), None)
        if place is None:
            place = Place(row, lesson, pupil, first, last, **before)
            self.book.places.append(place)
        else:
            place.last = None
        self._end_with_its_pupil(lesson)
        self._starts_back(place, first)

    def _end_with_its_pupil(self, lesson):
        """An individual lesson lasts as long as its pupil's place (P7)."""
        ends = [place.last for place in self.book.places if place.lesson is lesson]
        if lesson.kind == "individual" and ends:
            lesson.last = None if None in ends else max(ends)

    def _starts_back(self, place, first):
        """In open weeks the pupil is to be marked, so what was confirmed is open again; in locked ones it is proposed
        that they were there, or had the reason of the lesson (P9)."""
        book, lesson = self.book, place.lesson
        for register in book.recorded_from(lesson.visit, first):
            if place.holds(register.week) and book.is_due(lesson, register.week):
                line = register.lines.get((lesson, register.week))
                self._dated_back(register, {(place, register.week): (line and line.struck) or "present"})
        for register in book.registers.values():
            line = register.lines.get((lesson, register.week))
            if line and line.struck and place.holds(register.week) and not register.is_confirmed:
                line.said.setdefault(place, line.struck)

    def _stops_back(self, place, last):
        """Their marks after their last week go; in locked weeks it is proposed that they had left (P9)."""
        for register in list(self.book.registers.values()):
            lines = [line for line in register.lines.values() if place in line.said and line.for_week > last]
            if lines and not self._dated_back(register, {(place, line.for_week): "not-started" for line in lines}):
                for line in lines:
                    del line.said[place]
        if place.lesson.last == last:
            self._drop_lines_after(place.lesson, last)

    def _drop_lines_after(self, lesson, last):
        """A lesson that has ended leaves nothing on registers that are open."""
        for register in self.book.registers.values():
            gone = [k for k, line in register.lines.items() if line.lesson is lesson and k[1] > last and not line.said]
            for key in gone if not register.is_confirmed else []:
                del register.lines[key]

    def _ends_back(self, lesson, last):
        """What is recorded of it after its last week goes; in locked weeks it is proposed that it had ended (P9)."""
        for register in list(self.book.registers.values()):
            lines = [line for line in register.lines.values() if line.lesson is lesson and line.for_week > last]
            marks = {(place, line.for_week): code for line in lines for place, code in line.said.items()}
            marks = {key: "not-started" for key, code in marks.items() if code != "not-started"}
            given = {(lesson, line.for_week): "not-started" for line in lines if line.heads is not None}
            if lines and self._is_shut(register):
                if marks or given:
                    self._dated_back(register, marks, given)
            elif lines:
                register.is_confirmed = False
                for line in lines:
                    del register.lines[lesson, line.for_week]

    def _gives_up(self, place):
        """One who never began has no place; or, marked in locked weeks, keeps the first of them (P9)."""
        marked = [
            line.for_week for one in self.book.registers.values() for line in one.lines.values() if place in line.said
        ]
        if marked:
            place.first = place.last = min(marked)
        else:
            self.book.places.remove(place)

    def _goes_with_its_pupil(self, lesson):
        """An individual lesson that nobody is in and of which nothing is recorded was never there."""
        lines = [line for register in self.book.registers.values() for line in register.lines.values()]
        held = [place.lesson for place in self.book.places] + [line.lesson for line in lines]
        if lesson.kind == "individual" and lesson not in held:
            self.book.lessons.remove(lesson)
            self.book.notices = [one for one in self.book.notices if one.of is not lesson]
            self.book.covers = {key: who for key, who in self.book.covers.items() if key[2] is not lesson}

    def _is_shut(self, register):
        return register.is_confirmed and self.book.is_locked(register.visit, register.week)

    def _dated_back(self, register, marks, given=None):
        """True if it waits as a proposed correction."""
        if not self._is_shut(register):
            register.is_confirmed = False
            return False
        found = Correction.objects.filter(register__allocation=register.visit.row, register__week=register.week)
        row = found.filter(proposed_by=None, state="proposed").latest("pk")
        if all(one.row.pk != row.pk for one in self.book.proposals):
            self.book.proposals.append(Proposal(row, register, marks, given=given or {}))
        return True

    @happens(
        2, lesson=any_number, name=st.sampled_from(NAMES), weeks=st.integers(-3, 3), had=st.sampled_from([0, 0, 2])
    )
    def a_pupil_starts(self, lesson, name, weeks, had):
        lesson = self.one(self.book.lessons, lesson)
        if lesson.kind in ("small_group", "large_group"):
            self._put(lesson, name, max(self.around(weeks), lesson.first), had_before=had)

    @happens(2, place=any_number, weeks=st.integers(-3, 3))
    def a_pupil_stops(self, place, weeks):
        place, last = self.one(self.book.places, place), self.around(weeks)
        if place.last is None and self.tried(self.fresh(place).end, self.by, last) is not None:
            place.last = last
            self._end_with_its_pupil(place.lesson)
            self._stops_back(place, last)

    @happens(2, place=any_number, lesson=any_number, weeks=st.integers(-2, 3))
    def a_pupil_moves(self, place, lesson, weeks):
        place, lesson = self.one(self.book.places, place), self.one(self.book.lessons, lesson)
        first = self.around(weeks)
        if place.lesson is lesson or lesson.kind == "individual" or lesson.is_programme or first <= place.first:
            return
        row = self.tried(self.fresh(place).move, self.by, self.fresh(lesson), first)
        if row is not None:
            left, place.last = place.last, first - 1
            self._placed(row, lesson, place.pupil, first, left)
            self._end_with_its_pupil(place.lesson)
            self._stops_back(place, first - 1)

    @happens(when=lambda year: len(year.book.places) > 2, place=any_number)
    def a_pupil_never_came(self, place):
        place = self.one(self.book.places, place)
        lesson, before = place.lesson, place.first - 1
        if self.tried(self.fresh(place).stop, self.by, place.first) is None:
            return
        self._stops_back(place, before)
        if all(one is place or one.lesson is not lesson for one in self.book.places):
            self._drop_lines_after(lesson, before)
        self._gives_up(place)
        self._end_with_its_pupil(lesson)
        self._goes_with_its_pupil(lesson)

    @happens(lesson=any_number, weeks=st.integers(-3, 2))
    def a_lesson_ends(self, lesson, weeks):
        lesson, last = self.one(self.book.lessons, lesson), self.around(weeks)
        if lesson.last is not None or self.tried(end_lesson, self.fresh(lesson), self.by, last) is None:
            return
        self._ends_back(lesson, last)
        for place in [place for place in self.book.places if place.lesson is lesson]:
            if place.first > last:
                self._gives_up(place)
            elif place.last is None or place.last > last:
                place.last = last
        lesson.last = last

    # when it is not due

    @happens(visit=few, ahead=st.integers(2, 12))
    def an_allocation_ends(self, visit, ahead):
        visit, last = self.book.visits[1 + visit % 2], self.coming(ahead)
        if self.tried(self.fresh(visit).end, self.by, last) is not None:
            visit.last = last

    @happens(school=few, weeks=st.integers(-2, 4))
    def a_school_is_closed(self, school, weeks):
        school, week = self.one(self.small.schools, school), self.around(weeks)
        close_schools(self.small.year, self.by, School.objects.filter(pk=school.pk), [week], "Snow")
        self.book.closed.add((school, week))

    @happens(when=lambda year: year.book.closed, closed=any_number)
    def a_school_is_open_after_all(self, closed):
        school, week = self.one(sorted(self.book.closed, key=lambda one: (one[1], one[0].name)), closed)
        open_again(Closure.objects.get(school=school, week=week), self.by)
        self.book.closed.discard((school, week))

    @happens(visit=few, weeks=st.sets(st.integers(0, 39), max_size=3))
    def weeks_are_spare(self, visit, weeks):
        visit, weeks = self.one(self.book.visits, visit), {WEEKS[n] for n in weeks}
        if self.tried(self.fresh(visit).set_spare_weeks, self.by, weeks) is not None:
            kept = {one for one in self.book.spare if one[0] is not visit}
            self.book.spare = kept | {(visit, week) for week in weeks}

    # what is known beforehand

    @happens(
        scope=st.sampled_from(["pupil", "lesson", "teacher", "school"]),
        of=any_number,
        code=st.sampled_from(["trip", "event", "teacher-away", "trip-late"]),
        ahead=few,
        many=few,
    )
    def a_notice_is_given(self, scope, of, code, ahead, many):
        first, book = self.coming(ahead), self.book
        choices = {"lesson": book.lessons, "teacher": self.small.teachers, "school": self.small.schools}
        choices["pupil"] = [place.pupil for place in book.places]
        of, last = self.one(choices[scope], of), first + many
        fields = {"reason": self.reason(code), "from_week": first, "until_week": last}
        fields[scope] = self.fresh(of) if scope == "lesson" else of
        row = give_notice(self.small.service, self.by, **fields)
        if all(one.row.pk != row.pk for one in book.notices):
            book.notices.append(Notice(row, code, first, last, scope, of))

    @happens(when=lambda year: year.book.notices, notice=any_number)
    def a_notice_is_taken_back(self, notice):
        notice = self.one(self.book.notices, notice)
        self.fresh(notice).take_back(self.by)
        self.book.notices.remove(notice)

    # who gives it

    @happens(2, visit=few, weeks=st.integers(-2, 2), teacher=few, lesson=any_number, whole=st.booleans())
    def cover_is_arranged(self, visit, weeks, teacher, lesson, whole):
        visit, week = self.one(self.book.visits, visit), self.around(weeks)
        own = [one for one in self.book.lessons if one.visit is visit]
        lesson = None if whole or not own else self.one(own, lesson)
        others = [one for one in self.small.teachers if one is not visit.teacher]
        teacher, row = self.one(others, teacher), self.fresh(lesson) if lesson else None
        if self.tried(arrange_cover, self.fresh(visit), self.by, week, teacher, row) is not None:
            self.book.covers[visit, week, lesson] = teacher
            self._gives(visit, week)

    @happens(when=lambda year: year.book.covers, cover=any_number)
    def cover_is_called_off(self, cover):
        visit, week, lesson = self.one(list(self.book.covers), cover)
        row = visit.row.covers.get(week=week, lesson=lesson.row if lesson else None)
        if self.tried(row.call_off, self.by) is not None:
            del self.book.covers[visit, week, lesson]
            self._gives(visit, week)

    def _gives(self, visit, week):
        """Lines begun already follow who gives them now (R7)."""
        register = self.book.registers.get((visit, week))
        for line in register.lines.values() if register else []:
            line.given_by = self.book.cover_of(visit, week, line.lesson) or visit.teacher

    @happens(lesson=any_number, teacher=few, minutes=st.sampled_from([30, 45]))
    def somebody_teaches_beside(self, lesson, teacher, minutes):
        """From next week on (R8)."""
        lesson, teacher = self.one(self.book.lessons, lesson), self.one(self.small.teachers, teacher)
        first = self.coming(1)
        if not lesson.is_programme or first <= self.now:
            return
        fields = {"teacher": teacher, "minutes": minutes, "from_week": first}
        if self.tried(add_second_teacher, self.fresh(lesson), self.by, **fields) is not None:
            lesson.seconds = [one for one in lesson.seconds if one[2] < first]
            for one in lesson.seconds:
                one[3] = min(one[3] or first - 1, first - 1)
            lesson.seconds.append([teacher, minutes, first, None])
