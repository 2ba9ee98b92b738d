"""H17: a later correction to a summarised month is shown on the next summary and never silently rewrites what was
sent."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from tests.teaching.small_school import FIFTH, NOVEMBER, OCTOBER, TWELFTH, SmallSchool
from tutti.core.calendar import Day
from tutti.core.letters import Letter
from tutti.core.runs import Run
from tutti.schools.models import TeachingWeek
from tutti.teaching.daily import daily
from tutti.teaching.models import Summary
from tutti.teaching.models.correction import propose
from tutti.teaching.models.lock import lock_month
from tutti.teaching.models.summary import make_summary
from tutti.teaching.models.summary_paper import paper_of
from tutti.teaching.models.year_end import YEAR_RUN

LONDON = ZoneInfo("Europe/London")
JULY = Day(2027, 7, 1)


def at(year, month, day):
    return datetime(year, month, day, 9, 0, tzinfo=LONDON)


@pytest.fixture
def small(hannah, rosa):
    """October is recorded, but Isla's register says that she was absent, which she was not."""
    small = SmallSchool(hannah, rosa)
    small.lesson("Noah Castle", "Zara Hughes", minutes=30)
    small.lesson("Isla Fenwick", instrument="Cello")
    small.record(FIFTH, absent={"Isla Fenwick": "absent"})
    small.record(TWELFTH)
    small.contact()
    return small


def told(letter_or_page):
    return " ".join(str(letter_or_page).split())


def letters_to(small):
    return Letter.objects.filter(kind="summary", to_email="ada.crane@quarrylane.example").order_by("pk")


@pytest.mark.django_db
def test_h17_a_mark_corrected_after_the_summary_went_out(
    small, hannah, rosa, as_member, url, clock, run_jobs, northshire, anybody
):
    """(S3, R10)"""
    sent = make_summary(small.school, OCTOBER)
    sent.send(rosa)
    before, paper = sent.figures, paper_of(sent)
    lock_month(northshire, rosa, OCTOBER)

    # Hannah sees it in November, asks for a correction, and Rosa accepts it
    sheet = small.sheet(FIFTH)
    isla = next(pupil for pupil in sheet.pupils if pupil.name == "Isla Fenwick")
    proposed = _propose(sheet, hannah, isla, small.reason("present"))
    as_member(rosa).post(url(rosa, "correction", proposed.pk), {"decision": "accept"})

    # what was sent is what it was, to the byte
    sent.refresh_from_db()
    assert sent.figures == before and paper_of(sent) == paper

    # November's summary goes out by itself, and tells it: letter, page, paper and table
    clock.move_to(at(2026, 12, 1))
    daily(northshire, Day(2026, 12, 1))
    run_jobs()
    november = Summary.objects.get(school=small.school, month=NOVEMBER)
    assert "1 correction to earlier months." in letters_to(small).last().body
    page = told(as_member(rosa).get(url(rosa, "summary", november.pk)).content.decode())
    assert "Corrections to October 2026" in page and "Isla Fenwick" in page
    assert '<span class="second">Absent</span>' in page and "<b>Here</b>" in page
    words = told("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper_of(november))).pages))
    assert "Corrections to October 2026" in words and "Isla Fenwick Cello 5 Oct Absent Here" in words
    file = as_member(rosa).get(url(rosa, "summary_csv", november.pk, table="corrections")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file)))
    assert rows[1] == ["October 2026", "Isla Fenwick", "Cello", "2026-10-05", "Absent", "Here", "0"]
    assert (
        "1 correction" in as_member(rosa).get(url(rosa, "summaries", month="2026-11-01", q="Quarry")).content.decode()
    )

    # December's does not tell it again
    clock.move_to(at(2027, 1, 4))
    assert make_summary(small.school, Day(2026, 12, 1)).corrections == 0


def _propose(sheet, by, pupil, reason):
    return propose(sheet.register, by, "She was there; I marked the wrong line.", marks={pupil.key: reason})


@pytest.mark.django_db
def test_h17_after_the_year_s_last_month_corrections_go_out_alone_also_to_a_school_that_has_left(
    small, hannah, rosa, clock, run_jobs, northshire
):
    """(S3) The school has left at half term; what is corrected in July still reaches it, once, within ten working
    days."""
    make_summary(small.school, OCTOBER)
    small.allocation.end(rosa, TWELFTH + 1)
    other = SmallSchool(hannah, rosa, name="Withy Lane School")
    other.lesson("Poppy Ashdown")
    other.record(FIFTH)
    other.contact("Una Fell", "una.fell@withylane.example")
    make_summary(other.school, OCTOBER)

    clock.move_to(at(2027, 7, 25))
    assert TeachingWeek.objects.filter(service=northshire).order_by("-monday").first().month == JULY
    sheet = small.sheet(FIFTH)
    isla = next(pupil for pupil in sheet.pupils if pupil.name == "Isla Fenwick")
    _propose(sheet, hannah, isla, small.reason("trip")).accept(rosa)

    for day, started in ((2, 0), (12, 0), (13, 1), (14, 1), (20, 1)):  # the tenth working day of August is the 13th
        clock.move_to(at(2027, 8, day))
        daily(northshire, Day(2027, 8, day))
        run_jobs()
        assert Run.objects.filter(service=northshire, kind=YEAR_RUN).count() == started
    made = Summary.objects.get(school=small.school, kind=Summary.Kind.CORRECTIONS)
    assert made.month == JULY and made.corrections == 1
    assert not Summary.objects.filter(school=other.school, kind=Summary.Kind.CORRECTIONS).exists()
    letter = letters_to(small).get()
    assert letter.subject == "Corrections 2026/27: music lessons at Quarry Lane School"
    assert "This closes the year 2026/27: 1 correction to what we told you" in letter.body
    assert "Isla" not in letter.body
    words = told("".join(page.extract_text() for page in PdfReader(io.BytesIO(paper_of(made))).pages))
    assert "Isla Fenwick Cello 5 Oct Absent Trip, owed" in words
    assert "1 lesson fewer given, 20 minutes fewer, 1 more owed" in words


@pytest.mark.django_db
def test_h17_a_year_of_which_nothing_was_told_is_not_corrected(northshire, clock):
    Summary.objects.filter(service=northshire).delete()
    clock.move_to(at(2027, 8, 13))
    daily(northshire, Day(2027, 8, 13))
    assert not Run.objects.filter(service=northshire, kind=YEAR_RUN).exists()


@pytest.mark.django_db
def test_h17_the_school_reads_its_corrections_behind_the_link(small, hannah, rosa, as_member, url, clock, anybody):
    make_summary(small.school, OCTOBER)
    sheet = small.sheet(FIFTH)
    isla = next(pupil for pupil in sheet.pupils if pupil.name == "Isla Fenwick")
    _propose(sheet, hannah, isla, small.reason("ill")).accept(rosa)
    clock.move_to(at(2026, 12, 1))
    make_summary(small.school, NOVEMBER).send()
    link = next(word for word in letters_to(small).last().body.split() if "/month/" in word)
    page = anybody.get("/" + link.split("/", 3)[3]).content.decode()
    assert "Corrections to October 2026" in page and "Ill" in page
    table = anybody.get("/" + link.split("/", 3)[3] + "csv/?table=corrections").content.decode("utf-8-sig")
    assert "Isla Fenwick" in table


@pytest.mark.django_db
def test_h17_the_office_tells_a_year_s_corrections_before_their_day(small, as_member, url, rosa, clock, run_jobs):
    make_summary(small.school, OCTOBER)
    clock.move_to(at(2027, 8, 3))
    client = as_member(rosa)
    page = told(client.get(url(rosa, "summaries", month="2027-07-01")).content.decode())
    assert "The year’s corrections" in page and "Friday 13 August" in page
    client.post(url(rosa, "corrections_send"), {"month": "2027-07-01"})
    run_jobs()
    assert Run.objects.get(kind=YEAR_RUN).state == "done"
    answer = client.post(url(rosa, "corrections_send"), {"month": "2027-06-01"}, follow=True)
    assert "after the year’s last month" in answer.content.decode()
