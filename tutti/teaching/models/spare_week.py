"""A lesson week of the service that is spare for one allocation (W2)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models
from django.db.models import QuerySet, Value

from tutti.core.calendar import Week, WeekField
from tutti.people.roles import Permission
from tutti.schools.models import Closure
from tutti.teaching.models.shape import Due, RotaWeek

WeeksOf = dict[int, set[Week]]
NotDue = tuple[WeeksOf, WeeksOf, WeeksOf]


class SpareWeekQuerySet(models.QuerySet["SpareWeek"]):
    def visible_to(self, member: Any) -> SpareWeekQuerySet:
        """A teacher's own; all of the service for those who see registers."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_REGISTERS) else own.filter(allocation__teacher=member)


class SpareWeek(models.Model):
    """A week in which no lesson of the allocation is due though it is a lesson week of the service: a school that buys
    30 lessons of 33 (W2). A register may be taken there, none is expected, none is missing."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    allocation = models.ForeignKey("teaching.Allocation", models.CASCADE, related_name="spare_weeks")
    week = WeekField()

    objects = SpareWeekQuerySet.as_manager()

    class Meta:
        ordering = ["week"]
        constraints = [models.UniqueConstraint(fields=["allocation", "week"], name="spare_week_once")]

    def __str__(self) -> str:
        return f"spare week commencing {self.week}"


def read_not_due(schools: QuerySet[Any], allocations: QuerySet[Any], lessons: QuerySet[Any] | None = None) -> NotDue:
    """By school the weeks in which it is closed (W4), by allocation those that are spare there (W2), and by lesson
    those that its rota names (P6). One query."""
    closed = Closure.objects.filter(school__in=schools).annotate(of=Value("closed"))
    spare = SpareWeek.objects.filter(allocation__in=allocations).annotate(of=Value("spare"))
    rows = [closed.values_list("of", "school", "week"), spare.values_list("of", "allocation", "week")]
    if lessons is not None:
        rota = RotaWeek.objects.filter(lesson__in=lessons, lesson__due=Due.ROTA).annotate(of=Value("rota"))
        rows += [rota.values_list("of", "lesson", "week")]
    first, *rest = (found.order_by() for found in rows)
    found: dict[str, WeeksOf] = {of: defaultdict(set) for of in ("closed", "spare", "rota")}
    for of, owner, week in first.union(*rest, all=True):
        found[of][owner].add(week)
    return found["closed"], found["spare"], found["rota"]
