"""Setting up pupils on a phone, the pupil's page, and the office's list."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Lesson, Place, Pupil
from tutti.teaching.models.pupil import NewLesson, set_up_pupil

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")
BORN = dt.date(2015, 3, 14)


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


def answers(**changes):
    return {
        "name": "Ada Quill",
        "date_of_birth": "14 3 2015",
        "instrument": "violin",
        "lesson": "individual-20",
        "from_week": str(THIS_WEEK),
        "once": str(uuid.uuid4()),
        **changes,
    }


@pytest.fixture
def send(as_member, url, hannah, at_larkrise):
    """Send the form as Hannah at Larkrise."""

    def post(**changes):
        return as_member(hannah).post(url(hannah, "pupil_add", at_larkrise.pk), answers(**changes))

    return post


def test_three_fields_set_up_a_pupil(send):
    assert send().status_code == 302
    place = Place.objects.get(pupil__name="Ada Quill")
    assert (place.lesson.instrument, place.from_week, place.pupil.date_of_birth) == ("Violin", THIS_WEEK, BORN)


def test_sent_twice_it_is_one_pupil_in_one_lesson(send):
    once = str(uuid.uuid4())
    assert [send(once=once).status_code for _ in range(2)] == [302, 302]
    assert Pupil.objects.filter(name="Ada Quill").count() == 1
    assert Lesson.objects.filter(places__pupil__name="Ada Quill").count() == 1


def test_a_pupil_joins_a_group_without_saying_the_instrument(send, at_larkrise):
    cello = at_larkrise.lessons.get(instrument="Cello", places__pupil__name="Isla Fenwick")
    assert send(lesson=f"lesson-{cello.pk}", instrument="").status_code == 302
    assert cello.places.filter(pupil__name="Ada Quill").exists()


def test_another_school_s_lesson_cannot_be_chosen(send, hannah, larkrise):
    other = Lesson.objects.filter(allocation__teacher=hannah).exclude(allocation__school=larkrise).first()
    page = send(lesson=f"lesson-{other.pk}")
    assert page.status_code == 422
    assert not Pupil.objects.filter(name="Ada Quill").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date_of_birth": "14 3 2062"}, "Date of birth must be in the past"),
        ({"date_of_birth": "14 3 1915"}, "more than 25 years ago"),
        ({"date_of_birth": "31 2 2015"}, "Type a day like"),
        ({"name": "  "}, "Name is needed"),
        ({"name": "123"}, "Type the pupil’s name"),
        ({"name": "x" * 121}, "120"),
        ({"instrument": ""}, "Type the instrument"),
        ({"had_before": "99"}, "40"),
        ({"from_week": "2026-08-10"}, "not in term"),
        ({"from_week": "2026-11-18"}, "not in term"),
        ({"lesson": "nonsense"}, "Select a valid choice"),
        ({"once": "nonsense"}, "UUID"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(send, changes, words):
    page = send(**changes)
    text = page.content.decode()
    assert page.status_code == 422 and words in text
    assert changes.get("name", "Ada Quill")[:50].strip() in text
    assert not Place.objects.filter(pupil__name="Ada Quill").exists()


def test_html_in_a_name_is_text(send, as_member, url, hannah, at_larkrise):
    send(name="<script>alert(1)</script> Quill")
    page = as_member(hannah).get(url(hannah, "my_pupils")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Quill" in page and "<script>alert" not in page


def test_a_child_the_school_has_already_is_offered_and_nothing_else_is_said(send, larkrise):
    """Albie learns the trumpet with Marcus; Hannah learns no more than that he exists (P4)."""
    albie = Pupil.objects.get(name="Albie Stroud", school=larkrise)
    birthday = albie.date_of_birth.strftime("%d/%m/%Y")
    page = send(name="albie stroud", date_of_birth=birthday)
    text = page.content.decode()
    assert page.status_code == 422 and "Is this the same child?" in text
    assert "Trumpet" not in text and "Marcus" not in text
    assert albie.places.count() == 1

    send(name="albie stroud", date_of_birth=birthday, same="yes")
    assert albie.places.count() == 2
    assert Pupil.objects.filter(school=larkrise, name__iexact="albie stroud").count() == 1


def test_almost_the_same_is_not_offered(send, larkrise):
    albie = Pupil.objects.get(name="Albie Stroud", school=larkrise)
    other_day = albie.date_of_birth + dt.timedelta(days=1)
    assert send(name="Albie Stroud", date_of_birth=other_day.strftime("%d/%m/%Y")).status_code == 302
    assert send(name="Albie Strood", date_of_birth=albie.date_of_birth.strftime("%d/%m/%Y")).status_code == 302


def test_it_returns_to_the_register_and_begins_in_its_week(as_member, url, hannah, at_larkrise):
    back = url(hannah, "register", at_larkrise.pk, THIS_WEEK - 1)
    address = url(hannah, "pupil_add", at_larkrise.pk)
    page = as_member(hannah).get(address, {"next": back}).content.decode()
    assert f'value="{THIS_WEEK - 1}" selected' in page
    answer = as_member(hannah).post(address, answers(next=back))
    assert answer.url == back


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_it_never_returns_to_another_site(send, url, hannah, at_larkrise, elsewhere):
    assert send(next=elsewhere).url == url(hannah, "allocation", at_larkrise.pk)


def test_asked_for_by_the_school_is_recorded(send):
    send(asked_by_school="on", had_before="4")
    place = Place.objects.get(pupil__name="Ada Quill")
    assert (place.asked_by_school, place.had_before) == (True, 4)


def test_no_name_is_in_a_title_or_an_address(as_member, url, hannah, larkrise):
    amelia = Pupil.objects.get(name="Amelia Thorne", school=larkrise)
    page = as_member(hannah).get(url(hannah, "pupil", amelia.pk)).content.decode()
    assert "Amelia" in page
    assert "Amelia" not in page.split("<title>")[1].split("</title>")[0]


def test_a_teacher_does_not_find_another_teacher_s_pupil(as_member, url, hannah, larkrise):
    albie = Pupil.objects.get(name="Albie Stroud", school=larkrise)
    client = as_member(hannah)
    assert client.get(url(hannah, "pupil", albie.pk)).status_code == 404
    assert client.post(url(hannah, "pupil_change", albie.pk), {"name": "X"}).status_code == 404


def test_a_name_is_put_right(as_member, url, hannah, larkrise):
    amelia = Pupil.objects.get(name="Amelia Thorne", school=larkrise)
    asked = {"name": "Amélia Thorne", "date_of_birth": "2 5 2016"}
    assert as_member(hannah).post(url(hannah, "pupil_change", amelia.pk), asked).status_code == 302
    amelia.refresh_from_db()
    assert (amelia.name, amelia.date_of_birth) == ("Amélia Thorne", dt.date(2016, 5, 2))


def test_an_area_manager_reads_a_pupil_and_changes_nothing(as_member, url, dilys, larkrise):
    amelia = Pupil.objects.get(name="Amelia Thorne", school=larkrise)
    client = as_member(dilys)
    page = client.get(url(dilys, "pupil", amelia.pk))
    assert page.status_code == 200 and url(dilys, "pupil_change", amelia.pk) not in page.content.decode()
    assert client.post(url(dilys, "pupil_change", amelia.pk), {"name": "X"}).status_code == 403


def test_the_office_searches_without_a_name_in_the_address(as_member, url, rosa):
    client, address = as_member(rosa), url(rosa, "pupils")
    answer = client.post(address, {"name": "amelia th"})
    assert answer.status_code == 302 and answer.url == address
    page = client.get(address).content.decode()
    assert "Amelia Thorne" in page and "Noah Castle" not in page
    client.post(address, {})
    assert "Aaliyah" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("asked", "there", "gone"),
    [({"instrument": "Harp"}, "Harp", "Trumpet,"), ({"name": "Castle"}, "Noah Castle", "Amelia")],
)
def test_the_list_is_filtered(as_member, url, rosa, asked, there, gone):
    client = as_member(rosa)
    client.post(url(rosa, "pupils"), asked)
    page = client.get(url(rosa, "pupils")).content.decode().split("<tbody")[1]
    assert there in page and gone not in page


def test_by_school_and_teacher(as_member, url, rosa, marcus, larkrise):
    client = as_member(rosa)
    client.post(url(rosa, "pupils"), {"school": larkrise.pk, "teacher": marcus.pk})
    page = client.get(url(rosa, "pupils")).content.decode().split("<tbody")[1]
    assert "Albie Stroud" in page and "Amelia Thorne" not in page and "Millrace" not in page


def test_the_office_takes_the_list_away_and_nobody_else_can(as_member, url, rosa, dilys, hannah):
    answer = as_member(rosa).get(url(rosa, "pupils"), {"as": "csv"})
    assert "Amelia Thorne" in answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"] == 'attachment; filename="pupils.csv"'
    assert "attachment" not in as_member(dilys).get(url(dilys, "pupils"), {"as": "csv"}).get("Content-Disposition", "")
    assert as_member(hannah).get(url(hannah, "pupils"), {"as": "csv"}).status_code == 403


def test_a_name_cannot_run_in_the_file_as_a_formula(as_member, url, rosa, hannah, at_larkrise):
    fields = {"date_of_birth": BORN, "lesson": NewLesson("individual", 20, "Violin"), "from_week": THIS_WEEK}
    set_up_pupil(at_larkrise, hannah, name="=1+1 Quill", **fields)
    text = as_member(rosa).get(url(rosa, "pupils"), {"as": "csv"}).content.decode("utf-8-sig")
    assert "'=1+1 Quill" in text


def test_the_pages_ask_no_more_often_when_there_is_more(as_member, url, rosa, hannah, at_larkrise, larkrise):
    amelia = Pupil.objects.get(name="Amelia Thorne", school=larkrise)
    pages = [(rosa, "pupils"), (rosa, "pupil", amelia.pk), (hannah, "my_pupils"), (hannah, "pupil", amelia.pk)]
    pages.append((hannah, "pupil_add", at_larkrise.pk))

    def count(member, name, *args):
        client = as_member(member)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(member, name, *args)).status_code == 200
        return len(queries)

    few = [count(*page) for page in pages]
    for n in range(10):
        lesson = NewLesson("small_group", 30, f"Instrument {n}")
        set_up_pupil(at_larkrise, hannah, name=f"New {n}", date_of_birth=BORN, lesson=lesson, from_week=THIS_WEEK)
        fields = {"name": amelia.name, "date_of_birth": amelia.date_of_birth, "from_week": THIS_WEEK}
        set_up_pupil(at_larkrise, hannah, lesson=lesson, **fields)
    assert [count(*page) for page in pages] == few
