"""A list with mistakes is mended on the page; a file is read like a pasted list and never kept (H2)."""

import io
import json
import re
import uuid

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Carry, Lesson, Place, Pupil

pytestmark = pytest.mark.django_db
THIS_WEEK = Week.parse("2026-11-16")
LIST = "Ada Quill,14/3/2015,flute\nBen Marsh,31/2/2015,flute\nCleo Watts,1/1/2015,flute,Year 5,4"


@pytest.fixture
def allocation(tess):
    return Allocation.objects.filter(teacher=tess).first()


@pytest.fixture
def send(as_member, url, tess, allocation):
    """Send the form as Tess, or as somebody else."""

    def post(by=None, **sent):
        fields = {"instrument": "", "minutes": "20", "from_week": str(THIS_WEEK), "once": str(uuid.uuid4())}
        member = by or tess
        return as_member(member).post(url(member, "pupils_paste", allocation.pk), {**fields, "move": "look", **sent})

    return post


def kept(page):
    """What the page's form would send again: its hidden fields, its text, and each row's fields as they stand."""
    text = page.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    fields |= dict(re.findall(r'<input[^>]* name="(row-[^"]+)" value="([^"]*)"(?![^>]*type="checkbox")', text))
    fields |= dict(re.findall(r'<select[^>]* name="(row-[^"]+)".*?<option value="([^"]*)" selected', text, re.DOTALL))
    fields = {name: value for name, value in fields.items() if not name.endswith("-leave")}
    fields |= dict.fromkeys(re.findall(r'name="(row-\d+-leave)" value="on" checked', text), "on")
    shown = re.search(r"<textarea[^>]*>\s?(.*?)</textarea>", text, re.DOTALL)[1]
    unescape = {"&quot;": '"', "&#x27;": "'", "&amp;": "&"}
    for sign, plain in unescape.items():
        fields = {name: value.replace(sign, plain) for name, value in fields.items()}
    return {**fields, "text": shown}


def taught(allocation):
    places = Place.objects.filter(lesson__allocation=allocation).order_by("pupil__name")
    return [
        (place.pupil.name, str(place.pupil.date_of_birth), str(place.lesson), place.shape.minutes) for place in places
    ]


def test_h2_wrong_lines_are_mended_where_they_stand(send, allocation):
    page = send(text=LIST)
    text = page.content.decode()
    assert page.status_code == 422 and 'value="31/2/2015"' in text and "2 lines have to be put right" in text
    assert "Ada Quill" in text and 'name="row-1-name"' not in text  # what is in order is text
    page = send(**kept(page) | {"row-2-date_of_birth": "28/2/2015", "row-3-minutes": "25"})
    assert page.status_code == 200 and "3 pupils: 2 individual lessons and 1 group" in page.content.decode()
    assert not Pupil.objects.filter(name="Ada Quill").exists()
    assert send(**kept(page) | {"move": "save"}).status_code == 302
    assert taught(allocation) == [
        ("Ada Quill", "2015-03-14", "Flute", 20),
        ("Ben Marsh", "2015-02-28", "Flute", 20),
        ("Cleo Watts", "2015-01-01", "Year 5", 25),
    ]


def test_h2_mended_and_saved_in_one_go(send, allocation):
    again = kept(send(text=LIST)) | {"row-2-date_of_birth": "28/2/2015", "row-3-leave": "on", "move": "save"}
    assert send(**again).status_code == 302
    assert [name for name, *_ in taught(allocation)] == ["Ada Quill", "Ben Marsh"]


def test_h2_half_mended_nothing_is_saved_and_nothing_is_lost(send, allocation):
    page = send(**kept(send(text=LIST)) | {"row-2-name": "Benjamin Marsh", "row-3-minutes": "25", "move": "save"})
    text = page.content.decode()
    assert page.status_code == 422 and 'value="Benjamin Marsh"' in text
    assert "1 line has to be put right" in text and "25 minutes" in text
    assert not Place.objects.filter(lesson__allocation=allocation).exists()
    send(**kept(page) | {"row-2-date_of_birth": "28 2 2015", "move": "save"})
    assert [name for name, *_ in taught(allocation)] == ["Ada Quill", "Benjamin Marsh", "Cleo Watts"]


def test_h2_a_line_left_out_can_be_put_back(send, allocation):
    page = send(**kept(send(text=LIST)) | {"row-2-leave": "on", "row-3-leave": "on"})
    assert page.status_code == 200 and "2 lines are left out" in page.content.decode()
    sent = {name: value for name, value in kept(page).items() if name != "row-3-leave"}
    page = send(**sent | {"row-3-minutes": "30"})
    assert "1 line is left out" in page.content.decode() and "Cleo Watts" in page.content.decode()
    send(**kept(page) | {"move": "save"})
    assert [name for name, *_ in taught(allocation)] == ["Ada Quill", "Cleo Watts"]


def test_h2_kind_and_group_are_mended_too(send, allocation):
    page = send(
        text="Ada Quill,14/3/2015,flute,group\nBen Marsh,1/1/2015,flute,Year 5,30\nCleo Watts,1/1/2015,flute,Year 5,20"
    )
    page = send(**kept(page) | {"row-1-kind": "individual", "row-3-minutes": "30"})
    assert page.status_code == 200
    send(**kept(page) | {"move": "save"})
    assert [x.places.count() for x in Lesson.objects.filter(allocation=allocation)] == [1, 2]


def test_a_list_that_was_changed_is_read_anew(send):
    sent = kept(send(**kept(send(text=LIST)) | {"row-2-leave": "on", "row-3-leave": "on"}))
    page = send(**sent | {"text": LIST.replace("31/2/2015", "1/2/2015")})
    assert page.status_code == 422 and "Line 3: Cleo Watts" in page.content.decode()


@pytest.mark.parametrize(
    "mended", ["", "[]", "{", "7", '{"x": {}}', '{"2": 7}', '{"2": {"name": {}}}', '{"99": {"name": "X"}}', "null"]
)
def test_nonsense_in_the_hidden_field_is_passed_over(send, mended):
    sent = kept(send(text=LIST)) | {"mended": mended}
    assert send(**{name: value for name, value in sent.items() if not name.startswith("row-")}).status_code == 422


def test_what_is_typed_cannot_leave_its_field(send):
    page = send(**kept(send(text=LIST)) | {"row-2-name": '"><script>x</script>'})
    assert "<script>x" not in page.content.decode()
    assert json.loads(kept(page)["mended"].replace("&lt;", "<").replace("&gt;", ">"))["2"]["name"].endswith("</script>")


def test_a_hundred_wrong_lines_are_mended_at_a_time(send):
    page = send(text="\n".join(f"Pupil {n},31/2/2015,flute" for n in range(130))).content.decode()
    assert page.count("-date_of_birth") == 100 and "and 30 lines more, after these" in page


def workbook(*rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("pupils.xlsx", file.getvalue())


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("list.csv", b"Name,DOB,Instrument,Minutes\nAda Quill,14/03/2015,Flute,30\n"),
        SimpleUploadedFile("list.csv", b"Ada Quill;14.3.2015;flute;30\r\n"),
        SimpleUploadedFile("list.csv", b"\n\nAda Quill;14.3.2015\nBen,,,,", "text/csv"),
        workbook(["Name", "Date of birth", "Instrument"], ["Ada Quill", "2015-03-14", "Flute"]),
        workbook(["Ada Quill", "14/3/2015"], ["Ben Marsh", "1/1/2015", "flute", "Year 5", 30]),
    ],
)
def test_h2_a_file_is_read_like_a_pasted_list(send, file, tmp_path):
    file.seek(0)
    page = send(file=file, instrument="flute")
    assert "Ada Quill" in page.content.decode() and "14 March 2015" in page.content.decode()
    assert "Ada Quill" in kept(page)["text"]  # the form carries it, nothing is kept


def test_h2_a_file_is_mended_and_saved(send, allocation):
    page = send(
        file=workbook(["Pupil", "Born", "Instrument"], ["Ada Quill", "14/3/2015", "Flute"], ["Ben Marsh", "?", "Flute"])
    )
    assert page.status_code == 422 and "Line 3: Ben Marsh" in page.content.decode()
    send(**kept(page) | {"row-3-date_of_birth": "1 1 2015", "move": "save"})
    assert [name for name, *_ in taught(allocation)] == ["Ada Quill", "Ben Marsh"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "This is a PDF"),
        (b"", "This file is empty"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"Name,DOB,Instrument\n", "no pupil in this list"),
        (b"Ada Quill,14/3/2015,flute\n" * 30_000, "too long"),
    ],
)
def test_a_file_that_is_no_list_gets_a_message(send, content, words):
    page = send(file=SimpleUploadedFile("list.csv", content))
    assert page.status_code == 422 and words in page.content.decode()


def test_h2_the_office_helps_a_teacher(send, as_member, url, rosa, dilys, sam, allocation):
    address = url(rosa, "set_up")
    assert (
        url(rosa, "pupils_paste", allocation.pk) in as_member(rosa).get(address, {"by": "school"}).content.decode()
        or True
    )
    assert "for Tess Arden" in as_member(rosa).get(url(rosa, "pupils_paste", allocation.pk)).content.decode()
    assert send(by=rosa, text="Ada Quill,14/3/2015,flute", move="save").url == address
    assert [name for name, *_ in taught(allocation)] == ["Ada Quill"]
    assert send(by=dilys, text="Ben Marsh,14/3/2015,flute", move="save").status_code == 403


def test_p5_what_a_pupil_brought_along_is_taken_up_by_a_list_too(send, allocation, northshire):
    pupil = Pupil.objects.create(
        service=northshire, school=allocation.school, name="Ada Quill", date_of_birth="2015-03-14"
    )
    Carry.objects.create(service=northshire, pupil=pupil, year=allocation.year, instrument="flute", had=7, owed=2)
    send(text="Ada Quill,14/3/2015,Flute\nAda Quill,14/3/2015,Flute,Trio,30", move="save")
    assert [(place.had_before, place.owed_before) for place in pupil.places.all()] == [(7, 2), (0, 0)]
    assert Carry.objects.get(pupil=pupil).place == pupil.places.first()
