"""The summary on paper: PDF/UA-1, the page's words in the page's order, every name in the world (H8, H16, B5)."""

import io
import logging
from hashlib import sha256

import pytest
from pypdf import PdfReader

from tests.teaching.small_school import FIFTH, NINETEENTH, OCTOBER, TWELFTH, SmallSchool
from tutti.core import documents
from tutti.teaching.models import SummaryLink
from tutti.teaching.models.summary import make_summary
from tutti.teaching.models.summary_paper import paper_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


def read(summary, *link):
    return PdfReader(io.BytesIO(paper_of(summary, *link)))


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pdf.pages)


def structure(node, found):
    """The names of all tags in the tree."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            structure(child, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(node)
        if "/K" in node:
            structure(node["/K"], found)
    return found


@pytest.fixture
def october(small):
    violin = small.lesson("Noah Castle", "Zara Hughes")
    small.record(FIFTH, absent={"Noah Castle": "absent"})
    small.record(TWELFTH, struck={violin: "teacher-ill"})
    return make_summary(small.school, OCTOBER)


def test_it_is_tagged_titled_and_in_english_as_pdf_ua_1(october):
    pdf = read(october)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert pdf.metadata.title == "Music lessons at Quarry Lane School, October 2026"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()


def test_headings_tables_and_their_heads_are_tags(october):
    tags = [str(node["/S"]) for node in structure(read(october).trailer["/Root"]["/StructTreeRoot"]["/K"], [])]
    assert tags.count("/H1") == 1 and tags.count("/Table") == 2
    assert tags.count("/TH") >= 6 + 9 and tags.count("/TR") >= 5


def test_it_says_what_the_page_says_in_the_same_order(october):
    words = " ".join(text_of(read(october)).split())
    order = [
        "Quarry Lane School",
        "1 of 3 lessons",
        "20 minutes of teaching",
        "Lessons due",
        "Teaching weeks: 5, 12 and 19 October",
        "Hannah Whitlock",
        "12 Oct: teacher ill. Owed",
        "19 Oct: not yet recorded",
        "Pupils Since September",
        "Noah Castle",
        "Absent",
        "Zara Hughes",
        "Something not right",
    ]
    found = [words.find(each) for each in order]
    assert -1 not in found and found == sorted(found), list(zip(order, found, strict=True))


def test_the_area_office_is_on_it_with_phone_and_address(october, small):
    words = text_of(read(october))
    office = small.school.office
    assert office.name in words and office.phone in words and office.email in words


def test_the_heads_of_a_long_table_stand_on_every_page(small):
    for number in range(25):
        small.lesson(*(f"Pupil {number}{letter}" for letter in "abc"))
    small.record(FIFTH)
    pdf = read(make_summary(small.school, OCTOBER))
    assert len(pdf.pages) > 2
    for page in pdf.pages[2:]:
        assert "Instrument" in page.extract_text() and "Owed" in page.extract_text()
    assert f"page 1 of {len(pdf.pages)}" in " ".join(pdf.pages[0].extract_text().split())


def test_the_contacts_copy_carries_a_code_to_scan_with_words_for_it_and_the_offices_does_not(october, small):
    link = SummaryLink.make(october, small.contact())
    own = read(october, "http://localhost/northshire/month/abc/", link.ends_at)
    figures = [n for n in structure(own.trailer["/Root"]["/StructTreeRoot"]["/K"], []) if n["/S"] == "/Figure"]
    assert ["private page of Quarry Lane School" in str(figure.get("/Alt", "")) for figure in figures] == [True]
    assert "until 16 February 2027" in " ".join(text_of(own).split())
    bare = read(october)
    assert not [n for n in structure(bare.trailer["/Root"]["/StructTreeRoot"]["/K"], []) if n["/S"] == "/Figure"]


def test_no_pupils_name_is_in_the_title_or_the_files_name(october):
    pdf = read(october)
    assert "Noah" not in str(pdf.metadata) and "Noah" not in october.file_name and "Castle" not in october.file_name


def test_the_same_summary_is_the_same_file_to_the_byte(october):
    assert sha256(paper_of(october)).digest() == sha256(paper_of(october)).digest()


@pytest.mark.parametrize(
    "name", ["王小明", "محمد الأمين", "דוד כהן", "आरव शर्मा", "Siân Ŵyn-Ŷnys", "Łukasz Żółć", "Nguyễn Ánh", "Дмитро"]
)
def test_names_in_many_scripts_are_printed_as_they_are(small, name, caplog):
    small.lesson(name)
    with caplog.at_level(logging.WARNING):
        pdf = read(make_summary(small.school, OCTOBER))
    assert not caplog.records and documents.STAND_IN not in text_of(pdf)
    assert len(pdf.pages) == 1


@pytest.mark.parametrize("name", ["Zoë 🎻", "👩‍🎤 Kim", "สมชาย", "𓀀", "김민준"])
def test_a_character_without_a_font_is_shown_as_a_box_and_logged_and_stops_nothing(small, name, caplog):
    small.lesson(name)
    small.record(FIFTH)
    with caplog.at_level(logging.WARNING, logger="tutti.core.documents"):
        words = text_of(read(make_summary(small.school, OCTOBER)))
    assert documents.STAND_IN in words and "U+" in caplog.text
    assert name not in caplog.text


@pytest.mark.parametrize("name", ['#panic("no")', "*bold* $x$ \\ //", "<b>Robin</b>", "@ref = title", '"quoted"'])
def test_a_name_is_never_run_as_markup(small, name):
    small.lesson(name)
    words = " ".join(text_of(read(make_summary(small.school, OCTOBER))).split())
    assert " ".join(name.split()).replace('"', "") in words.replace('"', "").replace("“", "").replace("”", "")


def test_a_school_without_teaching_yet_recorded_prints_too(small):
    small.lesson("Amelia Thorne")
    assert "3 are not yet recorded" in " ".join(text_of(read(make_summary(small.school, OCTOBER))).split())


def test_a_week_nobody_reached_prints_in_every_column(small):
    small.lesson("Amelia Thorne")
    small.record(NINETEENTH)
    assert text_of(read(make_summary(small.school, OCTOBER))).count("Not yet") >= 2
