"""A reason: here, or why not, and the four separate things that follow from it (C1, C2)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify

from tutti.core import history
from tutti.core.calendar import Week, WeekField, spell_weeks
from tutti.teaching.models.line import Line, Mark
from tutti.teaching.models.register import Register

PRESENT = "present"


class Cause(models.TextChoices):
    PUPIL = "pupil", "The pupil"
    SCHOOL = "school", "The school"
    SERVICE = "service", "The service"
    NOBODY = "nobody", "Nobody"


class ReasonQuerySet(models.QuerySet["Reason"]):
    def visible_to(self, member: Any) -> ReasonQuerySet:
        return self.filter(service_id=member.service_id)

    def in_use(self, week: Week) -> ReasonQuerySet:
        """Those that may be chosen in a week: begun and not retired by then."""
        begun = models.Q(from_week=None) | models.Q(from_week__lte=week)
        return self.filter(begun & (models.Q(retired_from=None) | models.Q(retired_from__gt=week)))


class Reason(models.Model):
    """One answer to "here, or why not". Once used it is retired, never changed: a change makes a new one (C1).

    `is_here` marks the answers that mean the pupil had the lesson (present, late, on line, concert instead).
    `short` is the word in the school's grid. `for_pupil` and `for_lesson` say where it is offered.
    """

    Cause = Cause

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="reasons")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    short = models.CharField(max_length=14)
    cause = models.CharField(max_length=10, choices=Cause)
    is_here = models.BooleanField(default=False)
    counts = models.BooleanField()
    paid = models.BooleanField()
    charged = models.BooleanField()
    owed = models.BooleanField()
    for_pupil = models.BooleanField(default=True)
    for_lesson = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    from_week = WeekField(null=True)
    retired_from = WeekField(null=True)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "code"], condition=models.Q(retired_from=None), name="reason_code_once_in_use"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def consequences(self) -> str:
        """What follows, in a sentence: "Paid, charged, nothing owed" (C1)."""
        words = ["paid" if self.paid else "not paid", "charged" if self.charged else "not charged"]
        return ", ".join([*words, "a lesson to make up" if self.owed else "nothing owed"]).capitalize()

    @property
    def heading(self) -> str:
        """The word that reasons with the same consequences stand under."""
        return "Owed" if self.owed else "Counts" if self.counts else "Does not count"

    @property
    def facts(self) -> list[tuple[bool, str]]:
        """The four consequences, each in words with whether it is a yes (C1)."""
        return [
            (self.counts, "Counts as a lesson had" if self.counts else "Does not count"),
            (self.paid, "Teacher is paid" if self.paid else "Teacher is not paid"),
            (self.charged, "School is charged" if self.charged else "School is not charged"),
            (self.owed, "A lesson is owed" if self.owed else "Nothing is owed"),
        ]

    @property
    def is_kept(self) -> bool:
        """Without "Here" no register can be filled in, so it stays as it is."""
        return self.code == PRESENT

    def last_week_used(self) -> Week | None:
        """The last week in whose registers it stands."""
        marks = Mark.objects.filter(reason=self).order_by("-line__register__week")
        lines = Line.objects.filter(reason=self).order_by("-register__week")
        weeks = [
            marks.values_list("line__register__week", flat=True).first(),
            lines.values_list("register__week", flat=True).first(),
            Register.objects.filter(reason=self).order_by("-week").values_list("week", flat=True).first(),
        ]
        return max((week for week in weeks if week), default=None)

    @transaction.atomic
    def retire(self, by: Any, from_week: Week) -> bool:
        """From that week on it is not offered. What was recorded with it stays (C1). ValidationError for "Here"."""
        if self.is_kept:
            raise ValidationError("Registers cannot do without this reason.")
        if self.from_week is not None and from_week < self.from_week:
            raise ValidationError("A reason cannot be retired before it begins.")
        last = self.last_week_used()
        if last and last >= from_week:
            raise ValidationError(f"Registers up to the week of {spell_weeks([last])} use it. Choose a later week.")
        return history.change(self, "retired the reason", by, retired_from=from_week)

    @transaction.atomic
    def replace(self, by: Any, from_week: Week, **fields: Any) -> Reason:
        """Change what it says or what follows: from that week on a new reason stands in its place (C1)."""
        made = Reason.objects.filter(service_id=self.service_id, code=self.code, from_week=from_week, **fields).first()
        if made:  # the form was sent twice
            return made
        if self.retired_from is not None:
            raise ValidationError("This reason is retired already.")
        self.retire(by, from_week)
        kept = {"is_here": self.is_here, "position": self.position, "code": self.code}
        reason = Reason.objects.create(service_id=self.service_id, from_week=from_week, **kept, **fields)
        history.record("added the reason", reason, by, after={"name": reason.name, "follows": reason.consequences})
        return reason


@transaction.atomic
def add_reason(service: Any, by: Any, *, name: str, from_week: Week, **fields: Any) -> Reason:
    """Add a reason that may be chosen from a week on. ValidationError if one in use has its name."""
    reasons = Reason.objects.filter(service=service, retired_from=None)
    made = reasons.filter(name=name, from_week=from_week, **fields).first()
    if made:  # the form was sent twice
        return made
    code = slugify(name)[:40] or "reason"
    if reasons.filter(models.Q(name__iexact=name) | models.Q(code=code)).exists():
        raise ValidationError("There is a reason of this name already.")
    last = Reason.objects.filter(service=service).aggregate(last=models.Max("position"))["last"] or 0
    own = {"code": code, "name": name, "from_week": from_week, "position": last + 1}
    reason = Reason.objects.create(service=service, **own, **fields)
    history.record("added the reason", reason, by, after={"name": name, "follows": reason.consequences})
    return reason


# code, name, short, cause, is_here, counts, paid, charged, owed, for_pupil, for_lesson (C2)
DEFAULTS = [
    (PRESENT, "Here", "Here", Cause.NOBODY, True, True, True, True, False, True, False),
    ("ill", "Ill", "Ill", Cause.PUPIL, False, True, True, True, False, True, False),
    ("absent", "Absent from school", "Absent", Cause.PUPIL, False, True, True, True, False, True, False),
    ("forgot", "Did not come", "No show", Cause.PUPIL, False, True, True, True, False, True, False),
    ("no-instrument", "No instrument", "No instr.", Cause.PUPIL, False, True, True, True, False, True, False),
    ("kept", "Kept by the school", "Kept", Cause.SCHOOL, False, True, True, True, False, True, True),
    ("event", "School event, told in time", "Event", Cause.SCHOOL, False, False, False, False, True, True, True),
    ("trip", "Trip, told in time", "Trip", Cause.SCHOOL, False, False, False, False, True, True, True),
    ("trip-late", "Trip or exam, not told", "Trip", Cause.SCHOOL, False, True, True, True, False, True, True),
    ("closed", "School closed, told in time", "Closed", Cause.SCHOOL, False, False, False, False, True, False, True),
    (
        "closed-late",
        "School closed, not told",
        "Closed late",
        Cause.SCHOOL,
        False,
        True,
        True,
        True,
        False,
        False,
        True,
    ),
    ("weather", "Weather or strike", "Weather", Cause.NOBODY, False, True, True, True, False, False, True),
    ("teacher-ill", "Teacher ill", "Teacher ill", Cause.SERVICE, False, False, False, False, True, False, True),
    ("teacher-away", "Teacher away", "Teacher away", Cause.SERVICE, False, False, False, False, True, False, True),
    ("late", "Came late", "Late", Cause.PUPIL, True, True, True, True, False, True, False),
    ("online", "Taught on line", "On line", Cause.NOBODY, True, True, True, True, False, True, False),
    ("concert", "Concert instead", "Concert", Cause.NOBODY, True, True, True, True, False, True, False),
    (
        "not-started",
        "Not started, or left for good",
        "Left",
        Cause.NOBODY,
        False,
        False,
        False,
        False,
        False,
        True,
        False,
    ),
]


def ship_defaults(service: Any) -> list[Reason]:
    """Give a new service the reasons that every service starts with (C2)."""
    names = (
        "code",
        "name",
        "short",
        "cause",
        "is_here",
        "counts",
        "paid",
        "charged",
        "owed",
        "for_pupil",
        "for_lesson",
    )
    rows = [
        Reason(service=service, position=position, **dict(zip(names, values, strict=True)))
        for position, values in enumerate(DEFAULTS)
    ]
    return Reason.objects.bulk_create(rows)
