"""Lessons and places as a teacher changes them on a phone (H3, P6, P7)."""

import uuid

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Kind, Lesson, Place, Register
from tutti.teaching.models.lesson import Due, add_lesson
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")
BORN = Week.parse("2015-03-16").monday


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


@pytest.fixture
def cello(at_larkrise):
    return at_larkrise.lessons.get(instrument="Cello", places__pupil__name="Isla Fenwick")


def answers(**changes):
    fields = {"kind": "small_group", "instrument": "cello", "minutes": "30", "title": "", "due": "every"}
    return {**fields, "from_week": str(THIS_WEEK), "once": str(uuid.uuid4()), **changes}


def test_a_lesson_is_added_once_however_often_it_is_sent(as_member, url, hannah, at_larkrise):
    asked, client = answers(title="Beginners"), as_member(hannah)
    sent = [client.post(url(hannah, "lesson_add", at_larkrise.pk), asked).status_code for _ in range(2)]
    assert sent == [302, 302]
    lesson = Lesson.objects.get(allocation=at_larkrise, title="Beginners")
    assert (lesson.instrument, lesson.from_week, lesson.position) == ("Cello", THIS_WEEK, 7)


def test_a_lesson_on_a_rota(as_member, url, hannah, at_larkrise):
    weeks = ["2026-11-16", "2026-11-30"]
    as_member(hannah).post(url(hannah, "lesson_add", at_larkrise.pk), answers(title="R", due="rota", rota=weeks))
    lesson = Lesson.objects.get(allocation=at_larkrise, title="R")
    assert [str(row.week) for row in lesson.rota_weeks.order_by("week")] == weeks


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minutes": "4"}, "from 5 to 300"),
        ({"minutes": "301"}, "from 5 to 300"),
        ({"minutes": "half"}, "from 5 to 300"),
        ({"kind": "first_access"}, "Select a valid choice"),
        ({"instrument": ""}, "Instrument is needed"),
        ({"due": "rota"}, "Tick the weeks"),
        ({"due": "rota", "rota": ["2026-08-10"]}, "not in term"),
        ({"from_week": "2026-08-10"}, "not in term"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(as_member, url, hannah, at_larkrise, changes, words):
    before = Lesson.objects.count()
    page = as_member(hannah).post(url(hannah, "lesson_add", at_larkrise.pk), answers(**changes))
    assert page.status_code == 422 and words in page.content.decode()
    assert Lesson.objects.count() == before


def test_a_change_holds_from_this_week_unless_another_is_chosen(as_member, url, hannah, cello):
    as_member(hannah).post(url(hannah, "lesson_change", cello.pk), answers(minutes="40"))
    assert (cello.shape_in(THIS_WEEK - 1).minutes, cello.shape_in(THIS_WEEK).minutes) == (30, 40)


def test_coming_from_a_register_its_week_is_offered(as_member, url, hannah, cello, at_larkrise):
    back = url(hannah, "register", at_larkrise.pk, THIS_WEEK - 2)
    page = as_member(hannah).get(url(hannah, "lesson_change", cello.pk), {"next": back}).content.decode()
    assert f'value="{THIS_WEEK - 2}" selected' in page


def test_saving_without_a_change_changes_nothing(as_member, url, hannah, cello):
    answer = as_member(hannah).post(url(hannah, "lesson_change", cello.pk), answers(), follow=True)
    assert "Nothing was changed" in answer.content.decode()
    assert cello.shapes.count() == 1


def test_due_every_second_week_from_now_on(as_member, url, hannah, at_larkrise):
    lesson = add_lesson(at_larkrise, hannah, kind=Kind.SMALL_GROUP, minutes=30, instrument="Cello", from_week=THIS_WEEK)
    as_member(hannah).post(url(hannah, "lesson_change", lesson.pk), answers(due="even"))
    lesson.refresh_from_db()
    assert lesson.due == Due.EVEN


def test_a_programme_is_not_the_teacher_s_to_change(as_member, url, hannah, at_larkrise):
    maple = at_larkrise.lessons.get(is_programme=True)
    for name in ("lesson_change", "lesson_end", "lesson_remove", "lesson_carry_on"):
        assert as_member(hannah).post(url(hannah, name, maple.pk), answers()).status_code == 404


def test_ending_and_carrying_on(as_member, url, hannah, cello):
    client = as_member(hannah)
    client.post(url(hannah, "lesson_end", cello.pk), {"until_week": str(THIS_WEEK)})
    cello.refresh_from_db()
    assert cello.until_week == THIS_WEEK
    client.post(url(hannah, "lesson_carry_on", cello.pk))
    cello.refresh_from_db()
    assert cello.until_week is None


def test_p9_a_lesson_ends_before_recorded_weeks_only_once_that_was_said(as_member, url, hannah, cello):
    client, asked = as_member(hannah), {"until_week": "2026-11-02"}
    answer = client.post(url(hannah, "lesson_end", cello.pk), asked)
    assert answer.status_code == 422 and "<b>9 November</b>: opened again" in answer.content.decode()
    cello.refresh_from_db()
    assert cello.until_week is None
    assert client.post(url(hannah, "lesson_end", cello.pk), {**asked, "back": "yes"}).status_code == 302
    cello.refresh_from_db()
    assert str(cello.until_week) == "2026-11-02"
    assert not Register.objects.get(allocation=cello.allocation, week=THIS_WEEK - 1).is_confirmed


def test_a_recorded_lesson_is_not_taken_out_and_the_page_says_why(as_member, url, hannah, cello):
    answer = as_member(hannah).post(url(hannah, "lesson_remove", cello.pk), follow=True)
    assert "End it instead" in answer.content.decode()
    assert Lesson.objects.filter(pk=cello.pk).exists()


def test_another_teacher_s_lesson_is_not_there(as_member, url, marcus, cello):
    for name in ("lesson_change", "lesson_end", "lesson_move", "lesson_remove", "lesson_carry_on"):
        assert as_member(marcus).post(url(marcus, name, cello.pk), answers()).status_code == 404


def test_a_pupil_moves_to_a_group(as_member, url, hannah, at_larkrise, cello):
    amelia = Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)
    asked = {"lesson": f"lesson-{cello.pk}", "from_week": str(THIS_WEEK), "once": str(uuid.uuid4())}
    assert as_member(hannah).post(url(hannah, "place_change", amelia.pk), asked).status_code == 302
    amelia.refresh_from_db()
    assert amelia.until_week == THIS_WEEK - 1
    assert cello.places.get(pupil=amelia.pupil).from_week == THIS_WEEK


def test_sent_twice_it_moves_once(as_member, url, hannah, at_larkrise):
    noah = Place.objects.get(pupil__name="Noah Castle", lesson__allocation=at_larkrise)
    asked = {"lesson": "individual-30", "from_week": str(THIS_WEEK), "once": str(uuid.uuid4())}
    sent = [as_member(hannah).post(url(hannah, "place_change", noah.pk), asked).status_code for _ in range(2)]
    assert sent == [302, 302]
    assert Place.objects.filter(pupil=noah.pupil, lesson__allocation=at_larkrise).count() == 2


def test_no_more_lessons(as_member, url, hannah, at_larkrise):
    noah = Place.objects.get(pupil__name="Noah Castle", lesson__allocation=at_larkrise)
    asked = {"lesson": "stop", "from_week": str(THIS_WEEK), "once": str(uuid.uuid4())}
    as_member(hannah).post(url(hannah, "place_change", noah.pk), asked)
    noah.refresh_from_db()
    assert noah.until_week == THIS_WEEK - 1
    as_member(hannah).post(url(hannah, "place_carry_on", noah.pk))
    noah.refresh_from_db()
    assert noah.until_week is None


@pytest.mark.parametrize("chosen", ["stop", "individual-30"])
def test_p9_a_pupil_leaves_a_lesson_before_a_recorded_week_only_once_that_was_said(
    as_member, url, hannah, at_larkrise, chosen
):
    noah = Place.objects.get(pupil__name="Noah Castle", lesson__allocation=at_larkrise)
    asked = {"lesson": chosen, "from_week": "2026-11-09", "once": str(uuid.uuid4())}
    answer = as_member(hannah).post(url(hannah, "place_change", noah.pk), asked)
    assert answer.status_code == 422
    assert "<b>9 November</b>: opened again" in answer.content.decode()
    assert Place.objects.get(pupil=noah.pupil, lesson__allocation=at_larkrise).until_week is None
    assert as_member(hannah).post(url(hannah, "place_change", noah.pk), {**asked, "back": "yes"}).status_code == 302
    noah.refresh_from_db()
    assert str(noah.until_week) == "2026-11-02"


def test_a_pupil_who_came_back_is_not_carried_on_as_well(as_member, url, hannah, larkrise, cello):
    ada, _ = find_or_add(larkrise, hannah, "Ada Quill", BORN)
    old = add_place(cello, ada, hannah, from_week=THIS_WEEK - 4)
    old.end(hannah, THIS_WEEK - 1)
    add_place(cello, ada, hannah, from_week=THIS_WEEK + 2)
    answer = as_member(hannah).post(url(hannah, "place_carry_on", old.pk), follow=True)
    assert answer.status_code == 200 and "has a place in this lesson already" in answer.content.decode()
    old.refresh_from_db()
    assert old.until_week == THIS_WEEK - 1


def test_a_mistake_is_offered_only_while_nothing_is_marked(as_member, url, hannah, at_larkrise, larkrise, cello):
    amelia = Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)
    ada, _ = find_or_add(larkrise, hannah, "Ada Quill", BORN)
    new = add_place(cello, ada, hannah, from_week=THIS_WEEK)
    client = as_member(hannah)
    assert "by mistake" not in client.get(url(hannah, "place_change", amelia.pk)).content.decode()
    assert "by mistake" in client.get(url(hannah, "place_change", new.pk)).content.decode()
    client.post(
        url(hannah, "place_change", new.pk),
        {"lesson": "mistake", "from_week": str(THIS_WEEK), "once": str(uuid.uuid4())},
    )
    assert not Place.objects.filter(pk=new.pk).exists()


def test_another_teacher_s_place_is_not_there(as_member, url, marcus, at_larkrise):
    amelia = Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)
    assert as_member(marcus).get(url(marcus, "place_change", amelia.pk)).status_code == 404
    assert as_member(marcus).post(url(marcus, "place_carry_on", amelia.pk)).status_code == 404
