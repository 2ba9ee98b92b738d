"""The register's address, as plain forms without a script (H5, H6, R4, R9) and what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week
from tutti.people.models import Member
from tutti.teaching.models import Allocation, Kind, Mark, Reason, Register
from tutti.teaching.models.lesson import add_lesson
from tutti.teaching.models.place import add_place
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.sheet import Sheet

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
OURS = "select set_config"  # the test entering its service again; the page does so in the statement that reads it


def statements(captured):
    return [query["sql"] for query in captured if not query["sql"].startswith((*TRANSACTION, OURS))]


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


@pytest.fixture
def address(hannah, at_larkrise, url):
    return url(hannah, "register", at_larkrise.pk, THIS_WEEK)


@pytest.fixture
def teacher(as_member, hannah):
    return as_member(hannah)


def fields_of(html):
    """The form as a browser without scripts would send it."""
    data = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("radio" not in tag and "checkbox" not in tag or " checked" in tag):
            data[name[1]] = value[1] if value else ""
    return data


def test_the_page_shows_every_pupil_with_their_sums(teacher, address, hannah, at_larkrise):
    html = teacher.get(address).content.decode()
    sheet = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK)
    assert all(pupil.name in html for pupil in sheet.pupils)
    assert f"{sheet.pupils[0].balance.had} had, {sheet.pupils[0].balance.due} due" in html
    assert "Week 11, lesson 10, commencing 16 November 2026" in html


def test_no_pupil_is_named_in_the_address_or_the_title(teacher, address, hannah, at_larkrise):
    html = teacher.get(address).content.decode()
    title = re.search(r"<title>(.*?)</title>", html, re.S)[1]
    names = [pupil.name for pupil in Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).pupils]
    assert not any(name in title or name.split()[0] in address for name in names)
    assert "Larkrise Primary School" in title


def test_nothing_may_be_kept_by_the_browser(teacher, address):
    response = teacher.get(address)
    assert "no-store" in response["Cache-Control"]
    assert 'autocomplete="off"' in response.content.decode()


def test_all_as_planned_then_confirm_without_a_script(teacher, address, at_larkrise):
    assert teacher.post(address, {"move": "planned"}, follow=True).status_code == 200
    data = fields_of(teacher.get(address).content.decode())
    html = teacher.post(address, {**data, "move": "confirm"}, follow=True).content.decode()
    assert "Your week is recorded" in html
    assert Register.objects.confirmed().filter(allocation=at_larkrise, week=THIS_WEEK).exists()


def test_a_page_sent_twice_is_the_same_as_once(teacher, address, at_larkrise):
    teacher.post(address, {"move": "planned"})
    data = {**fields_of(teacher.get(address).content.decode()), "move": "confirm"}
    first, second = teacher.post(address, data), teacher.post(address, data)
    assert first.status_code == 303
    assert second.status_code in (303, 422)
    assert Register.objects.filter(allocation=at_larkrise, week=THIS_WEEK).count() == 1


def test_marks_on_the_page_are_saved_with_whatever_button_is_pressed(teacher, address, hannah, at_larkrise):
    pupil = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).pupils[1]
    absent = Reason.objects.get(service=hannah.service, code="absent")
    data = fields_of(teacher.get(address).content.decode())
    data |= {f"mark-{pupil.place_pk}": "away", f"why-{pupil.place_pk}": str(absent.pk), "move": "planned"}
    teacher.post(address, data)
    assert Mark.objects.get(place=pupil.place_pk, line__register__week=THIS_WEEK).reason == absent


def test_an_old_page_overwrites_nothing_it_did_not_change(teacher, address, hannah, at_larkrise):
    first, second = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).pupils[:2]
    old_page = fields_of(teacher.get(address).content.decode())
    ill = Reason.objects.get(service=hannah.service, code="ill")
    teacher.post(f"{address}tap/", {"place": first.place_pk, "why": ill.pk})
    teacher.post(address, {**old_page, f"mark-{second.place_pk}": "here", "move": "save"})
    pupils = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).pupils
    assert [pupil.reason.code for pupil in pupils[:2]] == ["ill", "present"]


def test_away_without_a_reason_is_asked_for_at_the_pupil(teacher, address, hannah, at_larkrise):
    pupil = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).pupils[0]
    response = teacher.post(address, {f"mark-{pupil.place_pk}": "away", "move": "confirm"})
    assert response.status_code == 422
    assert f"Say why {pupil.first_name} was not here." in response.content.decode()


def test_confirming_too_early_says_what_is_missing(teacher, address):
    response = teacher.post(address, {"move": "confirm"})
    assert response.status_code == 422
    assert "7 lessons are not marked yet." in response.content.decode()


def maple_of(hannah, at_larkrise):
    return next(x for x in Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).lessons if x.is_programme)


def test_a_head_count_above_the_class_needs_a_second_look(teacher, address, hannah, at_larkrise):
    maple = maple_of(hannah, at_larkrise)
    data = {f"given-{maple.lesson_pk}": "yes", f"count-{maple.lesson_pk}": "31", "move": "save"}
    response = teacher.post(address, data)
    html = response.content.decode()
    assert response.status_code == 422 and "There are 29 in the class. Were there really 31?" in html
    assert 'value="31"' in html
    assert teacher.post(address, {**data, f"sure-{maple.lesson_pk}": "31"}).status_code == 303
    assert maple_of(hannah, at_larkrise).head_count == 31


@pytest.mark.parametrize("typed", ["-1", "lots", "401", "٣"])
def test_a_head_count_that_is_no_number_of_children_is_refused(teacher, address, hannah, at_larkrise, typed):
    maple = maple_of(hannah, at_larkrise)
    response = teacher.post(address, {f"given-{maple.lesson_pk}": "yes", f"count-{maple.lesson_pk}": typed})
    assert response.status_code == (422 if typed != "٣" else 303)
    assert maple_of(hannah, at_larkrise).head_count in (None, 3)


def test_one_more_and_one_fewer_work_without_a_script(teacher, address, hannah, at_larkrise):
    maple = maple_of(hannah, at_larkrise)
    data = {f"given-{maple.lesson_pk}": "yes", f"count-{maple.lesson_pk}": "28"}
    teacher.post(address, {**data, "less": str(maple.lesson_pk)})
    assert maple_of(hannah, at_larkrise).head_count == 27


@pytest.mark.parametrize("minutes", ["0", "4", "301", "twenty", "-20", "9" * 30])
def test_absurd_minutes_are_refused_at_the_lesson(teacher, address, hannah, at_larkrise, minutes):
    lesson = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).lessons[0]
    response = teacher.post(address, {f"minutes-{lesson.lesson_pk}": minutes})
    assert response.status_code == 422
    assert "Minutes must be a number from 5 to 300." in response.content.decode()
    assert Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).lessons[0].minutes == lesson.minutes


def test_the_week_is_struck_out_by_one_button_and_taken_back_by_another(teacher, address, hannah, at_larkrise):
    ill = Reason.objects.get(service=hannah.service, code="teacher-ill")
    teacher.post(address, {"absent": str(ill.pk)})
    assert not Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).given
    assert "I was there after all" in teacher.get(address).content.decode()
    teacher.post(address, {"move": "there"})
    assert not Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).marked


def test_one_lesson_is_struck_out_and_given_after_all(teacher, address, hannah, at_larkrise):
    lesson = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).lessons[0]
    kept = Reason.objects.get(service=hannah.service, code="kept")
    teacher.post(address, {f"strike-{lesson.lesson_pk}": str(kept.pk)})
    assert Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).lessons[0].given is False
    back = {f"given-{lesson.lesson_pk}": "yes", f"was-given-{lesson.lesson_pk}": str(kept.pk)}
    teacher.post(address, back)
    assert Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).lessons[0].given is None


def test_a_week_out_of_term_is_not_there(teacher, url, hannah, at_larkrise):
    assert teacher.get(url(hannah, "register", at_larkrise.pk, Week.parse("2026-10-26"))).status_code == 404
    assert teacher.get(url(hannah, "register", at_larkrise.pk, Week.parse("1999-01-04"))).status_code == 404


def test_another_teacher_finds_nothing_and_the_office_only_reads(as_member, owen, rosa, address):
    assert as_member(owen).get(address).status_code == 404
    office = as_member(rosa)
    html = office.get(address).content.decode()
    assert "Amelia Thorne" in html and "All as planned" not in html
    assert office.post(address, {"move": "planned"}).status_code == 404


def test_a_tap_that_makes_no_sense_is_never_an_error_of_ours(teacher, address):
    for data in ({}, {"place": "x"}, {"place": "9" * 40, "why": "here"}, {"place": "1", "why": "9" * 40}):
        assert teacher.post(f"{address}tap/", data).status_code in (404, 422)


def test_a_signed_out_tap_is_told_so_and_not_answered_with_a_page(client, address):
    response = client.post(f"{address}tap/", {"place": "1", "why": "here"}, headers={"X-Tutti": "save"})
    assert response.status_code == 401


# what it costs


def fill_with_pupils(allocation, by: Member, many: int):
    lesson = add_lesson(allocation, by, kind=Kind.LARGE_GROUP, minutes=45, instrument="Recorder")
    for number in range(many):
        pupil, _ = find_or_add(allocation.school, by, f"Pupil Number {number}", Week.parse("2016-02-01").monday)
        add_place(lesson, pupil, by, from_week=allocation.from_week)
    return lesson


def test_the_page_costs_the_same_with_few_and_with_many_pupils(teacher, address, hannah, at_larkrise):
    teacher.get(address)
    with CaptureQueriesContext(connection) as few:
        teacher.get(address)
    fill_with_pupils(at_larkrise, hannah, 30)
    with CaptureQueriesContext(connection) as many:
        teacher.get(address)
    assert len(statements(few)) == len(statements(many)) <= 8


def test_a_mark_costs_eight_statements_at_most_even_the_first(teacher, address, hannah, at_larkrise):
    pupils = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).pupils
    ill = str(Reason.objects.get(service=hannah.service, code="ill").pk)
    costs = []
    for place, why in [(pupils[0], "here"), (pupils[1], ill), (pupils[1], "here")]:
        with CaptureQueriesContext(connection) as captured:
            assert teacher.post(f"{address}tap/", {"place": place.place_pk, "why": why}).status_code == 204
        costs.append(len(statements(captured)))
    assert max(costs) <= 8, costs


def test_a_whole_register_of_thirty_costs_ten_with_one_statement_for_its_marks(teacher, address, hannah, at_larkrise):
    fill_with_pupils(at_larkrise, hannah, 21)
    pupils = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).pupils
    assert len(pupils) == 30
    data = {f"mark-{pupil.place_pk}": "here" for pupil in pupils}
    with CaptureQueriesContext(connection) as captured:
        assert teacher.post(address, {**data, "move": "save"}).status_code == 303
    found = statements(captured)
    assert len(found) <= 10, found
    assert sum('INTO "teaching_mark"' in sql for sql in found) == 1
    assert Mark.objects.filter(line__register__allocation=at_larkrise, line__register__week=THIS_WEEK).count() == 30


def test_an_old_page_takes_back_no_count_no_minutes_and_no_note(teacher, address, hannah, at_larkrise):
    maple, lesson = maple_of(hannah, at_larkrise), Sheet.open(hannah, at_larkrise.pk, THIS_WEEK).lessons[0]
    teacher.post(address, {f"given-{maple.lesson_pk}": "yes", f"count-{maple.lesson_pk}": "20"})
    old_page = fields_of(teacher.get(address).content.decode())
    newer = {f"given-{maple.lesson_pk}": "yes", f"count-{maple.lesson_pk}": "17", "note": "Two were away"}
    teacher.post(address, {**newer, f"minutes-{lesson.lesson_pk}": "45"})
    teacher.post(address, {**old_page, "note": ""})
    sheet = Sheet.open(hannah, at_larkrise.pk, THIS_WEEK)
    assert maple_of(hannah, at_larkrise).head_count == 17
    assert sheet.lessons[0].minutes == 45
    assert sheet.register.note == "Two were away"


@pytest.mark.parametrize("typed", ["9" * 5000, "00"])
def test_numbers_that_break_machines_are_never_an_error_of_ours(teacher, address, hannah, at_larkrise, typed):
    maple = maple_of(hannah, at_larkrise)
    data = {f"given-{maple.lesson_pk}": "yes", f"count-{maple.lesson_pk}": typed, "less": str(maple.lesson_pk)}
    assert teacher.post(address, {**data, f"minutes-{maple.lesson_pk}": typed}).status_code == 422
