"""What the register's page shows beside its sheet: the reasons in their groups, the state, the way on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tutti.people.roles import Permission
from tutti.teaching.forms.register import RegisterForm
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.sheet import Sheet

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


def page_of(sheet: Sheet, member: Any, form: RegisterForm | None = None) -> dict[str, Any]:
    """The context of register/show.html."""
    why_away = [reason for reason in sheet.reasons if reason.for_pupil and not reason.is_here]
    here_too = [reason for reason in sheet.reasons if reason.for_pupil and reason.is_here and reason != sheet.present]
    unmarked = sheet.unmarked
    if form:
        _show_errors(sheet, form)
    is_own = sheet.allocation.teacher_id == member.pk and member.may(Permission.RECORD_REGISTERS)
    return {
        "sheet": sheet,
        "school": sheet.allocation.school,
        "week": sheet.week,
        "is_own": is_own,
        "can_write": is_own and not sheet.is_confirmed,
        "can_confirm": not sheet.week.is_future,
        "first_reasons": group_reasons(why_away[:MOST_AT_ONCE]),
        "more_reasons": group_reasons([*why_away[MOST_AT_ONCE:], *here_too]),
        "lesson_reasons": group_reasons(reason for reason in sheet.reasons if reason.for_lesson),
        "next_lesson": unmarked[0] if unmarked else None,
        "errors": form.errors if form else {},
    }


def _show_errors(sheet: Sheet, form: RegisterForm) -> None:
    """Put what was typed and could not be taken back where it was typed."""
    for lesson in sheet.lessons:
        pk = lesson.lesson_pk
        lesson.error = form.errors.get(f"count-{pk}") or form.errors.get(f"minutes-{pk}") or ""
        lesson.typed = str(form.doubtful.get(pk) or form.data.get(f"count-{pk}", ""))
        lesson.is_doubtful = pk in form.doubtful
