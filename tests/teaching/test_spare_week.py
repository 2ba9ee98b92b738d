"""An allocation's own lesson weeks: a school that buys 30 lessons of 33 (W2)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.teaching.models import Allocation, Register, SpareWeek
from tutti.teaching.models.expected import Delivery, missing_registers

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")


@pytest.fixture
def allocation(owen):
    return Allocation.objects.filter(teacher=owen, school__name="Cawdale Community School").get()


@pytest.fixture
def lessons(allocation):
    return list(allocation.teaching_weeks().exclude(lesson_number=None).values_list("monday", flat=True))


@pytest.fixture
def page(as_member, rosa, url, allocation):
    return lambda: as_member(rosa).get(url(rosa, "allocation_end", allocation.pk)).content.decode()


@pytest.fixture
def send(as_member, rosa, url, allocation):
    def send(weeks):
        return as_member(rosa).post(url(rosa, "allocation_weeks", allocation.pk), {"week": [str(w) for w in weeks]})

    return send


def spare(allocation):
    return list(allocation.spare_weeks.values_list("week", flat=True))


def test_w2_thirty_lessons_of_thirty_three(allocation, lessons, rosa):
    assert len(lessons) == 33
    assert allocation.set_spare_weeks(rosa, lessons[-3:])
    assert spare(allocation) == lessons[-3:]
    assert SpareWeek.objects.filter(allocation=allocation, week=lessons[-1]).exists()
    event = Event.objects.about(allocation).newest_first().first()
    assert (event.verb, event.by_name, event.before) == ("set the lesson weeks", "Rosa Pike", {"spare weeks": ""})
    assert event.after["spare weeks"] == "14, 21 and 28 June"
    assert not allocation.set_spare_weeks(rosa, lessons[-3:])
    assert Event.objects.about(allocation).newest_first().first() == event


def test_w2_a_spare_week_of_an_allocation_expects_nothing_and_is_never_missing(northshire, allocation, lessons, rosa):
    weeks = list(allocation.year.weeks.all())
    late = Allocation.objects.filter(school=allocation.school)
    missing = {one.week for one in missing_registers(northshire, weeks, late) if one.allocation_id == allocation.pk}
    assert THIS_WEEK in missing
    _, expected = Delivery(northshire, weeks, late).share_of(allocation.pk)
    allocation.set_spare_weeks(rosa, [THIS_WEEK, lessons[-1]])
    delivery = Delivery(northshire, weeks, late)
    assert delivery.share_of(allocation.pk)[1] == expected - 2
    after = {one.week for one in delivery.missing() if one.allocation_id == allocation.pk}
    assert after == missing - {THIS_WEEK, lessons[-1]}
    other = late.exclude(pk=allocation.pk).first()
    assert (other.pk, THIS_WEEK) in {(one.allocation_id, one.week) for one in delivery.missing()}


def test_a_spare_week_of_the_service_is_spare_everywhere_and_needs_no_saying(northshire, allocation, rosa):
    service_s = allocation.year.weeks.filter(lesson_number=None).last().monday
    with pytest.raises(ValidationError, match="changed meanwhile"):
        allocation.set_spare_weeks(rosa, [service_s])
    assert not spare(allocation)


def test_a_week_whose_register_is_confirmed_cannot_become_spare_nor_stop_being_it(allocation, rosa, owen, lessons):
    register = Register.objects.create(service=owen.service, allocation=allocation, week=lessons[-1], confirmed_by=owen)
    with pytest.raises(ValidationError, match="Registers are confirmed"):
        allocation.set_spare_weeks(rosa, lessons[-3:])
    assert not spare(allocation)
    Register.objects.filter(pk=register.pk).update(confirmed_by=None)
    allocation.set_spare_weeks(rosa, lessons[-3:])
    Register.objects.filter(pk=register.pk).update(confirmed_by=owen)
    with pytest.raises(ValidationError, match="Registers are confirmed"):
        allocation.set_spare_weeks(rosa, [])
    assert spare(allocation) == lessons[-3:]


def test_w2_the_office_unticks_lesson_weeks_on_the_allocation_s_page(page, send, allocation, lessons, url, rosa):
    assert "33 of 33 lesson weeks" in page()
    response = send(lessons[:-3])
    assert response.url == url(rosa, "allocations")
    assert spare(allocation) == lessons[-3:]
    html = page()
    assert "30 of 33 lesson weeks" in html
    assert f'value="{lessons[-4]}" checked' in html
    assert f'value="{lessons[-1]}" checked' not in html
    send(lessons)
    assert not spare(allocation)


def test_recorded_weeks_are_shown_as_such_and_a_page_from_before_changes_nothing(page, send, allocation, lessons):
    recorded = sorted(allocation.recorded_weeks())
    assert f'<input type="hidden" name="week" value="{recorded[0]}">' in page()
    response = send([week for week in lessons if week not in (recorded[0], lessons[-1])])
    html = response.content.decode()
    assert response.status_code == 422
    assert "Registers are confirmed in these weeks" in html
    assert f'value="{lessons[-1]}" checked' not in html, "what was unticked stays unticked"
    assert not spare(allocation)


@pytest.mark.parametrize("week", ["2026-10-26", "2026-11-17", "odd", ""])
def test_what_is_no_lesson_week_is_refused(send, allocation, lessons, week):
    assert send([*lessons, week]).status_code == 422
    assert not spare(allocation)


def test_only_those_who_allocate_in_this_service_may(as_member, url, allocation, owen, dilys, sam):
    for member, status in ((owen, 403), (dilys, 403), (sam, 404)):
        assert as_member(member).post(url(member, "allocation_weeks", allocation.pk), {}).status_code == status
    assert not spare(allocation)


def test_a_teacher_sees_their_own_spare_weeks(allocation, lessons, rosa, owen, hannah):
    allocation.set_spare_weeks(rosa, lessons[-1:])
    seen = {m.name: SpareWeek.objects.filter(allocation=allocation).visible_to(m).count() for m in (owen, hannah, rosa)}
    assert seen == {"Owen Tregarth": 1, "Hannah Whitlock": 0, "Rosa Pike": 1}


def test_many_weeks_cost_as_much_as_one(allocation, lessons, rosa):
    def cost(weeks):
        with CaptureQueriesContext(connection) as queries:
            allocation.set_spare_weeks(rosa, weeks)
        return len(queries)

    assert cost(lessons[-1:]) == cost(lessons[-10:])


def test_an_allocation_taken_back_takes_its_spare_weeks_along(northshire, tess, rosa):
    empty = Allocation.objects.filter(teacher=tess).first()
    empty.set_spare_weeks(rosa, [THIS_WEEK])
    empty.remove(rosa)
    assert not SpareWeek.objects.filter(week=THIS_WEEK).exists()
