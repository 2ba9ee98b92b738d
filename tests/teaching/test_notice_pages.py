"""Pages on which the office and teachers say beforehand what will be; leave with its visits (R6, R7)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.small_school import SmallSchool, week
from tutti.core.calendar import Week
from tutti.people.models import Member
from tutti.schools.models import School
from tutti.teaching.models import Allocation, Notice, Pupil, Reason
from tutti.teaching.models.notice import give_notice

pytestmark = pytest.mark.django_db
NOW, NEXT, AFTER = week(11, 16), week(11, 23), week(11, 30)


@pytest.fixture
def small(hannah, rosa):
    made = SmallSchool(hannah, rosa)
    made.pair = made.lesson("Ada Quill", "Ben Frost")
    return made


@pytest.fixture
def typed(northshire):
    def make(code, first=NEXT, last=None, move="look", **fields):
        reason = Reason.objects.get(service=northshire, code=code)
        weeks = {"from_week": str(first), "until_week": str(last or first)}
        return {"reason": reason.pk, **weeks, "words": "", "move": move, **fields}

    return make


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def reasons_offered(response):
    return set(response.context["form"].fields["reason"].queryset.values_list("code", flat=True))


def test_r6_what_follows_is_said_before_it_is_saved(as_member, url, rosa, small, typed):
    client, address = as_member(rosa), url(rosa, "notice_add", **{"for": "school", "school": small.school.pk})
    page = client.get(address)
    assert "owed to the pupils" in text(page) and "nothing is owed" in text(page)
    small.record(NOW)
    look = text(client.post(address, typed("closed", NOW, NEXT)))
    for words in ("Teacher is not paid", "School is not charged", "A lesson is owed", "Does not count"):
        assert words in look
    assert "It touches 1 register, 1 lesson, 2 pupils" in look
    assert "1 register is confirmed already and stays as it is" in look
    assert not Notice.objects.filter(school=small.school).exists()


def test_r6_given_twice_it_is_there_once_and_can_be_taken_back(as_member, url, rosa, small, typed):
    client, address = as_member(rosa), url(rosa, "notice_add", **{"for": "school", "school": small.school.pk})
    sent = [client.post(address, typed("event", move="save", words="Sports day")) for _ in range(2)]
    notice = Notice.objects.get(school=small.school)
    assert {one["Location"] for one in sent} == {url(rosa, "notice", notice.pk)}
    page = text(client.get(sent[0]["Location"]))
    assert "Sports day" in page and "Take back" in page
    client.post(url(rosa, "notice_take_back", notice.pk))
    assert not Notice.objects.filter(school=small.school).exists()


def test_change_it_loses_nothing(as_member, url, rosa, small, typed):
    address = url(rosa, "notice_add", **{"for": "school", "school": small.school.pk})
    page = as_member(rosa).post(address, typed("event", AFTER, move="back", words="Sports day"))
    assert page.status_code == 200 and 'value="Sports day"' in page.content.decode()
    assert f'value="{AFTER}" selected' in page.content.decode()


def test_weeks_the_wrong_way_round_are_said_at_the_field(as_member, url, rosa, small, typed):
    address = url(rosa, "notice_add", **{"for": "school", "school": small.school.pk})
    for move in ("look", "save"):
        page = as_member(rosa).post(address, typed("event", AFTER, NEXT, move=move, words="Sports day"))
        assert page.status_code == 422 and "must not be before the first week" in text(page)
        assert 'href="#id_until_week"' in page.content.decode() and "Sports day" in page.content.decode()
    assert not Notice.objects.filter(school=small.school).exists()


@pytest.mark.parametrize(
    "wrong", [{"reason": "x"}, {"from_week": "2026-11-24"}, {"until_week": ""}, {"words": "x" * 201}]
)
def test_what_is_no_answer_is_asked_again(as_member, url, rosa, small, typed, wrong):
    address = url(rosa, "notice_add", **{"for": "school", "school": small.school.pk})
    assert as_member(rosa).post(address, typed("event", move="save") | wrong).status_code == 422


def test_only_reasons_that_make_sense_are_offered(as_member, url, rosa, small):
    client, pupil = as_member(rosa), Pupil.objects.get(name="Ada Quill")

    def offered(scope, **asked):
        return reasons_offered(client.get(url(rosa, "notice_add", **{"for": scope, **asked})))

    assert {"ill", "trip"} <= offered("pupil", pupil=pupil.pk) and "closed" not in offered("pupil", pupil=pupil.pk)
    assert "closed" in offered("school", school=small.school.pk)
    assert "ill" not in offered("lesson", lesson=small.pair.pk) | offered("all") | offered("office")
    assert offered("leave", teacher=small.teacher.pk) == {"teacher-ill", "teacher-away"}
    assert not any("present" in offered(scope) for scope in ("all", "office", "leave"))


def test_each_scope_finds_its_way(as_member, url, rosa, small, typed):
    """For a school the office types its name; then the year group, lesson or pupil is chosen there."""
    client = as_member(rosa)
    sent = client.post(url(rosa, "notice_add", **{"for": "year"}), {"school": "Quarry Lane"})
    assert sent["Location"].endswith(f"?for=year&school={small.school.pk}")
    client.post(sent["Location"], typed("trip", move="save", year_group="6"))
    ada = Pupil.objects.get(name="Ada Quill")
    at_school = {"school": small.school.pk}
    pupil = url(rosa, "notice_add", **{"for": "pupil", **at_school})
    client.post(pupil, typed("ill", move="save", pupil=ada.pk))
    client.post(
        url(rosa, "notice_add", **{"for": "lesson", **at_school}), typed("event", move="save", lesson=small.pair.pk)
    )
    client.post(url(rosa, "notice_add", **{"for": "office"}), typed("weather", move="save", office=rosa.office_id))
    client.post(url(rosa, "notice_add", **{"for": "all"}), typed("weather", AFTER, move="save"))
    found = [notice.about for notice in Notice.objects.for_list().filter(service=rosa.service).order_by("-pk")[:5]]
    assert found == [
        "Every school",
        f"Every school of the {rosa.office}",
        "Violin, Hannah Whitlock at Quarry Lane School",
        "Ada Quill, Quarry Lane School",
        "Year 6 at Quarry Lane School",
    ]


def test_a_teacher_gives_notice_for_their_own_pupils_only(as_member, url, hannah, small, typed, marcus):
    client, ada = as_member(hannah), Pupil.objects.get(name="Ada Quill")
    assert f"for=pupil&amp;pupil={ada.pk}" in client.get(url(hannah, "pupil", ada.pk)).content.decode()
    address = url(hannah, "notice_add", **{"for": "pupil", "pupil": ada.pk})
    client.post(address, typed("ill", move="save"))
    assert Notice.objects.get(pupil=ada).reason.code == "ill"
    other = as_member(marcus)
    page = other.post(url(marcus, "notice_add", **{"for": "pupil", "pupil": ada.pk}), typed("absent", move="save"))
    assert "Ada" not in page.content.decode() and Notice.objects.filter(pupil=ada).count() == 1
    notice = Notice.objects.get(pupil=ada)
    for name in ("notice", "notice_take_back"):
        assert other.post(url(marcus, name, notice.pk)).status_code == 404
    client.post(url(hannah, "notice_take_back", notice.pk))
    assert not Notice.objects.filter(pupil=ada).exists()


@pytest.mark.parametrize("scope", ["school", "office", "all"])
def test_a_teacher_does_not_speak_for_whole_schools(as_member, url, hannah, small, typed, scope):
    address = url(hannah, "notice_add", **{"for": scope, "school": small.school.pk})
    before = Notice.objects.count()
    page = as_member(hannah).post(address, typed("event", move="save", office=hannah.office_id))
    assert Notice.objects.count() == before and "I shall be away" in text(page)


def test_a_teacher_gives_notice_of_a_trip_at_a_school_of_theirs(as_member, url, hannah, small, typed):
    mine = {"for": "year", "school": small.school.pk}
    as_member(hannah).post(url(hannah, "notice_add", **mine), typed("trip", move="save", year_group="0"))
    assert Notice.objects.get(school=small.school).about == "Reception at Quarry Lane School"
    theirs = School.objects.exclude(allocations__teacher=hannah).filter(service=hannah.service).first()
    page = as_member(hannah).get(url(hannah, "notice_add", **{"for": "year", "school": theirs.pk}))
    assert theirs.name not in page.content.decode()


def test_r7_a_teacher_says_that_they_will_be_away_and_the_office_sees_it(as_member, url, hannah, rosa, small, typed):
    client, address = as_member(hannah), url(hannah, "notice_add", **{"for": "leave"})
    assert client.post(address, typed("teacher-away", NOW, move="save")).status_code == 422
    client.post(address, typed("teacher-away", AFTER, move="save", teacher=rosa.pk))
    notice = Notice.objects.get(teacher=hannah)
    assert (notice.from_week, notice.until_week) == (AFTER, AFTER)
    home = text(as_member(rosa).get(url(rosa, "home")))
    assert "Hannah Whitlock is away from 30 November: 5 visits without cover" in home
    assert "You are away" in text(client.get(url(hannah, "notice", notice.pk)))


def test_r7_the_page_of_a_leave_lists_every_visit(as_member, url, rosa, small, typed):
    """Hannah has four schools in the demo world and this one."""
    address = url(rosa, "notice_add", **{"for": "leave", "teacher": small.teacher.pk})
    sent = as_member(rosa).post(address, typed("teacher-ill", NEXT, AFTER, move="save"))
    page = as_member(rosa).get(sent["Location"])
    assert len(page.context["visits"]) == 10 and text(page).count("No cover: owed") == 10
    quarry = next(one for one in page.context["visits"] if one.allocation == small.allocation)
    assert (len(quarry.lessons), quarry.minutes, len(quarry.pupils)) == (1, 20, 2)
    assert "Find cover" in text(page)


def test_the_teacher_s_page_shows_their_leave(as_member, url, rosa, small, northshire):
    away = Reason.objects.get(service=northshire, code="teacher-away")
    give_notice(northshire, rosa, reason=away, from_week=NEXT, until_week=AFTER, teacher=small.teacher)
    page = as_member(rosa).get(url(rosa, "teacher", small.teacher.pk))
    assert "23 November to 30 November" in text(page)
    assert f"for=leave&amp;teacher={small.teacher.pk}" in page.content.decode()


def test_the_list_tells_running_to_come_and_past_apart(as_member, url, rosa, small, northshire):
    event = Reason.objects.get(service=northshire, code="event")
    for first, words in ((NOW - 3, "Long ago"), (NOW, "Right now"), (AFTER, "Later on")):
        fields = {"from_week": first, "until_week": first, "words": words, "school": small.school}
        give_notice(northshire, rosa, reason=event, **fields)
    client, address = as_member(rosa), url(rosa, "notices")
    page, past = text(client.get(address)), text(client.get(address, {"when": "past"}))
    assert "Right now" in page and "Later on" in page and "Long ago" not in page
    assert "Long ago" in past and "Later on" not in past
    other = School.objects.exclude(office=small.school.office).filter(office__isnull=False).first().office
    assert "Right now" in text(client.get(address, {"office": small.school.office_id}))
    assert "Right now" not in text(client.get(address, {"office": other.pk}))


@pytest.mark.parametrize("asked", [{"office": "x"}, {"page": "999"}, {"when": "never"}])
def test_a_strange_filter_shows_a_page_all_the_same(as_member, url, rosa, asked):
    assert as_member(rosa).get(url(rosa, "notices"), asked).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"for": "x"}, {"for": "pupil", "pupil": "9" * 30}, {"for": "leave", "teacher": "x"}, {"for": "lesson"}]
)
def test_a_strange_link_asks_what_it_needs(as_member, url, rosa, asked):
    assert as_member(rosa).get(url(rosa, "notice_add", **asked)).status_code == 200


def test_the_area_manager_reads_and_changes_nothing(as_member, url, dilys, small, northshire, rosa):
    event = Reason.objects.get(service=northshire, code="event")
    notice = give_notice(northshire, rosa, reason=event, from_week=NEXT, until_week=NEXT, school=small.school)
    client = as_member(dilys)
    page = client.get(url(dilys, "notice", notice.pk))
    assert page.status_code == 200 and "Take back" not in text(page)
    assert client.post(url(dilys, "notice_take_back", notice.pk)).status_code == 403
    assert client.get(url(dilys, "notice_add")).status_code == 403


def test_few_and_many_notices_take_the_same_queries(as_member, url, rosa, small, northshire):
    event = Reason.objects.get(service=northshire, code="event")
    client, counts = as_member(rosa), []
    for many in (1, 20):
        for number in range(many):
            give_notice(northshire, rosa, reason=event, from_week=NEXT, until_week=NEXT + number, school=small.school)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(rosa, "notices")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_the_reach_of_everybody_takes_few_queries(as_member, url, rosa, typed, django_assert_max_num_queries):
    last = Week.of(Allocation.objects.filter(service=rosa.service).first().year.last_day)
    client, address = as_member(rosa), url(rosa, "notice_add", **{"for": "all"})
    with django_assert_max_num_queries(26):
        page = client.post(address, typed("weather", NEXT, last))
    assert re.search(r"It touches [\d,]{5,} registers", text(page))


def test_a_member_can_still_have_their_access_taken_away(rosa, hannah):
    """A row that hangs on members must not take a verb's name."""
    assert Member.objects.get(pk=hannah.pk).leave(rosa) and not Member.objects.get(pk=hannah.pk).is_active
