"""A notice: something known beforehand, with the reason that it will be; a teacher's leave is one (R6, R7).

It waits on every register that it touches: "All as planned" fills in its reason, and the teacher may still say
otherwise. For a pupil, a lesson, a year group of a school, a school, an area, a teacher, or everybody.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from tutti.core import history
from tutti.core.calendar import Week, WeekField
from tutti.people.roles import Permission
from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.reason import Reason

SCOPES = ("pupil", "lesson", "teacher", "school", "office")  # what comes first is meant; none is everybody


def _at_most_one(*names: str) -> Q:
    """The condition that no two of these are set."""
    only = [Q(**{f"{other}__isnull": True for other in names if other != name}) for name in names]
    return Q(*only, _connector=Q.OR)


def _of_own(member: Any) -> Q:
    """The condition that it is about a teacher's own lesson, pupil or leave (P4)."""
    lessons = Lesson.objects.filter(allocation__teacher=member)
    taught = Q(lesson__in=lessons.values("pk")) | Q(pupil__in=lessons.values("places__pupil"))
    return taught | Q(teacher=member)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, member: Any) -> NoticeQuerySet:
        """All of the service for those who see registers; for a teacher what touches their registers."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.SEE_REGISTERS):
            return own
        taught = Allocation.objects.filter(teacher=member)
        at_school = Q(pupil=None, lesson=None, school__in=taught.values("school"))
        in_area = Q(office__in=taught.values("school__office"))
        for_all = Q(school=None, office=None, teacher=None)
        return own.filter(_of_own(member) | at_school | in_area | for_all)

    def changeable_by(self, member: Any) -> NoticeQuerySet:
        """Those that a member may take back: all of the service's, or a teacher's own; of their leave what is to
        come."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.GIVE_NOTICE):
            return own
        schools = Allocation.objects.filter(teacher=member).values("school")
        of_year_group = Q(year_group__isnull=False, school__in=schools)
        started = Q(teacher=member, from_week__lte=Week.current())
        return own.filter(_of_own(member) | of_year_group).exclude(started)

    def leave(self) -> NoticeQuerySet:
        return self.exclude(teacher=None)

    def in_area(self, office: Any) -> NoticeQuerySet:
        """Those that an area office has to do with: its own, its schools', its teachers', and those for everybody."""
        for_all = Q(school=None, office=None, teacher=None)
        return self.filter(for_all | Q(office=office) | Q(school__office=office) | Q(teacher__office=office))

    def to_come(self, week: Week) -> NoticeQuerySet:
        return self.filter(from_week__gt=week)

    def over(self, week: Week) -> NoticeQuerySet:
        """Those of the past, the last first."""
        return self.filter(until_week__lt=week).order_by("-until_week", "-pk")

    def for_list(self) -> NoticeQuerySet:
        """With everything that says what it is and whom it is for."""
        near = ("lesson__allocation__teacher", "lesson__allocation__school")
        return self.select_related("reason", "pupil", "teacher", "school", "office", *near)

    def in_week(self, week: Week) -> NoticeQuerySet:
        return self.filter(from_week__lte=week, until_week__gte=week)

    def not_over(self, week: Week) -> NoticeQuerySet:
        return self.filter(until_week__gte=week)


class Notice(models.Model):
    """A reason from a week until a week, both included, for whom it concerns. A pupil's, lesson's or year group's names
    its school too, so that a school's register finds it.

    `year_group`: 0 for Reception to 13, by the pupils' dates of birth. `words` say what it is: "Year 6 to Whitby".
    """

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    reason = models.ForeignKey("teaching.Reason", models.PROTECT, related_name="notices")
    from_week = WeekField()
    until_week = WeekField()
    pupil = models.ForeignKey("teaching.Pupil", models.CASCADE, null=True, related_name="notices")
    lesson = models.ForeignKey("teaching.Lesson", models.CASCADE, null=True, related_name="notices")
    teacher = models.ForeignKey("people.Member", models.CASCADE, null=True, related_name="notices")
    school = models.ForeignKey("schools.School", models.CASCADE, null=True, related_name="notices")
    year_group = models.PositiveSmallIntegerField(null=True)
    office = models.ForeignKey("people.Office", models.CASCADE, null=True, related_name="notices")
    words = models.CharField(max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["from_week", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_week__gte=F("from_week")), name="notice_ends_after_start"),
            models.CheckConstraint(
                condition=Q(school__isnull=False) | Q(pupil=None, lesson=None, year_group=None),
                name="notice_of_a_school_where_it_is_near",
            ),
            models.CheckConstraint(
                condition=_at_most_one("pupil", "lesson", "year_group") & _at_most_one("teacher", "school", "office"),
                name="notice_of_one_scope",
            ),
        ]
        indexes = [models.Index(fields=["service", "from_week", "until_week"])]

    def __str__(self) -> str:
        return self.words or str(self.reason)

    @property
    def scope(self) -> str:
        """The name of the scope that is set, or "all"."""
        return next((name for name in SCOPES if getattr(self, f"{name}_id")), "all")

    @property
    def about(self) -> str:
        """Whom it is for, in words: "Year 6 at Larkrise Primary School"."""
        if self.year_group is not None:
            return f"{spell_year_group(self.year_group)} at {self.school}"
        if self.lesson:
            return f"{self.lesson}, {self.lesson.allocation}"
        if self.pupil:
            return f"{self.pupil}, {self.school}"
        if self.office:
            return f"Every school of the {self.office}"
        return str(self.teacher or self.school or "Every school")

    @property
    def is_leave(self) -> bool:
        return self.teacher_id is not None

    @property
    def nearness(self) -> int:
        """0 for a pupil's, the larger the farther away: of several reasons the nearest counts (R3)."""
        near = {"pupil": 0, "lesson": 1, "school": 4, "office": 5, "all": 6, "teacher": 3}[self.scope]
        return 2 if self.year_group is not None else near

    @transaction.atomic
    def take_back(self, by: Any) -> None:
        """It will not be after all. What registers took from it stays as it was recorded."""
        history.record("took back the notice", self._told_of(), by, before=self.spell())
        self.delete()

    def spell(self) -> dict[str, Any]:
        """What the history keeps of it; a pupil is told by number (S6)."""
        weeks = {"from_week": str(self.from_week), "until_week": str(self.until_week)}
        return {"notice": self.reason.name, **weeks}

    def _told_of(self) -> Any:
        """The row in whose history it stands."""
        return next((getattr(self, name) for name in SCOPES if getattr(self, f"{name}_id")), self.service)


def plan_notice(
    service: Any, *, reason: Reason, from_week: Week, until_week: Week, words: str = "", **scope: Any
) -> Notice:
    """A notice as it would be, not saved: to look at what it touches before it is given.

    `scope` is one of `SCOPES`, or school with year_group, or nothing for everybody. ValidationError where the weeks
    are the wrong way round, or the reason is not offered in them.
    """
    if until_week < from_week:
        raise ValidationError({"until_week": "The last week must not be before the first week."})
    if near := scope.get("pupil") or scope.get("lesson"):
        scope["school"] = near.school if "pupil" in scope else near.allocation.school
    offered = Reason.objects.filter(pk=reason.pk).in_use(from_week) & Reason.objects.in_use(until_week)
    if not offered.exists():
        raise ValidationError({"reason": "This reason is not offered in all of these weeks. Choose another."})
    weeks = {"from_week": from_week, "until_week": until_week}
    return Notice(service=service, reason=reason, words=words, **weeks, **scope)


@transaction.atomic
def give_notice(service: Any, by: Any, *, reason: Reason, **fields: Any) -> Notice:
    """Say beforehand what will be (R6). The same notice given twice is one. Fields and errors as of `plan_notice`."""
    Reason.objects.select_for_update().get(pk=reason.pk)  # the same given twice at once must not be two
    notice = plan_notice(service, reason=reason, **fields)
    names = ("from_week", "until_week", "year_group", *(f"{name}_id" for name in SCOPES))
    same = {name: getattr(notice, name) for name in names}
    known = Notice.objects.filter(service=service, reason=reason, **same).first()
    if known:
        return known
    notice.save(force_insert=True)
    history.record("gave notice", notice._told_of(), by, after=notice.spell())
    return notice


def spell_year_group(number: int) -> str:
    """0 for Reception."""
    return f"Year {number}" if number else "Reception"
