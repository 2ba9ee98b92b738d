"""A workflow: a case goes from stage to stage by moves, each made by whoever it belongs to, once (house, section 5).

A move locks and re-reads its case, so that of two who press at once only one moves it. It is refused at another stage,
by a person whose move it is not, and from a page that was read before somebody else's move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from tutti.core import history


class WrongStage(ValidationError):  # noqa: N818 - it is what happened, not a mistake
    """The case is not where this move begins, any more or yet."""


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of the chart: from these stages to another, and whose it is.

    `label` stands on its button, `says` in the history: "decided to proceed". `name` is that of the method that makes
    it.
    """

    stages: tuple[str, ...]
    to: str
    permission: Any
    label: str
    says: str
    name: str = ""


def move(arrow: Move) -> Callable[[Callable[..., Any]], Any]:
    """Declare a method of a case as the one that makes this move.

    The method does what the move does besides; what it returns, a dict, is kept with the history. Called with `seen`,
    the number of moves that its caller had read of, it raises WrongStage if there was one since.
    """

    def declare(does: Callable[..., Any]) -> Any:
        named = replace(arrow, name=does.__name__)

        @wraps(does)
        def made(case: Case, by: Any, *args: Any, seen: int | None = None, **kwargs: Any) -> None:
            with transaction.atomic():
                case.hold(named, by, seen)
                before = {"stage": case.stage}
                told = does(case, by, *args, **kwargs) or {}
                case.moved_at = case.moved_at if case.stage == named.to else timezone.now()
                case.stage, case.moves_made = named.to, case.moves_made + 1
                case.save()
                history.record(named.says, case, by, before=before, after={"stage": named.to, **told})

        made.move = named  # type: ignore[attr-defined]
        return made

    return declare


class Case(models.Model):
    """A row with a `stage`, which its moves alone change. `moves_made` counts them; it is there since `moved_at`."""

    stage = models.CharField(max_length=30)
    moved_at = models.DateTimeField(default=timezone.now)
    moves_made = models.PositiveIntegerField(default=0)

    service_id: int

    class Meta:
        abstract = True

    @classmethod
    def moves(cls) -> list[Move]:
        """Every arrow of the chart, in the order of the file."""
        return [verb.move for verb in vars(cls).values() if hasattr(verb, "move")]

    def may_make(self, move: Move, by: Any) -> bool:
        """Whether this move is theirs to make: a case may ask for more than the permission."""
        return bool(by.may(move.permission))

    def moves_open_to(self, by: Any) -> list[Move]:
        """The moves that somebody may make now: the buttons of the page."""
        return [move for move in self.moves() if self.stage in move.stages and self.may_make(move, by)]

    def hold(self, move: Move, by: Any, seen: int | None) -> None:
        """Lock and re-read the case for a move, inside a transaction. WrongStage or PermissionDenied where it is not
        due, or not theirs."""
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update())
        if not self.may_make(move, by):
            raise PermissionDenied
        if self.stage not in move.stages or (seen is not None and seen != self.moves_made):
            raise WrongStage("Somebody has moved this on in the meantime. Look at it again.")
