"""H16: every school and teacher sees the school's area office, with name, phone and e-mail, on pages and in the PDF."""

import io

import pytest
from pypdf import PdfReader

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, SummaryLink
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
