"""Long work in the background: progress, stop, and again without doing anything twice (B6).

A run works through a list of steps, each in a transaction of its own and each free to be repeated. A room declares a
kind of run with `@kind("name")` over a function that yields one callable a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django_tasks import task

from tutti.core import row_security

Step = Callable[[], str | None]
KINDS: dict[str, Callable[[Run], Iterable[Step]]] = {}


def kind(name: str) -> Callable[[Callable[[Run], Iterable[Step]]], Callable[[Run], Iterable[Step]]]:
    """Declare what a run of this kind does: a function from the run to its steps.

    A step returns a sentence for the run's report, or None. It must be safe to repeat.
    """

    def declare(steps: Callable[[Run], Iterable[Step]]) -> Callable[[Run], Iterable[Step]]:
        KINDS[name] = steps
        return steps

    return declare


class State(models.TextChoices):
    """A draft waits to be confirmed by whoever made it: it is not among the runs, and nobody else begins it."""

    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, member: Any) -> RunQuerySet:
        return self.filter(service_id=member.service_id).exclude(state=State.DRAFT)

    def unfinished(self) -> RunQuerySet:
        return self.filter(state__in=[State.WAITING, State.RUNNING])


class Run(models.Model):
    """One piece of long work. `done` of `total` steps; `slot` lets one name be used by one unfinished run only.

    `alive_at` is when a worker last did something for it.
    """

    State = State

    service = models.ForeignKey(settings.SERVICE_MODEL, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    slot = models.CharField(max_length=120, blank=True)
    order = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_to_stop = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    alive_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind", "slot"],
                condition=models.Q(state__in=["waiting", "running"]) & ~models.Q(slot=""),
                name="run_one_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["service", "-started_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unfinished(self) -> bool:
        return self.state in (State.WAITING, State.RUNNING)

    def stop(self) -> None:
        """Ask it to end after the step it is at."""
        Run.objects.filter(pk=self.pk).update(asked_to_stop=True)
        Run.objects.filter(pk=self.pk, state=State.WAITING).update(state=State.STOPPED, ended_at=timezone.now())

    def go_on(self) -> bool:
        """Start again from the first step; what was done is found done. False while another run has its slot."""
        again = Run.objects.filter(pk=self.pk).exclude(state__in=[State.WAITING, State.RUNNING])
        fresh = {"asked_to_stop": False, "done": 0, "report": [], "ended_at": None, "alive_at": timezone.now()}
        try:
            with transaction.atomic():
                begun = again.update(state=State.WAITING, **fresh)
        except IntegrityError:  # a newer one is under way
            return False
        if begun:
            transaction.on_commit(lambda: work_through.enqueue(run_id=self.pk, service_id=self.service_id))
        return True


def start(service: Any, kind: str, title: str, *, by: Any = None, slot: str = "", **order: Any) -> Run:
    """Begin a run when the transaction commits. With a slot, the unfinished run of that slot is returned instead."""
    if slot:
        unfinished = Run.objects.filter(service=service, kind=kind, slot=slot).unfinished().first()
        if unfinished:
            return unfinished
    person_id = by.person_id if by else None
    try:
        with transaction.atomic():
            run = Run.objects.create(service=service, kind=kind, title=title, slot=slot, order=order, by_id=person_id)
    except IntegrityError:  # somebody began it a moment ago
        return Run.objects.unfinished().get(service=service, kind=kind, slot=slot)
    transaction.on_commit(lambda: work_through.enqueue(run_id=run.pk, service_id=service.pk))
    return run


@task
def work_through(run_id: int, service_id: int) -> None:
    """Do a run's steps one by one until they end, one fails, or somebody stops it."""
    steps = _begin(run_id, service_id)
    if steps is None:
        return
    for number, step in enumerate(steps, start=1):
        if not _do(step, run_id, service_id, number):
            return
    _end(run_id, service_id, State.DONE)


def _begin(run_id: int, service_id: int) -> list[Step] | None:
    """The run's steps; None if it is not waiting: another worker has it, or it was stopped."""
    try:
        with transaction.atomic():
            row_security.enter(service_id)
            run = Run.objects.select_related("service").get(pk=run_id)
            waiting = Run.objects.filter(pk=run_id, state=State.WAITING)
            if not waiting.update(state=State.RUNNING, alive_at=timezone.now()):
                return None
            steps = list(KINDS[run.kind](run))
            Run.objects.filter(pk=run_id).update(total=len(steps))
            return steps
    except Exception as error:
        _end(run_id, service_id, State.FAILED, f"It could not begin: {error}"[:500])
        raise


def revive(service: Any, silent_for: timedelta = timedelta(minutes=10)) -> int:
    """Begin again what a worker left when it was killed. A running step holds its run's row, so a run that is alive
    is never taken for dead; what it has done is found done."""
    limit = timezone.now() - silent_for
    dead = Run.objects.filter(service=service, state__in=[State.RUNNING, State.WAITING], alive_at__lt=limit)
    revived = [pk for pk in dead.values_list("pk", flat=True) if _revive(pk, limit)]
    for pk in revived:
        transaction.on_commit(lambda pk=pk: work_through.enqueue(run_id=pk, service_id=service.pk))  # type: ignore[misc]
    return len(revived)


def _revive(run_id: int, limit: Any) -> bool:
    still_dead = Run.objects.filter(pk=run_id, state__in=[State.RUNNING, State.WAITING], alive_at__lt=limit)
    return still_dead.update(state=State.WAITING, alive_at=timezone.now(), done=0, report=[]) == 1


def _do(step: Step, run_id: int, service_id: int, number: int) -> bool:
    """One step in its own transaction. False ends the run."""
    try:
        with transaction.atomic():
            row_security.enter(service_id)
            run = Run.objects.select_for_update().get(pk=run_id)
            if run.state != State.RUNNING:
                return False  # another worker has finished or stopped it
            if run.asked_to_stop:
                return not _end(run_id, service_id, State.STOPPED)
            sentence = step()
            run.done, run.report = number, run.report + ([sentence] if sentence else [])
            run.alive_at = timezone.now()
            run.save(update_fields=["done", "report", "alive_at"])
    except Exception as error:
        _end(run_id, service_id, State.FAILED, f"Step {number} failed: {error}"[:500])
        raise
    return True


def _end(run_id: int, service_id: int, state: State, sentence: str = "") -> bool:
    with transaction.atomic():
        row_security.enter(service_id)
        run = Run.objects.select_for_update().get(pk=run_id)
        run.state, run.ended_at = state, timezone.now()
        run.report = run.report + ([sentence] if sentence else [])
        run.save(update_fields=["state", "ended_at", "report"])
    return True
