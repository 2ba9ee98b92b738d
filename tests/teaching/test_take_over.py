"""Last year's lessons, or a predecessor's, are taken over by proposal (H2, P4)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.last_year import YEAR_5, YEAR_6, YEAR_7, LastYear
from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.teaching.models import Allocation, Lesson, Pupil
from tutti.teaching.models.allocation import allocate, last_at
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.sheet import Sheet
from tutti.teaching.models.take_over import TakeOver, Wanted, with_something_to_take

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def nunfield(northshire):
    return northshire.schools.get(name="Nunfield Primary School")


@pytest.fixture
def wren(northshire):
    """Wren Ashby, recorder and flute, who does not teach at Nunfield this year."""
    return northshire.members.get(name="Wren Ashby")


@pytest.fixture
def allocation(tess, nunfield):
    """Tess's of this year, with nothing set up."""
    return Allocation.objects.select_related("school", "teacher", "year").get(teacher=tess, school=nunfield)


@pytest.fixture
def last_year(tess, nunfield, rosa):
    return LastYear(tess, nunfield, rosa)


def proposed(allocation):
    """Each proposed lesson with its pupils, those who have probably left in brackets."""
    return [
        [f"({old.place.pupil})" if old.left else str(old.place.pupil) for old in row.places]
        for row in TakeOver(allocation).lessons
    ]


def everything(allocation):
    rows = TakeOver(allocation).lessons
    return [
        Wanted(row.lesson.pk, row.kind, row.minutes, [old.place.pk for old in row.places if not old.left])
        for row in rows
    ]


def take_all(allocation, by):
    return TakeOver(allocation).save(by, everything(allocation), allocation.from_week)


def test_h2_last_year_s_lessons_are_proposed_with_kind_minutes_and_pupils(allocation, last_year):
    solo = last_year.lesson("Ada Quill", minutes=30)
    last_year.lesson("Ben Marsh", "Cleo Watts", minutes=25)
    solo.reshape(last_year.by, Week.parse("2026-04-13"), kind="individual", minutes=40)
    rows = [(row.lesson.instrument, row.kind, row.minutes) for row in TakeOver(allocation).lessons]
    assert rows == [("Flute", "individual", 40), ("Flute", "small_group", 25)]
    assert proposed(allocation) == [["Ada Quill"], ["Ben Marsh", "Cleo Watts"]]


def test_h2_those_who_have_probably_left_are_not_ticked(allocation, last_year):
    """A primary school ends with year 6; who stopped in the middle of the year has left, in its last weeks has not."""
    last_year.lesson("Ada Quill", "Ben Marsh", born=YEAR_6)
    last_year.lesson("Cleo Watts", born=YEAR_7)
    last_year.lesson("Dan Frost", until=Week.parse("2026-03-02"))
    last_year.lesson("Eve Hale", until=Week.parse("2026-07-06"))
    assert proposed(allocation) == [["Ada Quill", "Ben Marsh"], ["(Cleo Watts)"], ["(Dan Frost)"], ["Eve Hale"]]


@pytest.mark.parametrize(
    ("name", "phase", "group"),
    [
        ("Nunfield Primary School", "Primary", 6),
        ("Hollin Moor Infant School", "Primary", 2),
        ("Moor Infant and Junior School", "Primary", 6),
        ("Hexley High School", "Secondary", 13),
        ("Lowick Grange School", "", 13),
    ],
)
def test_the_last_year_group_follows_from_phase_and_name(nunfield, name, phase, group):
    nunfield.name, nunfield.phase = name, phase
    assert nunfield.last_year_group == group


def test_h2_one_button_makes_new_lessons_and_places_of_the_same_pupils(allocation, last_year, tess):
    old = last_year.lesson("Ada Quill", "Ben Marsh", title="Year 5", due=Lesson.Due.ODD)
    pupils = Pupil.objects.count()
    assert take_all(allocation, tess) == 1
    made = allocation.lessons.get()
    assert (made.title, made.due, made.from_week) == ("Year 5", "odd", allocation.from_week) and made != old
    assert [str(place.pupil) for place in made.places.all()] == ["Ada Quill", "Ben Marsh"]
    assert (Pupil.objects.count(), old.places.count()) == (pupils, 2)
    assert Event.objects.about(made).get().verb == "took over the lesson"
    assert Event.objects.about(made.places.first()).get().verb == "put into a lesson"


def test_h2_sent_twice_or_from_two_pages_it_is_done_once(allocation, last_year, tess):
    last_year.lesson("Ada Quill")
    first, second = TakeOver(allocation), TakeOver(allocation)
    wanted = everything(allocation)
    assert first.save(tess, wanted, allocation.from_week) == 1
    assert second.save(tess, wanted, allocation.from_week) == 0
    assert allocation.lessons.count() == 1 and proposed(allocation) == []


def test_what_is_left_out_today_can_be_taken_tomorrow(allocation, last_year, tess):
    last_year.lesson("Ada Quill")
    last_year.lesson("Ben Marsh")
    ada, _ = everything(allocation)
    nobody = Wanted(ada.lesson, ada.kind, ada.minutes, [])
    assert TakeOver(allocation).save(tess, [nobody], allocation.from_week) == 0
    assert TakeOver(allocation).save(tess, [ada], allocation.from_week) == 1
    assert proposed(allocation) == [["Ben Marsh"]]


def test_a_lesson_taken_by_mistake_is_offered_again(allocation, last_year, tess):
    last_year.lesson("Ada Quill")
    take_all(allocation, tess)
    allocation.lessons.get().remove(tess)
    assert proposed(allocation) == [["Ada Quill"]]


def test_who_is_set_up_already_or_goes_to_another_school_is_not_proposed(allocation, last_year, tess, rosa, larkrise):
    last_year.lesson("Ada Quill", "Ben Marsh", "Cleo Watts")
    take_all(allocation, tess)
    again = last_year.lesson("Ada Quill", "Dan Frost", "Eve Hale")
    Pupil.objects.get(name="Dan Frost").move_to(larkrise, THIS_WEEK, rosa)
    assert proposed(allocation) == [["Eve Hale"]] and TakeOver(allocation).lessons[0].lesson == again


def test_a_pupil_who_changed_group_is_proposed_once(allocation, last_year, rosa):
    solo = last_year.lesson("Ada Quill")
    group = last_year.lesson("Ben Marsh", "Cleo Watts")
    solo.places.get().move(rosa, group, Week.parse("2026-01-05"))
    assert proposed(allocation) == [["Ada Quill", "Ben Marsh", "Cleo Watts"]]


def test_a_rota_of_last_year_s_weeks_does_not_come_along(allocation, last_year, tess):
    lesson = last_year.lesson("Ada Quill")
    lesson.set_rota(tess, [Week.parse("2026-03-02")])
    take_all(allocation, tess)
    made = allocation.lessons.get()
    assert (made.due, made.rota_weeks.count()) == ("every", 0)


def test_a_week_in_which_the_teacher_is_not_there_is_refused(allocation, last_year, tess):
    last_year.lesson("Ada Quill")
    with pytest.raises(ValidationError, match="not at this school"):
        TakeOver(allocation).save(tess, everything(allocation), allocation.from_week - 1)
    assert not allocation.lessons.exists()


def test_p4_another_teacher_s_pupils_are_proposed_only_if_the_office_handed_them_on(
    allocation, nunfield, wren, rosa, tess
):
    before = LastYear(wren, nunfield, rosa)
    before.lesson("Ada Quill")
    assert proposed(allocation) == [] and with_something_to_take(tess, [allocation]) == set()
    allocation.take_over_from(rosa, before.allocation)
    assert proposed(allocation) == [["Ada Quill"]] and with_something_to_take(tess, [allocation]) == {allocation.pk}
    allocation.take_over_from(rosa, None)
    assert proposed(allocation) == []


def test_p4_only_a_colleague_at_the_same_school_can_be_succeeded(allocation, wren, rosa, larkrise, hannah):
    elsewhere = Allocation.objects.get(teacher=hannah, school=larkrise)
    for wrong in (elsewhere, allocation):
        with pytest.raises(ValidationError, match="another teacher who was at this school"):
            allocation.take_over_from(rosa, wrong)


def test_h2_a_predecessor_s_lessons_are_ticked_by_what_the_teacher_teaches(allocation, nunfield, wren, rosa):
    before = LastYear(wren, nunfield, rosa)
    before.lesson("Ada Quill", instrument="Flute")
    before.lesson("Ben Marsh", instrument="Recorder")
    allocation.take_over_from(rosa, before.allocation)
    assert [row.is_offered for row in TakeOver(allocation).lessons] == [True, False]  # Tess teaches the flute


def test_h2_what_one_teacher_took_over_is_not_offered_to_another(allocation, nunfield, wren, priya, rosa, tess):
    before = LastYear(wren, nunfield, rosa)
    before.lesson("Ada Quill")
    last = Week.of(allocation.year.last_day)
    other = allocate(
        priya, nunfield, allocation.year, rosa, from_week=THIS_WEEK, until_week=last, succeeds=before.allocation
    )
    allocation.take_over_from(rosa, before.allocation)
    take_all(allocation, tess)
    assert proposed(other) == []


def test_h2_within_the_year_a_successor_takes_the_running_lessons(nunfield, owen, tess, rosa, northshire):
    """Owen's last week is this one; from the next on his pupils are Tess's, with nobody left behind."""
    owens = Allocation.objects.get(teacher=owen, school=nunfield)
    running = sum(1 for lesson in owens.lessons.with_pupils() if lesson.places.filter(until_week=None).exists())
    owens.end(rosa, THIS_WEEK)
    last = Week.of(owens.year.last_day)
    Allocation.objects.get(teacher=tess, school=nunfield).remove(rosa)
    hers = allocate(tess, nunfield, owens.year, rosa, from_week=THIS_WEEK + 1, until_week=last, succeeds=owens)
    assert TakeOver(hers).is_within_the_year and TakeOver(hers).teachers == ["Owen Tregarth"]
    assert take_all(hers, tess) == running > 0
    assert set(hers.lessons.values_list("from_week", flat=True)) == {THIS_WEEK + 1}


def test_where_the_predecessor_set_up_nothing_their_last_year_stands_for_it(allocation, nunfield, wren, rosa):
    before = LastYear(wren, nunfield, rosa)
    before.lesson("Ada Quill")
    last = Week.of(allocation.year.last_day)
    empty = allocate(
        wren, nunfield, allocation.year, rosa, from_week=allocation.year.weeks.first().monday, until_week=last
    )
    allocation.take_over_from(rosa, empty)
    assert proposed(allocation) == [["Ada Quill"]]
    assert last_at(nunfield, wren, allocation.year) == empty


def test_a_hundred_lessons_cost_no_more_statements_than_ten(allocation, last_year, tess):
    def save(many, word):
        for number in range(many):
            last_year.lesson(f"{word} {number}", f"{word} {number} too", born=YEAR_5)
        wanted = everything(allocation)
        with CaptureQueriesContext(connection) as queries:
            assert TakeOver(allocation).save(tess, wanted, allocation.from_week) == many
        return len(queries)

    assert save(10, "Few") == save(30, "More")


def test_p9_taken_over_from_a_week_that_is_recorded_already_they_are_to_be_marked_there(allocation, last_year, tess):
    last_year.lesson("Ada Quill")
    last_year.lesson("Ben Marsh", "Cleo Watts")
    week = max(allocation.from_week, THIS_WEEK - 1)
    own = add_lesson(allocation, tess, kind="individual", minutes=20, instrument="Oboe", from_week=week)
    add_place(own, find_or_add(allocation.school, tess, "Dan Frost", YEAR_5)[0], tess, from_week=week)
    for verb in ("fill_as_planned", "confirm"):
        getattr(Sheet.open_to_write(tess, allocation.pk, week), verb)(tess)
    assert TakeOver(allocation).save(tess, everything(allocation), week) == 2
    sheet = Sheet.open(tess, allocation.pk, week)
    assert not sheet.is_confirmed and len(sheet.unmarked) == 2
