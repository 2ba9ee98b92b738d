"""Files that people hand in: known by what is in them, pictures written anew, searched if there is a virus scanner.

They lie in MEDIA_ROOT under names that nobody can guess, never below the web root, and leave through a page that asks
who wants them. CLAMAV names the virus scanner: "host:port" or the path of a socket.
"""

from __future__ import annotations

import io
import logging
import secrets
import socket
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpResponse
from PIL import Image, ImageOps, UnidentifiedImageError

log = logging.getLogger(__name__)
MOST_BYTES = 10_000_000
MOST_PIXELS = 60_000_000  # of a picture before it is opened: a small file can unfold into gigabytes
LONGEST_SIDE = 2400  # pixels that are kept of a picture: a certificate stays readable
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
}
SAME = dict.fromkeys(("jpeg", "webp", "jpg", "png"), "picture")
ACCEPT = ".pdf,.png,.jpg,.jpeg,.webp,.doc,.docx"
WHAT = "a PDF, a picture (JPEG or PNG) or a Word file"
OLE, WORD, MACRO = b"\xd0\xcf\x11\xe0", "WordDocument".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Upload:
    """What was handed in, ready to be kept. `kind` is one of KINDS."""

    kind: str
    content: bytes


def take(file: Any) -> Upload:
    """Read a file of a form. ValidationError for one that is too large, is not what it says, or carries a virus."""
    content = _read(file)
    kind = _kind(content)
    said = PurePath(str(file.name)).suffix.lower().removeprefix(".")
    if kind is None:
        raise ValidationError(f"“{file.name}” cannot be read. Send {WHAT}.")
    if said and SAME.get(said, said) != SAME.get(kind, kind):
        raise ValidationError(f"“{file.name}” is not what its name says. Save it again, as {WHAT}.")
    _search_for_viruses(content)
    return _written_anew(content) if kind in ("png", "jpg") else Upload(kind, content)


def take_picture(file: Any) -> Upload:
    """Read a picture, and nothing else. ValidationError as above."""
    found = take(file)
    if found.kind not in ("png", "jpg"):
        raise ValidationError(f"“{file.name}” is not a picture. Send a JPEG or a PNG.")
    return found


def keep(upload: Upload, folder: str) -> str:
    """Put it away; gives the name under which it lies."""
    return default_storage.save(f"{folder}/{secrets.token_urlsafe(24)}.{upload.kind}", ContentFile(upload.content))


def throw_away(kept_as: str) -> None:
    """Delete it once the transaction is through: an undone deletion must still find its file."""
    if kept_as:
        transaction.on_commit(lambda: default_storage.delete(kept_as))


def read(kept_as: str) -> bytes:
    """What lies under this name."""
    with default_storage.open(kept_as, "rb") as file:
        return file.read()


def response(kept_as: str, name: str) -> HttpResponse:
    """The file to keep; 404 for one that was lost. `name` without ending; it must not hold anybody's name."""
    kind = PurePath(kept_as).suffix.removeprefix(".")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Robots-Tag": "noindex",
    }
    try:
        content = read(kept_as)
    except OSError as error:
        log.exception("a file that was kept is not there: %s", kept_as)
        raise Http404("the file is lost") from error
    return HttpResponse(content, content_type=KINDS[kind], headers=headers)


def _read(file: Any) -> bytes:
    if file.size > MOST_BYTES:
        raise ValidationError(f"“{file.name}” is larger than {MOST_BYTES // 1_000_000} MB. Send a smaller one.")
    file.seek(0)
    return file.read()


def _kind(content: bytes) -> str | None:
    """By what is in it; never by its name."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(OLE):
        return "doc" if WORD in content and MACRO not in content else None
    if content.startswith(b"PK"):
        return "docx" if _is_docx(content) else None
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return {"PNG": "png", "JPEG": "jpg", "WEBP": "jpg"}.get(picture.format or "")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def _is_docx(content: bytes) -> bool:
    """A Word file without macros. Only the list of its parts is read: nothing is unpacked."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return "word/document.xml" in names and not any(name.endswith("vbaProject.bin") for name in names)


def _written_anew(content: bytes) -> Upload:
    """The picture without what was hidden in it: place, camera, anything behind its end."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError("This picture is too large. Send it with fewer pixels.")
            upright = _upright(picture)
            has_holes = upright.mode in ("RGBA", "LA", "P")
            upright = upright.convert("RGBA" if has_holes else "RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise ValidationError("This picture is damaged. Take it again, or send a PDF.") from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info.clear()
    out = io.BytesIO()
    upright.save(out, "PNG" if has_holes else "JPEG", **({"optimize": True} if has_holes else {"quality": 88}))
    return Upload("png" if has_holes else "jpg", out.getvalue())


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera was held; as it lies where the camera's note of that cannot be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # a reader of a stranger's bytes: it fails in many ways, and none matters
        picture.info.pop("exif", None)
        return picture.copy()


def _search_for_viruses(content: bytes) -> None:
    """Ask the scanner, where there is one. ValidationError if it finds something or cannot be asked."""
    if not settings.CLAMAV:
        return
    try:
        answer = _ask_scanner(content)
    except OSError as error:
        log.error("the virus scanner does not answer: %s", error)
        raise ValidationError("Files cannot be taken at the moment. Try again later.") from error
    if not answer.endswith("OK"):
        raise ValidationError("This file was refused by our virus scanner.")


def _ask_scanner(content: bytes) -> str:
    """ClamAV's INSTREAM: pieces with their length before them, an empty one at the end."""
    host, _, port = settings.CLAMAV.rpartition(":")
    line = socket.create_connection((host, int(port)), timeout=30) if host else _unix_socket(settings.CLAMAV)
    with line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), 65536):
            piece = content[start : start + 65536]
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
        return line.recv(4096).rstrip(b"\0\n").decode(errors="replace")


def _unix_socket(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(30)
    line.connect(path)
    return line
