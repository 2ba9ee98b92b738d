"""What follows from a decision on the report: who hears, who reads the report, what is enclosed (M7 to M10)."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pypdf import PdfReader

from tests.partners.walk import IN_TIME, REPORT, Walk, by_post
from tutti.core import uploads
from tutti.core.letters import Letter
from tutti.partners.models.observation import shared_reports

pytestmark = pytest.mark.django_db
OBSERVED = IN_TIME[:4]


def words(page):
    return " ".join(page.content.decode().split())


def pdf_words(content):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def link_of(walk):
    letter = Letter.objects.about(walk.case).filter(kind__startswith="application_").latest("pk")
    return re.search(r"/northshire/application/\S+", letter.body)[0]


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (["recommend", "succeed"], "The leader has decided: successful"),
        (["recommend_not", "mentor_first"], "mentoring first. The applicant knows that you will be in touch"),
        (["recommend_not", "mentor_first", "extend"], "gives the two of you more time"),
        (["recommend_not", "mentor_first", "end_mentoring"], "please arrange a second observation"),
        (
            ["recommend_not", "mentor_first", "end_mentoring", "arrange", "observe", "recommend_not", "fail"],
            "The leader has decided: unsuccessful",
        ),
    ],
)
def test_m8_the_mentor_hears_what_was_decided_and_what_follows_for_them(walk, miles, moves, said):
    walk.go(*OBSERVED, *moves)
    letter = Letter.objects.about(walk.case).filter(kind="case_decided").latest("pk")
    assert letter.to_email == miles.person.email and said in letter.body and "Ada" not in letter.subject + letter.body


def test_m7_the_teacher_reads_the_report_as_page_and_pdf_once_it_was_decided_on(walk):
    walk.go(*OBSERVED, "recommend", "succeed")
    link, seen = link_of(walk), walk.case.observation
    assert f"{link}report/{seen.pk}/" in words(Client().get(link))
    text = pdf_words(Client().get(f"{link}report/{seen.pk}/").content)
    assert all(said in text for said in REPORT.values()) and "Recommendation" not in text and "Successful" not in text


def test_a_report_that_nobody_decided_on_is_not_the_teacher_s_even_if_they_withdraw(walk):
    walk.go(*OBSERVED, "recommend")
    link = link_of(walk)
    walk.withdraw()
    assert shared_reports(walk.case) == []
    assert Client().get(f"{link}report/{walk.case.observation.pk}/").status_code == 404


def test_a_report_of_somebody_else_is_not_there(walk, lorna, miles):
    walk.go(*OBSERVED, "recommend", "succeed")
    other = Walk(lorna, miles, name="Ben Holt")
    other.go(*OBSERVED, "recommend", "succeed")
    assert Client().get(f"{link_of(walk)}report/{other.case.observation.pk}/").status_code == 404


def test_m10_the_official_letter_and_the_logo_come_with_the_letter(walk):
    walk.go(*IN_TIME)
    letter = Letter.objects.about(walk.case).get(kind="application_complete")
    assert [one["name"] for one in letter.enclosed] == ["official-letter.pdf", "logo-2026.png"]
    official, logo = (uploads.read(one["kept_as"]) for one in letter.enclosed)
    assert official == walk.case.partner.letter.paper() and logo.startswith(b"\x89PNG")


def test_m2_by_post_the_report_and_the_official_letter_go_into_the_envelope(lorna, miles, rosa, as_member, url):
    walk = by_post(lorna, miles)
    walk.go(*IN_TIME[1:])
    letters = Letter.objects.about(walk.case)
    (report,) = letters.get(kind="application_succeed").enclosed
    text = pdf_words(uploads.read(report["kept_as"]))
    assert REPORT["strengths"] in text and "Recommendation" not in text
    last = letters.get(kind="application_complete")
    client, address = as_member(rosa), url(rosa, "posted_letter", last.pk)
    page = words(client.get(url(rosa, "post")))
    assert "official-letter.pdf" in page and f"{address}?enclosed=1" in page
    assert client.get(f"{address}?enclosed=1").content == walk.case.partner.letter.paper()
    assert pdf_words(client.get(f"{address}?enclosed=9").content) == pdf_words(client.get(address).content)
    assert "come with this letter" in pdf_words(client.get(address).content)
    assert client.post(address)["Location"] == url(rosa, "post")
    assert letters.get(kind="application_complete").state == "posted"


def test_a_mentor_prints_letters_of_their_own_cases_only(lorna, miles, cleo, as_member, url):
    walk = by_post(lorna, miles)
    walk.go("proceed", "arrange")
    letter = Letter.objects.about(walk.case).get(kind="application_arrange")
    assert as_member(miles).get(url(miles, "posted_letter", letter.pk)).status_code == 200
    assert as_member(cleo).get(url(cleo, "posted_letter", letter.pk)).status_code == 403
    back = as_member(miles).post(url(miles, "posted_letter", letter.pk), {"case": "1"})
    assert back["Location"] == url(miles, "application", walk.case.pk)


def test_m6_pressed_by_mistake_it_has_not_taken_place_after_all(walk):
    walk.go(*OBSERVED, "take_back")
    assert walk.fresh().stage == "observation_arranged" and walk.fresh().observation.took_place_at is None
    walk.go("call_off", "arrange", "observe", "recommend", "send_back")
    with pytest.raises(ValidationError, match="so it took place"):
        walk.take_back()


def test_a_report_that_was_sent_takes_no_late_keystroke(walk):
    walk.go(*OBSERVED, "recommend")
    with pytest.raises(ValidationError, match="sent in the meantime"):
        walk.case.observation.write({"strengths": "None"})
    assert walk.fresh().observation.report["strengths"] == REPORT["strengths"]


def test_who_withdraws_while_a_leader_has_it_in_hand_is_told_to_the_leader(walk, lorna, miles):
    walk.go("send", "withdraw")
    told = Letter.objects.about(walk.case).filter(kind="case_withdrawn")
    assert [letter.to_email for letter in told] == [lorna.person.email]


def test_an_induction_called_off_by_another_leader_goes_from_the_calendar_of_who_holds_it(walk, lorna, robin):
    robin.change(robin, roles=["head", "leader"])
    walk.go(*IN_TIME[:7])
    walk.case.call_off_induction(robin, walk.letter("call_off_induction", robin))
    told = Letter.objects.about(walk.case).get(kind="case_called_off")
    assert told.to_email == lorna.person.email and "METHOD:CANCEL" in told.calendar
