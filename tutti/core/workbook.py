"""Excel and OpenDocument workbooks, read by a process of their own: a file made to do harm takes only that down.

A workbook of a few kB can ask for hundreds of gigabytes, and the library that reads it then ends its whole process. So
this file is also a program: standard input is a workbook, standard output its first sheet as CSV.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import resource
import subprocess
import sys
from typing import Any

import python_calamine

MOST_COLUMNS = 500
MOST_IN_A_CELL = 30_000  # characters; Excel itself stops at 32,767
MEMORY = 2_000_000_000  # bytes
SECONDS = 60
OUTPUT = 200_000_000  # characters
NEEDS_PASSWORD, TOO_LARGE = 3, 4


class Damaged(Exception):  # noqa: N818 - it says what the workbook is
    """The workbook cannot be read, or not within what one workbook may take."""


class HasPassword(Damaged):
    """The workbook is locked with a password."""


def as_csv(content: bytes, most_rows: int) -> str:
    """The first sheet that is not hidden, as CSV. Raises Damaged or HasPassword."""
    command = [sys.executable, "-I", __file__, str(most_rows)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Damaged from error
    if done.returncode:
        raise HasPassword if done.returncode == NEEDS_PASSWORD else Damaged
    return done.stdout.decode()


def plain(value: Any) -> str:
    """A cell as text, in the way that people would type it: 1.0 is "1", a day is "2026-11-16", nothing is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return str(value)


def _print_as_csv(most_rows: int) -> int:
    """What the process of its own does. Returns its exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    except python_calamine.PasswordError:
        return NEEDS_PASSWORD
    visible = python_calamine.SheetVisibleEnum.Visible
    sheet = book.get_sheet_by_name(next(m.name for m in book.sheets_metadata if m.visible is visible))
    writer = csv.writer(io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline=""))
    writer.writerows([] for _ in range(sheet.start[0] if sheet.start else 0))
    return _write(writer, sheet, most_rows)


def _write(writer: Any, sheet: Any, most_rows: int) -> int:
    """One row more than asked for, so that the reader can say that there are too many."""
    found = written = 0
    for cells in sheet.iter_rows():
        written += writer.writerow([plain(cell)[:MOST_IN_A_CELL] for cell in cells[: MOST_COLUMNS + 1]])
        found += any(cell != "" for cell in cells)
        if written > OUTPUT:
            return TOO_LARGE
        if found > most_rows + 1:
            break
    return 0


if __name__ == "__main__":
    sys.exit(_print_as_csv(int(sys.argv[1])))
