"""One child is one pupil: two pupils are joined, or known to be two (P3)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests.teaching.small_school import BORN, FIFTH, NOVEMBER, OCTOBER, TWELFTH, SmallSchool
from tutti.core.history import Event
from tutti.teaching.models import Mark, Place, Pupil, SummaryLink, TwoChildren
from tutti.teaching.models.child import alike_to, are_two, perhaps_one_child
from tutti.teaching.models.notice import give_notice
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.question import ask_by_link
from tutti.teaching.models.summary import make_summary
from tutti.teaching.models.told_line import line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(hannah, rosa):
    """Ada Quill learns the violin, and Ada Quill-Moss the cello; both were born on one day."""
    made = SmallSchool(hannah, rosa)
    made.lesson("Ada Quill")
    made.lesson("Ada Quill-Moss", instrument="Cello")
    made.record(FIFTH, absent={"Ada Quill-Moss": "ill"})
    return made


@pytest.fixture
def adas(school):
    return [Pupil.objects.get(name=name, school=school.school) for name in ("Ada Quill", "Ada Quill-Moss")]


def test_p3_a_child_with_two_instruments_is_one_pupil_with_two_places(school):
    """Also with two teachers, or with one; and the instrument belongs to the place."""
    ada = Pupil.objects.get(name="Ada Quill", school=school.school)
    school.place(school.lesson(instrument="Harp", kind="individual"), "ada quill", TWELFTH)
    assert [place.lesson.instrument for place in ada.places.all()] == ["Violin", "Harp"]
    assert Pupil.objects.filter(name__iexact="ada quill", school=school.school).count() == 1


def test_p3_places_and_marks_of_the_one_become_the_others(school, adas, rosa):
    one, other = adas
    one.join(other, rosa)
    assert not Pupil.objects.filter(pk=other.pk).exists()
    assert [place.lesson.instrument for place in one.places.all()] == ["Violin", "Cello"]
    marks = Mark.objects.filter(place__pupil=one, line__register__week=FIFTH)
    assert sorted(marks.values_list("reason__code", flat=True)) == ["ill", "present"]
    event = Event.objects.about(one).get(verb="joined with another pupil")
    assert (event.before["name"], event.by_name) == ("Ada Quill-Moss", rosa.name)
    assert "Put into a lesson" in str(one.history_for(rosa)) and "Ada Quill-Moss" in str(one.history_for(rosa))


def test_p3_what_the_school_asked_and_what_is_known_beforehand_goes_along(school, adas, rosa):
    one, other = adas
    made = make_summary(school.school, OCTOBER)
    told = made.told()
    line = next(row["line"] for row in told["pupils"] if row["name"] == other.name)
    asked = ask_by_link(SummaryLink.make(made, school.contact()), "She was here.", line=line_of(told, line))
    ill = school.reason("ill")
    note = give_notice(other.service, rosa, reason=ill, from_week=TWELFTH, until_week=TWELFTH, pupil=other)
    one.join(other, rosa)
    asked.refresh_from_db()
    note.refresh_from_db()
    assert asked.pupil == note.pupil == one


def test_s3_joining_is_no_correction_of_what_was_told(school, adas, rosa, clock):
    make_summary(school.school, OCTOBER)
    clock.move_to(dt.datetime(2026, 12, 2, 10, tzinfo=dt.UTC))
    adas[0].join(adas[1], rosa)
    assert make_summary(school.school, NOVEMBER).figures["corrections"] == []


def test_joined_twice_is_joined_once(school, adas, rosa):
    one, other = adas
    stale = Pupil.objects.get(pk=other.pk)
    one.join(other, rosa)
    one.join(stale, rosa)
    assert Event.objects.about(one).filter(verb="joined with another pupil").count() == 1


@pytest.mark.parametrize(("until", "refused"), [(FIFTH, False), (TWELFTH, True), (None, True)])
def test_two_places_in_one_lesson_at_the_same_time_cannot_be_joined(school, adas, rosa, until, refused):
    one, other = adas
    group = school.lesson(instrument="Viola", kind="small_group")
    for pupil, first, last in ((one, FIFTH, until), (other, TWELFTH, None)):
        Place.objects.create(service_id=one.service_id, lesson=group, pupil=pupil, from_week=first, until_week=last)
    if refused:
        with pytest.raises(ValidationError, match="Viola at the same time"):
            one.join(other, rosa)
    else:
        one.join(other, rosa)
    assert one.places.count() == (2 if refused else 4)


def test_pupils_of_two_schools_are_not_joined(school, adas, rosa, larkrise):
    stranger, _ = find_or_add(larkrise, rosa, "Ada Quill", BORN)
    with pytest.raises(ValidationError, match="different schools"):
        adas[0].join(stranger, rosa)
    with pytest.raises(ValidationError):
        adas[0].join(adas[0], rosa)


def test_p3_two_children_are_remembered_and_not_asked_about_again(school, adas, rosa):
    one, other = adas
    assert (one, other) in list(perhaps_one_child(rosa))
    assert alike_to(one) == [other] and alike_to(other) == [one]
    are_two(other, one, rosa)
    are_two(one, other, rosa)
    assert TwoChildren.objects.filter(one=one, other=other).count() == 1
    assert (one, other) not in list(perhaps_one_child(rosa))
    assert alike_to(one) == alike_to(other) == []


def test_only_the_same_school_first_name_and_birthday_are_alike(school, adas, rosa, larkrise):
    for where, name, born in (
        (larkrise, "Ada Quill", BORN),
        (school.school, "Ida Quill", BORN),
        (school.school, "Ada Moss", BORN + dt.timedelta(days=1)),
    ):
        find_or_add(where, rosa, name, born)
    assert alike_to(adas[0]) == [adas[1]]


def test_the_other_service_s_pupils_are_never_compared(sam, adas):
    assert not [pair for pair in perhaps_one_child(sam) if set(pair) & set(adas)]
