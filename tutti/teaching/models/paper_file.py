"""Paper as a PDF: a sheet a school, of one kind, for one school or a whole county (H9, B5)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tutti.core import documents
from tutti.core.calendar import Week
from tutti.teaching.models.paper import Paper, PaperKind, PaperLesson, PaperTable
from tutti.teaching.models.reason import PRESENT, Reason
from tutti.teaching.models.summary_paper import MARK

SOURCE = Path(__file__).resolve().parent.parent / "documents" / "paper.typ"
HOW = {
    PaperKind.REGISTER: "In each box a tick for here, or a word for why not; for a class how many. – is not called.",
    PaperKind.TIMETABLE: "Days and times are the school’s own: write them in.",
    PaperKind.ROTA: "Who is due in which week. There is room in each box for a time.",
}


def paper_file(papers: Sequence[Paper], kind: PaperKind, service: Any, issued_at: Any) -> bytes:
    """The sheets as PDF/UA-1. All are of one service and the same weeks, and there is at least one."""
    accent = service.palette.light.accent
    first = papers[0]
    data = {
        "title": f"{kind.label}, {first.school.name}" if len(papers) == 1 else f"{kind.label} of each school",
        "kind": kind.value,
        "kind_words": kind.label,
        "service": service.name,
        "accent": accent,
        "mark": MARK.format(accent=accent),
        "how": HOW[kind],
        "legend": legend(service, first.weeks[0].week) if kind == PaperKind.REGISTER else [],
        "is_wide": first.is_wide and kind != PaperKind.TIMETABLE,
        "schools": [_school(paper, service) for paper in papers],
    }
    return documents.render(SOURCE, data, issued_at)


def file_name(papers: Sequence[Paper], kind: PaperKind) -> str:
    """What the file is called, without ending; nobody's name is in it."""
    which = str(papers[0].school.pk) if len(papers) == 1 else "schools"
    return f"{kind.value}-{papers[0].weeks[0].week}-{which}"


def legend(service: Any, week: Week) -> list[tuple[str, str]]:
    """The words to write for why somebody was not there, each with what it means where that says more."""
    reasons = Reason.objects.filter(service=service).in_use(week).exclude(code=PRESENT)
    words: dict[str, list[str]] = {}
    for reason in reasons:
        words.setdefault(reason.short, []).append(reason.name)
    return [(short, "" if names == [short] else " or ".join(names)) for short, names in words.items()]


def _school(paper: Paper, service: Any) -> dict[str, Any]:
    whom = paper.school.office or service
    return {
        "name": paper.school.name,
        "weeks_words": paper.weeks_words,
        "reach": ", ".join(part for part in (whom.name, whom.phone, whom.email) if part),
        "teachers": [
            {
                "name": teacher.name,
                "teaches": teacher.teaches,
                "lessons": [_lesson(lesson) for lesson in teacher.lessons],
                "tables": [_table(table) for table in teacher.tables],
            }
            for teacher in paper.teachers
        ],
    }


def _lesson(lesson: PaperLesson) -> dict[str, Any]:
    names = ", ".join(row.name for row in lesson.rows)
    return {
        "label": lesson.label,
        "kind_words": lesson.kind_words,
        "minutes": lesson.minutes,
        "when": lesson.when,
        "pupils": f"{lesson.class_size} in the class" if lesson.class_size else names,
    }


def _table(table: PaperTable) -> dict[str, Any]:
    mondays = [(column.week.monday, column.note) for column in table.weeks]
    return {
        "weeks": [{"day": f"{monday.day} {monday:%b}", "note": note} for monday, note in mondays],
        "rows": [
            {"name": row.name, "words": lesson.words, "of": lesson.class_size or 0, "boxes": row.boxes}
            for lesson, row in table.rows
        ],
    }
