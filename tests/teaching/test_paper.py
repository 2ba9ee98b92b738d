"""Paper: who stands on a sheet, in which weeks, and what the PDF says and is (H9, W2, W4, W5, P6, B5)."""

import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from tests.teaching.small_school import SmallSchool, week
from tutti.core.calendar import Week
from tutti.schools.models import School, TeachingWeek
from tutti.teaching.models.lesson import Due
from tutti.teaching.models.paper import PaperKind, coming_paper, coming_weeks, read_papers, schools_on_paper, split
from tutti.teaching.models.paper_file import file_name, paper_file

pytestmark = pytest.mark.django_db
NINTH, SIXTEENTH, TWENTY_THIRD = week(11, 9), week(11, 16), week(11, 23)


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


def weeks_of(service, first, last):
    return list(TeachingWeek.objects.filter(service=service, monday__range=(first, last)))


@pytest.fixture
def paper_of(northshire):
    def read(school, first=NINTH, last=week(11, 30), teacher=None):
        (paper,) = read_papers([school], weeks_of(northshire, first, last), teacher)
        return paper

    return read


@pytest.fixture
def pdf_of(northshire):
    def read(papers, kind="register"):
        content = paper_file(papers, PaperKind(kind), northshire, timezone.now())
        return PdfReader(io.BytesIO(content))

    return read


def rows_of(paper):
    return {row.name: row.boxes for teacher in paper.teachers for lesson in teacher.lessons for row in lesson.rows}


def words_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


# who stands on it


def test_pupils_and_classes_have_a_box_in_each_lesson_week(small, paper_of):
    small.lesson("Noah Castle", "Zara Hughes", instrument="Cello", minutes=30)
    small.programme(class_size=28)
    paper = paper_of(small.school)
    assert [column.week for column in paper.weeks] == [NINTH, SIXTEENTH, TWENTY_THIRD, week(11, 30)]
    assert rows_of(paper) == {name: ["due"] * 4 for name in ("Noah Castle", "Zara Hughes", "Year 4 Maple")}
    (teacher,) = paper.teachers
    assert teacher.name == "Hannah Whitlock"
    cello, maple = teacher.lessons
    assert (cello.words, maple.words) == ("Cello, group of 2, 30 min", "First Access, whole class, 50 min")
    assert maple.class_size == 28


def test_p6_a_pupil_who_is_not_called_has_no_box_that_week(small, paper_of, rosa):
    small.lesson("Odd Week", due=Due.ODD)
    small.lesson("Even Week", due=Due.EVEN)
    small.lesson("Named Weeks").set_rota(rosa, [NINTH])
    numbers = [column.lesson_number for column in paper_of(small.school).weeks]
    rows = rows_of(paper_of(small.school))
    assert rows["Odd Week"] == ["due" if number % 2 else "" for number in numbers]
    assert rows["Even Week"] == ["" if number % 2 else "due" for number in numbers]
    assert rows["Named Weeks"] == ["due", "", "", ""]
    lessons = {lesson.rows[0].name: lesson.when for lesson in paper_of(small.school).teachers[0].lessons}
    assert lessons["Named Weeks"] == "Weeks of 9 November" and "and" in lessons["Odd Week"]


def test_w4_a_week_in_which_the_school_is_closed_is_closed_for_all(small, paper_of, rosa):
    small.lesson("Noah Castle")
    small.lesson("Named Weeks").set_rota(rosa, [SIXTEENTH])
    small.school.close_for_week(rosa, SIXTEENTH, "Boiler broken")
    paper = paper_of(small.school)
    assert rows_of(paper) == {"Noah Castle": ["due", "closed", "due", "due"], "Named Weeks": ["", "closed", "", ""]}
    assert "closed 16 November" in paper.weeks_words


def test_w2_a_spare_week_is_called_that_and_nobody_is_due(small, paper_of, northshire):
    small.lesson("Noah Castle")
    spare = TeachingWeek.objects.filter(service=northshire, lesson_number=None, monday__gt=NINTH).first()
    paper = paper_of(small.school, spare.week, spare.week)
    assert rows_of(paper) == {"Noah Castle": ["spare"]} and paper.weeks[0].note == "spare"
    assert paper.weeks_words.startswith("Week commencing ") and "; spare " in paper.weeks_words


def test_who_comes_later_or_has_left_has_boxes_in_their_own_weeks_only(small, paper_of, rosa):
    lesson = small.lesson("Noah Castle")
    small.place(lesson, "Late Comer", SIXTEENTH)
    left = small.place(lesson, "Gone Away", week(10, 5))
    left.end(rosa, NINTH)
    long_gone = small.place(lesson, "Long Gone", week(10, 5))
    long_gone.end(rosa, week(10, 12))
    assert rows_of(paper_of(small.school)) == {
        "Noah Castle": ["due"] * 4,
        "Late Comer": ["", "due", "due", "due"],
        "Gone Away": ["due", "", "", ""],
    }


def test_p7_kind_and_minutes_are_those_of_the_weeks_printed(small, paper_of, rosa):
    lesson = small.lesson("Noah Castle", minutes=20)
    lesson.reshape(rosa, SIXTEENTH, kind="individual", minutes=30)
    assert paper_of(small.school, NINTH, NINTH).teachers[0].lessons[0].minutes == 20
    assert paper_of(small.school, SIXTEENTH).teachers[0].lessons[0].minutes == 30


def test_all_teachers_of_a_school_are_on_its_sheet_and_a_teachers_own_has_only_theirs(larkrise, hannah, paper_of):
    everybody = paper_of(larkrise)
    assert [teacher.name for teacher in everybody.teachers] == ["Hannah Whitlock", "Marcus Bellweather"]
    own = paper_of(larkrise, teacher=hannah)
    assert [teacher.name for teacher in own.teachers] == ["Hannah Whitlock"]
    assert "Albie Stroud" in rows_of(everybody) and "Albie Stroud" not in rows_of(own)


def test_a_county_is_read_in_five_queries(northshire, django_assert_num_queries):
    weeks = weeks_of(northshire, week(11, 2), week(12, 14))
    schools = list(schools_on_paper(School.objects.filter(service=northshire), weeks))
    assert len(schools) > 20
    for many in (1, len(schools)):
        with django_assert_num_queries(5):
            read_papers(schools[:many], weeks)


# the weeks


@pytest.mark.parametrize(
    ("many", "widths"), [(0, []), (1, [1]), (14, [14]), (15, [8, 7]), (28, [14, 14]), (40, [14, 14, 12])]
)
def test_more_than_fourteen_weeks_stand_in_several_tables(many, widths):
    parts = split(many)
    assert [part.stop - part.start for part in parts] == widths
    assert [n for part in parts for n in range(part.start, part.stop)] == list(range(many))


def test_the_coming_half_term_is_what_one_prints(northshire, larkrise):
    weeks = list(larkrise.allocations.first().year.weeks.all())
    coming = coming_weeks(weeks, Week.current())
    assert coming[0].week == Week.current() and coming[-1].week == week(12, 14)
    nearly_over = coming_weeks(weeks, week(12, 7))
    assert nearly_over[0].week.monday.year == 2027 and len(nearly_over) >= 4
    assert coming_weeks(weeks, weeks[-1].week + 1) == weeks[-1:]


def test_the_schools_own_paper_is_of_five_weeks_and_none_without_lessons(small, larkrise):
    (paper,) = coming_paper(larkrise)
    assert paper.weeks[0].week == Week.current() and len(paper.weeks) == 5
    assert coming_paper(small.school) == []


# the PDF


@pytest.mark.parametrize("kind", PaperKind.values)
def test_it_is_tagged_titled_and_in_english_as_pdf_ua_1(larkrise, paper_of, pdf_of, kind):
    pdf = pdf_of([paper_of(larkrise)], kind)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    assert pdf.metadata.title == f"{PaperKind(kind).label}, Larkrise Primary School"


def test_the_register_has_every_name_every_week_and_the_words_to_write(larkrise, paper_of, pdf_of):
    words = words_of(pdf_of([paper_of(larkrise)]))
    for each in ("Larkrise Primary School", "Hannah Whitlock", "Amelia Thorne", "Albie Stroud", "9 Nov", "30 Nov"):
        assert each in words
    assert "Year 4 Maple, violins" in words and words.count("of 29") == 4
    assert "Absent" in words and "Teacher ill" in words and "Teacher there?" in words
    assert "North area office" in words and "01632 960144" in words


def test_w5_the_timetable_has_empty_day_and_time_columns_and_no_day_or_time(larkrise, paper_of, pdf_of):
    words = words_of(pdf_of([paper_of(larkrise)], "timetable"))
    assert "Day Time" in words and "Isla Fenwick, Theo Marlowe" in words and "20 Every week" in words
    assert not re.search(r"\b(Mon|Tues|Wednes|Thurs|Fri)day\b|\b\d{1,2}[:.]\d{2}\b", words)


def test_the_rota_marks_who_is_due_and_the_closed_week(small, paper_of, pdf_of, rosa):
    small.lesson("Named Weeks").set_rota(rosa, [NINTH, TWENTY_THIRD])
    small.school.close_for_week(rosa, SIXTEENTH, "Boiler broken")
    words = words_of(pdf_of([paper_of(small.school)], "rota"))
    assert "Named Weeks Violin, individual, 20 min due closed due –" in words
    assert "closed 16 November" in words


def test_each_school_begins_on_a_page_of_its_own_and_a_long_list_repeats_its_head(small, larkrise, paper_of, pdf_of):
    for number in range(40):
        small.lesson(f"Pupil {number}")
    pdf = pdf_of([paper_of(small.school), paper_of(larkrise)])
    pages = [page.extract_text() for page in pdf.pages]
    assert pdf.metadata.title == "Blank register of each school"
    own = [page for page in pages if "Quarry Lane School, page" in page]
    assert len(own) == len(pages) - 1 > 1
    assert all("Pupil or class" in page and "9 Nov" in page for page in pages)
    assert f"page 1 of {len(own)}" in own[0] and "page 1 of 1" in pages[-1]
    assert "Larkrise" not in "".join(own) and "Pupil 3" not in pages[-1]


def test_many_weeks_lie_on_their_side_and_a_year_goes_on_in_more_tables(small, paper_of, pdf_of):
    small.lesson("Noah Castle")
    few, many = paper_of(small.school), paper_of(small.school, week(10, 5), Week.parse("2027-03-15"))
    assert not few.is_wide and many.is_wide and len(many.weeks) > 14
    upright, wide = pdf_of([few]).pages[0].mediabox, pdf_of([many]).pages[0].mediabox
    assert upright.height > upright.width and wide.width > wide.height
    assert words_of(pdf_of([many])).count("Pupil or class") == 2


def test_nobodys_name_is_in_the_name_of_the_file(small, paper_of):
    small.lesson("Noah Castle")
    paper = paper_of(small.school)
    assert file_name([paper], PaperKind.ROTA) == f"rota-2026-11-09-{small.school.pk}"
    assert file_name([paper, paper], PaperKind.ROTA) == "rota-2026-11-09-schools"
