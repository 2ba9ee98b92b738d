"""What schools are told in a year by chance: monthly summaries, and what was corrected since (S1 to S3)."""

from tests.teaching.chance import Chance, few, happens
from tests.teaching.plain_reckoning import MONTHS, WEEKS, YEAR, counts, is_here
from tests.teaching.plain_telling import differences, last_of, true_of
from tutti.core.calendar import today
from tutti.teaching.models.summary import make_summary, told_anew
from tutti.teaching.models.tuition import Tuition
from tutti.teaching.models.year_end import make_corrections


class Telling(Chance):
    """`told` is what each school was last told, of every line and pupil; `months_told` of which months."""

    def begin(self):
        super().begin()
        self.told = {school: {} for school in self.small.schools}
        self.months_told = {school: [] for school in self.small.schools}
        self.is_closed = set()

    @happens(4, when=lambda year: year.month > MONTHS[0], school=few, skip=few)
    def a_month_is_told(self, school, skip):
        """The month after the last one told, now and then leaving one out: the one after it makes up for that."""
        school = self.one(self.small.schools, school)
        left = [m for m in MONTHS if m < self.month and m > max(self.months_told[school], default=MONTHS[0].min)]
        if not left or school in self.is_closed:
            return
        month = left[min(len(left) - 1, skip // 3)]
        wanted = self._to_correct(school, [one for one in MONTHS if self._first_told(month) <= one < month])
        made = make_summary(school, month)
        assert make_summary(school, month) == made
        self._corrections_agree(school, made.figures["corrections"], wanted)
        self._month_agrees(school, month, made.figures)
        self.months_told[school].append(month)
        self._remember(school, [one for one in MONTHS if self._first_told(month) <= one <= month])
        self.nothing_is_told_twice(school)

    @happens(2, when=lambda year: year.is_over, school=few)
    def the_year_is_put_right(self, school):
        """After the year's last month corrections alone, once, if there are any (S3)."""
        school = self.one(self.small.schools, school)
        if not self.is_over or MONTHS[-1] not in self.months_told[school] or school in self.is_closed:
            return
        wanted = self._to_correct(school, [one for one in MONTHS if one >= self._first_told(MONTHS[-1])])
        made = make_corrections(school, MONTHS[-1])
        assert (made is not None) == bool(wanted)
        if made:
            self._corrections_agree(school, made.figures["corrections"], wanted)
            self._remember(school, [one for one in MONTHS if one >= self._first_told(MONTHS[-1])])
            self.nothing_is_told_twice(school)
            self.is_closed.add(school)

    def _first_told(self, month):
        """The first month of which the service told anybody."""
        return min([month, *(one for told in self.months_told.values() for one in told)])

    def _true_now(self, school, months):
        found = [true_of(self.book, school, month, self.now) for month in months]
        return {key: state for of_month in found for key, state in of_month.items()}

    def _told(self, school, months):
        return {key: state for key, state in self.told[school].items() if YEAR[key[2]][1] in months}

    def _to_correct(self, school, months):
        told, now = self._told(school, months), self._true_now(school, months)
        return {self._spell(key) for key in differences(told, now)}

    def _remember(self, school, months):
        """A line of which nobody was told and nobody recorded anything stays as it was last told."""
        told, now = self._told(school, months), self._true_now(school, months)
        own = {key: state for key, state in now.items() if YEAR[key[2]][1] == months[-1]}
        changed = {key: now.get(key) for key in differences(told, now)}
        self.told[school] |= own | changed

    def _spell(self, key):
        """As the product names what a correction is about: the lesson, or 0 and the pupil; week and week it is for."""
        kind, of, week, for_week = key
        return (of.row.pk, 0, str(week), str(for_week)) if kind == "lesson" else (0, of.pk, str(week), str(for_week))

    def _corrections_agree(self, school, corrections, wanted):
        found = [
            (0 if one["pupil"] else one["lesson"], one["pupil"], one["monday"], one["for_monday"])
            for one in corrections
        ]
        differs = sorted(set(found) ^ wanted)
        assert len(found) == len(set(found)) and not differs, f"{school}: {self._in_full(school, corrections, differs)}"

    def _in_full(self, school, corrections, differs):
        """What the product says of these lines and pupils, what was told of them, and what is true of them."""
        said = [one for one in corrections if (one["monday"], one["for_monday"]) in {key[2:] for key in differs}]
        months, told = self.months_told[school], self.told[school]
        now = self._true_now(school, months)
        own = {key: (told.get(key), now.get(key)) for key in {**told, **now} if self._spell(key) in differs}
        return f"{differs}\nproduct: {said}\ntold, true: {own}"

    def nothing_is_told_twice(self, school):
        """As soon as it is told there is nothing to tell."""
        last = self.months_told[school][-1]
        months = [one for one in MONTHS if one <= last]
        assert told_anew(Tuition(school, last, today()), months) == []

    def what_is_to_be_told_is_what_differs(self, school):
        """At any time: what a school was last told against what is true now."""
        months = [one for one in MONTHS if self.months_told[school] and one <= self.months_told[school][-1]]
        if months:
            last = months[-1]
            found = told_anew(Tuition(school, last, today()), months)
            self._corrections_agree(
                school, found, self._to_correct(school, [one for one in months if one >= self._first_told(last)])
            )

    # the month's own figures (S1)

    def _month_agrees(self, school, month, figures):
        last, book = last_of(month), self.book
        own = [x for x in book.confirmed_lines() if x.lesson.visit.school is school and YEAR[x.week][1] == month]
        assert figures["totals"]["minutes"] == sum(line.minutes for line in own if line.was_given)
        for row in figures["pupils"]:
            places = [p for p in book.places if p.pupil.pk == row["pupil"] and p.lesson.visit.school is school]
            sums = [book.balance(place, last) for place in places]
            assert [row["due"], row["had"], row["owed"], row["promise"]] == [
                sum(one) for one in zip(*sums, strict=True)
            ]
            marks = [code for place in places for _, code in book.marks(place, last)]
            assert row["missed"] == sum(counts(code) and not is_here(code) for code in marks)
        named = {row["pupil"] for row in figures["pupils"]}
        true = true_of(book, school, month, WEEKS[-1])
        assert named == {key[1].pk for key, state in true.items() if key[0] == "pupil" and state}
