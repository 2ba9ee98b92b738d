"""A small school of Northshire, set up and recorded by the verbs, for sums that one can do in one's head."""

from datetime import date

from tutti.core.calendar import Week
from tutti.schools.models import AcademicYear
from tutti.schools.models.contact import add_contact
from tutti.schools.models.school import add_school
from tutti.teaching.models import Line, Reason
from tutti.teaching.models.allocation import allocate
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.make_up import begin_make_up
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.sheet import Sheet

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
BORN = date(2016, 3, 14)


def week(month, day):
    return Week(date(2026, month, day))


FIFTH, TWELFTH, NINETEENTH = week(10, 5), week(10, 12), week(10, 19)


class SmallSchool:
    """Hannah teaches here from 5 October, so that October's three weeks are all there is."""

    def __init__(self, teacher, office, from_week=FIFTH, name="Quarry Lane School"):
        self.teacher, self.by = teacher, office
        self.year = AcademicYear.objects.get(service=teacher.service)
        area = office.service.offices.first()
        self.school = add_school(office.service, office, name=name, town="Otterbridge", office=area)
        until = Week.of(self.year.last_day)
        self.allocation = allocate(teacher, self.school, self.year, office, from_week=from_week, until_week=until)

    def contact(self, name="Ada Crane", email="ada.crane@quarrylane.example", **fields):
        return add_contact(self.school, self.by, name=name, email=email, role="head", **fields)

    def lesson(self, *names, kind="", instrument="Violin", minutes=20, from_week=None, **fields):
        """A lesson with these pupils from its first week on."""
        kind = kind or ("individual" if len(names) == 1 else "small_group")
        first = from_week or self.allocation.from_week
        made = add_lesson(
            self.allocation, self.by, kind=kind, minutes=minutes, instrument=instrument, from_week=first, **fields
        )
        for name in names:
            self.place(made, name, first)
        return made

    def place(self, lesson, name, from_week):
        pupil, _ = find_or_add(self.school, self.by, name, BORN)
        return add_place(lesson, pupil, self.by, from_week=from_week)

    def programme(self, class_size=28):
        return add_lesson(
            self.allocation,
            self.by,
            kind="first_access",
            minutes=50,
            instrument="Violin",
            title="Year 4 Maple",
            class_size=class_size,
        )

    def record(self, in_week, absent=None, struck=None, counts=None, there=None, confirm=True):
        """Record a week: pupils by name with a reason's code, lessons struck out with one, head counts; the rest as
        planned."""
        sheet = self.sheet(in_week)
        if there:
            sheet.set_there(self.teacher, "none", self.reason(there))
        places = {pupil.name: pupil.place_pk for pupil in sheet.pupils}
        marks = {places[name]: self.reason(code) for name, code in (absent or {}).items()}
        given = {lesson.pk: self.reason(code) for lesson, code in (struck or {}).items()}
        if marks or given or counts:
            sheet.record(self.teacher, marks, {lesson.pk: many for lesson, many in (counts or {}).items()}, given)
        self.sheet(in_week).fill_as_planned(self.teacher)
        if confirm:
            self.sheet(in_week).confirm(self.teacher)

    def make_up(self, in_week, lesson, for_week, confirm=True):
        """Make up for a week, and record the week in which that was done as planned."""
        begin_make_up(self.sheet(in_week).register, self.teacher, lesson, for_week)
        self.record(in_week, confirm=confirm)

    def sheet(self, in_week):
        return Sheet.open_to_write(self.teacher, self.allocation.pk, in_week)

    def reason(self, code):
        return Reason.objects.get(service=self.school.service, code=code)

    def line(self, lesson, in_week):
        return Line.objects.get(lesson=lesson, register__week=in_week)
