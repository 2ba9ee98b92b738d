"""A start or stop dated back: open weeks are to be marked again, for locked ones a correction is proposed (P9, P7)."""

import pytest

from tests.teaching.small_school import FIFTH, NINETEENTH, NOVEMBER, OCTOBER, TWELFTH, SmallSchool, week
from tutti.core.calendar import today
from tutti.core.history import Event
from tutti.schools.models import Closure
from tutti.teaching.models import Correction, Line, Mark, Place, Register, SpareWeek, Summary
from tutti.teaching.models.correction import propose
from tutti.teaching.models.expected import missing_registers
from tutti.teaching.models.lock import lock_month
from tutti.teaching.models.month import figures_of
from tutti.teaching.models.summary import draft_of, make_summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    """A group of two and a pupil alone, all of October recorded."""
    small = SmallSchool(hannah, rosa)
    small.violin = small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.cello = small.lesson("Isla Fenwick", instrument="Cello")
    for one in (FIFTH, TWELFTH, NINETEENTH):
        small.record(one)
    return small


def register(small, in_week):
    return Register.objects.get(allocation=small.allocation, week=in_week)


def words(small, name, month=OCTOBER):
    pupils = figures_of(small.school, month, today())["pupils"]
    return [cell["word"] for row in pupils if row["name"] == name for cell in row["cells"]]


def waiting(small):
    return list(Correction.objects.filter(register__allocation=small.allocation).waiting().order_by("register__week"))


def missing(small):
    weeks = list(small.year.weeks.filter(month=OCTOBER))
    return [
        one.week
        for one in missing_registers(small.school.service, weeks, small.year.allocations.filter(pk=small.allocation.pk))
    ]


def test_p9_a_start_dated_back_opens_recorded_weeks_and_they_are_missing_until_confirmed(small):
    small.place(small.violin, "Jude Wexford", TWELFTH)
    assert register(small, FIFTH).is_confirmed
    assert missing(small) == [TWELFTH, NINETEENTH]
    assert words(small, "Jude Wexford") == ["", "Not yet recorded", "Not yet recorded"]
    assert [p.name for p in small.sheet(TWELFTH).pupils if p.reason is None] == ["Jude Wexford"]
    small.record(TWELFTH)
    small.record(NINETEENTH, absent={"Jude Wexford": "ill"})
    assert words(small, "Jude Wexford") == ["", "✓", "Ill"] and missing(small) == []
    verbs = Event.objects.about(register(small, TWELFTH)).values_list("verb", flat=True)
    assert "opened again: a pupil starts earlier" in verbs


def test_p9_what_was_recorded_where_nothing_was_due_stays_confirmed(small):
    """A closed week (W4) and a spare one (W2), in which a lesson is struck out: nobody else is to be marked there."""
    Register.objects.filter(allocation=small.allocation).update(confirmed_by=None)
    small.allocation.set_spare_weeks(small.by, [TWELFTH])
    for one in (TWELFTH, NINETEENTH):
        small.record(one, struck={small.violin: "event"})
    small.school.close_for_week(small.by, NINETEENTH, "Snow")
    jude = small.place(small.violin, "Jude Wexford", TWELFTH)
    assert register(small, TWELFTH).is_confirmed and register(small, NINETEENTH).is_confirmed
    assert not jude.has_marks


@pytest.mark.parametrize("locks", [False, True])
def test_p9_a_start_dated_back_asks_nothing_of_weeks_in_which_none_was_due(small, locks):
    """A spare week and one in which the school was closed (W2, W4): nobody is expected there."""
    SpareWeek.objects.create(service=small.school.service, allocation=small.allocation, week=TWELFTH)
    Closure.objects.create(service=small.school.service, school=small.school, week=NINETEENTH, why="Flood")
    if locks:
        lock_month(small.school.service, small.by, OCTOBER)
    small.place(small.cello, "Jude Wexford", TWELFTH)
    assert register(small, TWELFTH).is_confirmed and register(small, NINETEENTH).is_confirmed and waiting(small) == []


def test_p9_what_the_others_had_stays_marked(small):
    Mark.objects.filter(place__pupil__name="Zara Hughes", line__register__week=TWELFTH).update(
        reason=small.reason("absent")
    )
    small.place(small.violin, "Jude Wexford", TWELFTH)
    small.record(TWELFTH)
    assert words(small, "Zara Hughes")[1] == "Absent"


def test_p9_who_starts_in_a_lesson_that_was_struck_out_gets_its_reason(small):
    register(small, TWELFTH).open_again(small.by, "opened again")
    small.record(TWELFTH, struck={small.violin: "teacher-ill"})
    small.place(small.violin, "Jude Wexford", TWELFTH)
    small.record(TWELFTH)
    assert words(small, "Jude Wexford")[1] == "Teacher ill, owed"


def test_p9_a_week_in_which_the_rota_does_not_call_the_lesson_is_not_opened(small):
    small.violin.set_rota(small.by, [TWELFTH])
    small.place(small.violin, "Jude Wexford", FIFTH)
    assert missing(small) == [TWELFTH]


def test_p9_a_start_in_a_locked_month_becomes_a_proposal_and_stands_nowhere_as_missing(small, northshire, rosa):
    lock_month(northshire, rosa, OCTOBER)
    small.place(small.violin, "Jude Wexford", TWELFTH)
    assert missing(small) == []
    first, second = waiting(small)
    assert (first.register.week, first.proposed_by) == (TWELFTH, None) and "Jude Wexford" in first.why
    assert words(small, "Jude Wexford") == []
    first.accept(rosa)
    second.accept(rosa)
    assert words(small, "Jude Wexford") == ["", "✓", "✓"]


def test_p9_where_the_locked_lesson_was_not_given_its_reason_is_proposed(small, northshire, rosa):
    register(small, TWELFTH).open_again(small.by, "opened again")
    small.record(TWELFTH, struck={small.violin: "event"})
    lock_month(northshire, rosa, OCTOBER)
    small.place(small.violin, "Jude Wexford", TWELFTH)
    waiting(small)[0].accept(rosa)
    assert words(small, "Jude Wexford")[1] == "Event, owed"


def test_p9_a_declined_start_is_not_yet_recorded_for_ever_nowhere(small, northshire, rosa):
    lock_month(northshire, rosa, OCTOBER)
    small.place(small.violin, "Jude Wexford", NINETEENTH)
    waiting(small)[0].decline(rosa, "They came in November only.")
    assert "Not yet recorded" not in words(small, "Jude Wexford")


def test_p9_a_stop_dated_back_takes_the_marks_off_and_opens_the_weeks(small):
    noah = Place.objects.get(pupil__name="Noah Castle", lesson=small.violin)
    noah.stop(small.by, TWELFTH)
    assert noah.until_week == FIFTH and missing(small) == [TWELFTH, NINETEENTH]
    assert Mark.objects.filter(place=noah).count() == 1
    event = Event.objects.about(noah).get(verb="took the marks after the last week off")
    assert event.before == {"2026-10-12": "present", "2026-10-19": "present"}
    small.record(TWELFTH)
    small.record(NINETEENTH)
    assert words(small, "Noah Castle") == ["✓", "", ""] and words(small, "Zara Hughes") == ["✓", "✓", "✓"]


def test_p9_an_individual_lesson_ends_with_its_pupil_and_its_lines_go(small):
    Place.objects.get(lesson=small.cello).stop(small.by, TWELFTH)
    assert list(Line.objects.filter(lesson=small.cello).values_list("for_week", flat=True)) == [FIFTH]
    small.record(TWELFTH)
    small.record(NINETEENTH)
    assert figures_of(small.school, OCTOBER, today())["totals"]["given"] == 4


def test_p9_a_stop_in_a_locked_month_is_proposed_with_left_and_takes_its_minutes_once_accepted(small, northshire, rosa):
    make_summary(small.school, OCTOBER)
    lock_month(northshire, rosa, OCTOBER)
    Place.objects.get(lesson=small.cello).stop(small.by, NINETEENTH)
    assert register(small, NINETEENTH).is_confirmed and words(small, "Isla Fenwick") == ["✓", "✓", "✓"]
    (proposed,) = waiting(small)
    sheet = small.sheet(NINETEENTH)
    assert [(c.of, c.before, c.after) for c in proposed.told(sheet)] == [
        ("Isla Fenwick, Cello", "Here", "Not started, or left for good")
    ]
    assert proposed.accept(rosa)
    assert words(small, "Isla Fenwick") == ["✓", "✓", "Left"]
    (row,) = [p for p in figures_of(small.school, OCTOBER, today())["pupils"] if p["name"] == "Isla Fenwick"]
    assert (row["due"], row["had"], row["owed"]) == (2, 2, 0)
    told = [
        (r["name"], r["told"], r["now"])
        for m in draft_of(small.school, NOVEMBER).told()["corrections"]
        for r in m["rows"]
    ]
    assert told == [("Cello", "Given, 20 minutes", "No lesson"), ("Isla Fenwick", "Here", "Left")]


def test_p9_one_who_stays_after_all_is_to_be_marked_again(small):
    noah = Place.objects.get(pupil__name="Noah Castle", lesson=small.violin)
    noah.stop(small.by, TWELFTH)
    small.record(TWELFTH)
    small.record(NINETEENTH)
    noah.carry_on(small.by)
    assert missing(small) == [TWELFTH, NINETEENTH]


def test_p9_a_move_dated_back_is_a_stop_and_a_start(small):
    isla = Place.objects.get(lesson=small.cello)
    isla.move(small.by, small.violin, NINETEENTH)
    assert missing(small) == [NINETEENTH]
    small.record(NINETEENTH)
    assert figures_of(small.school, OCTOBER, today())["totals"]["given"] == 5


def test_p9_the_page_says_which_weeks_before_it_saves(small, as_member, url, hannah, northshire, rosa):
    small.record(week(11, 2))
    lock_month(northshire, rosa, OCTOBER)
    client, noah = as_member(hannah), Place.objects.get(pupil__name="Noah Castle", lesson=small.violin)
    typed = {"lesson": "stop", "from_week": str(NINETEENTH), "once": "6a2f1c9e-0c4b-4df5-9a4e-0e3f0f4f4f41"}
    page = client.post(url(hannah, "place_change", noah.pk), typed)
    text = " ".join(page.content.decode().split())
    assert page.status_code == 422 and "<b>2 November</b>: opened again" in text
    assert "<b>19 October</b>: locked. The office is asked to correct it." in text
    noah.refresh_from_db()
    assert noah.until_week is None and not waiting(small)
    assert client.post(url(hannah, "place_change", noah.pk), {**typed, "back": "yes"}).status_code == 302
    noah.refresh_from_db()
    assert noah.until_week == TWELFTH and len(waiting(small)) == 1
    assert not register(small, week(11, 2)).is_confirmed


def test_p9_a_pupil_added_from_an_earlier_week_says_so_first(small, as_member, url, hannah):
    client = as_member(hannah)
    typed = {
        "name": "Jude Wexford",
        "date_of_birth": "14 3 2016",
        "instrument": "Cello",
        "lesson": "individual-20",
        "from_week": str(NINETEENTH),
        "once": "6a2f1c9e-0c4b-4df5-9a4e-0e3f0f4f4f42",
    }
    page = client.post(url(hannah, "pupil_add", small.allocation.pk), typed)
    assert page.status_code == 422 and "<b>19 October</b>: opened again" in page.content.decode()
    assert not Place.objects.filter(pupil__name="Jude Wexford", lesson__allocation=small.allocation).exists()
    answer = client.post(url(hannah, "pupil_add", small.allocation.pk), {**typed, "back": "yes"})
    assert answer.status_code == 302 and missing(small) == [NINETEENTH]
    again = client.post(url(hannah, "pupil_add", small.allocation.pk), typed)
    assert again.status_code == 302
    assert Place.objects.filter(pupil__name="Jude Wexford", lesson__allocation=small.allocation).count() == 1


def test_p7_kind_minutes_and_members_hold_from_a_week_on_and_alter_no_confirmed_register(small):
    before = figures_of(small.school, OCTOBER, today())
    small.violin.reshape(small.by, week(11, 2), kind="individual", minutes=40)
    small.place(small.violin, "Jude Wexford", week(11, 2))
    after = figures_of(small.school, OCTOBER, today())
    assert after["totals"] == before["totals"] and register(small, NINETEENTH).is_confirmed
    assert set(Line.objects.filter(lesson=small.violin).values_list("kind", "minutes")) == {("small_group", 30)}
    small.record(week(11, 2))
    line = small.line(small.violin, week(11, 2))
    assert (line.kind, line.minutes, line.marks.count()) == ("individual", 40, 3)


def test_p7_even_minutes_dated_back_leave_what_is_confirmed(small):
    small.violin.reshape(small.by, FIFTH, kind="small_group", minutes=60)
    assert figures_of(small.school, OCTOBER, today())["totals"]["minutes"] == 3 * (30 + 20)


def test_p7_a_group_that_shrinks_to_one_asks_the_office_and_changes_nothing(small, as_member, url, rosa):
    Place.objects.get(pupil__name="Noah Castle", lesson=small.violin).end(small.by, week(11, 9))
    shape = small.violin.shapes.get()
    small.violin.refresh_from_db()
    assert (shape.kind, shape.until_week, small.violin.until_week) == ("small_group", None, None)
    assert "One pupil is left in a violin group" in as_member(rosa).get(url(rosa, "home")).content.decode()


def test_p9_what_was_sent_stays_as_it_was(small, northshire, rosa):
    sent = make_summary(small.school, OCTOBER)
    small.place(small.violin, "Jude Wexford", TWELFTH)
    assert Summary.objects.get(pk=sent.pk).figures == sent.figures


def test_p9_one_who_is_not_marked_in_a_locked_week_takes_no_minutes_from_the_lesson(small, northshire, rosa):
    """Jude's start was declined, so Jude has no mark; later somebody else's mark in that lesson is corrected."""
    lock_month(northshire, rosa, OCTOBER)
    small.place(small.violin, "Jude Wexford", NINETEENTH)
    waiting(small)[0].decline(rosa, "They came in November only.")
    noah = Place.objects.get(pupil__name="Noah Castle", lesson=small.violin)
    asked = propose(register(small, NINETEENTH), small.teacher, "Noah was ill.", marks={noah.pk: small.reason("ill")})
    follows = asked.follows(small.sheet(NINETEENTH))
    assert (follows.minutes_before, follows.minutes_after) == (50, 50)
    assert asked.accept(rosa) and small.line(small.violin, NINETEENTH).given
    assert figures_of(small.school, OCTOBER, today())["totals"]["minutes"] == 3 * (30 + 20)
