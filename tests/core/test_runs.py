"""Runs: progress, stop, go on, one at a time, and nothing twice (B6)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tutti.core import runs
from tutti.core.runs import KINDS, Run, State, revive, start, work_through
from tutti.schools.models import School


@pytest.fixture
def kind():
    """Declares a kind of run for this test: kind(steps) says what it does."""

    def declare(steps):
        runs.kind("trial")(steps)
        return "trial"

    yield declare
    KINDS.pop("trial", None)


def again(run):
    return Run.objects.get(pk=run.pk)


def add_school(service, name):
    School.objects.create(service_id=service.pk, name=name)


def names(service):
    return set(School.objects.filter(service=service, name__startswith="Step").values_list("name", flat=True))


def test_a_run_does_its_steps_and_counts_them(northshire, rosa, kind, run_jobs):
    kind(
        lambda run: [lambda n=n: add_school(run.service, f"Step {n}") or (f"{n} done" if n else None) for n in range(3)]
    )
    run = start(northshire, "trial", "Three steps", by=rosa)
    run_jobs()
    run = again(run)
    assert (run.state, run.done, run.total, run.report) == (State.DONE, 3, 3, ["1 done", "2 done"])
    assert names(northshire) == {"Step 0", "Step 1", "Step 2"} and run.by_id == rosa.person_id and run.ended_at


def test_a_run_of_a_transaction_that_failed_never_begins(real_database, northshire, kind, run_jobs):
    kind(lambda run: [lambda: add_school(run.service, "Step")])
    with pytest.raises(RuntimeError), northshire.entered():
        start(northshire, "trial", "None")
        raise RuntimeError
    run_jobs()
    with northshire.entered():
        assert not Run.objects.filter(kind="trial").exists() and not names(northshire)


def test_stopped_it_ends_after_its_step_and_goes_on_when_told(northshire, kind, run_jobs):
    made = []

    def steps(run):
        def step(number):
            if f"Step {number}" in names(run.service):
                return
            made.append(number)
            add_school(run.service, f"Step {number}")
            if number == 1:
                again(run).stop()

        return [lambda n=n: step(n) for n in range(4)]

    kind(steps)
    run = start(northshire, "trial", "Four steps")
    run_jobs()
    assert again(run).state == State.STOPPED and again(run).done == 2 and made == [0, 1]
    again(run).go_on()
    run_jobs()
    assert again(run).state == State.DONE and again(run).done == 4 and made == [0, 1, 2, 3]


def test_stopped_before_it_began_it_does_nothing(northshire, kind, run_jobs):
    kind(lambda run: [lambda: add_school(run.service, "Step")])
    run = start(northshire, "trial", "One step")
    run.stop()
    run_jobs()
    assert again(run).state == State.STOPPED and not names(northshire)


def test_a_step_that_fails_is_undone_said_and_can_be_tried_again(northshire, kind, run_jobs):
    broken = [True]

    def steps(run):
        def second():
            add_school(run.service, "Step 2")
            if broken:
                raise ValueError("the paper is out")

        return [lambda: add_school(run.service, "Step 1") if not names(run.service) else None, second]

    kind(steps)
    run = start(northshire, "trial", "Two steps")
    run_jobs(may_fail=True)
    assert again(run).state == State.FAILED and again(run).report == ["Step 2 failed: the paper is out"]
    assert names(northshire) == {"Step 1"}
    broken.clear()
    again(run).go_on()
    run_jobs()
    assert again(run).state == State.DONE and names(northshire) == {"Step 1", "Step 2"}


def test_a_run_whose_steps_cannot_be_found_says_so_and_does_not_hang(northshire, kind, run_jobs):
    def steps(run):
        raise ValueError("no list")

    kind(steps)
    run = start(northshire, "trial", "No steps")
    run_jobs(may_fail=True)
    assert again(run).state == State.FAILED and "no list" in again(run).report[0]


def test_a_slot_has_one_unfinished_run_and_after_it_another(northshire, kind, run_jobs):
    kind(lambda run: [])
    first = start(northshire, "trial", "First", slot="2026-10")
    assert start(northshire, "trial", "Second", slot="2026-10").pk == first.pk
    run_jobs()
    assert start(northshire, "trial", "Third", slot="2026-10").pk != first.pk


def test_a_stopped_run_does_not_go_on_while_a_newer_one_has_its_slot(northshire, kind, run_jobs):
    kind(lambda run: [])
    first = start(northshire, "trial", "First", slot="2026-10")
    first.stop()
    second = start(northshire, "trial", "Second", slot="2026-10")
    assert not again(first).go_on() and again(first).state == State.STOPPED
    run_jobs()
    assert again(second).state == State.DONE and again(first).go_on()
    run_jobs()
    assert again(first).state == State.DONE


def test_two_who_press_the_button_at_once_get_one_run(real_database, northshire, kind):
    kind(lambda run: [])
    found = []
    barrier = threading.Barrier(3, timeout=20)

    def press():
        try:
            barrier.wait()
            with northshire.entered():
                found.append(start(northshire, "trial", "Once", slot="2026-10").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert len(found) == 3 and len(set(found)) == 1


def test_two_workers_do_each_step_once(real_database, northshire, kind):
    kind(lambda run: [lambda n=n: add_school(run.service, f"Step {n}") for n in range(5)])
    with northshire.entered():
        run = start(northshire, "trial", "Five steps")
    gate = threading.Barrier(3, timeout=20)

    def work():
        try:
            gate.wait()
            work_through.call(run_id=run.pk, service_id=northshire.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    with northshire.entered():
        assert School.objects.filter(name__startswith="Step").count() == 5 and again(run).state == State.DONE


def test_a_run_left_by_a_killed_worker_is_taken_up_again(northshire, kind, run_jobs):
    kind(lambda run: [lambda: None if names(run.service) else add_school(run.service, "Step")])
    run = start(northshire, "trial", "One step")
    run_jobs()
    Run.objects.filter(pk=run.pk).update(state=State.RUNNING, ended_at=None)
    assert revive(northshire) == 0
    Run.objects.filter(pk=run.pk).update(alive_at=timezone.now() - timedelta(minutes=11))
    assert revive(northshire) == 1 and revive(northshire) == 0
    run_jobs()
    assert again(run).state == State.DONE and School.objects.filter(name="Step").count() == 1


def test_a_run_that_ended_is_left_in_peace(northshire, kind, run_jobs):
    kind(lambda run: [])
    run = start(northshire, "trial", "None")
    run_jobs()
    Run.objects.filter(pk=run.pk).update(alive_at=timezone.now() - timedelta(days=1))
    assert revive(northshire) == 0


def test_a_run_and_its_steps_see_their_own_service_only(northshire, southshire, inside, kind, run_jobs):
    seen = {}
    kind(lambda run: [lambda: seen.update({run.service.slug: run.service.schools.count()})])
    start(northshire, "trial", "North")
    run_jobs()
    assert seen == {"northshire": northshire.schools.count()}
    with inside(southshire):
        assert not Run.objects.visible_to(southshire_member(southshire)).filter(kind="trial").exists()


def southshire_member(service):
    return service.members.first()
