"""Finding, arranging and calling off cover on pages, and what the one who covers may open (R7); leavers (P2); R8."""

import re

import pytest
from django.db import transaction
from django.template.loader import render_to_string

from tests.teaching.small_school import SmallSchool, week
from tutti.core.letters import Letter
from tutti.people.models import Member
from tutti.teaching.models import Allocation, Cover, Lesson, Mark, Reason, Register, SecondTeacher
from tutti.teaching.models.arrangement import cover_cards
from tutti.teaching.models.cover import arrange_cover
from tutti.teaching.models.notice import give_notice

pytestmark = pytest.mark.django_db
LAST, NOW, NEXT, AFTER = week(11, 9), week(11, 16), week(11, 23), week(11, 30)


@pytest.fixture
def small(hannah, rosa):
    made = SmallSchool(hannah, rosa)
    made.pair, made.alone = made.lesson("Ada Quill", "Ben Frost", minutes=30), made.lesson("Cleo Marsh")
    return made


@pytest.fixture
def sunniva(northshire):
    return Member.objects.select_related("person", "service").get(service=northshire, name="Sunniva Marsh")


@pytest.fixture
def find(url, rosa, small):
    """The address at which cover is found for these weeks of the small school."""

    def address(*weeks):
        return url(rosa, "covers_find", visit=[f"{small.allocation.pk}-{one}" for one in weeks])

    return address


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def covers(small):
    return Cover.objects.filter(allocation=small.allocation)


def test_r7_from_the_leave_to_the_cover(as_member, url, rosa, small, sunniva, northshire):
    """The leave's page ticks what nobody covers; the letters are read; then it is arranged, and said everywhere."""
    ill = Reason.objects.get(service=northshire, code="teacher-ill")
    leave = give_notice(northshire, rosa, reason=ill, from_week=NEXT, until_week=NEXT, teacher=small.teacher)
    client, page = as_member(rosa), as_member(rosa).get(url(rosa, "notice", leave.pk))
    key = f"{small.allocation.pk}-{NEXT}"
    assert f'value="{key}"' in page.content.decode()
    address = url(rosa, "covers_find", visit=key)
    asked = client.get(address)
    assert "Sunniva Marsh" in text(asked) and "Violin" in text(asked) and "hours" in text(asked)
    assert asked.content.decode().count("checked") == 2
    typed = {"lesson": [small.pair.pk, small.alone.pk], "teacher": sunniva.pk}
    look = text(client.post(address, typed))
    assert "Cover for Hannah Whitlock" in look and sunniva.person.email in look and "covers for you" in look
    assert not covers(small).exists() and not Letter.objects.filter(kind="cover_arranged").exists()
    for _ in range(2):
        assert client.post(address, typed | {"move": "save"}).status_code == 302
    assert covers(small).get().teacher == sunniva and covers(small).get().lesson is None
    assert Letter.objects.filter(kind="cover_arranged").count() == 1
    again = client.get(url(rosa, "notice", leave.pk))
    assert f'value="{key}"' not in again.content.decode() and "Sunniva Marsh" in text(again)


def test_r7_single_lessons_of_a_visit(as_member, rosa, small, find, sunniva):
    client = as_member(rosa)
    client.post(find(NOW), {"lesson": small.alone.pk, "teacher": sunniva.pk, "move": "save"})
    assert [(one.lesson, one.teacher) for one in covers(small)] == [(small.alone, sunniva)]
    page = client.get(find(NOW))
    assert page.content.decode().count("checked") == 1 and "Covered by Sunniva Marsh" in text(page)


def test_r7_several_weeks_at_once(as_member, rosa, small, find, sunniva):
    as_member(rosa).post(find(NOW, NEXT, AFTER), {"teacher": sunniva.pk, "move": "save"})
    assert list(covers(small).values_list("week", "teacher", "lesson")) == [
        (one, sunniva.pk, None) for one in (NOW, NEXT, AFTER)
    ]
    assert Letter.objects.filter(kind__startswith="cover_").count() == 2


def test_somebody_else_may_be_chosen(as_member, rosa, small, find, marcus):
    """Who teaches another instrument, because the office knows more than the list."""
    as_member(rosa).post(find(NOW, NEXT), {"other": marcus.pk, "move": "save"})
    assert set(covers(small).values_list("teacher", flat=True)) == {marcus.pk}


@pytest.mark.parametrize("typed", [{}, {"teacher": "x"}, {"teacher": "999999"}, {"other": "999999"}])
def test_nobody_chosen_is_said_and_nothing_is_done(as_member, rosa, small, find, typed):
    for move in ("look", "save"):
        page = as_member(rosa).post(find(NOW, NEXT), typed | {"move": move})
        assert page.status_code == 422 and "to put right" in text(page)
    assert not covers(small).exists()


def test_no_lesson_ticked_is_said(as_member, rosa, small, find, sunniva):
    page = as_member(rosa).post(find(NOW), {"teacher": sunniva.pk, "move": "save"})
    assert page.status_code == 422 and "Tick the lessons" in text(page)


@pytest.mark.parametrize("visit", ["", "x", "1-", "1-2026-11-24", "-5-2026-11-23", "9" * 40 + "-2026-11-23", "1-x-y"])
def test_a_strange_visit_is_none(as_member, url, rosa, visit):
    page = as_member(rosa).get(url(rosa, "covers_find", visit=visit))
    assert page.status_code == 200 and "No visit is chosen" in text(page)


def test_a_confirmed_visit_is_not_covered_any_more(as_member, rosa, small, find):
    small.record(NOW)
    assert "No visit is chosen" in text(as_member(rosa).get(find(NOW)))


def test_calling_off_shows_the_letters_first(as_member, url, rosa, small, sunniva):
    cover = arrange_cover(small.allocation, rosa, NEXT, sunniva)
    client, address = as_member(rosa), url(rosa, "cover_call_off", cover.pk)
    assert "No cover for Hannah Whitlock after all" in text(client.get(address))
    assert covers(small).exists() and not Letter.objects.filter(kind="cover_called_off").exists()
    client.post(address)
    assert not covers(small).exists()
    told = set(Letter.objects.filter(kind="cover_called_off").values_list("to_email", flat=True))
    assert told == {sunniva.person.email, small.teacher.person.email}


def test_a_cover_that_was_confirmed_with_stays(as_member, url, rosa, small, sunniva):
    cover = arrange_cover(small.allocation, rosa, NOW, sunniva)
    small.record(NOW)
    page = as_member(rosa).post(url(rosa, "cover_call_off", cover.pk), follow=True)
    assert "this week is confirmed" in text(page) and covers(small).exists()


@pytest.mark.parametrize("name", ["hannah", "dilys"])
def test_only_the_office_arranges(request, as_member, url, small, find, sunniva, name, rosa):
    member = request.getfixturevalue(name)
    cover = arrange_cover(small.allocation, rosa, NEXT, sunniva)
    client = as_member(member)
    assert client.post(find(NOW), {"teacher": sunniva.pk, "move": "save"}).status_code == 403
    assert client.post(url(member, "cover_call_off", cover.pk)).status_code == 403
    assert covers(small).count() == 1


def test_r7_who_covers_opens_that_week_and_nothing_else(as_member, url, small, sunniva, rosa):
    """The register of that week with a tap; no other week, no pupil's page, no list of pupils, nothing to print."""
    client, pk = as_member(sunniva), small.allocation.pk
    assert client.get(url(sunniva, "register", pk, NOW)).status_code == 404
    arrange_cover(small.allocation, rosa, NOW, sunniva)
    page = text(client.get(url(sunniva, "register", pk, NOW)))
    assert "Ada Quill" in page and "Cleo Marsh" in page
    place = small.alone.places.get()
    tapped = client.post(url(sunniva, "register_tap", pk, NOW), {"place": place.pk, "why": "here"})
    assert tapped.status_code == 204
    assert Mark.objects.get(place=place).line.given_by == sunniva
    for other in (LAST, NEXT):
        assert client.get(url(sunniva, "register", pk, other)).status_code == 404
        assert (
            client.post(url(sunniva, "register_tap", pk, other), {"place": place.pk, "why": "here"}).status_code == 404
        )
    addresses = [url(sunniva, name, pk) for name in ("allocation", "pupil_add", "pupils_paste", "lesson_add")]
    addresses += [url(sunniva, "pupil", place.pupil_id), url(sunniva, "place_change", place.pk)]
    addresses += [url(sunniva, "lesson_change", small.alone.pk)]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
    assert "Quarry Lane" not in text(client.get(url(sunniva, "my_pupils")))


def test_r7_who_covers_marks_fills_and_confirms_on_the_page(as_member, url, small, sunniva, rosa):
    """A whole visit: all of it is theirs to record that week. The office only reads."""
    arrange_cover(small.allocation, rosa, NOW, sunniva)
    client, address = as_member(sunniva), url(sunniva, "register", small.allocation.pk, NOW)
    assert client.post(address, {"move": "planned"}).status_code == 303
    assert client.post(address, {"move": "confirm"}).status_code == 303
    register = Register.objects.get(allocation=small.allocation, week=NOW)
    assert register.confirmed_by == sunniva
    assert set(register.lines.values_list("given_by", "given")) == {(sunniva.pk, True)}
    later = url(sunniva, "register", small.allocation.pk, NEXT)
    assert client.post(later, {"move": "planned"}).status_code == 404
    assert as_member(rosa).post(url(rosa, "register", small.allocation.pk, NOW), {"move": "reopen"}).status_code == 404


def test_r7_who_covers_single_lessons_does_not_confirm_the_week(as_member, url, small, sunniva, rosa):
    arrange_cover(small.allocation, rosa, NOW, sunniva, small.alone)
    client, address = as_member(sunniva), url(sunniva, "register", small.allocation.pk, NOW)
    assert client.post(address, {"move": "planned"}).status_code == 303
    page = client.post(address, {"move": "confirm"})
    assert page.status_code == 422 and "Hannah Whitlock confirms the week" in text(page)
    register = Register.objects.get(allocation=small.allocation, week=NOW)
    assert not register.is_confirmed and list(register.lines.values_list("lesson", flat=True)) == [small.alone.pk]


def test_r7_single_lessons_show_those_pupils_only(as_member, url, small, sunniva, rosa):
    arrange_cover(small.allocation, rosa, NOW, sunniva, small.alone)
    page = text(as_member(sunniva).get(url(sunniva, "register", small.allocation.pk, NOW)))
    assert "Cleo Marsh" in page and "Ada Quill" not in page


def test_r7_the_card_for_my_week(small, sunniva, rosa):
    arrange_cover(small.allocation, rosa, NOW, sunniva)
    card = cover_cards(sunniva, NOW)[0]
    words = render_to_string("teaching/cover/card.html", {"card": card})
    assert "Cover for Hannah Whitlock" in words and "2 lessons, 50 minutes" in words and "This week" in words


def test_r8_the_office_adds_changes_and_ends_a_second_teacher(as_member, url, rosa, small, marcus):
    maple, client = small.programme(), as_member(rosa)
    address = url(rosa, "programme_second", maple.pk)
    assert address in client.get(url(rosa, "programme_change", maple.pk)).content.decode()
    for minutes, first in ((40, NOW), (40, NOW), (25, AFTER)):
        typed = {"teacher": marcus.pk, "minutes": minutes, "from_week": str(first)}
        assert client.post(address, typed).status_code == 302
    spans = list(maple.second_teachers.values_list("minutes", "from_week", "until_week"))
    assert spans == [(40, NOW, NEXT), (25, AFTER, None)]
    last = maple.second_teachers.get(minutes=25)
    client.post(url(rosa, "second_end", last.pk), {"until_week": str(AFTER + 1)})
    last.refresh_from_db()
    assert last.until_week == AFTER + 1
    card = render_to_string(
        "teaching/second_teacher/card.html", {"second": SecondTeacher.objects.seconds_in(marcus, NOW).get()}
    )
    assert "With Hannah Whitlock: Year 4 Maple" in card and "40 minutes" in card and "Recorded by Hannah" in card


@pytest.mark.parametrize("typed", [{"minutes": ""}, {"minutes": "2"}, {"teacher": "x"}, {"from_week": "2026-11-24"}])
def test_a_second_teacher_that_is_no_answer_is_asked_again(as_member, url, rosa, small, marcus, typed):
    maple = small.programme()
    full = {"teacher": marcus.pk, "minutes": "40", "from_week": str(NOW)}
    page = as_member(rosa).post(url(rosa, "programme_second", maple.pk), full | typed)
    assert page.status_code == 422 and not maple.second_teachers.exists()


def test_a_small_group_has_no_second_teacher(as_member, url, rosa, small):
    assert as_member(rosa).get(url(rosa, "programme_second", small.pair.pk)).status_code == 404


def test_large_groups_are_found_on_the_page_of_programmes(as_member, url, rosa, small):
    large = small.lesson("Dan Pike", "Eve Lorne", kind="large_group")
    page = as_member(rosa).get(url(rosa, "programmes")).content.decode()
    assert url(rosa, "programme_second", large.pk) in page
    assert Lesson.objects.get(pk=large.pk).allocation == small.allocation


def test_p2_a_teacher_leaves_and_hands_on(as_member, url, rosa, small, owen):
    client, address = as_member(rosa), url(rosa, "teacher_leaves", small.teacher.pk)
    assert address in client.get(url(rosa, "teacher", small.teacher.pk)).content.decode()
    assert client.get(address, {"until_week": "x"}).status_code == 422
    when = f"{address}?until_week={AFTER}"
    assert "After them at Quarry Lane School" in text(client.get(when))
    client.post(when, {f"heir-{small.allocation.pk}": owen.pk})
    assert set(Allocation.objects.filter(teacher=small.teacher).values_list("until_week", flat=True)) == {AFTER}
    assert Allocation.objects.get(teacher=owen, school=small.school).from_week == AFTER + 1


def test_p2_a_recorded_week_is_named_and_nothing_ends(as_member, url, rosa, small):
    small.record(NOW)
    when = f"{url(rosa, 'teacher_leaves', small.teacher.pk)}?until_week={LAST}"
    page = as_member(rosa).post(when)
    assert page.status_code == 422 and "Quarry Lane School is recorded up to" in text(page)
    assert not Allocation.objects.filter(teacher=small.teacher, until_week=LAST).exists()


def test_r7_who_covers_a_lesson_says_nothing_of_the_rest_of_the_week(as_member, url, small, sunniva, rosa):
    """Not whether the absent teacher was there, not with other lessons' make-ups, and not that it is open again."""
    small.record(week(10, 5), absent={"Ada Quill": "teacher-ill"})
    arrange_cover(small.allocation, rosa, NOW, sunniva, small.alone)
    client, address = as_member(sunniva), url(sunniva, "register", small.allocation.pk, NOW)
    for typed in ({"absent": small.reason("teacher-ill").pk}, {"make_up": f"{small.pair.pk}-20261005"}):
        assert client.post(address, typed).status_code == 422
    assert client.post(address, {"move": "planned"}).status_code == 303
    register = Register.objects.get(allocation=small.allocation, week=NOW)
    assert (register.there, register.reason) == ("", None) and not register.lines.make_ups().exists()
    small.record(NOW)
    assert client.post(address, {"move": "reopen"}).status_code == 422
    assert Register.objects.get(pk=register.pk).is_confirmed


def test_r7_who_covers_a_lesson_neither_sees_nor_writes_the_note_of_the_week(as_member, url, small, sunniva, rosa):
    small.record(NOW, confirm=False)
    with transaction.atomic():
        small.sheet(NOW).set_note(small.by, "Ada has a new bow")
    arrange_cover(small.allocation, rosa, NOW, sunniva, small.alone)
    client, address = as_member(sunniva), url(sunniva, "register", small.allocation.pk, NOW)
    assert "new bow" not in client.get(address).content.decode()
    client.post(address, {"note": "Mine", "was-note": "Ada has a new bow"})
    assert Register.objects.get(allocation=small.allocation, week=NOW).note == "Ada has a new bow"
