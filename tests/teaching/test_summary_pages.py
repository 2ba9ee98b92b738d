"""The pages of the monthly summary: the school's by its private link, the office's by sign-in (H8, H9, H16, S4)."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.small_school import FIFTH, OCTOBER, TWELFTH, SmallSchool
from tutti.core.letters import Letter
from tutti.core.runs import Run
from tutti.teaching import letters
from tutti.teaching.models import Summary, SummaryLink
from tutti.teaching.models.summary import make_summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    small = SmallSchool(hannah, rosa)
    violin = small.lesson("Noah Castle", "Zara Hughes")
    small.record(FIFTH, absent={"Noah Castle": "absent"})
    small.record(TWELFTH, struck={violin: "teacher-ill"})
    return small


@pytest.fixture
def link(small):
    return SummaryLink.make(make_summary(small.school, OCTOBER), small.contact())


@pytest.fixture
def month_page(link, url, northshire):
    return url(northshire, "shared_summary", link.secret)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send_code(client, link, url, service):
    client.post(url(service, "shared_summary_send_code", link.secret))
    letter = Letter.objects.filter(kind=letters.CODE).latest("pk")
    return next(line.strip() for line in letter.body.splitlines() if line.startswith("    "))


@pytest.fixture
def client(anybody):
    return anybody


@pytest.fixture
def count_queries():
    def count(call):
        with CaptureQueriesContext(connection) as queries:
            assert call().status_code == 200
        return len(queries)

    return count


# the school


def test_the_school_opens_its_month_without_an_account(client, month_page, small):
    response = client.get(month_page)
    said = words(response)
    assert response.status_code == 200
    assert "In October 1 of 3 lessons were given: 20 minutes of teaching" in said
    assert "12 Oct: teacher ill. Owed" in said and "Noah Castle" in said and "Absent" in said
    assert small.school.office.phone in said and f"mailto:{small.school.office.email}" in response.content.decode()
    assert "Please do not pass it on" in said


def test_opening_is_remembered_by_the_link_itself(client, month_page, link):
    client.head(month_page)
    assert SummaryLink.objects.get(pk=link.pk).opened_at is None
    client.get(month_page)
    assert SummaryLink.objects.get(pk=link.pk).opened_at is not None
    assert "<img" not in client.get(month_page).content.decode()


@pytest.mark.parametrize("name", ["shared_summary", "shared_summary_pdf", "shared_summary_csv", "shared_summary_code"])
def test_nothing_of_it_is_kept_by_a_browser_or_found_by_a_search(client, link, url, northshire, name):
    response = client.get(url(northshire, name, link.secret))
    assert "no-store" in response["Cache-Control"] and "noindex" in response["X-Robots-Tag"]
    assert "Noah" not in response.get("Content-Disposition", "")


def test_no_pupils_name_is_in_the_title(client, month_page):
    title = re.search(r"<title>(.*?)</title>", client.get(month_page).content.decode(), re.DOTALL)[1]
    assert "Quarry Lane School" in title and "Noah" not in title


def test_a_day_later_totals_stand_there_and_names_wait_for_a_code(client, month_page, link, url, northshire, clock):
    clock.shift(timedelta(days=2))
    response = client.get(month_page)
    assert "1 of 3 lessons" in words(response) and "a…@quarrylane.example" in words(response)
    for secret in ("Noah", "Castle", "Zara", "Hughes", "ada.crane"):
        assert secret not in response.content.decode()
    for name in ("shared_summary_pdf", "shared_summary_csv"):
        assert client.get(url(northshire, name, link.secret)).status_code == 302


def test_the_code_opens_the_names_in_this_browser_for_this_link_and_a_day(
    client, as_member, month_page, link, url, northshire, clock
):
    clock.shift(timedelta(days=2))
    code = send_code(client, link, url, northshire)
    answer = client.post(url(northshire, "shared_summary_code", link.secret), {"code": f"{code[:3]} {code[3:]}"})
    assert answer.status_code == 302 and answer["Location"] == month_page
    assert "Noah Castle" in words(client.get(month_page))
    assert client.get(url(northshire, "shared_summary_pdf", link.secret))["Content-Type"] == "application/pdf"
    assert "Noah Castle" not in words(as_member(None).get(month_page))
    other = SummaryLink.make(link.summary, link.contact)
    SummaryLink.objects.filter(pk=other.pk).update(made_at=link.made_at)
    assert "Noah Castle" not in words(client.get(url(northshire, "shared_summary", other.secret)))
    clock.shift(timedelta(days=1, minutes=1))
    assert "Noah Castle" not in words(client.get(month_page))


def test_a_wrong_code_says_so_and_a_sixth_try_is_refused(client, month_page, link, url, northshire, clock):
    clock.shift(timedelta(days=2))
    code = send_code(client, link, url, northshire)
    wrong = "123456" if code != "123456" else "654321"
    address = url(northshire, "shared_summary_code", link.secret)
    for _ in range(5):
        answer = client.post(address, {"code": wrong})
        assert answer.status_code == 422 and "does not open it" in words(answer)
    assert client.post(address, {"code": code}).status_code == 422
    assert "Noah Castle" not in words(client.get(month_page))


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567"])
def test_what_is_no_code_is_said_at_the_field(client, link, url, northshire, typed):
    answer = client.post(url(northshire, "shared_summary_code", link.secret), {"code": typed})
    assert answer.status_code == 422 and SummaryLink.objects.get(pk=link.pk).code_tries == 0


def test_an_ended_link_says_so_and_sends_a_new_one_to_the_same_contact(
    client, month_page, link, url, northshire, clock
):
    clock.shift(timedelta(days=91))
    ended = client.get(month_page)
    assert ended.status_code == 410 and "This link has ended" in words(ended) and "Noah" not in words(ended)
    assert client.get(url(northshire, "shared_summary_pdf", link.secret)).status_code == 410
    answer = client.post(url(northshire, "shared_summary_again", link.secret))
    assert "on its way" in words(answer)
    letter = Letter.objects.filter(kind=letters.SUMMARY).latest("pk")
    assert letter.to_email == "ada.crane@quarrylane.example"
    secret = re.search(r"/month/([^/\s]+)/", letter.body)[1]
    assert client.get(url(northshire, "shared_summary", secret)).status_code == 200


def test_the_button_of_an_ended_link_pressed_twice_is_one_letter(client, link, url, northshire, clock):
    clock.shift(timedelta(days=91))
    before = Letter.objects.filter(kind=letters.SUMMARY).count()
    for _ in range(3):
        client.post(url(northshire, "shared_summary_again", link.secret))
    assert Letter.objects.filter(kind=letters.SUMMARY).count() == before + 1


@pytest.mark.parametrize("secret", ["nonsense", "a" * 43, "%00", "..", "<script>"])
def test_a_wrong_link_gets_a_page_that_says_what_to_do(client, url, northshire, secret):
    response = client.get(f"/northshire/month/{secret}/")
    assert response.status_code == 404
    if secret not in ("..",):
        assert "break it in two" in words(response) and "noindex" in response["X-Robots-Tag"]


def test_a_link_of_one_service_opens_nothing_in_another(client, link, url, southshire):
    response = client.get(url(southshire, "shared_summary", link.secret))
    assert response.status_code == 404 and "Quarry Lane" not in words(response)


def test_letters_and_sign_in_are_not_needed_to_ask_for_a_code_but_it_goes_to_the_contact_only(
    client, link, url, northshire, clock
):
    clock.shift(timedelta(days=2))
    client.post(url(northshire, "shared_summary_send_code", link.secret), {"email": "stranger@example.org"})
    assert Letter.objects.filter(kind=letters.CODE).latest("pk").to_email == "ada.crane@quarrylane.example"


def test_the_tables_hold_every_mark_and_every_lesson(client, link, url, northshire):
    address = url(northshire, "shared_summary_csv", link.secret)
    pupils = list(csv.reader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))
    assert pupils[0] == [
        "Pupil",
        "Instrument",
        "5 Oct",
        "12 Oct",
        "19 Oct",
        "Due since September",
        "Had",
        "Missed",
        "Owed",
        "Promised",
    ]
    assert pupils[1] == [
        "Noah Castle",
        "Violin",
        "Absent",
        "Teacher ill, owed",
        "Not yet recorded",
        "3",
        "1",
        "1",
        "1",
        "29",
    ]
    assert pupils[2][:4] == ["Zara Hughes", "Violin", "Here", "Teacher ill, owed"]
    lessons = list(csv.reader(io.StringIO(client.get(address + "?table=lessons").content.decode("utf-8-sig"))))
    assert lessons[1][0] == "Hannah Whitlock" and lessons[1][3:5] == ["3", "1"] and "teacher ill" in lessons[1][5]


def test_a_name_that_is_a_formula_is_no_formula_in_the_table(client, hannah, rosa, url, northshire):
    small = SmallSchool(hannah, rosa)
    small.lesson("=HYPERLINK(1)")
    link = SummaryLink.make(make_summary(small.school, OCTOBER), small.contact())
    text = client.get(url(northshire, "shared_summary_csv", link.secret)).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "\n=HYPERLINK" not in text


def test_html_in_a_name_is_shown_not_run(client, hannah, rosa, url, northshire):
    small = SmallSchool(hannah, rosa)
    small.lesson("<script>alert(1)</script>")
    link = SummaryLink.make(make_summary(small.school, OCTOBER), small.contact())
    html = client.get(url(northshire, "shared_summary", link.secret)).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html


def test_the_schools_page_costs_the_same_queries_for_few_and_many(client, hannah, rosa, url, northshire, count_queries):
    small = SmallSchool(hannah, rosa)
    small.lesson("Amelia Thorne")
    contact = small.contact()

    def cost():
        link = SummaryLink.make(make_summary(small.school, OCTOBER), contact)
        return count_queries(lambda: client.get(url(northshire, "shared_summary", link.secret)))

    few = cost()
    Summary.objects.filter(school=small.school).delete()
    for number in range(20):
        small.lesson(f"Pupil {number}a", f"Pupil {number}b")
    assert cost() == few <= 6


# the office


def test_the_month_lists_who_has_it_who_opened_it_and_who_must_be_posted(
    small, rosa, as_member, url, client, month_page
):
    client.get(month_page)
    said = words(as_member(rosa).get(url(rosa, "summaries"), {"month": "2026-10-01"}))
    assert "October 2026" in said and "26 schools have October’s summary, 1 has opened it" in said
    assert "Quarry Lane School" in said and "No contact, print and post" in said


@pytest.mark.parametrize(
    ("show", "listed", "not_listed"),
    [
        ("post", "Kelder Primary School", "Larkrise Primary School"),
        ("unsent", "Quarry Lane School", "Larkrise Primary School"),
        ("unopened", "Larkrise Primary School", "Quarry Lane School"),
        ("missing", "Quarry Lane School", "Ashcombe Vale School"),
    ],
)
def test_the_list_can_be_narrowed(small, rosa, as_member, url, show, listed, not_listed):
    small.contact()
    said = words(as_member(rosa).get(url(rosa, "summaries"), {"month": "2026-10-01", "show": show}))
    assert listed in said and not_listed not in said


@pytest.mark.parametrize("query", [{"month": "1999-01-01"}, {"month": "x"}, {"show": "x"}, {"page": "99"}, {"q": "'"}])
def test_a_senseless_question_is_answered_with_the_usual_month(rosa, as_member, url, query):
    assert as_member(rosa).get(url(rosa, "summaries"), query).status_code == 200


def test_before_sending_the_page_shows_what_goes_to_whom_and_writes_nothing(small, rosa, as_member, url):
    small.contact()
    before = Letter.objects.count(), Summary.objects.count()
    said = words(as_member(rosa).get(url(rosa, "summaries_send"), {"month": "2026-10-01"}))
    assert "1 school will be written to" in said and "Ada Crane ada.crane@quarrylane.example" in said
    assert "Dear Ada Crane" in said and "October 2026: music lessons at Quarry Lane School" in said
    assert "25 schools already have it" in said and "Noah" not in said
    assert (Letter.objects.count(), Summary.objects.count()) == before


def test_sending_starts_one_run_however_often_the_button_is_pressed(small, rosa, as_member, url, run_jobs):
    small.contact()
    client = as_member(rosa)
    for _ in range(2):
        answer = client.post(url(rosa, "summaries_send"), {"month": "2026-10-01"})
        assert answer.status_code == 302 and "/runs/" in answer["Location"]
    assert Run.objects.filter(service=rosa.service, slot="2026-10").count() == 1
    run_jobs()
    assert Letter.objects.filter(to_email="ada.crane@quarrylane.example").count() == 1


def test_a_month_that_is_not_over_is_refused_in_words(rosa, as_member, url):
    client = as_member(rosa)
    answer = client.post(url(rosa, "summaries_send"), {"month": "2026-11-01"}, follow=True)
    assert "November is not over yet" in words(answer) and not Run.objects.filter(slot="2026-11").exists()


def test_the_office_reads_a_month_before_it_is_sent_and_nothing_is_kept(small, rosa, as_member, url):
    response = as_member(rosa).get(url(rosa, "summary_preview", small.school.pk), {"month": "2026-10-01"})
    assert "Not sent yet" in words(response) and "Noah Castle" in words(response)
    assert not Summary.objects.filter(school=small.school).exists()


def test_the_office_sees_who_has_it_sends_it_again_and_prints_it(small, link, rosa, as_member, url):
    client = as_member(rosa)
    said = words(client.get(url(rosa, "summary", link.summary_id)))
    assert "Ada Crane" in said and "Not opened yet" in said and "Noah Castle" in said
    answer = client.post(url(rosa, "summary_again", link.summary_id, link.contact_id), follow=True)
    assert "Sent to Ada Crane" in words(answer)
    assert Letter.objects.filter(to_email="ada.crane@quarrylane.example").count() == 1
    pdf = client.get(url(rosa, "summary_pdf", link.summary_id))
    assert pdf.content.startswith(b"%PDF") and "Noah" not in pdf["Content-Disposition"]
    assert "Absent" in client.get(url(rosa, "summary_csv", link.summary_id)).content.decode()


def test_a_summary_for_the_post_is_made_by_a_button(small, rosa, as_member, url):
    client = as_member(rosa)
    answer = client.post(url(rosa, "summary_make", small.school.pk), {"month": "2026-10-01"}, follow=True)
    assert "Nobody to write to" in words(answer)
    assert Summary.objects.filter(school=small.school, month=OCTOBER).count() == 1


def test_a_month_that_is_not_over_cannot_be_made_for_the_post_either(small, rosa, as_member, url):
    client = as_member(rosa)
    make = url(rosa, "summary_make", small.school.pk)
    assert make.encode() in client.get(url(rosa, "summaries"), {"month": "2026-10-01"}).content
    assert make.encode() not in client.get(url(rosa, "summaries"), {"month": "2026-11-01"}).content
    answer = client.post(make, {"month": "2026-11-01"}, follow=True)
    assert "November is not over yet" in words(answer) and "November 2026" in words(answer)
    assert not Summary.objects.filter(school=small.school).exists()


def test_a_link_to_an_address_that_was_wrong_opens_nothing_and_is_renewed_to_the_right_one(
    client, link, month_page, small, rosa, url, northshire
):
    assert client.get(month_page).status_code == 200
    small.school.contacts.get().change(rosa, email="ada@quarrylane.example")
    answer = client.get(month_page)
    assert answer.status_code == 410 and "an address that has changed" in words(answer)
    assert "Noah" not in words(answer) and "ada.crane" not in words(answer)
    for name in ("shared_summary_pdf", "shared_summary_csv", "shared_summary_code"):
        assert client.get(url(northshire, name, link.secret)).status_code == 410
    client.post(url(northshire, "shared_summary_again", link.secret))
    letter = Letter.objects.filter(kind=letters.SUMMARY).latest("pk")
    assert letter.to_email == "ada@quarrylane.example" and link.secret not in letter.body


def test_who_gets_summaries_no_more_is_not_sent_one_again(link, small, rosa, as_member, url):
    client, again = as_member(rosa), url(rosa, "summary_again", link.summary_id, link.contact_id)
    page = url(rosa, "summary", link.summary_id)
    assert again.encode() in client.get(page).content
    small.school.contacts.get().change(rosa, gets_summary=False)
    assert again.encode() not in client.get(page).content
    assert client.post(again).status_code == 404 and link.summary.links.count() == 1


def test_a_contact_of_another_school_cannot_be_sent_this_schools_month(link, larkrise, rosa, as_member, url):
    stranger = larkrise.contacts.first()
    answer = as_member(rosa).post(url(rosa, "summary_again", link.summary_id, stranger.pk))
    assert answer.status_code == 404 and not Letter.objects.filter(to_email=stranger.email, slot__contains="again")


@pytest.mark.parametrize("name", ["summary", "summary_pdf", "summary_csv"])
def test_another_services_summary_is_not_there_and_a_teacher_may_not(link, sam, hannah, as_member, url, name):
    assert as_member(sam).get(url(sam, name, link.summary_id)).status_code == 404
    assert as_member(hannah).get(url(hannah, name, link.summary_id)).status_code == 403


def test_the_list_and_the_page_before_sending_cost_the_same_for_few_and_many(
    small, hannah, rosa, as_member, url, count_queries
):
    client = as_member(rosa)
    month = {"month": "2026-10-01"}
    small.contact()

    def cost(name):
        return count_queries(lambda: client.get(url(rosa, name), month))

    before = cost("summaries"), cost("summaries_send")
    for number in range(5):
        more = SmallSchool(hannah, rosa, name=f"Thornby School {number}")
        more.lesson("Amelia Thorne")
        more.contact(email=f"head{number}@new.example")
    assert (cost("summaries"), cost("summaries_send")) == before
    assert before[0] <= 22 and before[1] <= 30
