"""Tables in and out: whatever people's programs write is read, and nothing in it is ever run (B4)."""

import csv
import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from tutti.core.tables import Unreadable, csv_response, fold, read_pasted, read_table, xlsx_response


def sent(content, name="list.csv"):
    return SimpleUploadedFile(name, content)


def workbook(rows, change=lambda sheet_xml: sheet_xml):
    """An Excel file; `change` may spoil the XML of its sheet."""
    made, spoilt = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(spoilt, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content.decode()) if name.endswith("sheet1.xml") else content)
    return sent(spoilt.getvalue(), "list.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_that_windows_writes_is_read(encoding, separator):
    text = separator.join(["Name", "Town"]) + "\r\n" + separator.join(["Zoë Müller", "Málaga"]) + "\r\n"
    sheet = read_table(sent(text.encode(encoding)))
    assert (sheet.columns, sheet.rows) == (["Name", "Town"], [["Zoë Müller", "Málaga"]])


def test_a_line_break_within_quotation_marks_stays_in_its_cell():
    sheet = read_table(sent(b'Name,Address\r\nAnn,"1 High St\r\nNorthton"\r\nBob,2 Low St\r\n'))
    assert sheet.rows == [["Ann", "1 High St\nNorthton"], ["Bob", "2 Low St"]]


def test_empty_lines_and_empty_columns_at_the_end_are_left_out_and_lines_keep_their_numbers():
    sheet = read_table(sent(b",,,\nName,E-mail,,\nAnn,a@x,,\n,,,\nBob,,,\n"))
    assert sheet.columns == ["Name", "E-mail"]
    assert sheet.rows == [["Ann", "a@x"], ["Bob", ""]]
    assert sheet.numbers == [3, 5]


def test_what_cannot_be_seen_is_taken_out_and_an_apostrophe_that_only_says_text():
    sheet = read_table(sent("Name,Phone,Sum\n\u200bJan\xa0't Hooft ,'01632960,'=1+1\n't Hooft,x,\x07y\n".encode()))
    assert sheet.rows == [["Jan 't Hooft", "01632960", "=1+1"], ["'t Hooft", "x", "y"]]


def test_excel_is_read_as_people_typed_it():
    rows = [
        ["Name", "Number", "Share", "Day"],
        ["Ann", 7.0, 0.5, "x"],
        ["", "", "", ""],
        ["Bob", 12345678901, True, ""],
    ]
    sheet = read_table(workbook(rows))
    assert sheet.rows == [["Ann", "7", "0.5", "x"], ["Bob", "12345678901", "Yes", ""]]
    assert sheet.numbers == [2, 4]


def test_a_day_in_excel_comes_in_as_a_day():
    answer = xlsx_response("days", ["Day"], [[dt.date(2026, 11, 16)]])
    assert read_table(sent(answer.content, "days.xlsx")).rows == [["2026-11-16"]]


def test_a_formula_is_its_last_value_and_is_not_run():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Sum"])
        sheet.write(1, 0, "Ann")
        sheet.write_formula(1, 1, '=HYPERLINK("http://evil.example","x")', value="seen last")
    assert read_table(sent(made.getvalue(), "list.xlsx")).rows == [["Ann", "seen last"]]


def test_the_first_sheet_that_is_not_hidden_is_read():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        hidden, shown = book.add_worksheet("secret"), book.add_worksheet("list")
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
        hidden.write(0, 0, "Secret")
        shown.write_column(0, 0, ["Name", "Ann"])
    assert read_table(sent(made.getvalue(), "list.xlsx")).columns == ["Name"]


def test_sixty_megabytes_are_refused_before_they_are_read():
    class Large(SimpleUploadedFile):
        def __init__(self):
            super().__init__("large.csv", b"")
            self.size = 60_000_000

    with pytest.raises(Unreadable, match="60 MB; at most 10 MB"):
        read_table(Large())


def test_too_many_rows_are_refused_with_the_number_that_is_allowed():
    with pytest.raises(Unreadable, match="more than 2,000 rows"):
        read_table(sent(b"Name\n" + b"x\n" * 2_001), most_rows=2_000)
    with pytest.raises(Unreadable, match="more than 5 rows"):
        read_table(workbook([["Name"]] + [["x"]] * 6), most_rows=5)


def test_a_workbook_that_asks_for_all_memory_is_refused_and_takes_nothing_down():
    """One cell in the last corner of the sheet: the reader would make 17,000 million cells of it."""
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(Unreadable, match="damaged or far too large"):
        read_table(workbook([["Name"]], lambda xml: xml.replace("</sheetData>", corner)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n,,\n", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"<!DOCTYPE html><html><table>", "a web page"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"\x00\x01\x02\x03" * 50, "not a table"),
        (b'Name,Town\nAnn,"Northton\nBob,x\n', "quotation mark"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, words):
    with pytest.raises(Unreadable, match=words):
        read_table(sent(content))


def test_an_upload_stays_open_for_whoever_keeps_it():
    upload = TemporaryUploadedFile("list.csv", "text/csv", 0, "utf-8")
    upload.write(b"Name\nAnn\n")
    upload.size = 9
    assert read_table(upload).rows == [["Ann"]]
    assert upload.read() == b"Name\nAnn\n"


def test_the_heading_alone_and_some_columns_alone_can_be_asked_for(tmp_path):
    file = tmp_path / "schools.csv"
    file.write_bytes(b"URN,Name,Town\n1,Larkrise,Northton\n2,Oak,Oakham\n")
    assert read_table(file, first=0).columns == ["URN", "Name", "Town"]
    sheet = read_table(file, only=["urn", "TOWN"])
    assert (sheet.columns, sheet.rows[0]) == (["URN", "Town"], ["1", "Northton"])


def test_pasted_rows_may_come_with_a_heading_or_without():
    with_heading = read_pasted("Name\tE-mail\nAnn\ta@x\n", ["e-mail"])
    without = read_pasted("Ann\ta@x\nBob\tb@x\tviola\n", ["e-mail"])
    assert (with_heading.columns, with_heading.rows, with_heading.numbers) == (
        ["Name", "E-mail"],
        [["Ann", "a@x"]],
        [2],
    )
    assert without.columns == ["Column 1", "Column 2", "Column 3"]
    assert (without.rows, without.numbers) == ([["Ann", "a@x", ""], ["Bob", "b@x", "viola"]], [1, 2])


def test_two_thousand_pasted_lines_are_read():
    assert len(read_pasted("".join(f"Pupil {n}\t{n}\n" for n in range(2_000))).rows) == 2_000


def test_columns_are_found_by_any_of_their_names_however_they_are_written():
    sheet = read_pasted("E-Mail Address;Full_Name\na@x;Ann\n", ["full name"])
    assert sheet.index("email", "email address") == 0
    assert sheet.index("full name") == 1
    assert sheet.index("phone") is None
    assert next(sheet.records()) == {"E-Mail Address": "a@x", "Full_Name": "Ann"}
    assert fold("E-mail  Address") == fold("email_ADDRESS")


@pytest.mark.parametrize("cell", ["=1+1", "+44 1632", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_that_goes_out_can_be_run_as_a_formula(cell):
    answer = csv_response("list", ["Cell"], [[cell]])
    written = next(
        row for n, row in enumerate(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))) if n
    )
    assert written == ["'" + cell]
    with zipfile.ZipFile(io.BytesIO(xlsx_response("list", ["Cell"], [[cell]]).content)) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_download_opens_in_excel_with_its_accents_and_says_its_name():
    answer = csv_response("teachers", ["Name", "Minutes", "Here"], [["Zoë", 90, True], [None, -5, False]])
    assert answer.content == "\ufeffName,Minutes,Here\r\nZoë,90,Yes\r\n,-5,No\r\n".encode()
    assert answer["Content-Disposition"] == 'attachment; filename="teachers.csv"'


CELLS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Cf"], blacklist_characters="'"), max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(any), max_size=8))
def test_what_goes_out_comes_in_the_same(rows):
    heading = ["First", "Second", "Third"]
    assert read_table(sent(csv_response("x", heading, rows).content)).rows == rows
