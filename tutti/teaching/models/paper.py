"""Paper: a school's lessons on a sheet for a pen, for any span of weeks: register, timetable, rota (H9, P6, W2, W4).

No day and no time is known, so none is printed: those columns stay empty (W5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, TextChoices

from tutti.core.calendar import Week, spell_weeks, today
from tutti.schools.models import AcademicYear, Closure, School, TeachingWeek
from tutti.teaching.models.lesson import Due, Kind, Lesson, RotaWeek, is_due
from tutti.teaching.models.place import Place

MOST_A_TABLE = 14  # weeks: more columns leave no room for a pen
A_MONTH = 5  # weeks
FEW_WEEKS = 3  # left before the holidays: paper for those is no longer wanted


class PaperKind(TextChoices):
    REGISTER = "register", "Blank register"
    TIMETABLE = "timetable", "Timetable"
    ROTA = "rota", "Rota"

    @classmethod
    def named(cls, name: str) -> PaperKind:
        """The kind of this name; the register for any other."""
        return cls(name) if name in cls.values else cls.REGISTER


class Box(TextChoices):
    """What a box of a pupil or a class and a week is for; an empty one is not called that week (P6)."""

    DUE = "due", "Due"
    SPARE = "spare", "Spare week"
    CLOSED = "closed", "Closed"
    NOT_DUE = "", "Not due"


@dataclass(frozen=True, slots=True)
class PaperWeek:
    """A column: its week, its lesson number (None: spare) and why the school is closed, or nothing."""

    week: Week
    lesson_number: int | None
    closed: str = ""

    @property
    def note(self) -> str:
        """The word under its Monday, where it is no ordinary week."""
        return "closed" if self.closed else "" if self.lesson_number else "spare"


@dataclass(slots=True)
class PaperRow:
    """A pupil in a lesson, or a class, with a box a week."""

    name: str
    boxes: list[str]


@dataclass(slots=True)
class PaperLesson:
    """A lesson as it is in the span; `when` says in which weeks, if not in all. Its rows are pupils, or the class."""

    label: str
    kind_words: str
    minutes: int
    when: str
    class_size: int | None
    rows: list[PaperRow] = field(default_factory=list)

    @property
    def words(self) -> str:
        """As it stands under a pupil's name: "Cello, group of 3, 30 min"."""
        first = [] if self.class_size else [self.label]
        kind = self.kind_words if self.class_size else self.kind_words[:1].lower() + self.kind_words[1:]
        return ", ".join([*first, kind, f"{self.minutes} min"])


@dataclass(frozen=True, slots=True)
class PaperTable:
    """As many weeks as fit beside each other; each row with its lesson."""

    weeks: list[PaperWeek]
    rows: list[tuple[PaperLesson, PaperRow]]


@dataclass(slots=True)
class PaperTeacher:
    """A teacher at the school, with their lessons in their own order."""

    name: str
    teaches: str
    weeks: list[PaperWeek]
    lessons: list[PaperLesson]

    @property
    def tables(self) -> list[PaperTable]:
        """All rows in as many tables as the weeks take, of much the same width."""
        return [
            PaperTable(
                self.weeks[part],
                [(lesson, PaperRow(row.name, row.boxes[part])) for lesson in self.lessons for row in lesson.rows],
            )
            for part in split(len(self.weeks))
        ]


@dataclass(slots=True)
class Paper:
    """One school's sheet."""

    school: School
    weeks: list[PaperWeek]
    teachers: list[PaperTeacher]

    @property
    def is_wide(self) -> bool:
        """Too many columns for a page that stands upright."""
        return max((part.stop - part.start for part in split(len(self.weeks))), default=0) > MOST_A_TABLE // 2

    @property
    def weeks_words(self) -> str:
        """ "6 weeks, commencing 2 November to 14 December 2026; closed 9 November; spare 14 December"."""
        first, last = self.weeks[0].week.monday, self.weeks[-1].week.monday
        until = f"{last.day} {last:%B %Y}"
        begin = f"{first.day} {first:%B}" if first.year == last.year else f"{first.day} {first:%B %Y}"
        many = f"{len(self.weeks)} weeks, commencing {begin}"
        words = [f"{many} to {until}" if len(self.weeks) > 1 else f"Week commencing {until}"]
        for note in ("closed", "spare"):
            weeks = [column.week for column in self.weeks if column.note == note]
            words += [f"{note} {spell_weeks(weeks)}"] if weeks else []
        return "; ".join(words)


def split(many: int) -> list[slice]:
    """Columns in tables of at most `MOST_A_TABLE`."""
    tables = -(-many // MOST_A_TABLE)
    width = -(-many // tables) if tables else 0
    return [slice(start, min(start + width, many)) for start in range(0, many, width or 1)]


def coming_weeks(weeks: Sequence[TeachingWeek], this_week: Week) -> list[TeachingWeek]:
    """What one would print now: the half term from this week on; when it is nearly over, the next one."""
    halves: list[list[TeachingWeek]] = []
    for row in weeks:
        if halves and halves[-1][-1].week + 1 == row.week:
            halves[-1].append(row)
        else:
            halves.append([row])
    ahead = [left for half in halves if (left := [row for row in half if row.week >= this_week])]
    return next((half for half in ahead if len(half) >= FEW_WEEKS), ahead[-1] if ahead else list(weeks[-1:]))


def coming_paper(school: School) -> list[Paper]:
    """A school's sheet for the coming month, this week and four more; none when no lessons are set up then."""
    year = AcademicYear.objects.filter(service_id=school.service_id).on(today())
    weeks = list(year.weeks.filter(monday__gte=Week.current())[:A_MONTH]) if year else []
    return read_papers(schools_on_paper(School.objects.filter(pk=school.pk), weeks), weeks) if weeks else []


def schools_on_paper(schools: QuerySet[School], weeks: Sequence[TeachingWeek]) -> QuerySet[School]:
    """Those of the schools in which lessons are set up in these weeks, by name."""
    lessons = _lessons(weeks).order_by().values("allocation__school")
    return schools.filter(pk__in=lessons).select_related("office", "service").order_by("name", "town", "pk")


def read_papers(schools: Iterable[School], weeks: Sequence[TeachingWeek], teacher: Any = None) -> list[Paper]:
    """A sheet a school, in their order; with `teacher` only that teacher's lessons. Five queries, however many."""
    schools = list(schools)
    mondays = [row.week for row in weeks]
    closed: dict[int, dict[Week, str]] = defaultdict(dict)
    for closure in Closure.objects.filter(school__in=schools, week__in=mondays):
        closed[closure.school_id][closure.week] = closure.why
    lessons = _lessons(weeks).filter(allocation__school__in=schools)
    lessons = lessons.filter(allocation__teacher=teacher) if teacher else lessons
    by_school: dict[int, list[Lesson]] = defaultdict(list)
    for lesson in _with_all(lessons, mondays):
        by_school[lesson.allocation.school_id].append(lesson)
    return [_paper(school, weeks, closed[school.pk], by_school[school.pk]) for school in schools]


def _lessons(weeks: Sequence[TeachingWeek]) -> QuerySet[Lesson]:
    """The lessons that run in these weeks, with the class or somebody in them."""
    if not weeks:
        return Lesson.objects.none()
    first, last = weeks[0].week, weeks[-1].week
    span = Q(from_week__lte=last) & (Q(until_week=None) | Q(until_week__gte=first))
    lessons = Lesson.objects.filter(span, allocation__from_week__lte=last, allocation__until_week__gte=first)
    places = Place.objects.filter(span)
    return lessons.filter(Q(is_programme=True) | Q(pk__in=places.values("lesson")), allocation__year=weeks[0].year_id)


def _with_all(lessons: QuerySet[Lesson], mondays: Collection[Week]) -> QuerySet[Lesson]:
    """In order of teacher and then the teacher's own, with all that a sheet says."""
    first, last = min(mondays), max(mondays)
    running = Q(from_week__lte=last) & (Q(until_week=None) | Q(until_week__gte=first))
    places = Place.objects.filter(running).select_related("pupil").order_by("pupil__name", "pk")
    rota = RotaWeek.objects.filter(week__range=(first, last))
    ordered = lessons.select_related("allocation__teacher").order_by(
        "allocation__teacher__name", "allocation__teacher", "position", "pk"
    )
    return ordered.prefetch_related("shapes", Prefetch("rota_weeks", rota), Prefetch("places", places))


def _paper(school: School, weeks: Sequence[TeachingWeek], closed: dict[Week, str], lessons: Sequence[Lesson]) -> Paper:
    columns = [PaperWeek(row.week, row.lesson_number, closed.get(row.week, "")) for row in weeks]
    teachers = [
        PaperTeacher(teacher.name, teacher.teaches, columns, [_lesson(lesson, columns) for lesson in own])
        for teacher, own in groupby(lessons, key=lambda lesson: lesson.allocation.teacher)
    ]
    return Paper(school, columns, teachers)


def _lesson(lesson: Lesson, columns: Sequence[PaperWeek]) -> PaperLesson:
    first = max(columns[0].week, lesson.from_week)
    shapes = list(lesson.shapes.all())
    shape = ([shape for shape in shapes if shape.from_week <= first] or shapes)[-1]
    places = list(lesson.places.all())
    rota = {row.week for row in lesson.rota_weeks.all()}
    whole = _boxes(lesson, rota, None, columns)
    found = PaperLesson(
        label=lesson.title or lesson.instrument,
        kind_words=_kind_words(Kind(shape.kind), len(places)),
        minutes=shape.minutes,
        when=_when(lesson, whole, columns),
        class_size=lesson.class_size if lesson.is_programme else None,
    )
    if lesson.is_programme:
        found.rows = [PaperRow(found.label, whole)]
    else:
        found.rows = [PaperRow(place.pupil.name, _boxes(lesson, rota, place, columns)) for place in places]
    return found


def _kind_words(kind: Kind, many: int) -> str:
    """As on the register."""
    if kind == Kind.FIRST_ACCESS:
        return "First Access, whole class"
    return f"Group of {many}" if kind in (Kind.SMALL_GROUP, Kind.LARGE_GROUP) and many else kind.label


def _when(lesson: Lesson, boxes: Sequence[str], columns: Sequence[PaperWeek]) -> str:
    """The weeks in which it is due, where those are not simply all."""
    due = [column.week for column, box in zip(columns, boxes, strict=True) if box == Box.DUE]
    lesson_weeks = [column for column in columns if column.lesson_number and not column.closed]
    if lesson.due == Due.EVERY and len(due) == len(lesson_weeks):
        return "Every week"
    return f"Weeks of {spell_weeks(due)}" if due else "No week"


def _boxes(lesson: Lesson, rota: Collection[Week], place: Place | None, columns: Sequence[PaperWeek]) -> list[str]:
    allocation = lesson.allocation
    spans = [(allocation.from_week, allocation.until_week), (lesson.from_week, lesson.until_week)]
    spans += [(place.from_week, place.until_week)] if place else []
    first = max(begin for begin, _ in spans)
    last = min(end for _, end in spans if end)
    return [_box(lesson.due, rota, (first, last), column) for column in columns]


def _box(due: str, rota: Collection[Week], span: tuple[Week, Week], column: PaperWeek) -> str:
    if not span[0] <= column.week <= span[1]:
        return Box.NOT_DUE.value
    if column.closed:
        return Box.CLOSED.value
    if column.lesson_number is None:
        return Box.SPARE.value
    is_called = is_due(due, rota, span, column.week, column.lesson_number)
    return Box.DUE.value if is_called else Box.NOT_DUE.value
