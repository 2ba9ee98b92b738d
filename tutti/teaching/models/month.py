"""A school's month: the sums that the summary tells, from confirmed registers (S1, S2, C4, C5, P8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tutti.core.calendar import Day, Week, next_month, spell_weeks
from tutti.schools.models import TeachingWeek
from tutti.teaching.models.figures import (
    VERSION,
    Cell,
    Change,
    Cover,
    Figures,
    Heads,
    LessonRow,
    PupilRow,
    TeacherTable,
    Totals,
)
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.place import Place
from tutti.teaching.models.shape import Kind
from tutti.teaching.models.tuition import Fate, Tuition, by_teacher
from tutti.teaching.models.weekly import Weekly, cell_of, lines_of, why_of


def figures_of(school: Any, month: Day, today: Day) -> Figures:
    """What was taught at a school in a month, as far as it is known today. A fixed number of queries."""
    return figures_from(Tuition(school, month, today), [])


def figures_from(tuition: Tuition, corrections: list[Change]) -> Figures:
    """The month's figures, and what is told anew of earlier months."""
    tables = [_teacher_table(tuition, who, lessons) for who, lessons in by_teacher(tuition.lessons).items()]
    teachers = [table for table in tables if table["lessons"]]
    open_weeks = [row.monday for row in tuition.weeks_of_month if row.monday not in tuition.closed]
    return {
        "version": VERSION,
        "weeks": [
            {"monday": str(row.monday), "closed": tuition.closed.get(row.monday, "")} for row in tuition.weeks_of_month
        ],
        "teaching_weeks": spell_weeks(open_weeks),
        "half_term": spell_weeks(_half_term_weeks(tuition)),
        "totals": _totals(tuition, teachers),
        "teachers": teachers,
        "pupils": _pupil_rows(tuition),
        "corrections": corrections,
    }


def corrections_alone(corrections: list[Change]) -> Figures:
    """The figures of a summary that tells nothing but corrections: after the year's last month (S3)."""
    nothing: Totals = dict.fromkeys(Totals.__annotations__, 0)  # type: ignore[assignment]
    return {
        "version": VERSION,
        "weeks": [],
        "teaching_weeks": "",
        "half_term": "",
        "totals": nothing,
        "teachers": [],
        "pupils": [],
        "corrections": corrections,
    }


def _teacher_table(tuition: Tuition, teacher: Any, lessons: Iterable[Lesson]) -> TeacherTable:
    rows = [row for lesson in lessons if (row := _lesson_row(tuition, lesson))]
    return {
        "name": teacher.name,
        "teaches": teacher.teaches,
        "due": sum(row["due"] for row in rows),
        "given": sum(row["given"] for row in rows),
        "extra": sum(row["extra"] for row in rows),
        "minutes": sum(row["minutes"] for row in rows),
        "missing": sum(len(row["missing"]) for row in rows),
        "lessons": rows,
    }


def _lesson_row(tuition: Tuition, lesson: Lesson) -> LessonRow | None:
    """The lesson's month; None if it had none."""
    found = Weekly(tuition, lesson, tuition.weeks_of_month)
    if not found.fates and not found.make_ups:
        return None
    extra = [(week, fate) for week, fate in found.make_ups if fate.for_week is None]
    given = [(week, fate) for week, fate in found.fates if fate.state == "given"]
    taught = [*given, *found.make_ups]
    row: LessonRow = {
        "lesson": lesson.pk,
        "title": lesson.title or lesson.instrument,
        "shape": shape_words(tuition, lesson, tuition.weeks_of_month[-1].monday),
        "due": sum(fate.is_due for _, fate in found.fates),
        "given": sum(fate.is_due for _, fate in given),
        "extra": sum(not fate.is_due for _, fate in given) + len(extra),
        "minutes": sum(fate.line.minutes for _, fate in taught if fate.line),
        "not_given": [why_of(tuition, week, fate) for week, fate in found.fates if fate.state == "not given"],
        "missing": [str(week) for week, fate in found.fates if fate.state == "missing"],
        "made_up": [
            {"monday": str(week), "for_monday": str(fate.for_week)} for week, fate in found.make_ups if fate.for_week
        ],
        "covers": [cover for week, fate in taught if (cover := _cover(week, fate))],
        "beside": [told for week, fate in taught for told in _beside(tuition, week, fate)],
        "heads": _heads(lesson, [fate for _, fate in taught]),
        "lines": lines_of(tuition, lesson, found),
    }
    return row


def shape_words(tuition: Tuition, lesson: Lesson, week: Week) -> str:
    """How a lesson is described: "Group of 3, 30 minutes"; "First Access, 50 minutes, class of 28"."""
    shape = tuition.shape(lesson, week)
    kind = Kind(shape.kind)
    words = [kind.label, f"{shape.minutes} minutes"]
    many = len(tuition.places_in(lesson, week))
    if kind in (Kind.SMALL_GROUP, Kind.LARGE_GROUP) and many:
        words[0] = f"Group of {many}"
    if lesson.is_programme:
        words += [f"class of {lesson.class_size}"]
    return ", ".join(words)


def _cover(week: Week, fate: Fate) -> Cover | None:
    line = fate.line
    return {"monday": str(week), "by": line.given_by} if line and line.given_by else None


def _beside(tuition: Tuition, week: Week, fate: Fate) -> list[Cover]:
    names = tuition.beside.get(fate.line.pk, []) if fate.line else []
    return [{"monday": str(week), "by": name} for name in names]


def _heads(lesson: Lesson, given: Iterable[Fate]) -> Heads | None:
    counts = [fate.line.head_count for fate in given if fate.line and fate.line.head_count is not None]
    if not lesson.is_programme or not counts:
        return None
    return {"average": round(sum(counts) / len(counts)), "largest": max(counts), "class_size": lesson.class_size or 0}


Own = list[tuple[Lesson, Place]]


def places_by_row(tuition: Tuition) -> dict[tuple[int, str], Own]:
    """The places of each pupil and instrument, which stand in one row."""
    places: dict[tuple[int, str], Own] = defaultdict(list)
    for lesson in tuition.lessons:
        for place in lesson.places.all():
            places[place.pupil_id, lesson.instrument].append((lesson, place))
    return places


def cell_in(tuition: Tuition, own: Own, week: TeachingWeek) -> Cell:
    """A week of one pupil on one instrument: its lessons, and what was made up in it."""
    due = [fate for lesson, place in own if (fate := tuition.fate_of_place(lesson, place, week))]
    made_up = [fate for lesson, place in own for fate in tuition.make_ups_of_place(lesson, place, week.monday)]
    return cell_of([*due, *made_up])


def _pupil_rows(tuition: Tuition) -> list[PupilRow]:
    """A row a pupil and instrument that has or had a place in the month, in order of name."""
    rows = [_pupil_row(tuition, own) for own in places_by_row(tuition).values()]
    return sorted((row for row in rows if row), key=lambda row: (row["name"].casefold(), row["instrument"]))


def _pupil_row(tuition: Tuition, own: Own) -> PupilRow | None:
    """One pupil on one instrument; None if the month holds nothing of theirs."""
    cells = [cell_in(tuition, own, week) for week in tuition.weeks_of_month]
    if not any(cell["word"] for cell in cells):
        return None
    balances = [tuition.balance(lesson, place) for lesson, place in own]
    marks = [mark for _, place in own for mark in tuition.past[place.pk]]
    pupil = own[0][1].pupil
    return {
        "pupil": pupil.pk,
        "lesson": own[0][0].pk,
        "name": pupil.name,
        "instrument": own[0][0].instrument,
        "cells": cells,
        "due": sum(balance.due for balance in balances),
        "had": sum(balance.had for balance in balances),
        "missed": sum(mark.counts and not mark.is_here for mark in marks),
        "owed": sum(balance.owed for balance in balances),
        "promise": sum(balance.promise for balance in balances),
    }


def _half_term_weeks(tuition: Tuition) -> list[Week]:
    """The weeks of a half term that begin in the month and have no school day."""
    taught = {row.monday for row in tuition.all_weeks}
    halves = {row.term_id: row.term.dates.half_term for row in tuition.all_weeks if row.term.dates.half_term}
    weeks = {Week.of(half[0]) + n for half in halves.values() for n in range((half[1] - half[0]).days // 7 + 2)}
    inside = [w for w in weeks if any(h[0] <= w.weekdays[0] <= h[1] for h in halves.values()) and w not in taught]
    return sorted(w for w in inside if tuition.month <= w.monday < next_month(tuition.month))


def _totals(tuition: Tuition, teachers: list[TeacherTable]) -> Totals:
    lessons = [lesson for table in teachers for lesson in table["lessons"]]
    here, marked = _attendance(tuition)
    return {
        "due": sum(row["due"] for row in lessons),
        "given": sum(row["given"] for row in lessons),
        "not_given": sum(len(row["not_given"]) for row in lessons),
        "missing": sum(len(row["missing"]) for row in lessons),
        "extra": sum(row["extra"] for row in lessons),
        "made_up": sum(len(row["made_up"]) for row in lessons),
        "owed": sum(why["owed"] for row in lessons for why in row["not_given"]),
        "minutes": sum(row["minutes"] for row in lessons),
        "here": here,
        "marked": marked,
    }


def _attendance(tuition: Tuition) -> tuple[int, int]:
    """How many marks of the month's given lessons say here, and how many there are."""
    month = {row.monday for row in tuition.weeks_of_month}
    lines = [*tuition.lines.values(), *(line for lines in tuition.make_ups.values() for line in lines)]
    given = [line for line in lines if line.given and line.week in month]
    reasons = [reason for line in given for reason in tuition.marks[line.pk].values()]
    return sum(r.is_here for r in reasons), sum(r.is_here or r.counts or r.owed for r in reasons)
