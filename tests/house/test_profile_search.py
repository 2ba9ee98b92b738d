"""The search through a browser's folder finds what is there to be found, however it is packed (H11)."""

import gzip
import io
import sqlite3
import struct
import zipfile
import zlib

import brotlicffi
import pytest
import zstandard

from tests.profile_search import TABLE_MAGIC, Found, search, unsnap, words_of

NAME = "Quillawyn Zoffrandel"
TEXT = f"<p>In the register of this week: {NAME}, violin.</p>".encode()


def in_a_zip(text):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("page.html", text * 9)
    return file.getvalue()


def varint(number):
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def snappy(text):
    """Its first half as it is; of the second every four bytes as a copy of what stands where they stood, if they do."""
    out, at = varint(len(text)), 0
    while at < len(text):
        piece = text[at : at + 4]
        before = text[:at].rfind(piece) if len(piece) == 4 else -1
        near = before >= 0 and at - before < 65536
        out += bytes([3 << 2 | 2]) + struct.pack("<H", at - before) if near else bytes([len(piece) - 1 << 2]) + piece
        at += len(piece)
    return out


def leveldb_block(pairs):
    """Keys that begin as the one before say only how they go on."""
    body, before = b"", b""
    for key, value in pairs:
        same = next((n for n in range(min(len(key), len(before)), 0, -1) if key[:n] == before[:n]), 0)
        body += varint(same) + varint(len(key) - same) + varint(len(value)) + key[same:] + value
        before = key
    return body + struct.pack("<II", 0, 1)


def kept_page(packed, how):
    address = b"1/0/http://northshire.example/pupils"
    head = b"\x30\x5c\x72\xa7\x1b\x6d\xfb\xfc" + struct.pack("<IIII", 5, len(address), 1, 0)
    return head + address + packed + b"end." + f"HTTP/1.1 200\0Content-Encoding: {how}\0\0".encode()


def leveldb_table(pairs):
    data = snappy(leveldb_block(pairs))
    index = leveldb_block([(b"z", varint(0) + varint(len(data)))])
    handles = varint(0) * 2 + varint(len(data) + 5) + varint(len(index))
    return data + b"\x01crc." + index + b"\x00crc." + handles.ljust(40, b"\0") + TABLE_MAGIC


def leveldb_log(text):
    """One record, cut in two by the end of a block."""
    first = 32 * 1024 - 7
    long = b"." * (first - text.index(b"wyn")) + text
    pieces = [(2, long[:first]), (4, long[first:])]
    return b"".join(b"crc." + struct.pack("<HB", len(piece), kind) + piece for kind, piece in pieces)


def in_sqlite(tmp_path, text):
    with sqlite3.connect(tmp_path / "made") as line:
        line.execute("create table visits (title)")
        line.execute("insert into visits values (?)", (b"." * 4000 + text * 2000,))
    line.close()
    return (tmp_path / "made").read_bytes()


PACKED = {
    "UTF-8": (TEXT, "plain"),
    "UTF-16": (TEXT.decode().encode("utf-16-le"), "plain"),
    "UTF-16, big end first": (TEXT.decode().encode("utf-16-be"), "plain"),
    "capitals": (TEXT.upper(), "plain"),
    "a sent form": (TEXT.replace(b" ", b"+"), "plain"),
    "gzip": (gzip.compress(TEXT), "gzip"),
    "gzip, cut short": (gzip.compress(TEXT)[:-9], "gzip"),
    "Zstandard": (zstandard.compress(TEXT * 9), "Zstandard"),
    "a kept page in Brotli": (kept_page(brotlicffi.compress(TEXT * 9), "br"), "Brotli"),
    "one cut short": (kept_page(brotlicffi.compress(TEXT * 9)[:-3], "br"), "Brotli"),
    "zlib": (zlib.compress(TEXT), "zlib"),
    "zip": (in_a_zip(TEXT), "zip"),
    "a table of LevelDB": (leveldb_table([(b"page", TEXT * 3)]), "LevelDB table"),
    "keys of LevelDB": (leveldb_table([(NAME[:-3].encode(), b""), (NAME.encode(), b"")]), "LevelDB table"),
    "a page in a table": (leveldb_table([(b"page", gzip.compress(TEXT))]), "LevelDB table, gzip"),
    "a log of LevelDB": (leveldb_log(TEXT), "LevelDB log"),
    "a value of IndexedDB": (b"\xff\x11\x02" + snappy(TEXT * 3), "snappy value"),
    "one in UTF-16": (b"\xff\x11\x02" + snappy(TEXT.decode().encode("utf-16-le") * 3), "snappy value"),
}


@pytest.mark.parametrize("packing", PACKED)
def test_a_name_is_found_in_the_middle_of_a_file(packing, tmp_path):
    packed, how = PACKED[packing]
    is_whole = how.startswith(("LevelDB", "Brotli"))
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "000003").write_bytes(packed if is_whole else b"before\x00" + packed + b"\x00after")
    assert Found(NAME, "deep/er/000003", how) in search(tmp_path, {NAME, "Ostrephane"})


def test_a_name_that_the_pages_of_sqlite_cut_in_two_is_found(tmp_path):
    made = in_sqlite(tmp_path, b"x" * 83 + NAME.encode())
    whole = made.count(NAME.encode())
    assert 0 < whole < 2000, "some are cut"
    (tmp_path / "made").unlink()
    (tmp_path / "History").write_bytes(made)
    assert Found(NAME, "History", "SQLite visits") in search(tmp_path, {NAME})


@pytest.mark.parametrize("name", ["Zoë Brontë", "Łucja Żółć", "Ng Thị Hồng"])
@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
def test_names_with_marks_are_found_too(name, code, tmp_path):
    (tmp_path / "Session_1").write_bytes(b"\x01" + f"name: {name}.".encode(code))
    assert search(tmp_path, {name}) == {Found(name, "Session_1", "plain")}


def test_a_file_may_be_called_like_a_pupil(tmp_path):
    (tmp_path / "zoffrandel.csv").touch()
    assert search(tmp_path, words_of([NAME])) == {Found("Zoffrandel", "zoffrandel.csv", "file name")}


@pytest.mark.parametrize("packing", PACKED)
def test_nothing_is_found_where_nothing_is_nor_does_a_broken_file_stop_the_search(packing, tmp_path):
    packed, _ = PACKED[packing]
    for number, cut in enumerate(range(1, len(packed), max(1, len(packed) // 40))):
        (tmp_path / str(number)).write_bytes(packed[:cut] + TABLE_MAGIC)
    assert search(tmp_path, {"Ostrephane"}) == set()


def test_words_that_mean_something_alone():
    assert words_of(["Ann-Sofie Li Marsh", "Bo Ek"]) == {"Ann-Sofie Li Marsh", "Ann-Sofie", "Marsh", "Bo Ek"}


def test_a_copy_in_snappy_may_reach_into_itself():
    assert unsnap(varint(10) + b"\x04ab" + bytes([(8 - 4) << 2 | 1, 2])) == b"ababababab"
