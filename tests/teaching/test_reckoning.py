"""One reckoning for the register and the summary: due, had, owed and promise of a place (C4, C5, P5, P10, R3, R8)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.teaching.small_school import FIFTH, NINETEENTH, OCTOBER, TWELFTH, SmallSchool, week
from tutti.core.calendar import today
from tutti.teaching.models import Line, Mark, Place, Register
from tutti.teaching.models.lesson import Due
from tutti.teaching.models.month import figures_of
from tutti.teaching.models.second_teacher import add_second_teacher
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.summary_words import tell

pytestmark = pytest.mark.django_db
WEEKS = [FIFTH, TWELFTH, NINETEENTH]
CODES = ["present", "ill", "trip", "event", "not-started", "late", "teacher-ill"]


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


def figures(small, month=OCTOBER):
    return figures_of(small.school, month, today())


def row(found, name):
    return next(pupil for pupil in found["pupils"] if pupil["name"] == name)


def lessons(found):
    return [lesson for table in found["teachers"] for lesson in table["lessons"]]


MARKS = st.lists(st.tuples(st.sampled_from(CODES), st.booleans()), min_size=3, max_size=3)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    marks=MARKS,
    due=st.sampled_from([Due.EVERY, Due.ODD, Due.EVEN]),
    before=st.tuples(st.integers(0, 5), st.integers(0, 2)),
    starts=st.sampled_from(WEEKS),
    closed=st.sampled_from([None, *WEEKS]),
    make_up=st.booleans(),
)
def test_c4_register_and_summary_say_the_same_of_every_place(hannah, rosa, marks, due, before, starts, closed, make_up):
    """(C4, C5)"""
    small = SmallSchool(hannah, rosa, name=f"School {Register.objects.count()} {Place.objects.count()}")
    lesson = small.lesson(from_week=FIFTH, kind="small_group", due=due)
    place = small.place(lesson, "Noah Castle", starts)
    Place.objects.filter(pk=place.pk).update(had_before=before[0], owed_before=before[1])
    other = small.lesson("Zara Hughes")
    if closed:
        small.school.close_for_week(small.by, closed, "Snow")
    for in_week, (code, is_struck) in zip(WEEKS, marks, strict=True):
        sheet = small.sheet(in_week)
        keys = [one.key for one in sheet.lessons]
        if make_up and in_week == NINETEENTH:
            owed = Mark.objects.confirmed().filter(place=place, reason__owed=True).first()
            if owed:
                small.make_up(in_week, lesson, owed.line.for_week, confirm=False)
        if lesson.pk in keys and is_struck:
            small.record(in_week, struck={lesson: "event"})
        elif any(pupil.place_pk == place.pk for pupil in sheet.pupils):
            small.record(in_week, absent={"Noah Castle": code} if code != "present" else None)
        elif keys:
            small.record(in_week)
    told, sheet = figures(small), Sheet.open(hannah, small.allocation.pk, NINETEENTH)
    for lesson_on_sheet in sheet.lessons + sheet.not_due:
        for pupil in lesson_on_sheet.pupils:
            said = row(told, pupil.name) if any(p["name"] == pupil.name for p in told["pupils"]) else None
            if said and pupil.balance and sheet.is_confirmed:
                sums = pupil.balance
                assert (said["due"], said["had"], said["owed"], said["promise"]) == (
                    sums.due,
                    sums.had,
                    sums.owed,
                    sums.promise,
                )
    assert other.pk in [one["lesson"] for one in lessons(told)]


def test_c4_the_promise_is_the_service_s_or_the_lesson_weeks_between(small, northshire):
    small.lesson("Isla Fenwick", instrument="Cello")
    noah = small.place(small.lesson("Noah Castle"), "Zara Hughes", TWELFTH)
    Place.objects.filter(pk=noah.pk).update(until_week=week(11, 16))
    found = figures(small)
    assert row(found, "Isla Fenwick")["promise"] == 29 and row(found, "Zara Hughes")["promise"] == 5
    assert tell(found, OCTOBER)["pupils"][0]["promised"] == "29 promised"
    northshire.promises = {"individual": 20}
    northshire.save()
    small.school.refresh_from_db()
    assert (
        row(figures_of(type(small.school).objects.get(pk=small.school.pk), OCTOBER, today()), "Isla Fenwick")["promise"]
        == 20
    )


def test_c4_a_place_ends_with_its_teacher_s_allocation(small):
    small.lesson("Isla Fenwick", instrument="Cello")
    small.allocation.end(small.by, week(11, 16))
    assert row(figures(small), "Isla Fenwick")["promise"] == 6
    small.allocation.refresh_from_db()
    sheet = Sheet.open(small.teacher, small.allocation.pk, NINETEENTH)
    assert sheet.pupils[0].balance.promise == 6


def test_c5_a_make_up_counts_in_the_week_it_was_given_and_closes_what_was_owed(small):
    """It is not among those due; its minutes count; the week it makes up for is owed no more."""
    cello = small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH, struck={cello: "teacher-ill"})
    small.record(TWELFTH)
    assert row(figures(small), "Isla Fenwick")["owed"] == figures(small)["totals"]["owed"] == 1
    small.make_up(NINETEENTH, cello, FIFTH)
    found = figures(small)
    (lesson,) = lessons(found)
    assert (lesson["due"], lesson["given"], lesson["extra"], lesson["minutes"]) == (3, 2, 0, 60)
    assert lesson["made_up"] == [{"monday": "2026-10-19", "for_monday": "2026-10-05"}]
    isla = row(found, "Isla Fenwick")
    assert [cell["word"] for cell in isla["cells"]] == ["Teacher ill, owed", "✓", "✓, ✓ for 5 Oct"]
    assert (isla["due"], isla["had"], isla["owed"]) == (3, 3, 0) and found["totals"]["owed"] == 0
    told = tell(found, OCTOBER)
    assert "made up: 19 Oct for 5 Oct" in [note["words"] for note in told["tables"][0]["rows"][0]["notes"]]
    assert ("Made up", "1") in told["stats"] and "2 of 3 lessons were given and 1 made up" in "".join(
        words for words, _ in told["sentence"]
    )


def test_c5_what_was_made_up_and_is_owed_no_more_is_an_extra_lesson(small):
    cello = small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH, struck={cello: "teacher-ill"})
    small.record(TWELFTH)
    small.make_up(NINETEENTH, cello, FIFTH)
    Register.objects.get(allocation=small.allocation, week=FIFTH).open_again(small.by, "opened again")
    small.sheet(FIFTH).record(small.teacher, {}, {}, {cello.pk: None})
    small.record(FIFTH)
    (lesson,) = lessons(figures(small))
    assert (lesson["given"], lesson["extra"], lesson["made_up"]) == (3, 1, [])


def test_c5_of_a_group_only_those_to_whom_it_is_owed_are_made_up(small):
    violin = small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.record(FIFTH, absent={"Noah Castle": "trip"})
    small.record(TWELFTH)
    small.make_up(NINETEENTH, violin, FIFTH)
    found = figures(small)
    assert (row(found, "Noah Castle")["owed"], row(found, "Noah Castle")["had"]) == (0, 3)
    assert row(found, "Zara Hughes")["had"] == 3
    assert [cell["word"] for cell in row(found, "Zara Hughes")["cells"]] == ["✓", "✓", "✓"]


def test_c5_a_class_is_made_up_as_a_class(small):
    maple = small.programme()
    small.record(FIFTH, struck={maple: "event"})
    small.record(TWELFTH)
    assert figures(small)["totals"]["owed"] == 1
    small.make_up(NINETEENTH, maple, FIFTH)
    found = figures(small)
    assert found["totals"]["owed"] == 0 and found["totals"]["minutes"] == 150 and found["totals"]["made_up"] == 1


def test_r8_the_second_teacher_is_named_and_lesson_and_head_count_stand_once(small, marcus):
    maple = small.programme(class_size=28)
    add_second_teacher(maple, small.by, teacher=marcus, minutes=40, from_week=FIFTH)
    small.record(FIFTH, counts={maple: 27})
    small.record(TWELFTH)
    found = figures(small)
    (lesson,) = lessons(found)
    assert (lesson["given"], lesson["minutes"], lesson["heads"]["largest"]) == (2, 100, 28)
    notes = [note["words"] for note in tell(found, OCTOBER)["tables"][0]["rows"][0]["notes"]]
    assert "5 and 12 Oct: with Marcus Bellweather" in notes


def test_r7_a_make_up_that_somebody_else_gave_says_who(small, marcus):
    cello = small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH, struck={cello: "teacher-ill"})
    small.make_up(TWELFTH, cello, FIFTH)
    Line.objects.make_ups().filter(lesson=cello).update(given_by=marcus)
    assert {"monday": "2026-10-12", "by": "Marcus Bellweather"} in lessons(figures(small))[0]["covers"]


def test_s1_everything_taught_is_told_by_teacher_and_lesson_and_every_mark_in_the_grid(small, marcus):
    """First Access and projects too, so that it can replace paper monitoring."""
    small.programme(class_size=28)
    small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH, absent={"Noah Castle": "absent"})
    small.record(TWELFTH, absent={"Isla Fenwick": "trip"})
    small.record(NINETEENTH)
    found = figures(small)
    assert [lesson["title"] for lesson in lessons(found)] == ["Year 4 Maple", "Violin", "Cello"]
    marks = Mark.objects.confirmed().filter(line__register__allocation=small.allocation)
    words = [cell["word"] for pupil in found["pupils"] for cell in pupil["cells"]]
    assert len(words) == marks.count() == 9
    assert sorted(words) == sorted(["✓"] * 7 + ["Absent", "Trip, owed"])
    told = tell(found, OCTOBER)
    assert [len(told["tables"]), len(told["pupils"])] == [1, 3]


def test_s2_what_is_missing_on_the_day_holds_nothing_back(small):
    small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH)
    found = figures(small)
    assert lessons(found)[0]["missing"] == ["2026-10-12", "2026-10-19"]
    assert "2 are not yet recorded" in "".join(words for words, _ in tell(found, OCTOBER)["sentence"])
