"""The command import_schools: the same rules, told line by line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.schools.lists import links, long_list, school, short_list
from tutti.schools.models import School


@pytest.fixture
def run(northshire, tmp_path):
    """Run the command on a file; what it printed."""

    def run(content, **options):
        file, out = tmp_path / "list.csv", StringIO()
        file.write_bytes(content)
        call_command("import_schools", str(file), service="northshire", stdout=out, **options)
        return out.getvalue()

    return run


def test_it_tells_what_it_did_and_the_second_time_did_nothing(run, tmp_path, northshire):
    linked = tmp_path / "links.csv"
    linked.write_bytes(links((100003, 100001, "Successor")))
    content = long_list(
        school(100001, "Larkfield"), school(100002, "Hexley"), school(100003, "Old Larkfield", status="2")
    )
    assert run(content, links=linked) == "3 new, 0 changed, 0 closed, 1 succeeded by another, 0 unchanged.\n"
    assert run(content, links=linked) == "0 new, 0 changed, 0 closed, 0 succeeded by another, 3 unchanged.\n"
    assert School.objects.get(service=northshire, urn=100003).succeeded_by.urn == 100001


def test_it_names_the_lines_that_it_could_not_take(run):
    said = run(short_list((100001, "Larkfield", "", "", ""), ("abc", "Odd", "", "", ""), (100002, "", "", "Town", "")))
    assert "Line 3: “abc” is no URN. The line is left out.\n" in said
    assert "Line 4: URN 100002 is new, but has no name. The line is left out.\n" in said
    assert said.endswith("1 new, 0 changed, 0 closed, 0 succeeded by another, 0 unchanged.\n")


def test_it_takes_only_what_is_asked_for(run, northshire):
    rows = [school(100001, "A"), school(100002, "B", "Lower Tarn"), school(100003, "C", status="2")]
    rows.append(school(100004, "D", **{"LA (name)": "Westshire", "PhaseOfEducation (name)": "Secondary"}))
    content = long_list(*rows)
    assert run(content, authority=["Westshire"]).startswith("1 new")
    assert run(content, town="lower tarn").startswith("1 new")
    assert run(content, phase="Primary", leave_out_closed=True).startswith("1 new")
    assert not School.objects.filter(service=northshire, urn=100003).exists()


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"name,town\nLarkfield,Upper Tarn\n", {}, "no column URN"),
        (b"%PDF-1.7", {}, "a PDF"),
        (b"urn,name\n1,a\n", {"authority": ["Northshire"]}, "no column for the authority"),
    ],
)
def test_what_it_cannot_do_it_says_in_a_sentence(run, content, options, words):
    with pytest.raises(CommandError, match=words):
        run(content, **options)


def test_a_service_that_does_not_exist_and_a_file_that_does_not_exist_are_said(northshire, tmp_path):
    with pytest.raises(CommandError, match="no service “nowhere”"):
        call_command("import_schools", str(tmp_path / "x.csv"), service="nowhere")
    with pytest.raises(CommandError, match=r"x\.csv"):
        call_command("import_schools", str(tmp_path / "x.csv"), service="northshire")
