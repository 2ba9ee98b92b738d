"""What may be typed about a notice: for whom, why, in which weeks; and what the list of notices shows (R6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.people.models import Member, Office
from tutti.people.roles import Permission
from tutti.schools.models import AcademicYear, School
from tutti.teaching.forms.allocation import teachers_of
from tutti.teaching.forms.school_choice import SchoolChoiceForm
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.notice import Notice, NoticeQuerySet, give_notice, plan_notice, spell_year_group
from tutti.teaching.models.pupil import Pupil
from tutti.teaching.models.reason import Reason

AT_SCHOOL = {"pupil", "lesson", "year", "school"}
OF_TEACHERS = {"pupil", "lesson", "year", "leave"}
SCOPES = [*AT_SCHOOL, "leave", "office", "all"]
YEAR_GROUPS = [("", "Choose a year group"), *((number, spell_year_group(number)) for number in range(14))]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a notice is about as far as the link to its form says: `scope` is one of `SCOPES`."""

    scope: str
    school: School | None = None
    pupil: Pupil | None = None
    lesson: Lesson | None = None
    teacher: Member | None = None

    @property
    def asks_school(self) -> bool:
        """The school is to be said first."""
        return self.scope in AT_SCHOOL and self.school is None


def read_subject(asked: QueryDict, member: Member) -> Subject | None:
    """What a link asks for, with rows that the member may give notice for; None for anything else."""
    scope, may_all = asked.get("for", ""), member.may(Permission.GIVE_NOTICE)
    if scope not in SCOPES or not (may_all or scope in OF_TEACHERS):
        return None
    if scope == "leave":
        own = None if may_all and "teacher" not in asked else _row(teachers_of(member), asked.get("teacher"))
        return Subject(scope, teacher=own if may_all else member)
    if scope == "pupil" and (pupil := _row(Pupil.objects.visible_to(member), asked.get("pupil"))):
        return Subject(scope, pupil.school, pupil=pupil)
    if scope == "lesson" and (lesson := _row(_lessons(member), asked.get("lesson"))):
        return Subject(scope, lesson.allocation.school, lesson=lesson)
    return Subject(scope, _row(School.objects.visible_to(member), asked.get("school")))


def _row(rows: Any, number: str | None) -> Any:
    return rows.filter(pk=number).first() if number and number.isdecimal() and len(number) < 19 else None


def _lessons(member: Member) -> Any:
    of_all = member.may(Permission.GIVE_NOTICE)
    found = Lesson.objects.visible_to(member) if of_all else Lesson.objects.changeable_by(member)
    return found.not_over(Week.current()).select_related("allocation__school", "allocation__teacher")


class LessonChoice(forms.ModelChoiceField):
    """Lessons, told apart by teacher and minutes or pupils."""

    def label_from_instance(self, lesson: Any) -> str:
        """ "Violin, Hannah Whitlock: Poppy Ashdown, Ravi Sandhar"."""
        running = [place for place in lesson.places.all() if place.until_week is None]
        names = ", ".join(place.pupil.name for place in running)
        return f"{lesson}, {lesson.allocation.teacher}{': ' + names if names else ''}"


class NoticeSchoolForm(SchoolChoiceForm):
    """At which school the pupil, lesson or year group is."""


class NoticeForm(VerbForm):
    """A notice. What the link has said already is not asked again."""

    pupil = forms.ModelChoiceField(queryset=Pupil.objects.none(), empty_label="Choose a pupil")
    lesson = LessonChoice(queryset=Lesson.objects.none(), empty_label="Choose a lesson")
    year_group = forms.TypedChoiceField(label="Year group", choices=YEAR_GROUPS, coerce=int)
    teacher = forms.ModelChoiceField(queryset=Member.objects.none(), empty_label="Choose a teacher")
    office = forms.ModelChoiceField(
        label="Area office", queryset=Office.objects.none(), empty_label="Choose an area office"
    )
    reason = forms.ModelChoiceField(label="Why", queryset=Reason.objects.none(), empty_label="Choose a reason")
    from_week = WeekChoice(label="First week")
    until_week = WeekChoice(label="Last week")
    words = forms.CharField(
        label="What it is",
        max_length=200,
        required=False,
        help_text="The teachers read it: Year 6 to the coast, training course",
    )

    def __init__(self, data: Any, subject: Subject, member: Member, year: AcademicYear) -> None:
        """Weeks of this year from this one on; a teacher's own leave begins with the next."""
        super().__init__(data)
        self.subject, self.member = subject, member
        self._keep_what_is_asked()
        self._offer_rows(member)
        own_leave = subject.scope == "leave" and not member.may(Permission.GIVE_NOTICE)
        first = Week.current() + 1 if own_leave else Week.current()
        weeks = list(year.weeks.filter(monday__gte=first).select_related("term"))
        for name in ("from_week", "until_week"):
            field = self.fields[name]
            assert isinstance(field, WeekChoice)
            field.offer(weeks, first)

    def _keep_what_is_asked(self) -> None:
        asked = {
            "pupil": self.subject.scope == "pupil" and self.subject.pupil is None,
            "lesson": self.subject.scope == "lesson" and self.subject.lesson is None,
            "year_group": self.subject.scope == "year",
            "teacher": self.subject.scope == "leave" and self.subject.teacher is None,
            "office": self.subject.scope == "office",
        }
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]

    def _offer_rows(self, member: Member) -> None:
        school = self.subject.school
        rows: dict[str, Any] = {
            "pupil": Pupil.objects.visible_to(member).filter(school=school),
            "lesson": _lessons(member).filter(allocation__school=school).prefetch_related("places__pupil"),
            "teacher": teachers_of(member),
            "office": Office.objects.visible_to(member),
            "reason": self._reasons(),
        }
        for name in rows.keys() & self.fields.keys():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows[name]

    def _reasons(self) -> Any:
        """Those that make sense for whom it is."""
        offered = Reason.objects.visible_to(self.member).in_use(Week.current()).filter(is_here=False)
        if self.subject.scope in ("pupil", "year"):
            return offered.filter(for_pupil=True)
        offered = offered.filter(for_lesson=True)
        return offered.filter(cause=Reason.Cause.SERVICE) if self.subject.scope == "leave" else offered

    @property
    def asks(self) -> list[forms.BoundField]:
        """For whom, as far as it is still to be said."""
        names = ("pupil", "lesson", "year_group", "teacher", "office")
        return [self[name] for name in names if name in self.fields]

    @property
    def planned(self) -> Notice | None:
        """The notice as it would be; None, with errors on the form, where a rule stands against it."""
        if not self.is_valid():
            return None
        try:
            return plan_notice(self.member.service, **self._fields())
        except ValidationError as error:
            self.add_error(None, error)
            return None

    def save(self, by: Any) -> Notice:
        return give_notice(by.service, by, **self._fields())

    def _fields(self) -> dict[str, Any]:
        data, subject = self.cleaned_data, self.subject
        scope = {
            "pupil": lambda: {"pupil": subject.pupil or data["pupil"]},
            "lesson": lambda: {"lesson": subject.lesson or data["lesson"]},
            "year": lambda: {"school": subject.school, "year_group": data["year_group"]},
            "school": lambda: {"school": subject.school},
            "leave": lambda: {"teacher": subject.teacher or data["teacher"]},
            "office": lambda: {"office": data["office"]},
            "all": dict,
        }[subject.scope]()
        return {name: data[name] for name in ("reason", "from_week", "until_week", "words")} | scope


class NoticeListForm(forms.Form):
    """What the list shows."""

    office = forms.ModelChoiceField(
        queryset=Office.objects.none(), required=False, empty_label="All offices", label="Area office"
    )
    when = forms.ChoiceField(choices=[("", "Now and to come"), ("past", "Past")], required=False, label="Weeks")

    def __init__(self, data: Any, member: Member) -> None:
        """Notices that the member may see."""
        super().__init__(data)
        self.member = member
        office = self.fields["office"]
        assert isinstance(office, forms.ModelChoiceField)
        office.queryset = Office.objects.visible_to(member)

    def found(self) -> NoticeQuerySet:
        """The running ones first, then those to come; or the past ones, the last first."""
        self.is_valid()
        rows = Notice.objects.visible_to(self.member).for_list()
        rows = rows.in_area(self.cleaned_data["office"]) if self.cleaned_data.get("office") else rows
        week = Week.current()
        return rows.over(week) if self.cleaned_data.get("when") == "past" else rows.not_over(week)
