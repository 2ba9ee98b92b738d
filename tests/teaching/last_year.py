"""The academic year before the demo world's, for lessons that somebody had then."""

from datetime import date

from tutti.core.calendar import TermDates, Week
from tutti.schools.models.term import add_year
from tutti.teaching.models.allocation import allocate
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add

TERMS = [
    ("Autumn", TermDates(date(2025, 9, 2), date(2025, 12, 19), (date(2025, 10, 27), date(2025, 10, 31)))),
    ("Spring", TermDates(date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20)))),
    ("Summer", TermDates(date(2026, 4, 13), date(2026, 7, 21), (date(2026, 5, 25), date(2026, 5, 29)))),
]
FIRST, LAST = Week.parse("2025-09-08"), Week.parse("2026-07-20")
YEAR_5, YEAR_6, YEAR_7 = date(2016, 9, 14), date(2016, 3, 14), date(2015, 3, 14)  # in 2026/27


class LastYear:
    """A teacher at a school in 2025/26, and the pupils they had."""

    def __init__(self, teacher, school, office, year=None):
        self.by, self.school = office, school
        self.year = year or add_year(office.service, office, TERMS, (12, 10, 11))
        self.allocation = allocate(teacher, school, self.year, office, from_week=FIRST, until_week=LAST)

    def lesson(self, *names, kind="", instrument="Flute", minutes=20, born=YEAR_5, until=None, **fields):
        """A lesson with these pupils, until the end unless they left."""
        kind = kind or ("individual" if len(names) == 1 else "small_group")
        made = add_lesson(self.allocation, self.by, kind=kind, minutes=minutes, instrument=instrument, **fields)
        for name in names:
            pupil, _ = find_or_add(self.school, self.by, name, born)
            add_place(made, pupil, self.by, from_week=FIRST, until_week=until)
        return made
