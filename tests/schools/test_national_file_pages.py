"""Bringing in the national list on the page: send, look, pick, import in the background."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.schools.lists import links, long_list, school, short_list
from tutti.core.runs import Run
from tutti.core.tables import xlsx_response
from tutti.people.roles import Permission
from tutti.schools.models import NationalFile, School

pytestmark = pytest.mark.django_db

LIST = long_list(
    school(100001, "Larkfield"),
    school(100002, "École Hexley", "Lower Tarn"),
    school(100003, "Old Larkfield", status="2"),
    school(100004, "West High", **{"LA (name)": "Westshire", "PhaseOfEducation (name)": "Secondary"}),
)


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


@pytest.fixture
def send(office, rosa, url):
    """Send a list, and perhaps links."""

    def send(content, name="list.csv", linked=None):
        files = {"file": SimpleUploadedFile(name, content)}
        if linked:
            files["links"] = SimpleUploadedFile("links.csv", linked)
        return office.post(url(rosa, "schools_import"), files)

    return send


@pytest.fixture
def waiting(send, northshire):
    """A list that was sent and waits."""
    send(LIST, linked=links((100003, 100001, "Successor")))
    return NationalFile.objects.get(service=northshire)


@pytest.fixture
def preview(office, rosa, url, waiting):
    def preview(**asked):
        return office.get(url(rosa, "schools_import_preview", waiting.pk), asked).content.decode()

    return preview


def names_in(html):
    return {name for name in ("Larkfield", "École Hexley", "Old Larkfield", "West High") if f"{name} <span" in html}


def test_a_list_that_was_sent_changes_nothing_until_it_is_imported(send, northshire, office):
    before = School.objects.filter(service=northshire).count()
    response = send(LIST)
    assert response.status_code == 302
    html = office.get(response.url).content.decode()
    assert "<b>4 schools</b> would be added, <b>0</b> changed, <b>0</b> closed" in html
    assert names_in(html) == {"Larkfield", "École Hexley", "Old Larkfield", "West High"}
    assert School.objects.filter(service=northshire).count() == before


def test_the_file_is_kept_under_another_name_without_what_is_not_needed(waiting):
    assert "list" not in waiting.kept_as
    kept = default_storage.open(waiting.kept_as).read().decode()
    assert "Larkfield" in kept
    assert "Ought" not in kept  # the head teacher's name is in the list, and no business of ours
    assert str(default_storage.path(waiting.kept_as)).startswith(str(settings.MEDIA_ROOT))


def test_the_preview_can_be_narrowed(preview):
    assert names_in(preview(authority="Westshire")) == {"West High"}
    assert names_in(preview(phase="Primary", leave_out_closed="on")) == {"Larkfield", "École Hexley"}
    assert names_in(preview(town="lower tarn")) == {"École Hexley"}
    assert "Import 1 school<" in preview(town="lower tarn")


def test_the_preview_tells_who_is_succeeded_by_whom(preview):
    html = preview(kind="succeeded")
    assert "Old Larkfield <span" in html
    assert 'data-label="Succeeded by">Larkfield' in html


def test_the_preview_tells_what_changes_in_words(preview, northshire, rosa):
    School.objects.create(service=northshire, urn=100001, name="Larkfield", status="proposed", town="Lower Tarn")
    html = preview(kind="changed")
    assert "Status: Proposed to open →</span> Open" in html
    assert "Town: Lower Tarn →</span> Upper Tarn" in html
    assert "Opened on: nothing →</span> 1 September 1971" in html


@pytest.mark.parametrize("asked", [{"authority": "Nowhere"}, {"kind": "odd"}, {"page": "99"}, {"phase": "x" * 500}])
def test_an_address_that_makes_no_sense_narrows_nothing(preview, asked):
    assert "<b>4 schools</b> would be added" in preview(**asked)


def test_importing_runs_in_the_background_and_deletes_the_file(office, url, rosa, waiting, northshire, run_jobs):
    response = office.post(url(rosa, "schools_import_start", waiting.pk))
    run = Run.objects.get(service=northshire, kind="schools")
    assert response.url == url(rosa, "run", run.pk)
    assert not School.objects.filter(service=northshire, urn=100001).exists()
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.title) == ("done", "National list, 4 schools")
    assert run.report == ["4 new, 0 changed, 0 closed, 1 succeeded by another, 0 unchanged."]
    assert School.objects.get(service=northshire, urn=100003).succeeded_by.urn == 100001
    assert not default_storage.exists(waiting.kept_as)
    assert not NationalFile.objects.filter(pk=waiting.pk).exists()


def test_only_what_was_picked_is_imported(office, url, rosa, waiting, northshire, run_jobs):
    office.post(url(rosa, "schools_import_start", waiting.pk), {"authority": "Westshire"})
    run_jobs()
    found = School.objects.filter(service=northshire, urn__range=(100001, 100004))
    assert [one.name for one in found] == ["West High"]


def test_starting_twice_is_one_run(office, url, rosa, waiting, northshire):
    first = office.post(url(rosa, "schools_import_start", waiting.pk))
    assert office.post(url(rosa, "schools_import_start", waiting.pk)).url == first.url
    assert Run.objects.filter(service=northshire, kind="schools").count() == 1


def test_a_run_that_was_stopped_goes_on_and_one_that_is_done_does_nothing_again(
    office, url, rosa, waiting, northshire, run_jobs
):
    office.post(url(rosa, "schools_import_start", waiting.pk))
    run = Run.objects.get(service=northshire, kind="schools")
    run.stop()
    run_jobs()
    assert default_storage.exists(waiting.kept_as)
    run.refresh_from_db()
    assert run.state == "stopped"
    run.go_on()
    run_jobs()
    run.refresh_from_db()
    assert run.state == "done"
    assert School.objects.filter(service=northshire, urn=100001).count() == 1
    run.go_on()
    run_jobs()
    run.refresh_from_db()
    assert run.state == "done"
    assert "was deleted when it had been taken in" in run.report[0]


def test_a_file_can_be_thrown_away(office, url, rosa, waiting, run_jobs):
    response = office.post(url(rosa, "schools_import_drop", waiting.pk))
    run_jobs()
    assert response.url == url(rosa, "schools_import")
    assert not default_storage.exists(waiting.kept_as)
    assert not NationalFile.objects.exists()


def test_a_file_that_was_forgotten_for_a_week_goes_when_another_comes(send, waiting, run_jobs, clock):
    clock.shift(dt.timedelta(days=8))
    send(LIST)
    run_jobs()
    assert not default_storage.exists(waiting.kept_as)
    assert NationalFile.objects.count() == 1


def test_an_unknown_column_is_mapped_on_the_page(send, office, url, rosa):
    response = send(b"Number,Full title,Town\n100001,Larkfield,Upper Tarn\n")
    assert "No column holds the URN" in office.get(response.url).content.decode()
    file = NationalFile.objects.get()
    columns = url(rosa, "schools_import_columns", file.pk)
    assert "Full title" in office.get(columns).content.decode()
    twice = office.post(columns, {"column_0": "urn", "column_1": "urn"})
    assert twice.status_code == 422
    assert "Another column holds this already." in twice.content.decode()
    assert office.post(columns, {"column_0": "urn", "column_1": "name"}).status_code == 302
    html = office.get(response.url).content.decode()
    assert "<b>1 school</b> would be added" in html
    assert names_in(html) == {"Larkfield"}
    assert '<option value="urn" selected>' in office.get(columns).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"urn,name\n", "This file has a heading, but no schools."),
        (b"%PDF-1.7 x", "This is a PDF."),
        (b"<html><table>", "This is a web page and no table"),
        (b'urn,name\n1,"a\n', "a quotation mark is perhaps not closed"),
        (b"\x00\x01\x02" * 99, "not a table that can be read"),
        (b"red,green\n1,2\n", "no heading that we know"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field_and_nothing_is_kept(send, content, words):
    response = send(content)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not NationalFile.objects.exists()


def test_no_file_and_wrong_links_are_said_at_their_fields(office, rosa, url, send):
    assert "Choose a file." in office.post(url(rosa, "schools_import")).content.decode()
    response = send(LIST, linked=b"a,b\n1,2\n")
    assert response.status_code == 422
    assert "It needs the columns URN, LinkURN and LinkType".lower() in response.content.decode().lower()


def test_a_file_that_is_too_large_is_refused_in_plain_words(send, monkeypatch):
    monkeypatch.setattr("tutti.schools.forms.national_file.MOST_BYTES", 1_000)
    response = send(LIST)
    assert response.status_code == 422
    assert "MB can be sent" in response.content.decode()


def test_an_excel_file_is_read_and_its_formulas_are_only_text(send, office):
    content = xlsx_response("x", ["URN", "Name", "Town"], [[100001, "=1+1", "Upper Tarn"], [100002.0, "Hexley", ""]])
    response = send(content.content, "list.xlsx")
    html = office.get(response.url).content.decode()
    assert "<b>2 schools</b> would be added" in html
    assert "=1+1" in html


def test_html_in_a_name_is_shown_as_text(send, office):
    response = send(short_list((100001, "<script>alert(1)</script>", "", "", "")), "<b>x</b>.csv")
    html = office.get(response.url).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_other_service_sees_none_of_it(as_member, sam, url, waiting):
    stranger = as_member(sam)
    assert stranger.get(url(sam, "schools_import_preview", waiting.pk)).status_code == 404
    assert stranger.post(url(sam, "schools_import_start", waiting.pk)).status_code == 404
    assert stranger.post(url(sam, "schools_import_drop", waiting.pk)).status_code == 404
    assert NationalFile.objects.filter(pk=waiting.pk).exists()


def test_a_teacher_may_not_import(as_member, hannah, url):
    assert not hannah.may(Permission.MANAGE_SCHOOLS)
    assert as_member(hannah).get(url(hannah, "schools_import")).status_code == 403


def test_the_preview_costs_the_same_for_few_and_many(send, office):
    def cost(number):
        address = send(short_list(*((500000 + n, f"S {n}", "", "T", "") for n in range(number)))).url
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        return len(queries)

    assert cost(3) == cost(200)
