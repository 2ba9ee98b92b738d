"""The pages of questions: the school's by its private link, the office's and the teacher's (S4, S5, H16)."""

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from tests.teaching.small_school import FIFTH, OCTOBER, TWELFTH, SmallSchool
from tutti.core.letters import Letter
from tutti.teaching.models import Question, SummaryLink
from tutti.teaching.models.question import MOST_AN_HOUR, ask_by_link, ask_by_teacher
from tutti.teaching.models.questions_told import questions_told
from tutti.teaching.models.summary import make_summary
from tutti.teaching.models.summary_paper import paper_of
from tutti.teaching.models.told_line import line_of

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
def noah(link):
    told = link.summary.told()
    return line_of(told, told["pupils"][0]["line"])


@pytest.fixture
def month(link, url, northshire):
    return url(northshire, "shared_summary", link.secret)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# the school


def test_s5_each_line_can_be_said_to_be_wrong_without_javascript(anybody, month, link, small):
    page = anybody.get(month).content.decode()
    asks = re.findall(r'href="([^"]+/ask/\?line=[^"]+)"', page)
    assert len(asks) == 3 and not any("Noah" in ask or "Castle" in ask for ask in asks)  # a lesson and two pupils
    form = anybody.get(asks[1])
    assert "This line is not right" in words(form) and "Noah Castle" in words(form)
    assert "Commencing 12 October" in words(form)
    title = re.search(r"<title>(.*?)</title>", form.content.decode(), re.DOTALL)[1]
    assert "Noah" not in title
    answer = anybody.post(asks[1], {"text": "He was here.", "week": "2026-10-12"}, follow=True)
    assert answer.redirect_chain[-1][0] == month
    assert "Sent. The answer comes by e-mail" in words(answer) and "He was here." in words(answer)
    question = Question.objects.get(summary=link.summary)
    assert question.pupil.name == "Noah Castle" and str(question.week) == "2026-10-12"


def test_s4_a_link_older_than_a_day_asks_anything_and_shows_no_line_and_no_answer(
    anybody, month, link, noah, rosa, url, northshire, clock
):
    ask_by_link(link, "Noah Castle was here.", line=noah).answer(rosa, "Castle, N., is put right.")
    clock.shift(timedelta(days=2))
    ask, again = url(northshire, "shared_question", link.secret), url(northshire, "shared_question_again", link.secret)
    line, thread = f"{ask}?line={noah.key}", f"{again}?question={Question.objects.get(summary=link.summary).pk}"
    for address in (line, thread):
        for answer in (anybody.get(address), anybody.post(address, {"text": "x"})):
            assert answer.status_code == 302 and answer["Location"] == month
    for address in (month, ask):
        assert "Castle" not in anybody.get(address).content.decode()
    assert anybody.post(ask, {"text": "May we pay by card?"}).status_code == 302
    assert Question.objects.filter(summary=link.summary).count() == 2


@pytest.mark.parametrize("line", ["lesson-0", "pupil-0-violin", "x", "%00", "lesson-" + "9" * 40])
def test_a_line_that_is_not_there_leads_back_to_the_month(anybody, month, link, url, northshire, line):
    address = f"{url(northshire, 'shared_question', link.secret)}?line={line}"
    assert anybody.get(address)["Location"] == month and anybody.post(address, {"text": "x"})["Location"] == month


@pytest.mark.parametrize("question", ["", "0", "x", "²", "9" * 40])
def test_a_question_of_another_month_cannot_be_written_to(anybody, link, url, northshire, question):
    asked = Question.objects.exclude(summary=None).exclude(summary=link.summary).first()
    again = url(northshire, "shared_question_again", link.secret)
    assert anybody.post(f"{again}?question={asked.pk}", {"text": "x"}).status_code == 404
    assert anybody.post(f"{again}?question={question}", {"text": "x"}).status_code in (302, 404)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " ", "week": "2026-10-05"}, "Answer: What is not right?"),
        ({"text": "x" * 4001}, "4000"),
        ({"text": "kept", "week": "2026-10-06"}, "Select a valid choice"),
        ({"text": "kept\x00"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(anybody, link, noah, url, northshire, typed, said):
    answer = anybody.post(f"{url(northshire, 'shared_question', link.secret)}?line={noah.key}", typed)
    assert answer.status_code == 422 and said in words(answer)
    assert not Question.objects.filter(summary=link.summary).exists()
    assert typed["text"].strip("\x00 ") in answer.content.decode()


def test_the_same_form_sent_twice_is_one_question_and_the_twenty_first_is_refused(anybody, link, url, northshire):
    ask = url(northshire, "shared_question", link.secret)
    once = re.search(r'name="once" value="([^"]+)"', anybody.get(ask).content.decode())[1]
    for _ in range(2):
        anybody.post(ask, {"text": "Twice?", "once": once})
    assert Question.objects.filter(summary=link.summary).count() == 1
    for number in range(MOST_AN_HOUR - 1):
        anybody.post(ask, {"text": f"Question {number}"})
    answer = anybody.post(ask, {"text": "One too many"})
    assert answer.status_code == 422 and "telephone your area office" in words(answer)
    assert "One too many" in answer.content.decode()
    assert Question.objects.filter(summary=link.summary).count() == MOST_AN_HOUR


def test_s5_the_school_sees_question_and_answers_on_its_page_and_writes_again(
    anybody, month, link, noah, rosa, url, northshire
):
    question = ask_by_link(link, "He was <b>here</b>.", line=noah)
    question.answer(rosa, "It is put right.")
    said = words(anybody.get(month))
    assert "Answered Noah Castle, Violin" in said and "It is put right." in said
    assert "<b>here</b>" not in anybody.get(month).content.decode()
    again = f"{url(northshire, 'shared_question_again', link.secret)}?question={question.pk}"
    assert again in anybody.get(month).content.decode()
    anybody.post(again, {"text": "Thank you."})
    assert [reply.text for reply in question.replies.all()] == ["It is put right.", "Thank you."]


def test_the_letter_of_the_answer_opens_the_page_on_which_it_stands(anybody, link, noah, rosa, clock):
    question = ask_by_link(link, "He was here.", line=noah)
    clock.shift(timedelta(days=5))
    question.answer(rosa, "It is put right.")
    letter = Letter.objects.filter(kind="answer").latest("pk")
    address = re.search(r"http\S+?(/northshire/month/\S+)", letter.body)[1]
    assert "It is put right." in words(anybody.get(address))


def test_s5_the_next_summary_tells_it_on_the_page_and_on_paper(anybody, month, link, noah, rosa, small):
    """`figures` hold what was asked and answered; the page and the PDF say it in the same words."""
    ask_by_link(link, "He was here.\nTruly.", line=noah, week=FIFTH).answer(rosa, "*It* is #put right.")
    summary = link.summary
    summary.figures["questions"] = questions_told(small.school, OCTOBER)
    summary.save()
    pdf = PdfReader(io.BytesIO(paper_of(summary)))
    paper = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    page = words(anybody.get(month))
    for said in (
        "What you asked",
        "Noah Castle, Violin: 5 Oct Absent",
        "Week commencing 5 October 2026",
        "He was here. Truly.",
        "*It* is #put right.",
        "Rosa Pike",
    ):
        assert said in page and said in paper, said


def test_the_schools_page_costs_the_same_for_one_question_and_for_many(anybody, month, link, noah, rosa):
    ask_by_link(link, "One", line=noah).answer(rosa, "Answer")
    one = cost(anybody, month)
    for _ in range(8):
        ask_by_link(link, "More", line=noah).answer(rosa, "Answer")
    assert cost(anybody, month) == one


# the office and the teacher


def test_the_office_finds_it_on_its_home_page_reads_the_letter_answers_and_closes(
    as_member, rosa, url, link, noah, small
):
    question = ask_by_link(link, "He was here.", line=noah, week=FIFTH)
    office = as_member(rosa)
    assert "2 questions from schools wait for an answer" in words(office.get(url(rosa, "home")))
    address = url(rosa, "question", question.pk)
    page = office.get(address)
    assert url(rosa, "register", small.allocation.pk, FIFTH) in page.content.decode()
    assert "Ada Crane gets an e-mail without the answer in it" in words(page)
    assert "Your question has an answer Dear Ada Crane" in words(page) and "(a private link, made for them)" in words(
        page
    )
    assert office.post(address, {"text": " ", "once": ""}).status_code == 422
    answer = office.post(address, {"text": "It is put right."}, follow=True)
    assert "Answered" in words(answer) and "It is put right." in words(answer)
    office.post(url(rosa, "question_close", question.pk))
    closed = office.get(address)
    assert "Closed" in words(closed) and "Open it again" in words(closed)
    office.post(url(rosa, "question_open_again", question.pk))
    question.refresh_from_db()
    assert question.state == "answered"


def test_the_list_has_open_ones_first_is_narrowed_and_taken_away(as_member, rosa, url, link, noah):
    ask_by_link(link, '=SUM(1)"', line=noah)
    ask_by_link(link, "Done with").close(rosa)
    office, page = as_member(rosa), url(rosa, "questions")
    said = words(office.get(page))
    states = re.findall(r"\d{4} (Open|Answered|Closed)", said)
    assert states == ["Open", "Open", "Open", "Answered", "Closed"]
    assert "Done with" in words(office.get(page, {"state": "closed"}))
    east = link.summary.school.office
    narrowed = words(office.get(page, {"state": "open", "office": east.pk}))
    assert "Quarry Lane School" in narrowed and "Ashcombe Vale School" not in narrowed
    for query in ({"state": "x"}, {"office": "x"}, {"office": "9" * 30}, {"page": "99"}):
        assert office.get(page, query).status_code == 200
    table = office.get(url(rosa, "questions_csv"), {"state": "open"}).content.decode("utf-8-sig")
    assert table.startswith("Asked,School,Area office,Who,About,Question,State")
    assert "Noah Castle, Violin" in table and "Done with" not in table and ",=SUM" not in table
    assert office.get(url(rosa, "questions_xlsx")).content.startswith(b"PK")


def test_h16_a_teacher_asks_from_more_and_from_a_school_and_reads_the_answer(
    as_member, hannah, rosa, url, larkrise, small
):
    teacher = as_member(hannah)
    assert url(hannah, "question_ask") in teacher.get(url(hannah, "more")).content.decode()
    school_page = teacher.get(url(hannah, "allocation", small.allocation.pk)).content.decode()
    ask = f"{url(hannah, 'question_ask')}?school={small.school.pk}"
    assert ask in school_page
    assert re.search(rf'<option value="{small.school.pk}"\s+selected', teacher.get(ask).content.decode())
    answer = teacher.post(ask, {"text": "The room is cold.", "school": small.school.pk}, follow=True)
    assert "Sent." in words(answer) and "Close it" not in words(answer)
    question = Question.objects.get(asked_by=hannah)
    question.answer(rosa, "We wrote to them.")
    assert "We wrote to them." in words(teacher.get(url(hannah, "question", question.pk)))
    teacher.post(url(hannah, "question", question.pk), {"text": "Still cold."})
    question.refresh_from_db()
    assert question.state == "open" and question.replies.latest("pk").by == hannah
    assert teacher.post(url(hannah, "question_close", question.pk)).status_code == 404


def test_a_teacher_may_ask_about_their_own_schools_only(as_member, hannah, url):
    elsewhere = hannah.service.schools.exclude(allocations__teacher=hannah).first()
    answer = as_member(hannah).post(url(hannah, "question_ask"), {"text": "x", "school": elsewhere.pk})
    assert answer.status_code == 422 and not Question.objects.filter(asked_by=hannah).exists()


def test_s5_the_lessons_teacher_answers_and_other_teachers_do_not_find_it(
    as_member, hannah, owen, sam, rosa, url, link, noah
):
    about_line, concern = ask_by_link(link, "He was here.", line=noah), ask_by_link(link, "About Hannah.")
    teacher = as_member(hannah)
    listed = words(teacher.get(url(hannah, "questions")))
    assert "Noah Castle, Violin" in listed and "About Hannah" not in listed and "CSV" not in listed
    teacher.post(url(hannah, "question", about_line.pk), {"text": "I mixed them up."})
    about_line.refresh_from_db()
    assert about_line.state == "answered" and about_line.replies.get().by == hannah
    assert teacher.post(url(hannah, "question_close", about_line.pk)).status_code == 302
    assert teacher.get(url(hannah, "question", concern.pk)).status_code == 404
    for name in ("questions_csv", "questions_xlsx"):
        assert teacher.get(url(hannah, name)).status_code == 403
    for member in (owen, sam):
        for question in (about_line, concern):
            assert as_member(member).post(url(member, "question", question.pk), {"text": "x"}).status_code == 404


def test_what_waits_for_a_teacher_can_be_shown_on_any_page(link, noah, hannah, rf):
    from django.template.loader import render_to_string

    assert not render_to_string(
        "teaching/question/waiting.html", {"questions": Question.objects.waiting_for(hannah)}
    ).strip()
    ask_by_link(link, "He was here.", line=noah)
    shown = render_to_string("teaching/question/waiting.html", {"questions": Question.objects.waiting_for(hannah)})
    assert "1 question waits for you" in shown and "Quarry Lane School" in shown


@pytest.mark.parametrize("who", ["rosa", "hannah"])
def test_lists_cost_the_same_for_few_and_many(as_member, url, request, link, noah, who):
    member = request.getfixturevalue(who)
    client, address = as_member(member), url(member, "questions")
    ask_by_link(link, "One", line=noah)
    few = cost(client, address)
    for number in range(12):
        ask_by_link(link, f"More {number}", line=noah)
        ask_by_teacher(member, f"More {number}", school=link.summary.school)
    assert cost(client, address) == few <= 10
