"""What the register's page shows beside its sheet: the reasons in their groups, the state, the way on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tutti.core.calendar import Week
from tutti.people.roles import Permission
from tutti.teaching.forms.register import RegisterForm
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.sheet_parts import key_of

MOST_AT_ONCE = 6  # reasons shown before "Another reason": more than a thumb finds at a glance


@dataclass(slots=True)
class ReasonGroup:
    """Reasons from which the same follows, under those words (C1)."""

    heading: str
    consequences: str
    reasons: list[Reason]


def group_reasons(reasons: Iterable[Reason]) -> list[ReasonGroup]:
    groups: dict[tuple[str, str], ReasonGroup] = {}
    for reason in reasons:
        key = (reason.heading, reason.consequences)
        groups.setdefault(key, ReasonGroup(*key, [])).reasons.append(reason)
    return list(groups.values())


def page_of(sheet: Sheet, member: Any, form: RegisterForm | None = None, is_correcting: bool = False) -> dict[str, Any]:
    """The context of register/show.html. Correcting, a locked register is open to be marked, and sent to the office."""
    why_away = [reason for reason in sheet.reasons if reason.for_pupil and not reason.is_here]
    here_too = [reason for reason in sheet.reasons if reason.for_pupil and reason.is_here and reason != sheet.present]
    unmarked = sheet.unmarked
    if form:
        _show_errors(sheet, form)
    is_mine = sheet.is_mine and member.may(Permission.RECORD_REGISTERS)
    return {
        "sheet": sheet,
        "school": sheet.allocation.school,
        "week": sheet.week,
        "is_own": sheet.is_own and member.may(Permission.RECORD_REGISTERS),
        "is_mine": is_mine,
        "is_correcting": is_correcting,
        "can_write": is_mine and (is_correcting or not sheet.is_confirmed),
        "can_confirm": not sheet.week.is_future and sheet.is_whole,
        "first_reasons": group_reasons(why_away[:MOST_AT_ONCE]),
        "more_reasons": group_reasons([*why_away[MOST_AT_ONCE:], *here_too]),
        "lesson_reasons": group_reasons(reason for reason in sheet.reasons if reason.for_lesson),
        "next_lesson": unmarked[0] if unmarked else None,
        "owed": _owed(sheet),
        "why": form.data.get("why", "") if form else "",
        "errors": form.errors if form else {},
    }


def _owed(sheet: Sheet) -> list[tuple[str, Week, str, str]]:
    """What can be made up this week: the lesson, the week that is owed, to whom, and the button's value. The oldest
    first; what stands on the register as a make-up already is left out."""
    begun = {(lesson.lesson_pk, lesson.for_week) for lesson in sheet.lessons if lesson.is_make_up}
    rows = []
    for lesson in [*sheet.lessons, *sheet.not_due]:
        weeks = {week for pupil in lesson.pupils for week in pupil.owed if week < sheet.week}
        for week in [] if lesson.is_make_up else weeks:
            names = ", ".join(pupil.first_name for pupil in lesson.pupils if week in pupil.owed)
            if (lesson.lesson_pk, week) not in begun:
                rows.append((lesson.label, week, names, str(key_of(lesson.lesson_pk, sheet.week, week))))
    return sorted(rows, key=lambda row: (row[1], row[0]))


def _show_errors(sheet: Sheet, form: RegisterForm) -> None:
    """Put what was typed and could not be taken back where it was typed."""
    for lesson in sheet.lessons:
        key = lesson.key
        lesson.error = form.errors.get(f"count-{key}") or form.errors.get(f"minutes-{key}") or ""
        lesson.typed = str(form.doubtful.get(key) or form.data.get(f"count-{key}", ""))
        lesson.is_doubtful = key in form.doubtful
