"""Fills a database as it was before this version, brings it up to date, and prints what became of the old rows.

A program of its own, so that no other test's tables are touched: `python -m tests.house.old_world`.
"""

import datetime as dt
import sys

import django
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

FIRST = [(room, "0002_row_security") for room in ("core", "people", "schools", "teaching", "partners")]
MONDAY = dt.date(2026, 9, 7)


def migrate(targets=None):
    executor = MigrationExecutor(connection)
    targets = targets or executor.loader.graph.leaf_nodes()
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def enter(service_pk):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select set_config('app.service', %s, true)", [str(service_pk)])


def fill(apps, slug):
    """One recorded lesson of one pupil in one service."""

    def new(room, noun, /, **fields):
        return apps.get_model(room, noun).objects.create(**fields)

    service = new("people", "MusicService", name=slug.title(), slug=slug)
    enter(service.pk)
    own = {"service": service}
    member = new("people", "Member", person=new("people", "Person", email=f"a@{slug}.example"), name="Ann Ley", **own)
    school = new("schools", "School", name="Quarry Lane School", **own)
    year = new("schools", "AcademicYear", name="2026/27", first_day=MONDAY, last_day=dt.date(2027, 7, 21), **own)
    week = {"from_week": MONDAY}
    fields = {"teacher": member, "school": school, "year": year, "until_week": dt.date(2027, 7, 19)}
    allocation = new("teaching", "Allocation", **fields, **week, **own)
    lesson = new("teaching", "Lesson", allocation=allocation, instrument="Violin", **week, **own)
    new("teaching", "LessonShape", lesson=lesson, kind="individual", minutes=20, **week, **own)
    pupil = new("teaching", "Pupil", school=school, name="Ada Quill", date_of_birth=dt.date(2016, 3, 14), **own)
    place = new("teaching", "Place", lesson=lesson, pupil=pupil, **week, **own)
    follows = {"counts": True, "paid": True, "charged": True, "owed": False, "is_here": True}
    reason = new("teaching", "Reason", code="present", name="Here", short="Here", cause="nobody", **follows, **own)
    register = new("teaching", "Register", allocation=allocation, week=MONDAY, confirmed_by=member, **own)
    about = {"kind": "individual", "minutes": 20, "given": True, "given_by": member}
    line = new("teaching", "Line", register=register, lesson=lesson, **about, **own)
    new("teaching", "Mark", line=line, place=place, reason=reason, **own)
    for name in ("Una", "Linus"):
        fields = {"name": name, "email": f"{name}@{slug}.example"}
        application = new("partners", "Application", stage="completed", sent_at=timezone.now(), **fields, **own)
        new("partners", "Partner", application=application, since=MONDAY, **fields, **own)
    new("partners", "Scheme", hub_name="The hub", lead_name="The college", **own)
    running = new("partners", "Application", stage="recommended", sent_at=timezone.now(), name="Ida", **own)
    typed = {"fingerprint": f"{service.pk}-typed", "ends_at": timezone.now(), "answer": "So far"}
    new("partners", "Referee", application=running, name="Dora", **typed, **own)
    seen = {"on": MONDAY, "at": dt.time(9), "place": "Here", "took_place_at": timezone.now(), "mentor": member}
    report = {"report": {"planning": "By the week"}, "recommendation": "unsuccessful", "sent_at": timezone.now()}
    for _ in ("decided on", "waits"):
        new("partners", "Observation", application=running, **seen, **report, **own)
    return service.pk


def look(apps, service_pk):
    """The weeks that the old lines are for, how many marks there are, how many codes of partners; links and texts of
    referees, and which reports were decided on under which headings."""
    enter(service_pk)
    lines = apps.get_model("teaching", "Line").objects.values_list("for_week", flat=True)
    codes = set(apps.get_model("partners", "Partner").objects.exclude(code="").values_list("code", flat=True))
    links = apps.get_model("partners", "RefereeLink").objects.filter(service=service_pk)
    typed = apps.get_model("partners", "Referee").objects.filter(service=service_pk, answer="", typed="So far")
    reports = apps.get_model("partners", "Observation").objects.filter(service=service_pk).order_by("pk")
    decided = ["yes" if one.decided_at else "no" for one in reports]
    headings = {words for one in reports for _, words in one.report["asked"]}
    scheme = [len(links), len(typed), *decided, *headings]
    return [str(week) for week in lines], apps.get_model("teaching", "Mark").objects.count(), len(codes), *scheme


def main():
    django.setup()
    old = migrate(FIRST)
    services = []
    for slug in ("northshire", "southshire"):
        with transaction.atomic():
            services.append(fill(old, slug))
    new = migrate()
    for pk in services:
        with transaction.atomic():
            print(*look(new, pk))


if __name__ == "__main__":
    sys.exit(main())
