"""What may be typed about allocations: who, where, from when until when (H1, P2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict

from tutti.core import tables
from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.people.models import Member, Office
from tutti.schools.models import AcademicYear, School, TeachingWeek
from tutti.teaching.forms.school_choice import SchoolChoiceForm
from tutti.teaching.forms.week import WeekChoice, spell_week
from tutti.teaching.models.allocation import CHANGED_MEANWHILE, Allocation, AllocationQuerySet, allocate, last_at
from tutti.teaching.models.grid import Grid, Pair

HANDED_ON = "Their lessons and pupils are offered to the new teacher, who may see those names then."
MOST_TEACHERS = MOST_SCHOOLS = 60  # of one grid


def teachers_of(member: Any) -> Any:
    """The teachers that a member may allocate."""
    return Member.objects.visible_to(member).teachers().filter(is_active=True)


class PredecessorField(forms.ModelChoiceField):
    """Whose lessons at the school are handed on (P4): any teacher of the service, also one who has left."""

    def __init__(self) -> None:
        """Whom one may choose comes with `offer`."""
        super().__init__(
            Member.objects.none(), required=False, label="Takes over from", empty_label="Nobody", help_text=HANDED_ON
        )

    def offer(self, member: Any) -> None:
        self.queryset = Member.objects.visible_to(member).teachers()


def last_there(form: forms.Form, school: School, year: AcademicYear) -> Allocation | None:
    """The allocation that is handed on; an error at the field where that teacher was never at the school."""
    teacher = form.cleaned_data.get("takes_over")
    found = last_at(school, teacher, year) if teacher else None
    if teacher and found is None:
        form.add_error("takes_over", f"{teacher} was never allocated to {school}.")
    return found


class AllocationAddForm(SchoolChoiceForm):
    """A teacher at a school, for the whole year unless other weeks are chosen."""

    teacher = forms.ModelChoiceField(queryset=Member.objects.none(), empty_label="Choose a teacher")
    from_week = WeekChoice(label="First week")
    until_week = WeekChoice(label="Last week")
    takes_over = PredecessorField()
    field_order = ("teacher", "school", "which_school", "from_week", "until_week", "takes_over")

    def __init__(self, data: Any, member: Any, year: AcademicYear, initial: dict[str, Any] | None = None) -> None:
        """The year's teaching weeks, all of them chosen."""
        super().__init__(data, member, initial=initial)
        self.year = year
        teacher = self.fields["teacher"]
        assert isinstance(teacher, forms.ModelChoiceField)
        teacher.queryset = teachers_of(member)
        takes_over = self.fields["takes_over"]
        assert isinstance(takes_over, PredecessorField)
        takes_over.offer(member)
        self.succeeds: Allocation | None = None
        weeks = list(year.weeks.select_related("term"))
        for name, chosen in (("from_week", weeks[:1]), ("until_week", weeks[-1:])):
            field = self.fields[name]
            assert isinstance(field, WeekChoice)
            field.offer(weeks, chosen[0].monday if chosen else None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("from_week"), data.get("until_week")
        if first and last and last < first:
            self.add_error("until_week", "The last week must not be before the first week.")
        if data.get("school"):
            self.succeeds = last_there(self, data["school"], self.year)
        return data

    def save(self, by: Any) -> Allocation:
        data = self.cleaned_data
        weeks = {"from_week": data["from_week"], "until_week": data["until_week"]}
        return allocate(data["teacher"], data["school"], self.year, by, succeeds=self.succeeds, **weeks)


class AllocationEndForm(VerbForm):
    """The last week of a teacher at a school."""

    until_week = WeekChoice(label="Last week")

    def __init__(self, data: Any, allocation: Allocation, week: Week) -> None:
        """All teaching weeks of its year from its first on."""
        super().__init__(data)
        self.allocation = allocation
        field = self.fields["until_week"]
        assert isinstance(field, WeekChoice)
        weeks = allocation.year.weeks.filter(monday__gte=allocation.from_week).select_related("term")
        field.offer(weeks, min(max(week, allocation.from_week), allocation.until_week))

    def save(self, by: Any) -> bool:
        return self.allocation.end(by, self.cleaned_data["until_week"])


class HandOnForm(VerbForm):
    """Whose lessons at the school are handed on to the teacher of an allocation (P4)."""

    takes_over = PredecessorField()

    def __init__(self, data: Any, allocation: Allocation, member: Any) -> None:
        """Filled in as it is."""
        super().__init__(data, initial={"takes_over": allocation.succeeds and allocation.succeeds.teacher_id})
        self.allocation = allocation
        self.succeeds: Allocation | None = None
        takes_over = self.fields["takes_over"]
        assert isinstance(takes_over, PredecessorField)
        takes_over.offer(member)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.succeeds = last_there(self, self.allocation.school, self.allocation.year)
        return data

    def save(self, by: Any) -> bool:
        """True if anything differed."""
        return self.allocation.take_over_from(by, self.succeeds)


class AllocationWeeksForm(VerbForm):
    """Which of the service's lesson weeks are lesson weeks here; the others are spare here (W2)."""

    week = forms.TypedMultipleChoiceField(
        label="Lesson weeks", coerce=Week.parse, required=False, error_messages={"invalid_choice": CHANGED_MEANWHILE}
    )

    def __init__(self, data: Any, allocation: Allocation) -> None:
        """The lesson weeks of its span, ticked unless they are spare here."""
        super().__init__(data)
        self.allocation = allocation
        self.weeks = list(allocation.teaching_weeks().exclude(lesson_number=None))
        self.spare = set(allocation.spare_weeks.values_list("week", flat=True))
        self.recorded = allocation.recorded_weeks()
        field = self.fields["week"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(row.monday), spell_week(row)) for row in self.weeks]

    @property
    def terms(self) -> list[tuple[str, list[tuple[TeachingWeek, bool, bool]]]]:
        """The weeks under their terms, each with whether it is ticked and whether it is recorded and so stays."""
        sent = set(self.data.getlist("week")) if self.is_bound else None  # type: ignore[attr-defined]
        found: dict[str, list[tuple[TeachingWeek, bool, bool]]] = {}
        for row in self.weeks:
            is_recorded, is_lesson = row.monday in self.recorded, row.monday not in self.spare
            is_ticked = is_lesson if sent is None or is_recorded else str(row.monday) in sent
            found.setdefault(row.term.name, []).append((row, is_ticked, is_recorded))
        return list(found.items())

    @property
    def lessons(self) -> int:
        """How many of them are lesson weeks as it stands."""
        return sum(row.monday not in self.spare for row in self.weeks)

    def save(self, by: Any) -> bool:
        ticked = set(self.cleaned_data["week"])
        return self.allocation.set_spare_weeks(by, [row.monday for row in self.weeks if row.monday not in ticked])


class AllocationListForm(forms.Form):
    """What the list shows."""

    teacher = forms.CharField(required=False, max_length=100)
    school = forms.CharField(required=False, max_length=100)
    office = forms.ModelChoiceField(
        queryset=Office.objects.none(), required=False, empty_label="All offices", label="Area office"
    )

    def __init__(self, data: Any, member: Any, year: AcademicYear | None) -> None:
        """Allocations of the year that the member may see."""
        super().__init__(data)
        self.member, self.year = member, year
        office = self.fields["office"]
        assert isinstance(office, forms.ModelChoiceField)
        office.queryset = Office.objects.visible_to(member)

    @property
    def allocations(self) -> AllocationQuerySet:
        """Those that match what is asked for."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        asked = {name: value.pk if name == "office" else value for name, value in asked.items()}
        return Allocation.objects.visible_to(self.member).of_year(self.year).like(**asked)

    def found(self) -> AllocationQuerySet:
        return self.allocations.for_list()

    def download(self, kind: str) -> HttpResponse:
        """The list as a CSV file or an Excel file ("xlsx")."""
        columns = ["Teacher", "School", "Area office", "First week", "Last week", "Lessons set up"]
        rows = [
            [
                row.teacher.name,
                row.school.name,
                row.school.office.name if row.school.office else "",
                row.from_week.monday,
                row.until_week.monday,
                row.lesson_count,  # type: ignore[attr-defined]
            ]
            for row in self.found()
        ]
        response = tables.xlsx_response if kind == "xlsx" else tables.csv_response
        return response("allocations", columns, rows)


class GridForm(forms.Form):
    """Which teachers and schools the grid shows, and from which week a change holds."""

    office = forms.ModelChoiceField(
        queryset=Office.objects.none(), required=False, empty_label="All offices", label="Area office"
    )
    school = forms.CharField(required=False, max_length=100)
    teacher = forms.CharField(required=False, max_length=100)
    week = WeekChoice(label="From the week of", required=False)

    def __init__(self, data: QueryDict, member: Any, year: AcademicYear, today: Week) -> None:
        """The year's weeks, this one (or the first after it) chosen."""
        weeks = list(year.weeks.select_related("term"))
        self.fallback = next((row.monday for row in weeks if row.monday >= today), weeks[-1].monday if weeks else today)
        super().__init__({**data.dict(), "week": data.get("week") or str(self.fallback)})
        self.member, self.year = member, year
        office, week = self.fields["office"], self.fields["week"]
        assert isinstance(office, forms.ModelChoiceField)
        assert isinstance(week, WeekChoice)
        office.queryset = Office.objects.visible_to(member)
        week.offer(weeks)

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("office", "school", "teacher"))

    def grid(self) -> Grid:
        self.is_valid()
        asked = self.cleaned_data
        teachers = teachers_of(self.member).filter(name__icontains=asked.get("teacher", ""))
        schools = School.objects.visible_to(self.member).open()
        schools = schools.named(asked["school"]) if asked.get("school") else schools
        schools = schools.filter(office=asked["office"]) if asked.get("office") else schools
        self.more_teachers, self.more_schools = teachers[MOST_TEACHERS:].exists(), schools[MOST_SCHOOLS:].exists()
        week = asked.get("week") or self.fallback
        self.asked = {name: self.data[name] for name in self.fields if self.data.get(name)}
        return Grid(self.year, week, list(teachers[:MOST_TEACHERS]), list(schools[:MOST_SCHOOLS]))


def read_pairs(words: list[str]) -> set[Pair]:
    """Pairs out of "3-7 3-9"; anything else in it is passed over."""
    found = set()
    for word in " ".join(words).split():
        teacher, _, school = word.partition("-")
        if teacher.isdecimal() and school.isdecimal() and len(word) < 38:
            found.add((int(teacher), int(school)))
    return found


def write_pairs(pairs: set[Pair]) -> str:
    return " ".join(f"{teacher}-{school}" for teacher, school in sorted(pairs))
