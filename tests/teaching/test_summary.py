"""The figures of a school's month: what was due, given, not given and why (H8, S1, S2, C4, P6, P8, R5, R7, W3, W4)."""

import pytest
from django.db.models import Sum

from tests.teaching.small_school import FIFTH, NINETEENTH, NOVEMBER, OCTOBER, SEPTEMBER, TWELFTH, SmallSchool, week
from tutti.core.calendar import Day, today
from tutti.schools.models import TeachingWeek
from tutti.teaching.models import Line, Mark, Place, Summary
from tutti.teaching.models.month import figures_of
from tutti.teaching.models.summary import make_summary, schools_taught
from tutti.teaching.models.summary_words import plain, sentence, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


def october(small):
    return figures_of(small.school, OCTOBER, today())


def lessons(figures):
    return [lesson for table in figures["teachers"] for lesson in table["lessons"]]


def row(figures, name):
    return next(pupil for pupil in figures["pupils"] if pupil["name"] == name)


def words(pupil):
    return [cell["word"] for cell in pupil["cells"]]


def test_every_lesson_of_the_cast_is_given_not_given_or_not_yet_recorded(northshire):
    summaries = Summary.objects.filter(service=northshire, month=OCTOBER)
    assert summaries.count() > 20
    for summary in summaries:
        for lesson in lessons(summary.figures):
            assert lesson["due"] == lesson["given"] + len(lesson["not_given"]) + len(lesson["missing"])
        totals = summary.figures["totals"]
        for name in ("due", "given", "extra", "minutes"):
            assert totals[name] == sum(table[name] for table in summary.figures["teachers"])


def test_the_totals_are_those_of_the_confirmed_lines(northshire, larkrise):
    weeks = TeachingWeek.objects.filter(service=northshire, month=OCTOBER).values("monday")
    lines = Line.objects.filter(register__allocation__school=larkrise, register__week__in=weeks)
    given = lines.exclude(register__confirmed_by=None).filter(given=True)
    totals = figures_of(larkrise, OCTOBER, today())["totals"]
    assert totals["given"] == given.count() > 20
    assert totals["minutes"] == given.aggregate(total=Sum("minutes"))["total"]


def test_what_a_pupil_had_and_is_owed_is_what_the_marks_since_september_say(northshire, larkrise):
    """(C4)"""
    for pupil in figures_of(larkrise, OCTOBER, today())["pupils"]:
        places = Place.objects.filter(pupil=pupil["pupil"], lesson__instrument=pupil["instrument"])
        marks = Mark.objects.confirmed().filter(place__in=places, line__register__week__lt=week(11, 2))
        before = places.aggregate(total=Sum("had_before"))["total"]
        assert pupil["had"] == marks.filter(reason__counts=True).count() + before
        assert pupil["owed"] == marks.filter(reason__owed=True).count()
        assert pupil["missed"] == marks.filter(reason__counts=True, reason__is_here=False).count()


def test_a_lesson_that_was_not_given_says_when_why_and_that_it_is_owed(small):
    viola = small.lesson("Amelia Thorne", instrument="Viola")
    small.record(FIFTH)
    small.record(TWELFTH, struck={viola: "teacher-ill"})
    small.record(NINETEENTH)
    (lesson,) = lessons(october(small))
    assert (lesson["due"], lesson["given"], lesson["minutes"]) == (3, 2, 40)
    assert lesson["not_given"] == [{"monday": "2026-10-12", "why": "teacher ill", "owed": True}]


def test_the_grid_shows_every_mark_and_the_sums_follow_the_reasons(small):
    """(S1)"""
    small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.record(FIFTH, absent={"Noah Castle": "absent"})
    small.record(TWELFTH, absent={"Noah Castle": "trip", "Zara Hughes": "late"})
    small.record(NINETEENTH)
    noah, zara = row(october(small), "Noah Castle"), row(october(small), "Zara Hughes")
    assert words(noah) == ["Absent", "Trip, owed", "✓"] and words(zara) == ["✓", "Late", "✓"]
    assert (noah["due"], noah["had"], noah["missed"], noah["owed"]) == (3, 2, 1, 1)
    assert (zara["due"], zara["had"], zara["missed"], zara["owed"]) == (3, 3, 0, 0)
    assert (october(small)["totals"]["here"], october(small)["totals"]["marked"]) == (4, 6)


def test_a_register_that_is_only_begun_counts_for_nothing_and_stands_as_not_yet_recorded(small):
    """(S2, R5)"""
    small.lesson("Amelia Thorne")
    small.record(FIFTH)
    small.record(TWELFTH, confirm=False)
    figures = october(small)
    assert figures["totals"]["given"] == 1 and figures["totals"]["missing"] == 2
    assert words(row(figures, "Amelia Thorne")) == ["✓", "Not yet recorded", "Not yet recorded"]
    assert lessons(figures)[0]["missing"] == ["2026-10-12", "2026-10-19"]


def test_a_week_in_which_the_teacher_was_away_is_owed_to_every_pupil(small):
    small.lesson("Amelia Thorne")
    small.lesson("Isla Fenwick", "Jude Wexford", instrument="Cello")
    small.record(FIFTH, there="teacher-ill")
    figures = october(small)
    assert figures["totals"]["not_given"] == figures["totals"]["owed"] == 2
    assert {words(pupil)[0] for pupil in figures["pupils"]} == {"Teacher ill, owed"}
    assert [pupil["owed"] for pupil in figures["pupils"]] == [1, 1, 1] and figures["totals"]["minutes"] == 0


def test_without_marks_the_nearest_reason_counts_that_of_the_line_then_that_of_the_register(small):
    violin = small.lesson("Amelia Thorne")
    small.record(FIFTH, there="teacher-away")
    small.record(TWELFTH, struck={violin: "weather"})
    Mark.objects.filter(place__lesson=violin).delete()
    Line.objects.filter(lesson=violin, register__week=FIFTH).update(reason=None)
    figures = october(small)
    assert words(row(figures, "Amelia Thorne"))[:2] == ["Teacher away, owed", "Weather"]
    assert [why["why"] for why in lessons(figures)[0]["not_given"]] == ["teacher away", "weather or strike"]


def test_a_closed_week_is_neither_due_nor_missing_and_says_why(small):
    small.lesson("Amelia Thorne")
    small.school.close_for_week(small.by, TWELFTH, "Snow")
    small.record(FIFTH)
    figures = october(small)
    assert figures["totals"]["due"] == 2 and lessons(figures)[0]["missing"] == ["2026-10-19"]
    assert words(row(figures, "Amelia Thorne")) == ["✓", "Closed", "Not yet recorded"]
    assert row(figures, "Amelia Thorne")["due"] == 2
    assert "School closed: 12 Oct (Snow)." in tell(figures, OCTOBER)["weeks"]


def test_p8_first_access_says_the_average_and_the_largest_head_count_and_never_a_sum(small):
    maple = small.programme(class_size=28)
    small.record(FIFTH, counts={maple: 28})
    small.record(TWELFTH, counts={maple: 25})
    small.record(NINETEENTH, struck={maple: "event"})
    (lesson,) = lessons(october(small))
    assert lesson["heads"] == {"average": 26, "largest": 28, "class_size": 28}
    assert (lesson["given"], lesson["minutes"]) == (2, 100) and not october(small)["pupils"]
    said = str(tell(october(small), OCTOBER))
    assert "26 took part on average, 28 at most" in said and "53" not in said


def test_a_pupil_whom_the_rota_does_not_call_has_an_empty_week_and_nothing_due(small):
    violin = small.lesson("Amelia Thorne")
    violin.set_rota(small.by, [TWELFTH])
    small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH)
    small.record(TWELFTH)
    small.record(NINETEENTH)
    amelia = row(october(small), "Amelia Thorne")
    assert words(amelia) == ["", "✓", ""] and amelia["due"] == amelia["had"] == 1
    assert lessons(october(small))[0]["due"] == 1


def test_a_lesson_in_a_spare_week_is_extra_and_never_due(hannah, rosa):
    small = SmallSchool(hannah, rosa, from_week=week(8, 31))
    assert TeachingWeek.objects.get(service=rosa.service, monday=week(8, 31)).lesson_number is None
    small.lesson("Amelia Thorne")
    small.record(week(8, 31))
    figures = figures_of(small.school, SEPTEMBER, today())
    assert (figures["totals"]["due"], figures["totals"]["given"], figures["totals"]["extra"]) == (4, 0, 1)
    assert "1 extra lesson" in plain(sentence(figures["totals"], SEPTEMBER))
    assert row(figures, "Amelia Thorne")["had"] == 1


def test_the_week_in_which_the_term_begins_belongs_to_september(small):
    figures = figures_of(small.school, SEPTEMBER, today())
    assert [column["monday"] for column in figures["weeks"]][:2] == ["2026-08-31", "2026-09-07"]
    assert not schools_taught(small.school.service, Day(2026, 8, 1)).exists()


def test_a_pupil_who_starts_or_stops_in_the_month_is_due_only_between(small):
    """(C4)"""
    cello = small.lesson("Isla Fenwick", "Theo Marlowe", instrument="Cello")
    small.place(cello, "Jude Wexford", TWELFTH)
    cello.places.get(pupil__name="Theo Marlowe").end(small.by, FIFTH)
    small.record(FIFTH)
    small.record(TWELFTH)
    figures = october(small)
    assert words(row(figures, "Jude Wexford")) == ["", "✓", "Not yet recorded"]
    assert words(row(figures, "Theo Marlowe")) == ["✓", "", ""] and row(figures, "Theo Marlowe")["due"] == 1


def test_one_child_with_two_instruments_has_two_rows(small):
    small.lesson("Noah Castle", instrument="Guitar")
    small.lesson("Noah Castle", instrument="Violin")
    assert [pupil["instrument"] for pupil in october(small)["pupils"]] == ["Guitar", "Violin"]


def test_a_pupil_moved_to_another_lesson_of_the_same_instrument_stays_one_row(small):
    alone, group = small.lesson("Amelia Thorne"), small.lesson("Poppy Ashdown", "Ravi Sandhar")
    small.record(FIFTH)
    alone.places.get().move(small.by, group, TWELFTH)
    small.record(TWELFTH)
    amelia = row(october(small), "Amelia Thorne")
    assert words(amelia) == ["✓", "✓", "Not yet recorded"] and (amelia["due"], amelia["had"]) == (3, 2)


def test_a_lesson_that_somebody_else_gave_says_who(small, marcus):
    violin = small.lesson("Amelia Thorne")
    small.record(FIFTH)
    Line.objects.filter(lesson=violin).update(given_by=marcus)
    (lesson,) = lessons(october(small))
    assert lesson["covers"] == [{"monday": "2026-10-05", "by": "Marcus Bellweather"}]
    assert "5 Oct: given by Marcus Bellweather" in str(tell(october(small), OCTOBER))


def test_somebody_who_never_began_is_owed_nothing_and_due_nothing(small):
    small.lesson("Amelia Thorne")
    small.record(FIFTH, absent={"Amelia Thorne": "not-started"})
    figures = october(small)
    assert (figures["totals"]["due"], figures["totals"]["not_given"]) == (2, 0)
    assert (row(figures, "Amelia Thorne")["due"], row(figures, "Amelia Thorne")["owed"]) == (2, 0)


def test_minutes_of_a_week_count_as_they_were_given(small):
    violin = small.lesson("Amelia Thorne")
    small.sheet(FIFTH).set_minutes(small.teacher, violin.pk, 35)
    small.record(FIFTH)
    small.record(TWELFTH)
    assert october(small)["totals"]["minutes"] == 55


def test_weeks_that_have_not_begun_are_not_told(small):
    small.lesson("Amelia Thorne")
    figures = figures_of(small.school, NOVEMBER, today())
    assert [column["monday"] for column in figures["weeks"]] == ["2026-11-02", "2026-11-09", "2026-11-16"]


def test_half_term_and_teaching_weeks_are_said_in_words(small):
    small.lesson("Amelia Thorne")
    assert tell(october(small), OCTOBER)["weeks"] == "Teaching weeks: 5, 12 and 19 October. Half term: 26 October."


def test_what_was_told_never_changes_its_figures(small):
    """(S3) Its first half: what was sent stays as it was."""
    small.lesson("Amelia Thorne")
    small.record(FIFTH)
    told = make_summary(small.school, OCTOBER)
    small.record(TWELFTH)
    assert make_summary(small.school, OCTOBER).pk == told.pk
    told.refresh_from_db()
    assert told.figures["totals"]["given"] == 1 and october(small)["totals"]["given"] == 2


def test_each_school_is_told_only_of_its_own_weeks(small, northshire, southshire):
    small.lesson("Amelia Thorne")
    taught = schools_taught(northshire, OCTOBER)
    assert small.school in taught
    assert {school.service_id for school in taught} == {northshire.pk}
    assert {pupil["name"] for pupil in october(small)["pupils"]} == {"Amelia Thorne"}


def test_ninety_pupils_cost_no_more_queries_than_one(small, django_assert_num_queries):
    small.lesson("Amelia Thorne")
    small.record(FIFTH)
    with django_assert_num_queries(12):
        october(small)
    for number in range(30):
        small.lesson(f"Pupil {number}a", f"Pupil {number}b", f"Pupil {number}c")
    small.record(TWELFTH)
    small.record(NINETEENTH)
    with django_assert_num_queries(12):
        figures = october(small)
    assert len(figures["pupils"]) == 91


TOTALS = {"due": 33, "given": 28, "not_given": 5, "missing": 0, "extra": 0, "made_up": 0, "owed": 5, "minutes": 670}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {},
            "In October 28 of 33 lessons were given: 11 hours 10 minutes of teaching. 5 are owed and will be made up. "
            "You have nothing to do.",
        ),
        (
            {"given": 33, "not_given": 0, "owed": 0, "minutes": 720},
            "In October all 33 lessons were given: 12 hours of teaching. You have nothing to do.",
        ),
        (
            {"given": 31, "not_given": 1, "owed": 1, "missing": 1, "minutes": 60},
            "In October 31 of 33 lessons were given: 1 hour of teaching. 1 is owed and will be made up. "
            "1 is not yet recorded. You have nothing to do.",
        ),
        ({"due": 0, "given": 0, "not_given": 0, "owed": 0}, "In October no lessons were due."),
    ],
)
def test_one_sentence_says_the_month_so_that_it_can_be_read_aloud(change, said):
    assert plain(sentence({**TOTALS, "here": 1, "marked": 1, **change}, OCTOBER)) == said
