"""The national list as a file says it: known by the names of its columns, row by row, with what is wrong."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from tests.schools.lists import HEADINGS, links, long_list, school, short_list
from tutti.core.tables import Unreadable
from tutti.schools.models.national import NationalList, Pick, read_links, read_national
from tutti.schools.models.school import Status


def read(content, mapping=None):
    return NationalList.of(read_national(ContentFile(content, "list.csv")), mapping)


def only(content):
    (found,) = read(content).schools
    return found.values


def test_the_long_list_has_135_columns_and_every_field_is_found():
    assert len(HEADINGS) == 135
    found = read(long_list(school(100001, "Ysgol Bryn Têr", Locality="Tarn End", Address3="Far Side")))
    (listed,) = found.schools
    assert listed.urn == 100001
    assert listed.values == {
        "name": "Ysgol Bryn Têr",
        "dfe_number": "999/2001",
        "authority": "Northshire",
        "type": "Community school",
        "phase": "Primary",
        "status": Status.OPEN,
        "opened_on": dt.date(1971, 9, 1),
        "street": "3 Mill Lane",
        "locality": "Tarn End",
        "address3": "Far Side",
        "town": "Upper Tarn",
        "postcode": "NT1 3AB",
    }
    assert found.columns.unknown == []
    assert found.remarks == []


def test_five_columns_say_what_they_say_and_nothing_more():
    assert only(short_list((100001, "Larkrise", "", "Upper Tarn", "nt1 2ab"))) == {
        "name": "Larkrise",
        "town": "Upper Tarn",
        "postcode": "NT1 2AB",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_arrive_in_every_encoding_with_and_without_a_mark(encoding):
    assert only(short_list((100001, "Café École", "", "Zürich", ""), encoding=encoding))["name"] == "Café École"


def test_columns_are_known_in_any_case_spacing_and_order():
    content = b"POST CODE;establishment name ;Urn\nNT1 2AB;Larkrise;100001\n"
    assert only(content) == {"name": "Larkrise", "postcode": "NT1 2AB"}


def test_blanks_within_a_value_are_tidied():
    assert only(short_list((100001, "  Larkrise   Primary\tSchool ", "", "", "")))["name"] == "Larkrise Primary School"


def test_an_unknown_column_is_named_and_a_mapped_one_is_read():
    content = b"Number,Full title,Colour\n100001,Larkrise,blue\n"
    assert read(content).columns.unknown == ["Number", "Full title", "Colour"]
    assert read(content).lacks_urn
    mapped = read(content, {"Number": "urn", "Full title": "name"})
    assert [(row.urn, row.name) for row in mapped.schools] == [(100001, "Larkrise")]
    assert mapped.columns.unknown == ["Colour"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "No number", "", "", ""), "No URN. The line is left out."),
        (("12a456", "Odd number", "", "", ""), "“12a456” is no URN. The line is left out."),
        (("000000", "Nought", "", "", ""), "“000000” is no URN. The line is left out."),
        (("123456789", "Long", "", "", ""), "“123456789” is no URN. The line is left out."),
    ],
)
def test_a_row_without_a_good_urn_is_left_out_with_its_line_and_reason(cells, reason):
    found = read(short_list((100001, "Larkrise", "", "", ""), cells))
    assert [row.urn for row in found.schools] == [100001]
    assert [(remark.line, remark.reason) for remark in found.remarks] == [(3, reason)]


def test_a_value_that_is_wrong_is_left_out_and_the_rest_of_its_row_is_taken():
    rows = [school(100001, "Larkrise", OpenDate="31-02-2020"), school(100002, "Millbrook", status="9")]
    rows += [school(100003, "N" * 201), school(100004, "Hexley", "T" * 121)]
    found = read(long_list(*rows))
    assert [remark.line for remark in found.remarks] == [2, 3, 4, 5]
    assert "“31-02-2020” is no day" in found.remarks[0].reason
    assert "“9” is no status" in found.remarks[1].reason
    assert "opened_on" not in found.schools[0].values
    assert "status" not in found.schools[1].values
    assert found.schools[2].name == ""
    assert found.schools[3].name == "Hexley"
    assert "town" not in found.schools[3].values


def test_a_letter_that_cannot_be_read_is_never_written_over_a_name():
    broken = b"urn,name,town\n100001,Larkrise \x81 School,Upper Tarn\n"  # 0x81 is nothing in cp1252
    found = read(broken)
    assert found.schools[0].values == {"town": "Upper Tarn"}
    assert "cannot be read" in found.remarks[0].reason


def test_the_same_urn_twice_counts_once():
    found = read(short_list((100001, "Larkrise", "", "", ""), (100001, "Millbrook", "", "", "")))
    assert [row.name for row in found.schools] == ["Larkrise"]
    assert found.remarks[0].line == 3
    assert "stands in line 2 already" in found.remarks[0].reason


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Open", "open"),
        ("CLOSED", "closed"),
        ("open but proposed to close", "closing"),
        ("Proposed to open", "proposed"),
    ],
)
def test_a_status_is_known_by_its_name_or_its_code(text, status):
    assert only(f"URN,EstablishmentStatus (name)\n100001,{text}\n".encode())["status"] == status
    code = {"open": 1, "closed": 2, "closing": 3, "proposed": 4}[status]
    assert only(f"URN,EstablishmentStatus (code)\n100001,{code}\n".encode())["status"] == status


@pytest.mark.parametrize("text", ["01-09-1999", "1999-09-01", "01/09/1999"])
def test_days_are_read_as_the_list_and_as_excel_write_them(text):
    assert only(f"URN,OpenDate\n100001,{text}\n".encode())["opened_on"] == dt.date(1999, 9, 1)


def test_the_dfe_number_needs_both_of_its_parts():
    assert "dfe_number" not in only(b"URN,EstablishmentNumber\n100001,2001\n")
    assert "dfe_number" not in only(b"URN,LA (code),EstablishmentNumber\n100001,919,\n")
    assert only(b"URN,LAEstab\n100001,9192001\n")["dfe_number"] == "919/2001"


def test_schools_are_picked_by_authority_town_phase_and_whether_they_are_closed():
    rows = [school(100001, "A"), school(100002, "B", "LOWER TARN"), school(100003, "C", status="2")]
    rows += [school(100004, "D", **{"LA (name)": "Southshire", "PhaseOfEducation (name)": "Secondary"})]
    found = read(long_list(*rows))

    def names(**pick):
        return "".join(listed.name for listed in found.picked(Pick(**pick)))

    assert names() == "ABCD"
    assert names(authorities=("northshire",)) == "ABC"
    assert names(authorities=("Northshire", "Southshire")) == "ABCD"
    assert names(town="lower tarn") == "B"
    assert names(phase="Secondary") == "D"
    assert names(authorities=("Northshire",), leave_out_closed=True) == "AB"
    assert found.choices("authority") == ["Northshire", "Southshire"]


def test_a_file_that_does_not_say_the_authority_cannot_be_picked_by_it():
    with pytest.raises(Unreadable, match="no column for the authority"):
        read(short_list((100001, "Larkrise", "", "", ""))).picked(Pick(authorities=("Northshire",)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 something", "a PDF"),
        (b"<!doctype html><html><table></table></html>", "a web page"),
        (b'urn,name\n100001,"Larkrise\n100002,Millbrook\n', "quotation mark"),
        (b"\x00\x01\x02\x03" * 50, "not a table"),
    ],
)
def test_what_is_no_table_is_said_in_plain_words(content, words):
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_only_successors_count_in_the_links_and_the_first_of_a_school():
    found = read_links(
        ContentFile(
            links(
                (100001, 200001, "Successor"),
                (100001, 200002, "Successor - Split School"),
                (200001, 100001, "Predecessor"),
                (100003, 200003, "Successor - merged"),
                (100004, 100004, "Successor"),
                (100005, 200005, "Sixth Form Centre School"),
            ),
            "links.csv",
        )
    )
    assert found == {100001: 200001, 100003: 200003}


def test_a_links_file_needs_its_three_columns():
    with pytest.raises(Unreadable, match="LinkURN"):
        read_links(ContentFile(b"URN,Name\n1,2\n", "links.csv"))
