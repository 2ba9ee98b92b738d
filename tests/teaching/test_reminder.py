"""Reminders that people bear: one a week, on the day the teacher chose, none when all is recorded (W5, L1)."""

import datetime as dt
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tutti.core.calendar import Week
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.people.models import Member, Person
from tutti.schools.models import School
from tutti.teaching.daily import reminders
from tutti.teaching.models import Allocation, Lesson, Register

pytestmark = pytest.mark.django_db
FRIDAY = dt.datetime(2026, 11, 20, 7, 0, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def friday(clock):
    clock.move_to(FRIDAY)


@pytest.fixture
def on(clock, northshire):
    """on(21) does what happens by itself on that day of November 2026."""

    def day(number, hour=7):
        clock.move_to(FRIDAY.replace(hour=hour) + dt.timedelta(days=number - 20))
        reminders(northshire)

    return day


def count_queries(call):
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def written(since=dt.datetime(2026, 11, 18, tzinfo=ZoneInfo("Europe/London"))):
    return Letter.objects.filter(kind="reminder", written_at__gte=since)


def to(member):
    return written().filter(to_email=member.person.email)


def record_all(teacher):
    weeks = [Week.parse(day) for day in ("2026-10-19", "2026-11-02", "2026-11-09", "2026-11-16")]
    for allocation in teacher.allocations.all():
        for week in weeks:
            known = {"service": teacher.service, "confirmed_by": teacher}
            Register.objects.update_or_create(allocation=allocation, week=week, defaults=known)


def test_on_their_day_each_teacher_who_misses_registers_gets_one_letter_that_says_how_to_change_the_day(
    northshire, owen, hannah, on, mail_server, run_jobs
):
    on(19)
    assert not to(owen).exists()
    on(20)
    run_jobs()
    (letter,) = mail_server.to(owen.person.email)
    assert letter["Subject"] == "9 registers still to record"
    text = letter.get_content().replace("\r\n", "\n")
    assert "Tutti reminds you on Fridays while a register is missing, once a week at most." in text
    assert "/northshire/me/\n" in text
    assert not to(hannah).exists()
    assert sorted(written().values_list("to_name", flat=True)) == ["Lena Farrow", "Owen Tregarth", "Wren Ashby"]
    event = Event.objects.about(owen).get(verb="reminded of registers")
    assert (event.by, event.by_name, event.after) == (None, "", {"registers": 9})


def test_however_often_daily_runs_it_is_one_letter_a_week(owen, friday, clock, run_jobs, world):
    for _ in range(3):
        call_command("daily")
        run_jobs()
        clock.shift(dt.timedelta(minutes=10))
    clock.shift(dt.timedelta(days=1))
    call_command("daily")
    world.again()
    assert to(owen).count() == 1
    clock.shift(dt.timedelta(days=6))
    call_command("daily")
    world.again()
    assert to(owen).count() == 2


def test_it_goes_out_in_the_morning_and_not_at_night(owen, on):
    on(20, hour=6)
    assert not to(owen).exists()
    on(20, hour=7)
    assert to(owen).count() == 1


def test_a_machine_that_was_off_reminds_on_the_next_day_of_the_same_week(owen, on):
    on(22)
    assert to(owen).count() == 1
    on(23)
    assert to(owen).count() == 1, "it is another week, whose Friday is still to come"


def test_whoever_was_chased_by_hand_this_week_is_left_in_peace_until_the_next(owen, rosa, as_member, url, on):
    as_member(rosa).post(url(rosa, "chase"), {"teacher": owen.pk})
    assert to(owen).count() == 1
    on(20)
    assert to(owen).count() == 1
    on(27)
    assert to(owen).count() == 2


def test_somebody_reminded_by_itself_is_not_chased_by_hand_on_the_same_day(owen, rosa, as_member, url, on):
    on(20)
    page = as_member(rosa).post(url(rosa, "chase"), {"teacher": owen.pk}, follow=True).content.decode()
    assert to(owen).count() == 1
    assert "Everybody was reminded today already" in page
    page = as_member(rosa).get(url(rosa, "chase"), {"teacher": owen.pk}).content.decode()
    assert "Reminded today already" in page


def test_when_all_is_recorded_none_comes(owen, on):
    record_all(owen)
    on(20)
    assert not to(owen).exists()
    assert written().exists()


def test_this_weeks_register_is_nothing_to_remind_of_yet(hannah, on):
    assert not Register.objects.confirmed().filter(week=Week.current(), confirmed_by=hannah).exists()
    on(20)
    assert not to(hannah).exists()
    on(27)
    assert to(hannah).get().subject == "4 registers still to record"


@pytest.mark.parametrize("change", [{"is_active": False}, {"joined_at": None}, {"remind_on": None}])
def test_whoever_left_never_joined_or_wants_none_is_not_written_to(owen, on, change):
    Member.objects.filter(pk=owen.pk).update(**change)
    on(20)
    assert not to(owen).exists()


def test_a_new_teacher_of_whom_nothing_is_expected_yet_hears_nothing(tess, on):
    Member.objects.filter(pk=tess.pk).update(joined_at=dt.datetime(2026, 11, 10, tzinfo=dt.UTC))
    on(20)
    assert not to(tess).exists()


def test_w5_the_teacher_chooses_the_day_for_letters_on_their_own_page(owen, as_member, url, on):
    """(W5) A day on which a letter comes; of the days on which Owen teaches the page says nothing."""
    client = as_member(owen)
    page = client.get(url(owen, "me")).content.decode()
    assert '<option value="4" selected>On Fridays</option>' in page
    page = client.post(url(owen, "my_reminders"), {"remind_on": "3"}, follow=True).content.decode()
    assert "Reminders come on Thursdays." in page
    event = Event.objects.about(owen).get(verb="chose when to be reminded")
    assert (event.before, event.after, event.by) == (
        {"reminders": "on Fridays"},
        {"reminders": "on Thursdays"},
        owen.person,
    )
    on(18)
    assert not to(owen).exists()
    on(19)
    assert "Tutti reminds you on Thursdays" in to(owen).get().body


def test_never_is_a_choice_and_the_office_sees_it(owen, rosa, as_member, url, on):
    as_member(owen).post(url(owen, "my_reminders"), {"remind_on": "never"})
    on(20)
    assert not to(owen).exists()
    page = as_member(rosa).get(url(rosa, "teacher", owen.pk)).content.decode()
    assert "They chose no reminders by themselves." in page
    as_member(rosa).post(url(rosa, "chase"), {"teacher": owen.pk})
    assert "Tutti does not remind you by itself." in to(owen).get().body


@pytest.mark.parametrize("typed", ["5", "-1", "", "Friday", "4.0", "٤"])
def test_another_day_is_refused_in_words(owen, as_member, url, typed):
    answer = as_member(owen).post(url(owen, "my_reminders"), {"remind_on": typed})
    assert answer.status_code == 422
    assert "Choose a day, or never." in answer.content.decode()
    owen.refresh_from_db()
    assert owen.remind_on == 4


def test_the_database_holds_no_other_day(owen):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=owen.pk).update(remind_on=5)


def test_the_office_has_no_day_to_choose(rosa, as_member, url):
    assert "remind_on" not in as_member(rosa).get(url(rosa, "me")).content.decode()
    assert as_member(rosa).post(url(rosa, "my_reminders"), {"remind_on": "1"}).status_code == 403


def test_the_office_sees_who_was_reminded_and_by_whom(rosa, owen, as_member, url, on):
    on(20)
    office = as_member(rosa)
    assert '20 November<span class="second"> by itself</span>' in office.get(url(rosa, "home")).content.decode()
    assert "reminded</a> this week." in office.get(url(rosa, "home")).content.decode()
    assert "Reminded 20 November, by itself." in office.get(url(rosa, "teacher", owen.pk)).content.decode()
    page = office.get(url(rosa, "registers")).content.decode().split("Reminded this week")[1]
    assert "Owen Tregarth</p><p>20 November, by itself" in page
    on(24)
    assert "Reminded 20 November, by itself" in office.get(url(rosa, "chase")).content.decode()
    office.post(url(rosa, "chase"), {"teacher": owen.pk})
    assert "Reminded 24 November, by Rosa Pike." in office.get(url(rosa, "teacher", owen.pk)).content.decode()
    assert "Owen Tregarth</p><p>24 November, by Rosa Pike" in office.get(url(rosa, "registers")).content.decode()


def test_holidays_and_bank_holidays_are_left_alone(owen, on, northshire):
    """Christmas Day is the Friday of the first week of the holidays, and the Saturday after it is no working day.

    The machine runs every day until 8 January, and after that on two Saturdays only.
    """
    assert not northshire.years.get().weeks.filter(monday__range=("2026-12-21", "2026-12-28")).exists()
    for day in [*range(-1, 21), 34, 41]:  # from Saturday 19 December
        on(50 + day)
    days = [timezone.localdate(letter.written_at) for letter in to(owen).order_by("written_at")]
    assert days == [dt.date(2026, 12, 19), dt.date(2027, 1, 8), dt.date(2027, 1, 23), dt.date(2027, 1, 30)]


def test_the_first_week_of_the_summer_holidays_asks_for_the_last_of_the_year(owen, northshire, clock):
    last = northshire.years.get().weeks.order_by("-monday").first().monday
    for week in (last + 1, last + 2):
        clock.move_to(dt.datetime.combine(week.weekdays[4], dt.time(8), FRIDAY.tzinfo))
        reminders(northshire)
    (letter,) = to(owen)
    assert timezone.localdate(letter.written_at) == (last + 1).weekdays[4]


def add_late_teachers(service, many):
    """Each with a class at a school of their own, of which nothing is recorded."""
    year, first = service.years.get(), Week.parse("2026-09-07")
    people = Person.objects.bulk_create(Person(email=f"late{n}@northshire.example", password="!") for n in range(many))
    members = Member.objects.bulk_create(
        Member(service=service, person=one, name=f"Late {n:03}", roles=["teacher"], joined_at=FRIDAY)
        for n, one in enumerate(people)
    )
    schools = School.objects.bulk_create(School(service=service, name=f"School {n:03}") for n in range(many))
    weeks = {"from_week": first, "until_week": Week.of(year.last_day)}
    allocations = Allocation.objects.bulk_create(
        Allocation(service=service, teacher=teacher, school=school, year=year, **weeks)
        for teacher, school in zip(members, schools, strict=True)
    )
    Lesson.objects.bulk_create(
        Lesson(
            service=service,
            allocation=one,
            is_programme=True,
            instrument="Violin",
            title="Year 4",
            class_size=28,
            from_week=first,
        )
        for one in allocations
    )


def test_two_hundred_late_teachers_take_as_many_queries_as_three(northshire, owen, on, clock):
    on(19)
    clock.move_to(FRIDAY)
    few = count_queries(lambda: reminders(northshire))
    assert written().count() == 3
    clock.shift(dt.timedelta(days=7))
    Register.objects.filter(service=northshire).update(confirmed_by=None)
    add_late_teachers(northshire, 186)
    begun = perf_counter()
    many = count_queries(lambda: reminders(northshire))
    assert perf_counter() - begun < 5
    assert written().count() == 3 + 14 + 186
    batches = 0 if connection.vendor == "postgresql" else 4  # SQLite takes 999 values in a statement
    assert many - batches == few <= 20


def test_most_of_the_day_it_costs_one_query(northshire, on):
    Member.objects.update(remind_on=4)
    on(16)
    assert count_queries(lambda: reminders(northshire)) == 3, "one, inside of a transaction of its own"
