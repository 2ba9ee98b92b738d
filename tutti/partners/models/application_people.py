"""Whose an application is: who may move it, and who is its mentor (A3). Nobody decides on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from tutti.core.workflow import Move
from tutti.partners.models.applicant import Applicant
from tutti.partners.models.application_chart import FAIL, MENTOR

if TYPE_CHECKING:
    from tutti.partners.models.application import Application


def is_own(application: Application, member: Any) -> bool:
    """Whether a member of the hub is the applicant."""
    return bool(member.person.email.casefold() == application.email.casefold())


def is_theirs(application: Application, move: Move, by: Any) -> bool:
    """The applicant's moves are theirs alone, a mentor's those of the mentor chosen. Who was not successful is mentored
    first (M8)."""
    if isinstance(by, Applicant):
        return by.may(move.permission) and by.application_pk == application.pk
    if not by.may(move.permission) or is_own(application, by):
        return False
    if move.to == FAIL.to and not application.programmes.exists():
        return False
    return move.permission != MENTOR or by.pk == application.mentor_id


def choose_mentor(application: Application, mentor: Any) -> Any:
    """Give it to a mentor; gives who it was before. ValidationError for who is no mentor, the applicant, and
    the same again."""
    before = application.mentor
    if not mentor.may(MENTOR):
        raise ValidationError({"mentor": "Choose one of the mentors."})
    if mentor == before:
        raise ValidationError({"mentor": "Choose somebody else."})
    if is_own(application, mentor):
        raise ValidationError({"mentor": "The mentor cannot be the applicant."})
    application.mentor = mentor
    return before
