"""A correction: how a register changes once its month is locked (R10). The teacher proposes with a reason, the office
accepts or declines; both are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from tutti.core import history
from tutti.people.roles import Permission
from tutti.teaching import letters
from tutti.teaching.models.correction_gone import Gone
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Register
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.sheet_parts import Key, Marks


class State(models.TextChoices):
    PROPOSED = "proposed", "Waits for the office"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, member: Any) -> CorrectionQuerySet:
        """All for those who see registers; a teacher's own."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_REGISTERS) else own.filter(register__allocation__teacher=member)

    def waiting(self) -> CorrectionQuerySet:
        return self.filter(state=State.PROPOSED)

    def with_register(self) -> CorrectionQuerySet:
        """With all that a line about it says."""
        names = ("register__allocation__school", "register__allocation__teacher", "proposed_by", "decided_by")
        return self.select_related(*names)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a correction changes, in words: of whom or what, from what, to what."""

    of: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Follows:
    """Minutes given and lessons owed of a week, before a correction and after it."""

    minutes_before: int
    owed_before: int
    minutes_after: int
    owed_after: int


class Correction(models.Model):
    """Proposed changes of a register, by the keys of its sheet: marks, head counts, lessons given or struck, minutes.

    `before` is what stood there when it was accepted. `proposed_by` is nobody where it follows from a start or stop
    dated back (P9).
    """

    State = State

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    register = models.ForeignKey("teaching.Register", models.CASCADE, related_name="corrections")
    proposed_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=500)
    changes = models.JSONField()
    before = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    decided_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=State.PROPOSED, decided_at=None)
                | ~models.Q(state=State.PROPOSED) & models.Q(decided_at__isnull=False),
                name="correction_decided_with_its_time",
            )
        ]
        indexes = [models.Index(fields=["service", "state"])]

    def __str__(self) -> str:
        return f"Correction of {self.register}"

    @property
    def is_open(self) -> bool:
        return self.state == State.PROPOSED

    def told(self, sheet: Sheet) -> list[Change]:
        """What it would change on the sheet as it lies open now, or what it has changed."""
        names = {reason.pk: reason.name for reason in Reason.objects.filter(service_id=self.service_id)}
        gone = Gone.of(self.register, sheet, self.changes)
        before, found = self.before or self._standing(sheet, gone), []
        for lesson in sheet.lessons:
            key, label = str(lesson.key), lesson.label
            found += [_told(label, kind, key, before, self.changes, names) for kind in ("given", "counts", "minutes")]
            of_pupils = [(str(pupil.key), f"{pupil.name}, {label}") for pupil in lesson.pupils]
            found += [_told(name, "marks", pupil, before, self.changes, names) for pupil, name in of_pupils]
        for key, (line, _) in gone.lines.items():
            found.append(_told(str(line.lesson), "given", key, before, self.changes, names))
        for key, (mark, _) in gone.marks.items():
            name = f"{mark.place.pupil}, {mark.line.lesson}"
            found.append(_told(name, "marks", key, before, self.changes, names))
        return [change for change in found if change]

    def follows(self, sheet: Sheet) -> Follows:
        """What would follow from it for the week's sums; the sheet is changed by asking, and must not be written."""
        gone = Gone.of(self.register, sheet, self.changes)
        beside, then = gone.sums(sheet)
        before = _sums(sheet, beside)
        try:
            changes = self._read(sheet, gone)
        except ValidationError:
            return Follows(*before, *before)
        for lesson in sheet.lessons:
            lesson.minutes = changes["minutes"].get(lesson.key, lesson.minutes)
            if lesson.key in changes["given"]:
                lesson.strike(changes["given"][lesson.key])
            if lesson.key in changes["counts"]:
                lesson.given, lesson.reason, lesson.head_count = True, None, changes["counts"][lesson.key]
            for pupil in lesson.pupils:
                if pupil.key in changes["marks"]:
                    lesson.mark(pupil, changes["marks"][pupil.key])
        return Follows(*before, *_sums(sheet, then))

    def _standing(self, sheet: Sheet, gone: Gone) -> dict[str, dict[str, int | None]]:
        """What stands in the register where it would change something."""
        standing = gone.standing()
        for lesson in sheet.lessons:
            key = str(lesson.key)
            standing["given"][key] = (lesson.reason.pk if lesson.reason else 0) if lesson.given is False else None
            standing["counts"][key], standing["minutes"][key] = lesson.head_count or 0, lesson.minutes
            standing["marks"] |= {str(pupil.key): pupil.reason.pk if pupil.reason else None for pupil in lesson.pupils}
        return {kind: {key: was.get(key) for key in self.changes[kind]} for kind, was in standing.items()}

    @transaction.atomic
    def accept(self, by: Any, answer: str = "") -> bool:
        """Change the register as proposed. False if it was decided already; ValidationError where it no longer fits:
        what it is about is gone, or the register is open, so that its teacher can change it."""
        if not self._hold():
            return False
        register = self.register
        sheet = Sheet.open_to_write(by, register.allocation_id, register.week)  # type: ignore[arg-type]
        if sheet is None:
            raise ValidationError("The register of that week is not there any more.")
        if not sheet.is_confirmed:
            raise ValidationError("The register is open: its teacher can change it there. Decline this one.")
        gone = Gone.of(self.register, sheet, self.changes)
        changes = self._read(sheet, gone)
        self.before = self._standing(sheet, gone)
        gone.put_right()
        sheet.amend(by, **changes)
        self._decide(by, State.ACCEPTED, answer)
        return True

    @transaction.atomic
    def decline(self, by: Any, answer: str) -> bool:
        """Leave the register as it is, and say why. False if it was decided already."""
        if not answer.strip():
            raise ValidationError({"answer": "Say why, so that the teacher knows."})
        if not self._hold():
            return False
        self._decide(by, State.DECLINED, answer)
        return True

    def _hold(self) -> bool:
        fresh = Correction.objects.select_for_update().get(pk=self.pk)
        self.state = fresh.state
        return fresh.is_open

    def _decide(self, by: Any, state: str, answer: str) -> None:
        self.state, self.decided_by, self.decided_at, self.answer = state, by, timezone.now(), answer.strip()
        self.save(update_fields=["state", "before", "decided_by", "decided_at", "answer"])
        verb = f"{state} the correction"
        history.record(verb, self.register, by, after={"answer": self.answer, "correction": self.pk})
        letters.correction_decided(self)

    def _read(self, sheet: Sheet, gone: Gone) -> dict[str, Any]:
        """The changes as the sheet takes them. ValidationError for what is not on the sheet any more."""
        reasons = {reason.pk: reason for reason in Reason.objects.filter(service_id=self.service_id)}
        keys: dict[str, Key] = {str(lesson.key): lesson.key for lesson in sheet.lessons}
        places: dict[str, Key] = {str(pupil.key): pupil.key for pupil in sheet.pupils}
        told = {name: set(self.changes[name]) for name in self.changes}
        lost = told["marks"] - {*places, *gone.marks} or told["given"] - {*keys, *gone.lines}
        if lost or (told["counts"] | told["minutes"]) - set(keys):
            raise ValidationError("A pupil or lesson of this correction is not on the register any more.")
        return {
            "marks": {places[key]: reasons[pk] for key, pk in self.changes["marks"].items() if key in places},
            "counts": {keys[key]: many for key, many in self.changes["counts"].items()},
            "given": {keys[key]: reasons.get(pk) for key, pk in self.changes["given"].items() if key in keys},
            "minutes": {keys[key]: many for key, many in self.changes["minutes"].items()},
        }


@transaction.atomic
def propose(
    register: Register,
    by: Any,
    why: str,
    *,
    marks: Marks | None = None,
    counts: Mapping[Key, int] | None = None,
    given: Mapping[Key, Reason | None] | None = None,
    minutes: Mapping[Key, int] | None = None,
) -> Correction:
    """Ask the office to change a register of a locked month (R10); the same proposal twice is one.

    `by` is None for what follows from a start or stop dated back (P9). ValidationError without a reason or a change.
    """
    changes = {
        "marks": {str(key): reason.pk for key, reason in (marks or {}).items()},
        "counts": {str(key): many for key, many in (counts or {}).items()},
        "given": {str(key): reason.pk if reason else None for key, reason in (given or {}).items()},
        "minutes": {str(key): many for key, many in (minutes or {}).items()},
    }
    if not why.strip():
        raise ValidationError({"why": "Say what was wrong, so that the office can decide."})
    if not any(changes.values()):
        raise ValidationError("Nothing is different from what is recorded. Change what was wrong first.")
    for known in register.corrections.waiting():
        if known.changes == changes:
            return known
    fields = {"proposed_by": by, "why": why.strip(), "changes": changes}
    correction = Correction.objects.create(service_id=register.service_id, register=register, **fields)
    history.record("proposed a correction", register, by, after={"why": correction.why, "correction": correction.pk})
    return correction


def _told(of: str, kind: str, key: str, before: Any, after: Any, names: dict[int, str]) -> Change | None:
    if key not in after[kind]:
        return None
    return Change(of, _say(kind, before[kind].get(key), names), _say(kind, after[kind][key], names))


def _say(kind: str, value: int | None, names: dict[int, str]) -> str:
    if kind == "marks":
        return names.get(value or 0, "Not marked")
    if kind == "given":
        return "Given" if value is None else f"Not given: {names.get(value, 'no reason')}"
    return f"{value or 0} took part" if kind == "counts" else f"{value} minutes"


def _sums(sheet: Sheet, gone: tuple[int, int]) -> tuple[int, int]:
    owed = sum(bool(pupil.reason and pupil.reason.owed) for pupil in sheet.pupils)
    return sheet.minutes_given + gone[0], owed + gone[1]
