"""What P9 says of whole lessons, programmes and lists, and of a pupil who never came: open weeks are opened again, and
of locked ones the office is asked."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.small_school import FIFTH, NINETEENTH, NOVEMBER, OCTOBER, TWELFTH, SmallSchool, week
from tutti.core.calendar import today
from tutti.core.history import Event
from tutti.teaching.models import Correction, Lesson, Line, Mark, Place, Register
from tutti.teaching.models.lesson_end import carry_lesson_on, end_lesson
from tutti.teaching.models.list_writing import ListWriter
from tutti.teaching.models.lock import lock_month
from tutti.teaching.models.month import figures_of
from tutti.teaching.models.pasted_list import read_list
from tutti.teaching.models.programme import add_programme, change_programme
from tutti.teaching.models.second_teacher import Share, add_second_teacher, shared_minutes
from tutti.teaching.models.summary import draft_of, make_summary

pytestmark = pytest.mark.django_db
LIST = "Ada Quill, 14/3/2016, violin, Strings, 30\nBen Holt, 15/3/2016, violin, Strings, 30\nCyn Ives, 16/3/2016, flute"


@pytest.fixture
def small(hannah, rosa):
    """A group of two and a pupil alone and a class, all of October recorded."""
    small = SmallSchool(hannah, rosa)
    small.violin = small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.cello = small.lesson("Isla Fenwick", instrument="Cello")
    small.maple = small.programme()
    for one in (FIFTH, TWELFTH, NINETEENTH):
        small.record(one)
    return small


@pytest.fixture
def lock(small, northshire, rosa):
    return lambda: lock_month(northshire, rosa, OCTOBER)


def open_weeks(small):
    rows = Register.objects.filter(allocation=small.allocation, confirmed_by=None)
    return list(rows.values_list("week", flat=True))


def waiting(small):
    return list(Correction.objects.filter(register__allocation=small.allocation).waiting().order_by("register__week"))


def words(small, name):
    pupils = figures_of(small.school, OCTOBER, today())["pupils"]
    return [cell["word"] for row in pupils if row["name"] == name for cell in row["cells"]]


def minutes(small):
    return figures_of(small.school, OCTOBER, today())["totals"]["minutes"]


def typed(first, last, **changed):
    return {"change_from": first, "kind": "first_access", "minutes": 50, "until_week": last, **changed}


def test_p9_a_lesson_that_ended_earlier_goes_off_the_recorded_weeks_after_it(small):
    end_lesson(small.violin, small.by, FIFTH)
    assert open_weeks(small) == [TWELFTH, NINETEENTH]
    assert set(Line.objects.filter(lesson=small.violin).values_list("for_week", flat=True)) == {FIFTH}
    noah = Place.objects.get(pupil__name="Noah Castle", lesson=small.violin)
    assert noah.until_week == FIFTH and noah.marks.count() == 1
    event = Event.objects.about(noah).get(verb="took the marks after the last week off")
    assert event.before == {"2026-10-12": "present", "2026-10-19": "present"}
    for one in (TWELFTH, NINETEENTH):
        small.record(one)
    assert words(small, "Noah Castle") == ["✓", "", ""] and minutes(small) == 30 + 3 * (20 + 50)


def test_p9_undone_its_pupils_are_to_be_marked_again(small):
    end_lesson(small.violin, small.by, FIFTH)
    small.record(TWELFTH)
    assert carry_lesson_on(small.violin, small.by)
    assert open_weeks(small) == [TWELFTH, NINETEENTH]
    assert {pupil.name for pupil in small.sheet(TWELFTH).pupils if pupil.reason is None} == {
        "Noah Castle",
        "Zara Hughes",
    }


def test_p9_of_a_locked_month_its_end_is_proposed_and_takes_its_minutes_once_accepted(small, lock, rosa):
    make_summary(small.school, OCTOBER)
    lock()
    end_lesson(small.violin, small.by, TWELFTH)
    assert open_weeks(small) == [] and minutes(small) == 3 * (30 + 20 + 50)
    (proposed,) = waiting(small)
    assert proposed.why == "Violin ended after the week of 12 October: dated back."
    sheet = small.sheet(NINETEENTH)
    assert {(c.of, c.before, c.after) for c in proposed.told(sheet)} == {
        ("Noah Castle, Violin", "Here", "Not started, or left for good"),
        ("Zara Hughes, Violin", "Here", "Not started, or left for good"),
    }
    follows = proposed.follows(small.sheet(NINETEENTH))
    assert (follows.minutes_before, follows.minutes_after) == (100, 70)
    assert proposed.accept(rosa)
    assert words(small, "Zara Hughes") == ["✓", "✓", "Left"] and minutes(small) == 3 * (20 + 50) + 2 * 30
    told = [row for m in draft_of(small.school, NOVEMBER).told()["corrections"] for row in m["rows"]]
    assert ("Violin", "Given, 30 minutes", "No lesson") in [(r["name"], r["told"], r["now"]) for r in told]


def test_p9_who_would_have_begun_after_the_end_is_taken_out(small):
    jude = small.place(small.violin, "Jude Wexford", NINETEENTH)
    small.record(NINETEENTH)
    end_lesson(small.violin, small.by, TWELFTH)
    assert not Place.objects.filter(pk=jude.pk).exists() and not Mark.objects.filter(place=jude.pk).exists()


def test_p9_a_programme_that_ended_earlier_takes_its_lines_along(small, rosa):
    change_programme(small.maple, rosa, **typed(FIFTH, FIFTH))
    assert open_weeks(small) == [TWELFTH, NINETEENTH]
    assert [line.for_week for line in small.maple.lines.all()] == [FIFTH]
    event = Event.objects.about(small.maple).get(verb="took what was recorded after the last week off")
    assert event.before["2026-10-19"] == {"given": True, "head_count": 28}
    small.record(TWELFTH)
    small.record(NINETEENTH)
    assert minutes(small) == 50 + 3 * (30 + 20)


def test_p9_a_programme_in_a_locked_month_is_proposed_as_not_given_and_nobody_is_paid_for_it(small, lock, rosa, marcus):
    Register.objects.get(allocation=small.allocation, week=NINETEENTH).open_again(rosa, "opened again")
    add_second_teacher(small.maple, rosa, teacher=marcus, minutes=50, from_week=NINETEENTH)
    small.record(NINETEENTH)
    lock()
    change_programme(small.maple, rosa, **typed(FIFTH, TWELFTH))
    (proposed,) = waiting(small)
    (change,) = proposed.told(small.sheet(NINETEENTH))
    assert (change.of, change.before) == ("Year 4 Maple", "Given") and "left for good" in change.after
    follows = proposed.follows(small.sheet(NINETEENTH))
    assert (follows.minutes_before, follows.minutes_after) == (100, 50)
    assert shared_minutes(marcus, [NINETEENTH]) == 50 and proposed.accept(rosa)
    line = small.line(small.maple, NINETEENTH)
    assert (line.given, line.reason.code, line.head_count) == (False, "not-started", None)
    assert shared_minutes(marcus, [NINETEENTH]) == 0 and not Share.objects.filter(line=line).exists()
    assert proposed.before["given"] == {str(small.maple.pk): None}


def test_p9_a_programme_that_goes_on_longer_is_to_be_recorded_where_it_was_over(small, rosa):
    change_programme(small.maple, rosa, **typed(FIFTH, FIFTH))
    for one in (TWELFTH, NINETEENTH):
        small.record(one)
    change_programme(small.maple, rosa, **typed(FIFTH, TWELFTH))
    assert open_weeks(small) == [TWELFTH]
    assert [lesson.label for lesson in small.sheet(TWELFTH).unmarked] == ["Year 4 Maple"]


@pytest.mark.parametrize("locks", [False, True])
def test_p9_a_programme_set_up_late_is_to_be_recorded_or_proposed(small, lock, rosa, locks):
    if locks:
        lock()
    fields = {"kind": "project", "minutes": 45, "instrument": "Voice", "title": "Choir", "class_size": 40}
    fields |= {"from_week": TWELFTH, "until_week": NINETEENTH, "once": uuid.uuid4()}
    choir = add_programme(small.teacher, small.school, small.year, rosa, **fields)
    assert open_weeks(small) == ([] if locks else [TWELFTH, NINETEENTH])
    for one in (TWELFTH, NINETEENTH) if not locks else ():
        small.record(one)
    for one in waiting(small):
        one.accept(rosa)
    assert list(choir.lines.values_list("given", "head_count")) == [(True, 40), (True, 40)]
    assert add_programme(small.teacher, small.school, small.year, rosa, **fields) == choir
    assert open_weeks(small) == []  # the form sent twice opens nothing again


def test_p9_a_pupil_who_never_came_is_taken_out_with_the_marks(small):
    isla = Place.objects.get(lesson=small.cello)
    isla.stop(small.by, FIFTH)
    assert not Place.objects.filter(pk=isla.pk).exists() and not Lesson.objects.filter(pk=small.cello.pk).exists()
    assert open_weeks(small) == [FIFTH, TWELFTH, NINETEENTH]
    for one in (FIFTH, TWELFTH, NINETEENTH):
        small.record(one)
    assert words(small, "Isla Fenwick") == [] and minutes(small) == 3 * (30 + 50)


def test_p9_one_of_a_group_who_never_came_leaves_the_others_as_they_are(small):
    Place.objects.get(pupil__name="Noah Castle", lesson=small.violin).stop(small.by, FIFTH)
    small.violin.refresh_from_db()
    assert small.violin.until_week is None and small.violin.places.get().marks.count() == 3


def test_p9_of_one_who_never_came_in_a_locked_month_one_week_stays_until_it_is_decided(small, lock, rosa):
    small.record(week(11, 2))
    lock()
    isla = Place.objects.get(lesson=small.cello)
    isla.stop(small.by, FIFTH)
    isla.refresh_from_db()
    assert (isla.from_week, isla.until_week) == (FIFTH, FIFTH) and open_weeks(small) == [week(11, 2)]
    assert [one.register.week for one in waiting(small)] == [FIFTH, TWELFTH, NINETEENTH]
    for one in waiting(small):
        assert one.accept(rosa)
    (row,) = [p for p in figures_of(small.school, OCTOBER, today())["pupils"] if p["name"] == "Isla Fenwick"]
    assert (row["due"], row["had"], row["owed"]) == (0, 0, 0)
    assert minutes(small) == 3 * (30 + 50)


def test_p9_the_page_lets_a_pupil_stop_in_their_first_week(small, as_member, url, hannah):
    isla = Place.objects.get(lesson=small.cello)
    client, asked = as_member(hannah), {"lesson": "stop", "from_week": str(FIFTH), "once": str(uuid.uuid4())}
    page = client.post(url(hannah, "place_change", isla.pk), asked)
    assert page.status_code == 422 and "<b>5, 12 and 19 October</b>: opened again" in page.content.decode()
    assert client.post(url(hannah, "place_change", isla.pk), {**asked, "back": "yes"}).status_code == 302
    assert not Place.objects.filter(pk=isla.pk).exists()


def test_p9_one_who_was_in_another_lesson_all_along_is_moved_with_every_week(small):
    isla = Place.objects.get(lesson=small.cello)
    moved = isla.move(small.by, small.violin, FIFTH)
    assert moved.from_week == FIFTH and not Place.objects.filter(pk=isla.pk).exists()
    for one in (FIFTH, TWELFTH, NINETEENTH):
        small.record(one)
    assert words(small, "Isla Fenwick") == ["✓", "✓", "✓"] and minutes(small) == 3 * (30 + 50)


def rows():
    return read_list(LIST, instrument="", minutes=20, mended={})


def test_p9_a_list_that_begins_in_a_locked_month_is_proposed_a_week_at_a_time(small, lock, rosa):
    lock()
    assert ListWriter(small.allocation, rows(), TWELFTH).save(rosa, uuid.uuid4()) == 3
    first, second = waiting(small)
    assert (first.register.week, second.register.week) == (TWELFTH, NINETEENTH)
    assert first.why == "Ada Quill, Ben Holt and Cyn Ives have lessons from the week of 12 October: dated back."
    assert open_weeks(small) == [] and words(small, "Ada Quill") == []
    for one in (first, second):
        assert one.accept(rosa)
    assert words(small, "Cyn Ives") == ["", "✓", "✓"] and minutes(small) == 3 * (30 + 20 + 50) + 2 * (30 + 20)


def test_p9_the_list_says_first_which_weeks_it_opens(small, as_member, url, hannah):
    sent = {"text": LIST, "minutes": "20", "from_week": str(NINETEENTH), "once": str(uuid.uuid4()), "move": "look"}
    page = as_member(hannah).post(url(hannah, "pupils_paste", small.allocation.pk), sent).content.decode()
    assert "These weeks are recorded already" in page and "<b>19 October</b>: opened again" in page


def test_p9_a_long_list_costs_no_more_than_a_short_one(small, lock, rosa):
    lock()
    counts = []
    for letter, many in (("A", 2), ("B", 40)):
        names = [f"{letter}{chr(97 + number // 26)}{chr(97 + number % 26)} Quill" for number in range(many)]
        found = read_list("\n".join(f"{name}, 14/3/2016, violin" for name in names), instrument="", minutes=20)
        with CaptureQueriesContext(connection) as queries:
            assert ListWriter(small.allocation, found, NINETEENTH).save(rosa, uuid.uuid4()) == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
