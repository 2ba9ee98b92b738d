"""Tables in and out as CSV and Excel (B4): whatever people's programs write is read, nothing in it is ever run.

In: `read_table` for a file, `read_pasted` for text from the clipboard, `as_text` makes the one the other. Out:
`csv_response` and `xlsx_response`. Every cell comes in as tidy text: 1.0 is "1", a date is "2026-11-16", a
formula is the value that was last seen.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import xlsxwriter
from django.core.files import File
from django.http import HttpResponse

from tutti.core import workbook
from tutti.core.workbook import MOST_COLUMNS, MOST_IN_A_CELL, plain

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls
NOT_TABLES = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"{\\rtf": "a text document"}
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")
QUOTED_ON_PURPOSE = re.compile(r"^'(?=[\d=+\-@])")  # '0123 is how Excel keeps a nought; 't Hooft is a name
Lines: TypeAlias = Generator[tuple[int, list[str]], None, None]
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(ValueError):  # noqa: N818 - it says what the file is
    """The file cannot be read as a table. The message is a sentence for whoever sent it."""


@dataclass(slots=True)
class Sheet:
    """A table as it was read. `numbers` says in which line of the file each row stands, the heading being line 1."""

    columns: list[str]
    rows: list[list[str]]
    numbers: list[int] = field(default_factory=list)

    def index(self, *names: str) -> int | None:
        """Where the first column of one of these names is, in any case and spacing; None if there is none."""
        known = [fold(column) for column in self.columns]
        return next((known.index(fold(name)) for name in names if fold(name) in known), None)

    def records(self) -> Iterator[dict[str, str]]:
        """Each row by the names of its columns as they stand in the file."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


def fold(name: str) -> str:
    """A column's name without what people write differently: "E-mail address" and "email_ADDRESS" are one."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def read_table(
    source: File | Path | str,
    *,
    most_bytes: int = MOST_BYTES,
    most_rows: int = MOST_ROWS,
    first: int | None = None,
    only: Collection[str] | None = None,
) -> Sheet:
    """Read a CSV, Excel or OpenDocument file, its first sheet; the first row that is not empty names the columns.

    `first` stops after so many rows (0: the heading alone); `only` keeps the columns of these names, which spares
    memory in a file with very many. Raises Unreadable with a sentence for people.
    """
    with (
        _opened(source, most_bytes) as stream,
        closing(_lines_of(stream, most_rows if first is None else first)) as lines,
    ):
        return _collect(lines, most_rows, first, only)


def read_pasted(text: str, headings: Collection[str] = (), *, most_rows: int = MOST_ROWS) -> Sheet:
    """Read text copied from a spreadsheet: tabs, semicolons or commas.

    People copy with the heading or without: the first line is one if a cell of it is among `headings`; else the columns
    are called "Column 1", "Column 2" and so on.
    """
    _refuse_large(len(text), MOST_BYTES)
    known = {fold(name) for name in headings}
    lines = list(_split(io.StringIO(text, newline="")))
    if lines and known.isdisjoint(fold(cell) for cell in lines[0][1]):
        width = max(len(cells) for _, cells in lines)
        lines.insert(0, (0, [f"Column {n + 1}" for n in range(width)]))
    return _collect(iter(lines), most_rows, None, None)


def as_text(source: File, *, most_bytes: int = MOST_BYTES, most_rows: int = MOST_ROWS) -> str:
    """A CSV, Excel or OpenDocument file's first sheet as text that `read_pasted` understands, line by line.

    So that a form can carry it and nothing of it is kept. Raises Unreadable with a sentence for people.
    """
    text = io.StringIO(newline="")
    writer, written = csv.writer(text, dialect="excel-tab", lineterminator="\n"), 0
    with _opened(source, most_bytes) as stream, closing(_lines_of(stream, most_rows)) as lines:
        for number, cells in lines:
            text.write("\n" * (number - written - 1))
            writer.writerow(cells)
            written = number
    return text.getvalue()


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A download that Excel opens with its accents right and that no cell of can be run as a formula.

    `name` is the file's name without ending; it must not hold anybody's name.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_for_csv(value) for value in row] for row in rows)
    return _download(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The same as an Excel file, written row by row: numbers stay numbers, days are days, text is never a formula."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(file, options) as book:
        _fill(book, columns, rows)
    return _download(file.getvalue(), XLSX_TYPE, f"{name}.xlsx")


def _fill(book: xlsxwriter.Workbook, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(columns):
        sheet.set_column(n, n, min(40, max(12, len(column) + 2)))
        sheet.write_string(0, n, column, bold)
    for number, row in enumerate(rows, start=1):
        for n, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, n, value, day)  # type: ignore[arg-type]
            elif isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(number, n, value)
            elif value not in (None, ""):
                sheet.write_string(number, n, plain(value)[:MOST_IN_A_CELL])


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _for_csv(value: Any) -> Any:
    text = plain(value)
    return "'" + text if isinstance(value, str) and text.startswith(RUNS_AS_FORMULA) else text


def _tidy(cell: str) -> str:
    """Without what cannot be seen, without blanks around it, without the apostrophe that only says "this is text"."""
    cell = CONTROLS.sub("", cell.replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n")).strip()
    return QUOTED_ON_PURPOSE.sub("", cell)[:MOST_IN_A_CELL]


def _refuse_large(size: int, most: int) -> None:
    if size > most:
        raise Unreadable(
            f"This file has {size / 1e6:,.0f} MB; at most {most / 1e6:,.0f} MB can be read here. "
            "Take out columns and sheets that are not needed, or send it in parts."
        )


def _collect(
    lines: Iterator[tuple[int, list[str]]], most_rows: int, first: int | None, only: Collection[str] | None
) -> Sheet:
    _, heading = next(lines, (0, []))
    if not heading:
        raise Unreadable("This file is empty.")
    if len(heading) > MOST_COLUMNS:
        raise Unreadable(f"This file has {len(heading):,} columns; at most {MOST_COLUMNS} can be read.")
    columns = [name or f"Column {n + 1}" for n, name in enumerate(heading)]
    wanted = None if only is None else {fold(name) for name in only}
    kept = [n for n, name in enumerate(columns) if wanted is None or fold(name) in wanted]
    sheet = Sheet([columns[n] for n in kept], [])
    for number, cells in lines:
        if first is not None and len(sheet.rows) >= first:
            break
        if len(sheet.rows) >= most_rows:
            raise Unreadable(f"This file has more than {most_rows:,} rows. Send it in parts.")
        sheet.rows.append([cells[n] if n < len(cells) else "" for n in kept])
        sheet.numbers.append(number)
    return sheet


@contextmanager
def _opened(source: File | Path | str, most_bytes: int) -> Iterator[BinaryIO]:
    """The bytes of a file, if they are not too many; an upload stays open for whoever wants to keep it."""
    if isinstance(source, str | Path):
        _refuse_large(Path(source).stat().st_size, most_bytes)
        with Path(source).open("rb") as stream:
            yield stream
        return
    _refuse_large(source.size, most_bytes)
    source.seek(0)
    yield source.file  # type: ignore[misc]  # an open upload has one
    source.seek(0)


def _lines_of(stream: BinaryIO, most_rows: int) -> Lines:
    """Each line of a file that is not empty, with its number."""
    start = stream.read(8)
    stream.seek(0)
    for sign, kind in NOT_TABLES.items():
        if start.startswith(sign):
            raise Unreadable(f"This is {kind}. Save the table as CSV or Excel and send that.")
    if start.startswith(WORKBOOKS):
        return _split(io.StringIO(_workbook(stream.read(), most_rows), newline=""), ",")
    return _split_bytes(stream)


def _split_bytes(stream: BinaryIO) -> Lines:
    text = io.TextIOWrapper(stream, encoding=_encoding_of(stream), errors="replace", newline="")
    try:
        yield from _split(text)
    finally:
        text.detach()  # or it would close the upload


def _encoding_of(stream: BinaryIO) -> str:
    """UTF-8 or UTF-16 where the file says or proves so, else what Windows writes here (cp1252)."""
    start = stream.read(4000)
    if start.startswith(UTF16):
        encoding = "utf-16"
    elif start[1::2].count(0) > len(start) / 4:
        encoding = "utf-16-le"
    elif b"\x00" in start:
        raise Unreadable("This is not a table that can be read. Save it as CSV or Excel and send that.")
    else:
        encoding = "utf-8-sig" if _is_utf8(start, stream) else "cp1252"
    stream.seek(0)
    return encoding


def _is_utf8(start: bytes, stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(start)
        while piece := stream.read(1_000_000):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _split(text: io.TextIOBase, separator: str = "") -> Lines:
    """The lines of a separated text, tidy, empty ones left out, each with its number."""
    start = text.read(20_000) if not separator else ""
    text.seek(0)
    if start.lstrip()[:1] == "<" and re.search(r"<(html|table|\?xml|!doctype)", start, re.IGNORECASE):
        raise Unreadable("This is a web page and no table, whatever its name says. Save it as CSV or Excel.")
    reader = csv.reader(text, delimiter=separator or _separator_of(start), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            tidy = [_tidy(cell) for cell in cells]
            while tidy and not tidy[-1]:
                tidy.pop()
            if tidy:
                yield number, tidy
    except csv.Error as error:
        raise Unreadable(f"Line {number + 1} cannot be read: a quotation mark is perhaps not closed.") from error


def _separator_of(start: str) -> str:
    """What stands between the cells: whatever the first line has most of, outside quotation marks."""
    heading = next((line for line in re.sub(r'"[^"]*"', "", start).splitlines() if line.strip()), "")
    return max("\t;,|", key=heading.count) if any(sign in heading for sign in "\t;,|") else ","


def _workbook(content: bytes, most_rows: int) -> str:
    """The first sheet of a workbook as CSV, or Unreadable with the sentence that fits."""
    try:
        return workbook.as_csv(content, most_rows)
    except workbook.HasPassword as error:
        raise Unreadable(
            "This workbook has a password. Take it off, or save the table as CSV, and send that."
        ) from error
    except workbook.Damaged as error:
        raise Unreadable("This workbook is damaged or far too large. Save its table as CSV and send that.") from error
