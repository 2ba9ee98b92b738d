"""Roles add up for reading, never for writing: registers and lessons are changed by the teacher whose they are (P4)."""

import uuid

import pytest

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Lesson, Mark, Place, Pupil, Register

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")
BOTH = [["teacher", "area_manager"], ["teacher", "office"], ["teacher", "head"]]


@pytest.fixture(params=BOTH, ids="+".join)
def both(request, marcus):
    """Marcus, a teacher, who looks after the service as well."""
    marcus.roles = request.param
    marcus.save()
    return marcus


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


@pytest.fixture
def amelia(at_larkrise):
    return Place.objects.get(pupil__name="Amelia Thorne", lesson__allocation=at_larkrise)


def state():
    """All that a teacher may change."""
    rows = {model: list(model.objects.order_by("pk").values()) for model in (Lesson, Place, Pupil, Register)}
    return rows, Mark.objects.count()


def test_another_teacher_s_pages_of_lessons_and_pupils_are_not_there(as_member, url, both, at_larkrise, amelia):
    client, before = as_member(both), state()
    typed = {"kind": "small_group", "instrument": "Cello", "minutes": "30", "due": "every", "move": "save"}
    typed |= {"lesson": "stop", "from_week": str(THIS_WEEK), "until_week": str(THIS_WEEK), "once": str(uuid.uuid4())}
    typed |= {"name": "Ada Quill", "text": "Ada Quill,14/3/2015,flute", "way": "down"}
    pages = [(name, at_larkrise.pk) for name in ("allocation", "lesson_add", "pupil_add")]
    pages += [(name, amelia.lesson_id) for name in ("lesson_change", "lesson_end")]
    pages += [("place_change", amelia.pk)]
    buttons = [(name, amelia.lesson_id) for name in ("lesson_carry_on", "lesson_remove", "lesson_move")]
    buttons += [("place_carry_on", amelia.pk)]
    assert {name: client.get(url(both, name, pk)).status_code for name, pk in pages} == {n: 404 for n, _ in pages}
    sent = {name: client.post(url(both, name, pk), typed).status_code for name, pk in pages + buttons}
    assert sent == {name: 404 for name, _ in pages + buttons}
    assert state() == before


def test_nobody_taps_in_another_teacher_s_register_but_may_read_it(as_member, url, both, at_larkrise, amelia):
    client, before = as_member(both), state()
    tapped = {"place": amelia.pk, "why": "here"}
    assert client.post(url(both, "register_tap", at_larkrise.pk, THIS_WEEK), tapped).status_code == 404
    assert client.post(url(both, "register", at_larkrise.pk, THIS_WEEK), {"move": "planned"}).status_code == 404
    assert state() == before
    page = client.get(url(both, "register", at_larkrise.pk, THIS_WEEK))
    assert page.status_code == 200 and "Amelia Thorne" in page.content.decode()


def test_their_own_they_write_as_every_teacher_does(as_member, url, both):
    place = Place.objects.in_week(THIS_WEEK).filter(lesson__allocation__teacher=both, marks__isnull=False).first()
    allocation, client = place.lesson.allocation, as_member(both)
    Register.objects.filter(allocation=allocation, week=THIS_WEEK).update(confirmed_by=None)
    tapped = {"place": place.pk, "why": "here"}
    assert client.post(url(both, "register_tap", allocation.pk, THIS_WEEK), tapped).status_code == 204
    assert Mark.objects.filter(place=place, line__register__week=THIS_WEEK).get().reason.is_here
    for name, pk in [("allocation", allocation.pk), ("lesson_end", place.lesson_id), ("place_change", place.pk)]:
        assert client.get(url(both, name, pk)).status_code == 200


@pytest.mark.parametrize("model", [Allocation, Lesson, Place])
def test_what_is_changeable_is_one_s_own_however_much_one_sees(model, both):
    owner = {Allocation: "teacher", Lesson: "allocation__teacher", Place: "lesson__allocation__teacher"}[model]
    assert set(model.objects.changeable_by(both)) == set(model.objects.filter(**{owner: both})) != set()
    assert model.objects.visible_to(both).count() > model.objects.changeable_by(both).count()
