"""Many teachers at once: checked row by row, nothing written before it is confirmed, twice is the same as once (B4)."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.letters import Letter
from tutti.core.runs import Run
from tutti.people.models import Member
from tutti.people.models.member import add_member
from tutti.people.models.office import add_office

pytestmark = pytest.mark.django_db
HEADING = "Name,E-mail,Phone,Teaches,Area office\n"


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


@pytest.fixture
def send(office, url, rosa):
    """Send a list as a file or as text; gives the answer of the page that follows, or of the form."""

    def send_list(content, name="teachers.csv", text=""):
        content = content.encode() if isinstance(content, str) else content
        data = {"text": text} if text else {"file": SimpleUploadedFile(name, content)}
        return office.post(url(rosa, "teachers_import"), data, follow=True)

    return send_list


@pytest.fixture
def take_in(office, url, rosa, run_jobs):
    """Confirm the list that waits, and let the job do its work."""

    def confirm(run=None, **data):
        run = run or Run.objects.filter(kind="teachers").latest("pk")
        office.post(url(rosa, "teachers_take_in", run.pk), data)
        run_jobs()
        run.refresh_from_db()
        return run

    return confirm


def words(answer):
    return answer.content.decode()


def workbook(rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.write_formula(len(rows), 0, "=1+1", value="Formula Person")
        sheet.write(len(rows), 1, "formula@x.example")
    return file.getvalue()


def test_nothing_is_written_before_the_list_is_confirmed(send):
    before = Member.objects.count()
    page = words(send(f"{HEADING}Ann Lee,ann@x.example,1,Oboe,\nBob,bob@x.example,,,\n"))
    assert "2 teachers can be added" in page
    assert "Ann Lee" in page
    assert Member.objects.count() == before
    assert not Letter.objects.filter(to_email="ann@x.example").exists()


def test_confirmed_each_is_added_and_invited_once(send, take_in, northshire, rosa):
    place = add_office(northshire, rosa, name="Valley area office")
    send(f"{HEADING}Ann Lee,Ann@X.example,01632 960 1,Oboe,valley AREA office\nBob,bob@x.example,,,\n")
    run = take_in(invite="on")
    ann = Member.objects.get(person__email="ann@x.example")
    assert (ann.name, ann.phone, ann.teaches, ann.office, ann.roles) == (
        "Ann Lee",
        "01632 960 1",
        "Oboe",
        place,
        ["teacher"],
    )
    assert run.state == Run.State.DONE
    assert Letter.objects.filter(kind="invitation", to_email__in=["ann@x.example", "bob@x.example"]).count() == 2


def test_the_invitations_can_wait(send, take_in):
    send(f"{HEADING}Ann,ann@x.example,,,\n")
    take_in()
    assert Member.objects.get(person__email="ann@x.example").invited_at is None
    assert not Letter.objects.filter(to_email="ann@x.example").exists()


def test_the_same_file_twice_is_the_same_as_once(send, take_in):
    file = f"{HEADING}Ann,ann@x.example,,,\nBob,bob@x.example,,,\n"
    send(file)
    take_in(invite="on")
    members, letters = Member.objects.count(), Letter.objects.count()
    page = words(send(file))
    take_in(invite="on")
    assert "Everybody in this list is here already." in page
    assert (Member.objects.count(), Letter.objects.count()) == (members, letters)


def test_confirming_twice_is_confirming_once(send, take_in, office, url, rosa):
    send(f"{HEADING}Ann,ann@x.example,,,\n")
    run = Run.objects.filter(kind="teachers").latest("pk")
    office.post(url(rosa, "teachers_take_in", run.pk), {"invite": "on"})
    office.post(url(rosa, "teachers_take_in", run.pk), {"invite": "on"})
    take_in(run, invite="on")
    assert Member.objects.filter(person__email="ann@x.example").count() == 1
    assert Letter.objects.filter(to_email="ann@x.example").count() == 1


def test_each_row_says_what_is_wrong_with_it(send, northshire, rosa, hannah):
    gone = add_member(northshire, rosa, name="Gil Gone", email="gil@x.example", roles=["teacher"])
    gone.leave(rosa)
    page = words(
        send(
            f"{HEADING}Ann,ann@x,,,\n,noname@x.example,,,\nCat,cat@x.example,,,\nCat again,CAT@x.example,,,\n"
            f"Dan,dan@x.example,,,Atlantis\nGil,gil@x.example,,,\nHannah,{hannah.person.email},,,\nEve,,,,\n"
            f"{'F' * 201},f@x.example,,,\n"
        )
    )
    for sentence in (
        "This is not an e-mail address.",
        "There is no name.",
        "The same address stands in line 4.",
        "There is no area office called “Atlantis”.",
        "This is Gil Gone, whose access was taken away.",
        "There is no e-mail address.",
        "This is too long; at most 200 characters.",
        "1 row is here already",
    ):
        assert sentence in page, sentence
    assert "1 teacher can be added" in page


def test_the_right_rows_are_taken_in_and_the_wrong_ones_stay_to_be_corrected(send, take_in, office, url, rosa):
    send(f"{HEADING}Ann,ann@x.example,,,\nBob,bob@,,,\n")
    run = take_in()
    assert Member.objects.filter(person__email="ann@x.example").exists()
    assert [row["name"] for row in run.order["rows"]] == ["Bob"]
    page = words(office.get(url(rosa, "teachers_preview", run.pk)))
    assert 'value="bob@"' in page
    assert "ann@x.example" not in page
    page = words(office.post(url(rosa, "teachers_preview", run.pk), {"email-3": "bob@x.example"}, follow=True))
    assert "1 teacher can be added" in page
    assert take_in(run).order["rows"] == []
    assert Member.objects.filter(person__email="bob@x.example").exists()


def test_what_was_typed_into_a_row_counts_when_the_list_is_confirmed_at_once(send, take_in):
    send(f"{HEADING}Ann,ann@x.example,,,\nBob,bob@,,,\n")
    take_in(**{"email-3": "bob@x.example", "email-99": "nobody@x.example", "roles-3": "head"})
    bob = Member.objects.get(person__email="bob@x.example")
    assert bob.roles == ["teacher"]


def test_when_all_is_taken_in_the_list_keeps_nobodys_name(send, take_in):
    send(f"{HEADING}Ann Lee,ann@x.example,,,\n")
    run = take_in()
    assert "Ann" not in str(run.order) + str(run.report) + run.title


def test_somebody_of_another_service_becomes_a_teacher_here_and_nothing_tells_where_else(
    send, take_in, inside, ivo, southshire
):
    page = words(send(f"{HEADING}Ivo L,{ivo.person.email},,,\n"))
    assert "1 teacher can be added" in page
    assert southshire.name not in page
    assert ivo.name not in page
    take_in()
    assert Member.objects.get(person=ivo.person, service__slug="northshire").name == "Ivo L"
    with inside(southshire):
        assert Member.objects.get(pk=ivo.pk).name == ivo.name


def test_somebody_of_the_office_becomes_a_teacher_too(send, take_in, dilys):
    assert "works here already" in words(send(f"{HEADING}Dilys,{dilys.person.email},,,\n"))
    take_in()
    dilys.refresh_from_db()
    assert dilys.roles == ["area_manager", "teacher"]


def test_excel_is_taken_and_its_formulas_are_text(send, take_in):
    send(workbook([["Full name", "Email address"], ["Zoë Ã", "zoe@x.example"]]), "teachers.xlsx")
    take_in()
    assert Member.objects.get(person__email="zoe@x.example").name == "Zoë Ã"
    assert Member.objects.get(person__email="formula@x.example").name == "Formula Person"


def test_first_and_last_names_in_two_columns_and_other_encodings(send, take_in):
    send("Forename;Surname;E-mail\nZoë;Müller;zoe@x.example\n".encode("cp1252"))
    take_in()
    assert Member.objects.get(person__email="zoe@x.example").name == "Zoë Müller"


def test_rows_are_pasted_with_a_heading_or_without(send, take_in):
    send("", text="Ann\tann@x.example\t1\tOboe\n")
    take_in()
    send("", text="E-mail\tName\nbob@x.example\tBob\n")
    take_in()
    assert Member.objects.get(person__email="ann@x.example").teaches == "Oboe"
    assert Member.objects.get(person__email="bob@x.example").name == "Bob"


def test_html_in_a_name_is_shown_as_text(send):
    page = words(send(f"{HEADING}<script>alert(1)</script>,x@x.example,,,\n"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("content", "name", "words_of_it"),
    [
        (b"", "a.csv", "empty"),
        (b"%PDF-1.7", "a.pdf", "a PDF"),
        (b"Name,Town\nAnn,X\n", "a.csv", "There is no column for e-mail addresses"),
        (b"E-mail\na@x.example\n", "a.csv", "There is no column for names"),
        (b"Name,E-mail\n", "a.csv", "There is no row below the heading"),
        (b"x" * 10_000_001, "a.csv", "at most 10 MB"),
        (b"Name,E-mail\n" + b"A,a@x\n" * 2_001, "a.csv", "more than 2,000 rows"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_at_its_field(send, content, name, words_of_it):
    answer = send(content, name)
    assert answer.status_code == 422
    assert words_of_it in words(answer)
    assert not Run.objects.filter(kind="teachers").exists()


def test_neither_file_nor_text_is_said_so(send):
    assert "Choose a file, or paste rows" in words(send("", text=" "))


def test_sixty_megabytes_are_refused_and_the_page_says_why(send):
    answer = send(b"Name,E-mail\n" + b"x" * 60_000_000)
    assert answer.status_code == 422
    assert "60 MB; at most 10 MB" in words(answer)


def test_a_list_is_seen_by_whoever_sent_it(send, as_member, url, robin, rosa, sam, hannah):
    send(f"{HEADING}Ann,ann@x.example,,,\n")
    run = Run.objects.filter(kind="teachers").latest("pk")
    for member, status in ((robin, 404), (sam, 404), (hannah, 403)):
        assert as_member(member).get(url(member, "teachers_preview", run.pk)).status_code == status
        assert as_member(member).post(url(member, "teachers_take_in", run.pk)).status_code == status


def test_an_unconfirmed_list_is_not_among_the_long_work_and_nobody_can_begin_it_there(
    send, office, as_member, url, rosa, robin, run_jobs
):
    send(f"{HEADING}Ann,ann@x.example,,,\n")
    run = Run.objects.filter(kind="teachers").latest("pk")
    for member in (rosa, robin):
        client = as_member(member)
        for name in ("home", "runs"):
            assert run.title not in words(client.get(url(member, name))), name
        assert client.get(url(member, "run", run.pk)).status_code == 404
        for move in ("run_go_on", "run_stop"):
            assert client.post(url(member, move, run.pk)).status_code == 404, move
    run_jobs()
    assert not Member.objects.filter(person__email="ann@x.example").exists()
    assert not run.order["invite"]
    assert 'id="invite" checked' in words(office.get(url(rosa, "teachers_preview", run.pk)))


def test_a_confirmed_list_is_among_the_long_work(send, take_in, office, url, rosa):
    send(f"{HEADING}Ann,ann@x.example,,,\n")
    run = take_in()
    assert run.title in words(office.get(url(rosa, "runs")))
    assert office.get(url(rosa, "run", run.pk)).status_code == 200


def test_an_unconfirmed_list_gives_way_to_the_next(send):
    send(f"{HEADING}Ann,ann@x.example,,,\n")
    send(f"{HEADING}Bob,bob@x.example,,,\n")
    assert [row["name"] for run in Run.objects.filter(kind="teachers") for row in run.order["rows"]] == ["Bob"]


def test_looking_at_the_list_costs_the_same_for_few_and_many(send, office, url, rosa):
    def cost(rows):
        send(HEADING + "".join(f"T {n},t{n}@x.example,,,\n" for n in range(rows)))
        run = Run.objects.filter(kind="teachers").latest("pk")
        with CaptureQueriesContext(connection) as captured:
            office.get(url(rosa, "teachers_preview", run.pk))
        return len(captured)

    assert cost(3) == cost(900) <= 9


def test_the_empty_table_has_the_columns_that_are_read(office, url, rosa):
    answer = office.get(url(rosa, "teachers_import"), {"as": "csv"})
    assert answer.content.decode("utf-8-sig").strip() == "name,e-mail,phone,teaches,area office"
