"""The pages of paper: the office's PDFs, a teacher's print pages, the school's own by its private link (H9, B5)."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from tests.teaching.small_school import OCTOBER, SmallSchool, week
from tutti.schools.models import School
from tutti.teaching.models import Allocation, Lesson, Summary, SummaryLink
from tutti.teaching.models.paper import PaperKind

NINTH = week(11, 9)


def text_of(response):
    assert response["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


# the office


@pytest.mark.django_db
def test_the_office_makes_the_pdf_of_one_school_from_its_page(as_member, url, rosa, larkrise):
    office, address = as_member(rosa), url(rosa, "school_papers", larkrise.pk)
    assert address in office.get(larkrise_page := url(rosa, "school", larkrise.pk)).content.decode()
    chosen = office.get(address).content.decode()
    assert "Larkrise Primary School" in chosen and larkrise_page in chosen
    file = office.get(address, {"make": "pdf", "kind": "rota", "first": str(NINTH), "last": "2026-11-23"})
    assert file["Content-Disposition"] == f'attachment; filename="rota-{NINTH}-{larkrise.pk}.pdf"'
    words = text_of(file)
    assert "Amelia Thorne" in words and "Albie Stroud" in words and "23 Nov" in words and "30 Nov" not in words
    assert "St Brannoc" not in words


@pytest.mark.django_db
def test_an_areas_schools_or_all_of_them_are_one_pdf(as_member, url, rosa, northshire):
    office = as_member(rosa)
    north = northshire.offices.get(name="North area office")
    taught = School.objects.filter(service=northshire, pk__in=Lesson.objects.values("allocation__school"))
    assert url(rosa, "papers") in office.get(url(rosa, "registers")).content.decode()
    for asked, schools in (({"office": north.pk}, taught.filter(office=north)), ({}, taught)):
        words = text_of(office.get(url(rosa, "papers"), {"make": "pdf", "kind": "timetable", **asked}))
        assert schools.count() > 5 and all(f"{school.name}, page 1 of" in words for school in schools)
        others = taught.exclude(pk__in=schools.values("pk"))
        assert not [school.name for school in others if f"{school.name}, page" in words]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first": "2026-11-23", "last": "2026-11-09"}, "The last week must not be before the first one."),
        ({"first": "2026-11-10"}, "Choose one from the list."),
        ({"first": "2026-08-10"}, "Choose one from the list."),
        ({"kind": "poster"}, "poster is not one of the available choices"),
        ({"office": "999999"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_printed_is_said_at_its_field(as_member, url, rosa, typed, words):
    answer = as_member(rosa).get(url(rosa, "papers"), {"make": "pdf", **typed})
    assert answer.status_code == 422 and words in answer.content.decode()


@pytest.mark.django_db
def test_a_school_in_which_nothing_is_set_up_says_so(as_member, url, hannah, rosa):
    small = SmallSchool(hannah, rosa)
    answer = as_member(rosa).get(url(rosa, "school_papers", small.school.pk), {"make": "pdf"})
    assert answer.status_code == 422 and "No lessons are set up there in these weeks." in answer.content.decode()
    assert as_member(rosa).get(url(rosa, "school_papers", small.school.pk)).status_code == 200


# the teacher


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PaperKind.values)
def test_a_teacher_gets_a_page_of_their_own_lessons_and_never_a_file(as_member, url, hannah, larkrise, kind):
    answer = as_member(hannah).get(url(hannah, "my_paper"), {"school": larkrise.pk, "kind": kind})
    words = answer.content.decode()
    assert answer["Content-Type"].startswith("text/html") and "Content-Disposition" not in answer
    assert "no-store" in answer["Cache-Control"]
    assert "Amelia Thorne" in words and "Albie Stroud" not in words and "Otterbridge Junior School</h2>" not in words


@pytest.mark.django_db
def test_a_teacher_has_no_way_to_the_files_of_the_office(as_member, url, hannah, larkrise):
    for address in (url(hannah, "papers"), url(hannah, "school_papers", larkrise.pk)):
        assert as_member(hannah).get(address, {"make": "pdf"}).status_code == 403


@pytest.mark.django_db
def test_another_schools_sheet_is_no_choice_and_a_new_teacher_sees_the_next_step(as_member, url, hannah, owen, tess):
    others = Allocation.objects.filter(teacher=owen).exclude(school__allocations__teacher=hannah).first().school
    answer = as_member(hannah).get(url(hannah, "my_paper"), {"school": others.pk})
    assert answer.status_code == 422 and others.name not in answer.content.decode()
    words = as_member(tess).get(url(tess, "my_paper")).content.decode()
    assert "Nothing to print" in words and "Set up my pupils" in words


@pytest.mark.django_db
def test_the_ways_to_it_stand_where_a_teacher_looks(as_member, url, hannah, larkrise):
    own = Allocation.objects.get(teacher=hannah, school=larkrise)
    for name, args in (("allocation", [own.pk]), ("my_year", []), ("more", [])):
        assert url(hannah, "my_paper") in as_member(hannah).get(url(hannah, name, *args)).content.decode()
    words = as_member(hannah).get(url(hannah, "allocation", own.pk)).content.decode()
    assert url(hannah, "paper_register", own.pk) in words


# the school


@pytest.fixture
def link(db, larkrise):
    summary = Summary.objects.get(school=larkrise, month=OCTOBER)
    return SummaryLink.make(summary, larkrise.contacts.first())


def test_the_school_prints_its_own_sheets_from_its_private_page(anybody, url, northshire, link):
    words = anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
    for kind in PaperKind.values:
        assert url(northshire, "shared_paper_pdf", link.secret, kind=kind) in words
        file = anybody.get(url(northshire, "shared_paper_pdf", link.secret, kind=kind))
        assert "no-store" in file["Cache-Control"] and "noindex" in file["X-Robots-Tag"]
        said = text_of(file)
        assert "Amelia Thorne" in said and "Albie Stroud" in said and "5 weeks, commencing 16 November" in said
    assert "Blank register" in text_of(anybody.get(url(northshire, "shared_paper_pdf", link.secret, kind="else")))


def test_a_day_later_the_sheets_wait_for_a_code_as_the_names_do(anybody, url, northshire, link, clock):
    clock.shift(timedelta(days=2))
    assert "shared_paper" not in anybody.get(url(northshire, "shared_summary", link.secret)).content.decode()
    answer = anybody.get(url(northshire, "shared_paper_pdf", link.secret))
    assert answer.status_code == 302 and answer["Location"] == url(northshire, "shared_summary", link.secret)


def test_a_school_without_lessons_to_come_is_told_so(anybody, url, northshire, link, larkrise, rosa):
    Lesson.objects.filter(allocation__school=larkrise).update(until_week=NINTH)
    answer = anybody.get(url(northshire, "shared_paper_pdf", link.secret), follow=True)
    assert "No lessons are set up at your school in the coming month." in answer.content.decode()


# on paper, and on a narrow phone, in a real browser


@pytest.mark.browser
def test_the_teachers_page_is_a_sheet_of_a4_a_school_without_bars_or_buttons(browser_page, url, hannah, larkrise):
    page = browser_page(hannah)
    page.goto(url(hannah, "my_paper"))
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    pages = [" ".join(sheet.extract_text().split()) for sheet in printed.pages]
    schools = Allocation.objects.filter(teacher=hannah).count()
    assert len(pages) == schools
    for sheet, words in zip(printed.pages, pages, strict=True):
        assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [210, 297]
        assert "Hannah Whitlock" in words and "Northshire Music Service" in words
        assert "My week" not in words and "Show" not in words and "Accessibility" not in words
    assert [larkrise.name in words for words in pages].count(True) == 1

    # A whole term lies on its side, and still no page is empty.
    page.goto(url(hannah, "my_paper", kind="rota", school=larkrise.pk, first="2026-09-07", last="2026-12-07"))
    wide = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert all(sheet.mediabox.width > sheet.mediabox.height and sheet.extract_text().strip() for sheet in wide.pages)


@pytest.mark.browser
@pytest.mark.parametrize("kind", PaperKind.values)
def test_on_a_narrow_phone_only_the_sheet_itself_is_moved_sideways(browser_page, url, hannah, kind):
    page = browser_page(hannah, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto(url(hannah, "my_paper", kind=kind))
    assert page.locator(".paper-table").count() >= 4
    widths = page.locator("main").bounding_box()
    assert widths["width"] <= 320
    assert page.locator(".paper .scroll").first.get_attribute("tabindex") == "0"
