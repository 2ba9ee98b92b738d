"""Searches the folder in which a browser keeps everything for words: as they stand, and inside of what it packs (H11).

Words are found whatever their case, in UTF-8, Latin-1 and UTF-16, and in: gzip, zlib, zip and Zstandard wherever in a
file they begin; Brotli, which has no beginning to know it by, in pages that a browser keeps; LevelDB (local, session
and indexed storage: its log, and its tables, which Snappy packs); values of IndexedDB that Snappy packs; and SQLite
(values that its pages cut in two). What the browser encrypts is not seen: passwords, and cookies, of which Tutti's hold
no name.
"""

from __future__ import annotations

import itertools
import re
import shutil
import sqlite3
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import brotlicffi
import zstandard

TABLE_MAGIC = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"  # the end of each table of LevelDB
CACHE_MAGIC = b"\x30\x5c\x72\xa7\x1b\x6d\xfb\xfc"  # the beginning of a page that the browser keeps,
CACHE_HEADER = 24  # bytes, behind which its address stands
IN_BROTLI = re.compile(rb"content-encoding: ?br\0", re.IGNORECASE)
SNAPPY_VALUE = b"\xff\x11\x02"  # the beginning of a value that IndexedDB has packed
LOG_BLOCK, LOG_HEADER = 32 * 1024, 7
MOST = 20_000_000  # bytes of one thing that is packed


class Found(NamedTuple):
    word: str
    file: str
    how: str


def words_of(names: Iterable[str], shortest: int = 5) -> set[str]:
    """The names, and each word of theirs that is long enough to mean something where it stands alone."""
    names = set(names)
    return names | {part for name in names for part in name.split() if len(part) >= shortest}


def search(folder: Path, words: Iterable[str]) -> set[Found]:
    """Where which of these words stand in the files below `folder`. Files that go away meanwhile are passed over."""
    needles = [(word, needle) for word in words for needle in spellings(word)]
    found = set()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        try:
            data = file.read_bytes()
        except FileNotFoundError:
            continue
        name = str(file.relative_to(folder))
        found |= {Found(word, name, "file name") for word, _ in needles if word.lower() in name.lower()}
        for how, layer in layers(data, file):
            texts = small_letters(layer)
            found |= {Found(word, name, how) for word, needle in needles if any(needle in text for text in texts)}
    return found


def spellings(word: str) -> set[bytes]:
    """A word's bytes in small letters, in each encoding; with a plus or a number for a space, as in a sent form."""
    codes = {"utf-8", "latin-1"} if all(ord(letter) < 256 for letter in word) else {"utf-8", "utf-16-le", "utf-16-be"}
    return {text.encode(code).lower() for text in {word, word.replace(" ", "+"), quote(word)} for code in codes}


def small_letters(data: bytes) -> list[bytes]:
    """As it is, and without its zeros, which makes Latin-1 of UTF-16, whichever end is first."""
    low = data.lower()
    return [low, low.replace(b"\0", b"")] if b"\0" in low else [low]


def layers(data: bytes, file: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """The bytes as they are, and all that can be unpacked from them, each with how it was packed."""
    yield "plain", data
    for how, inner in itertools.chain(inflated(data), brotli_page(data), leveldb(data), sqlite(data, file)):
        yield how, inner
        for deeper, innermost in itertools.chain(inflated(inner), snappy_values(inner)):
            yield f"{how}, {deeper}", innermost
    yield from snappy_values(data)


# deflate in its three wrappings, Zstandard and Brotli


def inflated(data: bytes) -> Iterator[tuple[str, bytes]]:
    for at in places(data, b"\x1f\x8b\x08"):
        yield from attempt("gzip", data[at:], zlib.decompressobj(31))
    for at in places(data, b"\x28\xb5\x2f\xfd"):
        yield from attempt("Zstandard", data[at:], zstandard.ZstdDecompressor().decompressobj())
    for at in places(data, b"PK\x03\x04"):
        if data[at + 8 : at + 10] == b"\x08\x00" and at + 30 <= len(
            data
        ):  # the method: deflate; a stored member stands there as it is
            name, extra = struct.unpack_from("<HH", data, at + 26)
            yield from attempt("zip", data[at + 30 + name + extra :], zlib.decompressobj(-15))
    for start in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        for at in places(data, start):
            yield from attempt("zlib", data[at:], zlib.decompressobj(15))


def brotli_page(data: bytes) -> Iterator[tuple[str, bytes]]:
    """A page in the browser's cache whose headers say that it came packed with Brotli: it stands behind its address."""
    if data.startswith(CACHE_MAGIC) and len(data) > CACHE_HEADER and IN_BROTLI.search(data):
        (address,) = struct.unpack_from("<I", data, 12)
        yield from attempt("Brotli", data[CACHE_HEADER + address :], brotlicffi.Decompressor())


def attempt(how: str, packed: bytes, machine: Any) -> Iterator[tuple[str, bytes]]:
    """What can be unpacked, even if the stream is cut short; nothing if it is none."""
    pieces = []
    with suppress(zlib.error, zstandard.ZstdError, brotlicffi.error):
        step = 1 if how == "Brotli" else 16  # its machine gives nothing of a piece in which it ends
        for at in range(0, min(len(packed), MOST), step):
            pieces.append(machine.decompress(packed[at : at + step]))
            if machine.is_finished() if how == "Brotli" else machine.eof:
                break
    if any(pieces):
        yield how, b"".join(pieces)


def places(data: bytes, start: bytes) -> Iterator[int]:
    at = data.find(start)
    while at >= 0:
        yield at
        at = data.find(start, at + 1)


# LevelDB


def leveldb(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The values of a table or a log of LevelDB, whole again."""
    if data.endswith(TABLE_MAGIC):
        with suppress(IndexError, struct.error):  # half-written while it was read
            for block in table_blocks(data):
                yield "LevelDB table", b"\n".join(key + b"\n" + value for key, value in entries(block))
    elif log := b"".join(log_pieces(data)):
        yield "LevelDB log", log


def table_blocks(data: bytes) -> Iterator[bytes]:
    """The end of a table says where its index is, and the index where each block is."""
    for index in table_block(data, *handles(data[-48:])[1]):
        for _, where in entries(index):
            yield from table_block(data, *handles(where)[0])


def handles(data: bytes) -> list[tuple[int, int]]:
    """Places in a file, each an offset and a size."""
    numbers, at = [], 0
    while at < len(data) and len(numbers) < 4:
        number, at = varint(data, at)
        numbers.append(number)
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def table_block(data: bytes, offset: int, size: int) -> Iterator[bytes]:
    packed, kind = data[offset : offset + size], data[offset + size : offset + size + 1]
    if kind == b"\x00":
        yield packed
    elif kind == b"\x01":
        yield unsnap(packed)


def entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values; a key says only how it differs from the one before it."""
    (restarts,) = struct.unpack_from("<I", block, len(block) - 4)
    end, at, key = len(block) - 4 * (restarts + 1), 0, b""
    while at < end:
        shared, at = varint(block, at)
        own, at = varint(block, at)
        size, at = varint(block, at)
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + size]
        at += own + size


def log_pieces(data: bytes) -> Iterator[bytes]:
    """The records of a log without the headers that cut them every 32 kB; nothing if it is no log."""
    for start in range(0, len(data), LOG_BLOCK):
        block, at = data[start : start + LOG_BLOCK], 0
        while at + LOG_HEADER <= len(block):
            size, kind = struct.unpack_from("<HB", block, at + 4)
            if not 1 <= kind <= 4 or at + LOG_HEADER + size > len(block):
                break
            yield block[at + LOG_HEADER : at + LOG_HEADER + size]
            at += LOG_HEADER + size


# Snappy


def snappy_values(data: bytes) -> Iterator[tuple[str, bytes]]:
    for at in places(data, SNAPPY_VALUE):
        yield "snappy value", unsnap(data[at + len(SNAPPY_VALUE) :])


def unsnap(data: bytes) -> bytes:
    """What Snappy packed; as far as it goes, where what follows is something else."""
    try:
        size, at = varint(data, 0)
    except IndexError:
        return b""
    out = bytearray()
    while at < len(data) and len(out) < min(size, MOST):
        tag, at = data[at], at + 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                wide = length - 59
                length, at = int.from_bytes(data[at : at + wide], "little"), at + wide
            out += data[at : at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:
            length, back, at = 4 + (tag >> 2 & 7), (tag >> 5 << 8) | int.from_bytes(data[at : at + 1], "little"), at + 1
        else:
            wide = 2 if tag & 3 == 2 else 4
            length, back, at = 1 + (tag >> 2), int.from_bytes(data[at : at + wide], "little"), at + wide
        if not 0 < back <= len(out):
            break
        for _ in range(length):
            out.append(out[-back])
    return bytes(out)


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number and where it ends. IndexError if it does not."""
    number = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        number, at = number | (byte & 127) << shift, at + 1
        if byte < 128:
            break
    return number, at


# SQLite


def sqlite(data: bytes, file: Path | None) -> Iterator[tuple[str, bytes]]:
    """All values of a database, read from a copy, so that a browser that holds it is not in the way."""
    if not data.startswith(b"SQLite format 3\x00") or file is None:
        return
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "copy")
        copy.write_bytes(data)
        for ending in ("-wal", "-journal"):
            beside = file.with_name(file.name + ending)
            if beside.exists():
                shutil.copyfile(beside, copy.with_name(copy.name + ending))
        try:
            yield from sqlite_values(copy)
        except sqlite3.DatabaseError:
            return  # half-written while it was copied: its pages have been searched as they are


def sqlite_values(file: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(file)) as line:
        line.text_factory = bytes
        tables = [name.decode() for (name,) in line.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            rows = line.execute(f'select * from "{table}"')
            values = [value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row]
            yield f"SQLite {table}", b"\n".join(values)
