"""What a summary tells of the school's questions: what was asked about which line, and what was answered (S5)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from tutti.core.calendar import Day
from tutti.teaching.models.question import Question


def questions_told(school: Any, month: Day) -> list[dict[str, Any]]:
    """What the school asked since its summary before this month, and what is still open, as it stands now (S5).

    Plain rows for the figures of a summary: they are kept as they were told. Three queries.
    """
    before = school.summaries.filter(month__lt=month).defer("figures").first()
    asked = Question.objects.by_schools().filter(school=school).for_list().with_replies()
    if before:
        since = Q(asked_at__gt=before.made_at) | Q(replies__at__gt=before.made_at)
        asked = asked.filter(since | Q(state=Question.State.OPEN)).distinct()
    return [_told(question) for question in asked.order_by("asked_at", "pk")]


def _told(question: Question) -> dict[str, Any]:
    return {
        "question": question.pk,
        "pupil": question.pupil_id,
        "name": question.pupil.name if question.pupil else "",
        "line": question.line,
        "week": str(question.week or ""),
        "by": question.name,
        "asked": str(timezone.localdate(question.asked_at)),
        "text": question.text,
        "state": question.get_state_display(),
        "replies": [
            {"by": reply.name, "at": str(timezone.localdate(reply.at)), "text": reply.text}
            for reply in question.replies.all()  # type: ignore[attr-defined]
        ],
    }
