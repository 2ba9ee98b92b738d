"""A school's month: the sums that the summary tells, from confirmed registers (S1, S2, C4, P8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tutti.core.calendar import Day, Week, next_month, spell_weeks
from tutti.teaching.models.figures import Cell, Cover, Figures, Heads, LessonRow, PupilRow, TeacherTable, Totals, Why
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.place import Place
from tutti.teaching.models.reason import PRESENT
from tutti.teaching.models.shape import Kind
from tutti.teaching.models.tuition import Fate, Tuition, by_teacher

VERSION = 1


def figures_of(school: Any, month: Day, today: Day) -> Figures:
    """What was taught at a school in a month, as far as it is known today. A fixed number of queries."""
    tuition = Tuition(school, month, today)
    tables = [_teacher_table(tuition, who, lessons) for who, lessons in by_teacher(tuition.lessons).items()]
    teachers = [table for table in tables if table["lessons"]]
    pupils = _pupil_rows(tuition)
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
        "pupils": pupils,
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
    found = [(week.monday, tuition.fate_of_lesson(lesson, week)) for week in tuition.weeks_of_month]
    fates = [(week, fate) for week, fate in found if fate]
    if not fates:
        return None
    given = [(week, fate) for week, fate in fates if fate.state == "given"]
    row: LessonRow = {
        "lesson": lesson.pk,
        "title": lesson.title or lesson.instrument,
        "shape": _shape_words(tuition, lesson),
        "due": sum(fate.is_due for _, fate in fates),
        "given": sum(fate.is_due for _, fate in given),
        "extra": sum(not fate.is_due for _, fate in given),
        "minutes": sum(fate.line.minutes for _, fate in given if fate.line),
        "not_given": [_why(week, fate) for week, fate in fates if fate.state == "not given"],
        "missing": [str(week) for week, fate in fates if fate.state == "missing"],
        "covers": [cover for week, fate in given if (cover := _cover(week, fate))],
        "heads": _heads(lesson, [fate for _, fate in given]),
    }
    return row


def _shape_words(tuition: Tuition, lesson: Lesson) -> str:
    """How a lesson is described: "Group of 3, 30 minutes"; "First Access, 50 minutes, class of 28"."""
    shape = tuition.shape(lesson)
    kind = Kind(shape.kind)
    words = [kind.label, f"{shape.minutes} minutes"]
    many = len(tuition.places_in(lesson, tuition.weeks_of_month[-1].monday))
    if kind in (Kind.SMALL_GROUP, Kind.LARGE_GROUP) and many:
        words[0] = f"Group of {many}"
    if lesson.is_programme:
        words += [f"class of {lesson.class_size}"]
    return ", ".join(words)


def _why(week: Week, fate: Fate) -> Why:
    reason = fate.reason
    name = reason.name[:1].lower() + reason.name[1:] if reason else "no reason recorded"
    return {"monday": str(week), "why": name, "owed": bool(reason and reason.owed)}


def _cover(week: Week, fate: Fate) -> Cover | None:
    line = fate.line
    if line is None or line.given_by_id == line.register.allocation.teacher_id:
        return None
    return {"monday": str(week), "by": line.given_by.name}


def _heads(lesson: Lesson, given: Iterable[Fate]) -> Heads | None:
    counts = [fate.line.head_count for fate in given if fate.line and fate.line.head_count is not None]
    if not lesson.is_programme or not counts:
        return None
    return {"average": round(sum(counts) / len(counts)), "largest": max(counts), "class_size": lesson.class_size or 0}


def _pupil_rows(tuition: Tuition) -> list[PupilRow]:
    """A row a pupil and instrument that has or had a place in the month, in order of name."""
    places: dict[tuple[int, str], list[tuple[Lesson, Place]]] = defaultdict(list)
    for lesson in tuition.lessons:
        for place in lesson.places.all():
            places[place.pupil_id, lesson.instrument].append((lesson, place))
    rows = [_pupil_row(tuition, own) for own in places.values()]
    return sorted((row for row in rows if row), key=lambda row: (row["name"].casefold(), row["instrument"]))


def _pupil_row(tuition: Tuition, places: list[tuple[Lesson, Place]]) -> PupilRow | None:
    """One pupil on one instrument; None if the month holds nothing of theirs."""
    fates = {
        week.monday: [fate for lesson, place in places if (fate := tuition.fate_of_place(lesson, place, week))]
        for week in tuition.weeks
    }
    cells = [_cell(fates[week.monday]) for week in tuition.weeks_of_month]
    if not any(cell["word"] for cell in cells):
        return None
    reasons = [fate.reason for of_week in fates.values() for fate in of_week if fate.reason]
    before = sum(place.had_before for _, place in places)
    pupil = places[0][1].pupil
    return {
        "pupil": pupil.pk,
        "name": pupil.name,
        "instrument": places[0][0].instrument,
        "cells": cells,
        "due": before + sum(fate.is_due for of_week in fates.values() for fate in of_week),
        "had": before + sum(reason.counts for reason in reasons),
        "missed": sum(reason.counts and not reason.is_here for reason in reasons),
        "owed": sum(reason.owed for reason in reasons),
    }


def _cell(fates: list[Fate]) -> Cell:
    """A week of a pupil in a word or a tick; two lessons of one instrument in a week stand one behind the other."""
    cells = [_one_cell(fate) for fate in fates]
    if len(cells) < 2:
        return cells[0] if cells else {"word": "", "kind": ""}
    gravest = min(cells, key=lambda cell: ["owed", "away", "missing", "closed", "here"].index(cell["kind"]))
    return {"word": ", ".join(cell["word"] for cell in cells), "kind": gravest["kind"]}


def _one_cell(fate: Fate) -> Cell:
    if fate.state in ("missing", "closed"):
        return {"word": "Not yet recorded" if fate.state == "missing" else "Closed", "kind": fate.state}
    reason = fate.reason
    if reason is None:
        return {"word": "Not given", "kind": "away"}
    if reason.is_here:
        return {"word": "✓" if reason.code == PRESENT else reason.short, "kind": "here"}
    return {"word": f"{reason.short}, owed" if reason.owed else reason.short, "kind": "owed" if reason.owed else "away"}


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
        "owed": sum(why["owed"] for row in lessons for why in row["not_given"]),
        "minutes": sum(row["minutes"] for row in lessons),
        "here": here,
        "marked": marked,
    }


def _attendance(tuition: Tuition) -> tuple[int, int]:
    """How many marks of the month's given lessons say here, and how many there are."""
    month = {row.monday for row in tuition.weeks_of_month}
    given = [line for (_, week), line in tuition.lines.items() if week in month and line.given]
    reasons = [tuition.reasons[mark.reason_id] for line in given for mark in line.marks.all()]
    return sum(r.is_here for r in reasons), sum(r.is_here or r.counts or r.owed for r in reasons)
