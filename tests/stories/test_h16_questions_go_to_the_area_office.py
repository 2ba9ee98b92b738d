"""H16: every school and teacher sees the school's area office, with name, phone and e-mail, on pages and in the PDF,
and asks it there; what was asked is answered, closed and kept."""

import io
import re

import pytest
from pypdf import PdfReader

from tutti.core.calendar import Week
from tutti.core.letters import Letter
from tutti.teaching.models import Allocation, Question, SummaryLink
from tutti.teaching.models.questions_told import questions_told
from tutti.teaching.models.summary import make_summary

OCTOBER = Week.parse("2026-10-05").monday.replace(day=1)


@pytest.fixture
def summary(larkrise):
    return make_summary(larkrise, OCTOBER)


@pytest.fixture
def link(summary, larkrise):
    return SummaryLink.make(summary, larkrise.contacts.for_summary().first())


def ways_to_reach(office):
    return [office.name, office.phone, office.email]


def test_the_school_reads_its_area_office_on_its_page_and_on_paper(anybody, url, northshire, link, larkrise):
    page = anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
    pdf = PdfReader(io.BytesIO(anybody.get(url(northshire, "shared_summary_pdf", link.secret)).content))
    paper = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    for way in ways_to_reach(larkrise.office):
        assert way in page and way in paper
    assert f'href="mailto:{larkrise.office.email}"' in page
    assert f'href="tel:{larkrise.office.phone.replace(" ", "")}"' in page


def test_the_school_reads_it_even_before_the_code_and_after_the_link_has_ended(
    anybody, url, northshire, link, larkrise, clock
):
    for days in (2, 91):
        clock.move_to(link.made_at.replace(tzinfo=link.made_at.tzinfo))
        clock.shift(days * 24 * 60 * 60)
        page = anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
        assert all(way in page for way in ways_to_reach(larkrise.office))


def test_the_schools_letter_names_it(link, larkrise, summary, rosa):
    letter = summary.send_again(link.contact, rosa)
    assert all(way in letter.body for way in ways_to_reach(larkrise.office))


def test_each_school_reads_its_own_area_office(anybody, url, northshire, larkrise):
    elsewhere = (
        northshire.schools.exclude(office=larkrise.office).exclude(summaries=None).exclude(contacts=None).first()
    )
    link = SummaryLink.make(make_summary(elsewhere, OCTOBER), elsewhere.contacts.for_summary().first())
    page = anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
    assert elsewhere.office.phone in page and larkrise.office.phone not in page


def test_a_school_without_an_area_office_reads_the_services_own(anybody, url, northshire, link, larkrise, rosa):
    larkrise.change(rosa, office=None)
    page = anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
    assert northshire.phone in page and northshire.email in page
    assert anybody.get(url(northshire, "shared_summary_pdf", link.secret)).status_code == 200


def test_the_teacher_reads_it_on_the_register_of_the_school(as_member, url, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    page = as_member(hannah).get(url(hannah, "register", allocation.pk, Week.current())).content.decode()
    assert all(way in page for way in ways_to_reach(larkrise.office))


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_school_says_that_a_line_is_wrong_is_answered_and_reads_it_on_its_page_and_its_next_summary(
    anybody, as_member, url, northshire, link, larkrise, rosa, hannah
):
    # the school opens its month and says that a pupil's line is not right
    page = anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
    ask = next(
        address
        for address in re.findall(r'href="([^"]+\?line=pupil[^"]+)"', page)
        if "Amelia Thorne" in words(anybody.get(address))
    )
    anybody.post(ask, {"text": "Amelia was here in the first week."})
    # its area office gets a letter that names no child, and a task
    letter = Letter.objects.filter(to_email=larkrise.office.email).latest("pk")
    assert "Larkrise Primary School" in letter.subject and "Amelia" not in letter.body
    question = Question.objects.get(text__startswith="Amelia was here")
    assert "questions from schools wait" in words(as_member(rosa).get(url(rosa, "home")))
    # the teacher of that lesson sees it and answers, the office closes it
    teacher = as_member(hannah)
    assert "Larkrise Primary School" in words(teacher.get(url(hannah, "questions")))
    teacher.post(url(hannah, "question", question.pk), {"text": "You are right, I have put it right."})
    as_member(rosa).post(url(rosa, "question_close", question.pk))
    # the school reads it: by the letter's link, and on what its next summary tells
    letter = Letter.objects.filter(kind="answer", to_email=link.email).latest("pk")
    private = re.search(r"http\S+?(/northshire/month/\S+)", letter.body)[1]
    assert "You are right, I have put it right." in words(anybody.get(private))
    (told,) = questions_told(larkrise, OCTOBER)
    assert (told["state"], told["replies"][0]["by"]) == ("Closed", "Hannah Whitlock")


def test_a_teacher_raises_a_concern_with_the_schools_area_office_and_is_answered(
    as_member, url, hannah, rosa, larkrise
):
    asked = as_member(hannah).post(
        url(hannah, "question_ask"), {"text": "Nobody knows where the piano went.", "school": larkrise.pk}
    )
    letter = Letter.objects.filter(to_email=larkrise.office.email).latest("pk")
    assert "Hannah Whitlock asks something about Larkrise Primary School" in letter.body
    question = Question.objects.get(asked_by=hannah)
    assert url(rosa, "question", question.pk) in as_member(rosa).get(url(rosa, "questions")).content.decode()
    as_member(rosa).post(asked["Location"], {"text": "It is back on Monday."})
    assert "It is back on Monday." in words(as_member(hannah).get(asked["Location"]))
    assert Letter.objects.filter(kind="answer", to_email=hannah.person.email).count() == 1
