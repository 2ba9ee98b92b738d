"""What people hand in: known by its content, pictures written anew, viruses refused where there is a scanner."""

import contextlib
import io
import socketserver
import struct
import threading
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tutti.core import uploads

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def handed_in(name, content):
    return SimpleUploadedFile(name, content)


def picture(kind="JPEG", size=(60, 40), mode="RGB", **words):
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **words)
    return out.getvalue()


def word_file(*parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part in ("[Content_Types].xml", *parts):
            file.writestr(part, "<x/>")
    return out.getvalue()


def test_a_file_is_known_by_what_is_in_it():
    assert uploads.take(handed_in("certificate.pdf", PDF)) == uploads.Upload("pdf", PDF)
    assert uploads.take(handed_in("cv.docx", word_file("word/document.xml"))).kind == "docx"
    assert uploads.take(handed_in("cv.doc", uploads.OLE + b"..." + uploads.WORD)).kind == "doc"
    assert uploads.take(handed_in("photo.jpeg", picture())).kind == "jpg"
    assert uploads.take(handed_in("scan.png", picture("PNG", mode="RGBA"))).kind == "png"
    assert uploads.take(handed_in("phone.webp", picture("WEBP"))).kind == "jpg"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("certificate.pdf", picture(), "is not what its name says"),
        ("certificate.jpg", PDF, "is not what its name says"),
        ("certificate.pdf", b"MZ\x90 a program", "cannot be read"),
        ("page.html", b"<script>alert(1)</script>", "cannot be read"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
        ("sums.docx", word_file("xl/workbook.xml"), "cannot be read"),
        ("macros.docx", word_file("word/document.xml", "word/vbaProject.bin"), "cannot be read"),
        ("macros.doc", uploads.OLE + uploads.WORD + uploads.MACRO, "cannot be read"),
        ("half.jpg", picture(size=(900, 900))[:2000], "damaged"),
        ("empty.pdf", b"", "cannot be read"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name, content, says):
    with pytest.raises(ValidationError, match=says):
        uploads.take(handed_in(name, content))


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000_000)
    with pytest.raises(ValidationError, match="larger than 1 MB"):
        uploads.take(handed_in("long.pdf", PDF + b"x" * 1_000_000))


def test_a_picture_with_too_many_points_is_refused_before_it_is_unfolded(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_PIXELS", 1_000)
    with pytest.raises(ValidationError, match="fewer pixels"):
        uploads.take(handed_in("large.png", picture("PNG", size=(100, 100))))


def test_a_picture_is_written_anew_without_what_was_hidden_in_it():
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    hidden = picture(exif=exif, size=(3000, 1500)) + b"PK hidden behind the end"
    kept = uploads.take(handed_in("photo.jpg", hidden)).content
    assert b"SECRET CAMERA" not in kept and b"hidden behind" not in kept
    with Image.open(io.BytesIO(kept)) as small:
        assert max(small.size) == uploads.LONGEST_SIDE and not small.getexif()


def test_a_picture_is_asked_for_where_only_a_picture_will_do():
    assert uploads.take_picture(handed_in("me.jpg", picture())).kind == "jpg"
    with pytest.raises(ValidationError, match="not a picture"):
        uploads.take_picture(handed_in("me.pdf", PDF))


@given(st.binary(max_size=300), st.sampled_from(["a.pdf", "a.png", "a.docx", "a.doc", "a"]))
def test_whatever_is_sent_is_taken_or_refused_and_never_breaks(content, name):
    try:
        taken = uploads.take(handed_in(name, content))
    except ValidationError:
        return
    assert taken.kind in uploads.KINDS


def test_what_is_kept_comes_back_as_a_download_that_runs_nothing():
    kept_as = uploads.keep(uploads.Upload("pdf", PDF), "tests")
    answer = uploads.response(kept_as, "certificate")
    assert answer.content == PDF and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]


class Scanner(socketserver.BaseRequestHandler):
    """Speaks ClamAV's INSTREAM: finds EICAR, nothing else."""

    def handle(self):
        assert self._get(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self._get(4))[0]:
            content += self._get(size)
        self.request.sendall(b"stream: Eicar FOUND\0" if EICAR in content else b"stream: OK\0")

    def _get(self, size):
        got = b""
        while len(got) < size:
            got += self.request.recv(size - len(got))
        return got


@pytest.fixture
def scanner(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMAV = f"127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


def test_where_there_is_a_scanner_a_virus_is_refused(scanner):
    assert uploads.take(handed_in("long.pdf", PDF + b"x" * 200_000)).kind == "pdf"
    with pytest.raises(ValidationError, match="refused by our virus scanner"):
        uploads.take(handed_in("ill.pdf", PDF + EICAR))


def test_a_scanner_that_does_not_answer_lets_nothing_in(settings):
    settings.CLAMAV = "/nowhere/clamd.sock"
    with pytest.raises(ValidationError, match="cannot be taken at the moment"):
        uploads.take(handed_in("good.pdf", PDF))


# Pillow warns of such notes; what a warning says is no fault of ours.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_picture_whose_camera_wrote_nonsense_is_taken_as_it_lies():
    content = picture(exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\xff\xff\x01\0\0\0\x06\0\0\0")
    kept = uploads.take(handed_in("certificate.jpg", content))
    with Image.open(io.BytesIO(kept.content)) as seen:
        assert seen.size == (60, 40) and not seen.getexif()


@pytest.mark.filterwarnings("ignore::UserWarning")
@given(st.data())
def test_whatever_a_camera_writes_a_picture_is_taken_or_refused(data):
    content = bytearray(picture(exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"))
    place = data.draw(st.integers(20, min(80, len(content) - 1)))
    content[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ValidationError):
        assert uploads.take(handed_in("certificate.jpg", bytes(content))).kind == "jpg"


def test_a_word_file_of_a_later_age_is_refused():
    content = bytearray(word_file("word/document.xml"))
    content[content.index(b"PK\x01\x02") + 6] = 255
    with pytest.raises(ValidationError, match="cannot be read"):
        uploads.take(handed_in("letter.docx", bytes(content)))


def test_a_file_that_was_lost_is_not_found(caplog):
    with pytest.raises(Http404):
        uploads.response("letters/nobody-knows.pdf", "letter")
    assert "nobody-knows" in caplog.text
