"""What chance records in a year: registers and their changes, make-ups, locked months and corrections."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from tests.teaching.chance import Chance, any_number, few, happens
from tests.teaching.plain_reckoning import MONTHS, WEEKS, Proposal, holds
from tutti.teaching.models.correction import propose
from tutti.teaching.models.lock import lock_month, unlock_month
from tutti.teaching.models.make_up import begin_make_up, drop_make_up
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.tap import tap

OF_PUPIL = ["present", "ill", "late", "trip", "forgot", "trip-late", "online", "not-started", "came-for-nothing"]
OF_LESSON = ["event", "closed-late", "weather", "teacher-ill", "hall-was-taken"]


class Recording(Chance):
    def _sheet(self, visit, week):
        return Sheet.open_to_write(visit.teacher, visit.row.pk, week)

    @happens(8, when=lambda year: not year.is_over, weeks=st.sampled_from([1, 2, 3]), data=st.data())
    def weeks_are_taught(self, weeks, data):
        """And recorded by every teacher, as planned or not, or not at all."""
        for _ in range(weeks):
            self.weeks_pass(weeks=1)
            for visit in self.book.visits:
                how = data.draw(st.sampled_from(["as planned", "as planned", "marked", "not recorded"]))
                if how != "not recorded" and not self.book.is_confirmed(visit, self.now):
                    self._record(visit, self.now, data if how == "marked" else None)

    @happens(2, visit=few, data=st.data())
    def the_running_week_is_recorded(self, visit, data):
        self._record(self.one(self.book.visits, visit), self.now, data)

    @happens(
        2, visit=few, back=st.integers(0, 5), data=st.data(), ends=st.sampled_from(["confirm", "confirm bare", "begin"])
    )
    def a_week_is_recorded(self, visit, back, data, ends):
        self._record(self.one(self.book.visits, visit), self.past(back), data, ends)

    @happens(2, visit=few, many=st.integers(1, 3), data=st.data())
    def what_is_missing_is_recorded(self, visit, many, data):
        visit = self.one(self.book.visits, visit)
        past = [week for week in WEEKS if week <= self.now and self.book.is_expected(visit, week)]
        for week in [week for week in past if not self.book.is_confirmed(visit, week)][:many]:
            self._record(visit, week, data)

    @happens(3, register=any_number, data=st.data())
    def a_recorded_week_is_changed(self, register, data):
        done = [one for one in self.book.registers.values() if one.is_confirmed]
        if done:
            register = self.one(done, register)
            self._record(register.visit, register.week, data)

    def _record(self, visit, week, data, ends="confirm"):
        """With marks as they are drawn, or without `data` as planned."""
        sheet = self._sheet(visit, week)
        if not holds(visit, week):
            assert sheet is None
            return
        self.touched = visit, week
        register = self.register(visit, week)
        if not self._opened(register, sheet):
            return
        if data and not register.lines and data.draw(st.integers(0, 5)) == 0:
            self._say_not_there(register, data.draw(st.sampled_from(["teacher-ill", "weather"])))
        if data:
            self._mark_some(register, data)
        if ends == "confirm":
            self._fill(register)
        if ends != "begin":
            self._confirm(register)

    def _opened(self, register, sheet):
        """A locked register that is recorded changes by a correction only (R10); one that never was may come late."""
        if register.is_confirmed and self.book.is_locked(register.visit, register.week):
            with pytest.raises(ValidationError):
                sheet.reopen(register.visit.teacher)
            return False
        sheet.reopen(register.visit.teacher)
        register.is_confirmed = False
        return True

    def _say_not_there(self, register, code):
        """The whole visit is struck out, but for what somebody covers (R3, R7)."""
        visit, week = register.visit, register.week
        self._sheet(visit, week).set_there(visit.teacher, "none", self.reason(code))
        for (lesson, for_week), takers in self.cards(register).items():
            if not self.book.cover_of(visit, week, lesson):
                self.line(register, lesson, for_week).strike(code, takers)

    def _choices(self, register, data):
        """What somebody marks on a register: reasons of pupils, head counts, lessons struck out or given after all."""
        marks, heads, given = {}, {}, {}
        for (lesson, for_week), takers in self.cards(register).items():
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
        visit, choices = register.visit, self._choices(register, data)
        self._sheet(visit, register.week).record(visit.teacher, *self._as_keys(register, *choices))
        self._apply(register, *choices)

    def _key(self, register, of, for_week):
        """How the product names a place or lesson on a register."""
        return of.row.pk if for_week == register.week else f"{of.row.pk}-{for_week.monday:%Y%m%d}"

    def _as_keys(self, register, marks, heads, given):
        key = self._key
        return (
            {key(register, place, week): self.reason(code) for (place, week), code in marks.items()},
            {key(register, lesson, week): many for (lesson, week), many in heads.items()},
            {key(register, lesson, week): code and self.reason(code) for (lesson, week), code in given.items()},
        )

    def _apply(self, register, marks, heads, given):
        takers = self.cards(register)
        for key, code in given.items():
            line = self.line(register, *key)
            line.strike(code, takers.get(key, [])) if code else line.give_after_all()
        for key, many in heads.items():
            self.line(register, *key).count(many)
        for (place, for_week), code in marks.items():
            self.line(register, place.lesson, for_week).mark(place, code)

    @happens(visit=few, back=few, number=any_number, code=st.sampled_from(OF_PUPIL))
    def a_pupil_is_tapped(self, visit, back, number, code):
        """One mark at once (R9)."""
        visit, week = self.one(self.book.visits, visit), self.past(back)
        if not holds(visit, week) or self.book.is_confirmed(visit, week):
            return
        self.touched = visit, week
        register = self.register(visit, week)
        pupils = [(place, key[1]) for key, takers in self.cards(register).items() for place in takers]
        if pupils:
            place, for_week = self.one(pupils, number)
            of = None if for_week == week else for_week
            assert tap(visit.teacher, visit.row.pk, week, place.row.pk, str(self.reason(code).pk), of)
            self.line(register, place.lesson, for_week).mark(place, code)

    @happens(visit=few, back=few, lesson=any_number, minutes=st.sampled_from([10, 35]), is_alone=st.booleans())
    def this_week_is_different(self, visit, back, lesson, minutes, is_alone):
        """A line's own minutes (R2), and whether the second teacher was there (R8)."""
        visit, week = self.one(self.book.visits, visit), self.past(back)
        if not holds(visit, week) or self.book.is_confirmed(visit, week):
            return
        self.touched = visit, week
        register = self.register(visit, week)
        cards = list(self.cards(register))
        if cards:
            key = self.one(cards, lesson)
            self._sheet(visit, week).set_minutes(visit.teacher, self._key(register, *key), minutes)
            self._sheet(visit, week).set_alone(visit.teacher, self._key(register, *key), is_alone)
            line = self.line(register, *key)
            line.minutes, line.is_alone = minutes, is_alone

    # as planned, and confirmed

    def _is_marked(self, line, takers):
        if line.struck:
            return True
        return line.heads is not None if line.lesson.is_programme else all(place in line.said for place in takers)

    def _fill(self, register):
        """What is not marked yet as it was planned, or known beforehand: the nearest reason counts (R3, R4, R6)."""
        visit, week = register.visit, register.week
        self._sheet(visit, week).fill_as_planned(visit.teacher)
        for key, takers in self.cards(register).items():
            line = self.line(register, *key)
            if not self._is_marked(line, takers):
                self._fill_line(line, takers, line.given_by is not visit.teacher)

    def _fill_line(self, line, takers, is_covered):
        known = self.book.known_of_lesson(line.lesson, line.week, is_covered)
        for place in takers:
            own = self.book.known_of_pupil(place, line.week)
            line.said.setdefault(place, own or known or "present")
        if known:
            line.strike(known, takers)
        elif line.lesson.is_programme:
            line.count(line.lesson.class_size)

    def _confirm(self, register):
        """It can be confirmed once all that is due is marked; in a spare week once all that was begun is."""
        visit, week = register.visit, register.week
        cards = self.cards(register)
        marked = {key: key in register.lines and self._is_marked(register.lines[key], cards[key]) for key in cards}
        done = self.tried(self._sheet(visit, week).confirm, visit.teacher)
        if self.book.number(visit, week) is None:
            half = [key for key in cards if key in register.lines and register.lines[key].said and not marked[key]]
            ready = any(marked.values()) and not half
        else:
            ready = bool(cards) and all(marked.values())
        assert (done is not None) == ready, f"{visit.row}, {week}"
        if ready:
            register.is_confirmed = True
            for line in register.lines.values():
                self._share(line)

    def _share(self, line):
        """The second teacher is paid their own minutes where the class was given (R8)."""
        second = None if line.is_make_up else line.lesson.second_in(line.week)
        line.share = second if line.was_given and not line.is_alone else None

    # made up (C5)

    @happens(
        4,
        when=lambda year: year.book.owed_lessons(),
        back=few,
        data=st.data(),
        ends=st.sampled_from(["confirm", "begin"]),
    )
    def a_lesson_is_made_up(self, back, data, ends):
        owed, week = self.book.owed_lessons(), self.past(back)
        lesson, for_week = self.one(owed, data.draw(any_number))
        visit = lesson.visit
        register = self.register(visit, week)
        if not holds(visit, week) or register.is_confirmed:
            return
        self.touched = visit, week
        row = self._sheet(visit, week).register
        begun = self.tried(begin_make_up, row, visit.teacher, self.fresh(lesson), for_week)
        assert (begun is not None) == (for_week < week), "what is owed can be made up in a later week"
        if begun:
            self.line(register, lesson, for_week)
            self._mark_some(register, data)
        if ends == "confirm":
            self._fill(register)
            self._confirm(register)

    @happens(register=any_number)
    def a_make_up_is_dropped(self, register):
        begun = [
            (register, key)
            for register in self.book.registers.values()
            for key, line in register.lines.items()
            if line.is_make_up and not register.is_confirmed
        ]
        if begun:
            register, key = self.one(begun, register)
            sheet = self._sheet(register.visit, register.week)
            wanted = self._key(register, *key)
            card = next(x for x in sheet.lessons if x.key == wanted)
            drop_make_up(sheet.register, register.visit.teacher, card)
            del register.lines[key]
            self.touched = register.visit, register.week

    # locked and corrected (R10)

    @happens(2, when=lambda year: year.month > MONTHS[0], back=st.integers(1, 2), everybody=st.booleans(), teacher=few)
    def a_month_is_locked(self, back, everybody, teacher):
        over = [month for month in MONTHS if month < self.month]
        teachers = self.small.teachers if everybody else [self.one(self.small.teachers, teacher)]
        if over:
            month = over[-min(back, len(over))]
            lock_month(self.small.service, self.by, month, None if everybody else teachers)
            self.book.locked |= {(one, month) for one in teachers}

    @happens(when=lambda year: year.book.locked, locked=any_number)
    def a_month_is_unlocked(self, locked):
        teacher, month = self.one(sorted(self.book.locked, key=lambda one: (one[1], one[0].name)), locked)
        unlock_month(self.small.service, self.by, month, [teacher])
        self.book.locked.discard((teacher, month))

    @happens(
        2, when=lambda year: year.book.locked, register=any_number, data=st.data(), minutes=st.sampled_from([0, 0, 55])
    )
    def a_correction_is_proposed(self, register, data, minutes):
        done = [x for x in self.book.registers.values() if x.is_confirmed and self.book.is_locked(x.visit, x.week)]
        if not done:
            return
        register = self.one(done, register)
        marks, heads, given = self._choices(register, data)
        cards = self.cards(register)
        for key in [key for key, code in given.items() if code is None]:  # given after all: it says who was there
            marks |= {(place, key[1]): "present" for place in cards[key] if (place, key[1]) not in marks}
        other = {key: minutes for key in list(cards)[:1] if minutes and key in register.lines}
        keys = dict(zip(("marks", "counts", "given"), self._as_keys(register, marks, heads, given), strict=True))
        keys["minutes"] = {self._key(register, *key): many for key, many in other.items()}
        row = register.visit.row.registers.get(week=register.week)
        made = self.tried(propose, row, register.visit.teacher, "It was otherwise.", **keys)
        assert (made is not None) == any(keys.values())
        if made and all(one.row.pk != made.pk for one in self.book.proposals):
            self.book.proposals.append(Proposal(made, register, marks, heads, given, other))

    @happens(2, when=lambda year: year.book.proposals, proposal=any_number)
    def a_correction_is_accepted(self, proposal):
        proposal = self.one(self.book.proposals, proposal)
        register = proposal.register
        if self.tried(self.fresh(proposal).accept, self.by) is None:
            return
        self.touched = register.visit, register.week
        self.book.proposals.remove(proposal)
        for key, many in proposal.minutes.items():
            self.line(register, *key).minutes = many
        self._apply(register, proposal.marks, proposal.heads, proposal.given)
        for line in register.lines.values():
            self._share(line)

    @happens(when=lambda year: year.book.proposals, proposal=any_number)
    def a_correction_is_declined(self, proposal):
        proposal = self.one(self.book.proposals, proposal)
        assert self.fresh(proposal).decline(self.by, "It was not.")
        self.book.proposals.remove(proposal)
