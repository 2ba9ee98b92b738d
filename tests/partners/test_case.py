"""The case besides its moves: parts checked, references keyed in, meetings noted, the report on paper (M1, M7, M8)."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.partners.walk import REPORT, Walk, by_post
from tutti.core.calendar import today
from tutti.core.letters import Letter
from tutti.core.uploads import Upload
from tutti.partners.models.application_check import check_section
from tutti.partners.models.application_document import add_document
from tutti.partners.models.referee import missing_of

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def case(walk, url, as_member):
    """case(member, page, **typed): open a page of the application, or send its form."""

    def call(member, name="application", *args, **typed):
        client, address = as_member(member), url(member, name, walk.case.pk, *args)
        return client.post(address, typed, follow=True) if typed else client.get(address)

    return call


def pdf_words(content):
    reader = PdfReader(io.BytesIO(content))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_page_shows_what_was_written_where_it_stands_and_what_each_button_sends(walk, case, lorna):
    walk.case.answers = {"instruments": ["Violin"], "track_record": "Ten years in three schools"}
    walk.case.save()
    walk.go("send")
    page = words(case(lorna))
    assert "Ten years in three schools" in page and 'aria-current="step"' in page
    assert "Waits for you: proceed or not" in page and "Sends a letter to the applicant, which you see first." in page


def test_what_comes_next_stands_before_what_a_case_needs_now_and_then(walk, case, lorna, miles, clock):
    walk.go("send", "proceed")
    walk.arrange(days=2)

    def buttons(member):
        return [(one.move.name, one.is_main) for one in case(member).context["case"].moves]

    assert buttons(lorna) == [("change_mentor", False)]
    assert ("observe", True) not in buttons(miles), "its day is to come"
    clock.shift(timedelta(days=2))
    assert buttons(miles) == [("observe", True), ("rearrange", False), ("call_off", False)]
    walk.go("observe")
    assert buttons(miles) == [("recommend", True), ("take_back", False)]
    walk.go("recommend")
    assert [name for name, is_main in buttons(lorna) if is_main] == ["succeed", "mentor_first"]


def test_m1_a_part_is_checked_by_somebody_and_the_check_is_taken_back(walk, case, lorna, miles):
    walk.case.answers = {"teaching_qualification": "CME, 2019"}
    walk.case.save()
    walk.go("send", "proceed")
    page = case(miles, "case_check", "qualifications", done="1")
    assert f"Checked by {miles.name}" in words(page)
    case(miles, "case_check", "qualifications", done="1")
    assert walk.case.checks.count() == 1, "twice is once"
    case(lorna, "case_check", "qualifications", undo="1")
    assert not walk.case.checks.exists()
    assert case(lorna, "case_check", "shoe-size", done="1").status_code == 404
    assert case(lorna, "case_check", "referees", done="1").status_code == 404, "no criterion"


def test_what_was_never_written_cannot_be_in_order(walk, case, lorna):
    """The public list says what was checked."""
    walk.go("send")
    assert "It is in order" not in words(case(lorna))
    page = case(lorna, "case_check", "checks", done="1")
    assert "Nothing was written there" in words(page) and not walk.case.checks.exists()


def test_a2_a_letter_of_a_referee_is_keyed_in_and_counts(lorna, miles, url, as_member):
    walk = Walk(lorna, miles, answered=1)
    walk.go("send")
    silent = walk.case.referees.get(answered_at=None)
    client, address = as_member(lorna), url(lorna, "referee_answer", walk.case.pk, silent.pk)
    empty = client.post(address, {"answer": ""})
    assert empty.status_code == 422 and "What they wrote is needed" in words(empty)
    page = client.post(address, {"answer": "Taught my own children."}, follow=True)
    assert "Taught my own children." in words(page) and f"Keyed in by {lorna.name}" in words(page)
    assert missing_of(walk.case) == 0
    again = client.post(address, {"answer": "And again."})
    assert again.status_code == 422 and "answered already" in words(again)
    assert as_member(miles).get(address).status_code == 403


def test_a2_a_letter_to_a_referee_that_came_back_is_said_on_the_page(lorna, miles, url, as_member, rosa):
    walk = Walk(lorna, miles, answered=1)
    walk.send()
    letter = Letter.objects.about(walk.case).get(kind="reference")
    Letter.objects.filter(pk=letter.pk).update(state="sent")
    assert letter.come_back(rosa, "No such mailbox")
    assert "The letter came back" in words(as_member(lorna).get(url(lorna, "application", walk.case.pk)))


def test_m8_the_mentor_notes_meetings_and_the_leader_reads_them(walk, case, lorna, miles):
    walk.go("send", "proceed", "arrange", "observe", "recommend_not", "mentor_first")
    day = today()
    sent = case(miles, "mentoring_meeting", on=f"{day.day} {day.month} {day.year}", notes="We planned half a term.")
    assert sent.status_code == 200
    assert "We planned half a term." in words(case(lorna))
    later = today() + timedelta(days=3)
    early = case(miles, "mentoring_meeting", on=f"{later.day} {later.month} {later.year}", notes="Not yet.")
    assert early.status_code == 422 and "still to come" in words(early) and "Not yet." in words(early)
    assert len(walk.case.programme.meetings) == 1


def test_m7_the_report_as_pdf_says_what_the_page_says_in_the_same_bytes_each_time(walk, case, lorna):
    walk.go("send", "proceed", "arrange", "observe", "recommend")
    seen = walk.case.observation
    paper = case(lorna, "observation_report_pdf", seen.pk)
    assert paper.content == case(lorna, "observation_report_pdf", seen.pk).content
    text = pdf_words(paper.content)
    assert all(said in text for said in REPORT.values()) and "Ada Quill" in text and "Successful" in text


def test_m7_a_report_that_is_not_sent_is_nobody_else_s_to_read(walk, case, lorna):
    walk.go("send", "proceed", "arrange", "observe")
    walk.case.observation.write(REPORT)
    for page in ("observation_report", "observation_report_pdf"):
        assert case(lorna, page, walk.case.observation.pk).status_code == 404
    assert "Write the report" not in words(case(lorna))


def test_m7_the_report_is_saved_as_it_is_typed_without_a_word_in_the_history(walk, as_member, url, miles):
    walk.go("send", "proceed", "arrange", "observe")
    address = url(miles, "application_report", walk.case.pk)
    answer = as_member(miles).post(address, {"focus": "A new p"}, HTTP_X_TUTTI="save")
    assert answer.status_code == 204 and walk.fresh().observation.report["focus"] == "A new p"
    on = as_member(miles).post(address, {**REPORT, "then": "send"})
    assert on["Location"].endswith("/recommend/")


def test_m7_the_report_is_shared_with_the_teacher_once_it_is_decided(walk):
    walk.go("send", "proceed", "arrange", "observe", "recommend", "send_back", "recommend")
    link = _link(walk.case)
    assert "Plan the term" not in words(Client().get(link)), "the applicant hears the decision first"
    walk.go("succeed")
    assert "Plan the term" in words(Client().get(_link(walk.case)))
    assert "Successful" not in words(Client().get(_link(walk.case))), "what the mentor recommends is for the leader"


def test_a4_who_rings_up_is_withdrawn_by_the_leader_under_their_own_name(walk, case, lorna, miles):
    walk.go("send", "proceed", "arrange")
    page = words(case(lorna, "case_withdraw", yes="1"))
    assert "Withdrawn by the applicant" in page and lorna.name in page
    assert walk.fresh().stage == "withdrawn"


def test_the_page_takes_the_same_queries_for_little_and_much(walk, case, lorna, django_assert_max_num_queries):
    walk.case.answers = {"principal": "Violin", "teaching_profile": "Two schools", "dbs": "Yes", "track_record": "Ten"}
    walk.case.save()
    walk.go("send", "proceed", "arrange", "observe", "recommend_not", "mentor_first")
    case(lorna)
    with django_assert_max_num_queries(40) as little:
        case(lorna)
    for number in range(6):
        add_document(walk.case, lorna, "checks", f"{number}.pdf", Upload("pdf", b"%PDF-1.7"))
        walk.case.programme.met(lorna, today(), f"Meeting {number}")
        walk.case.referees.create(service=lorna.service, name=f"Referee {number}", email=f"r{number}@more.example")
    for key in ("instruments", "profile", "checks", "track-record"):
        check_section(walk.case, lorna, key)
    walk.go("end_mentoring", "arrange", "call_off", "arrange", "observe", "recommend_not", "mentor_first")
    with django_assert_max_num_queries(40) as much:
        case(lorna)
    assert len(much) == len(little)


# who has no address


def test_m2_letters_to_who_has_no_address_are_printed_and_posted(lorna, miles, url, as_member):
    walk = by_post(lorna, miles)
    letter = Letter.objects.about(walk.case).get(kind="application_received")
    assert letter.state == "to_post"
    client = as_member(lorna)
    page = words(client.get(url(lorna, "application", walk.case.pk)))
    assert "Letters to print and post" in page
    address = url(lorna, "posted_letter", letter.pk)
    text = pdf_words(client.get(address).content)
    assert "Ada Quill" in text and "1 Mill Row" in text and walk.scheme.hub_name in text and "http" not in text
    client.post(address)
    letter.refresh_from_db()
    assert letter.state == "posted" and client.get(address).status_code == 404


def test_the_whole_way_by_post_has_a_letter_for_each_move(lorna, miles):
    walk = by_post(lorna, miles)
    walk.go("proceed", "arrange", "observe", "recommend", "succeed", "arrange_induction", "complete")
    kinds = Letter.objects.about(walk.case).filter(state="to_post").order_by("pk").values_list("kind", flat=True)
    moves = ["received", "proceed", "arrange", "succeed", "arrange_induction", "complete"]
    assert list(kinds) == [f"application_{move}" for move in moves]


def _link(case):
    letter = Letter.objects.about(case).filter(kind__startswith="application_").latest("pk")
    return re.search(r"/northshire/application/\S+", letter.body)[0]
