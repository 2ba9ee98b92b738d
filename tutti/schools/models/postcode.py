"""Postcodes of an open-data file that the operator loads: where on the map each lies (A6). They are of no service."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import models, transaction
from django.db.models import Avg, Value
from django.db.models.functions import Length, Substr

from tutti.core.tables import Unreadable

WHOLE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
DISTRICT = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(?: \d)?")
NAMES, ROWS_A_STEP = ("pcds", "pcd8", "pcd7", "pcd2", "pcd", "postcode"), 5_000


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Written:
    """A postcode as somebody typed it: its district "NX1", and the rest "1AA" where it is whole."""

    district: str
    rest: str = ""

    @property
    def code(self) -> str:
        return self.district + self.rest

    @property
    def sector(self) -> str:
        """The postcode without its last two letters: some thousand doors."""
        return self.code[:-2] if self.rest else ""

    def __str__(self) -> str:
        return f"{self.district} {self.rest}".strip()


def read_postcode(text: str) -> Written | None:
    """A whole postcode or a district, in any case and spacing; None for what has no figure in it, such as a town.

    Raises ValueError, with a sentence for people, for what looks like a postcode and is none.
    """
    tidy = " ".join(text.upper().split())
    if not re.search(r"\d", tidy):
        return None
    if whole := WHOLE.fullmatch(tidy.replace(" ", "")):
        return Written(whole[1], whole[2])
    if district := DISTRICT.fullmatch(tidy):
        return Written(district[1])
    raise ValueError(f"“{text.strip()[:20]}” is no postcode. Type it like NX1 1AA, its first half alone, or a town.")


class PostcodeQuerySet(models.QuerySet["Postcode"]):
    def of(self, written: Written) -> Point | None:
        """Where a postcode lies; the middle of its district if it is not whole or not known; None where nothing is
        loaded for that. One query."""
        exact, ways = models.Q(pk=written.code), ("latitude", "longitude")
        averages = {f"mid_{way}": Avg(way) for way in ways} | {f"own_{way}": Avg(way, filter=exact) for way in ways}
        found = self.filter(district=written.district).aggregate(**averages)
        which = "own" if found["own_latitude"] is not None else "mid"
        return Point(*(found[f"{which}_{way}"] for way in ways)) if found["mid_latitude"] is not None else None

    def middles(self, sectors: Collection[str]) -> dict[str, Point]:
        """The middle of each of these sectors that is loaded. One query."""
        own = self.filter(district__in={sector[:-1] for sector in sectors})
        named = own.order_by().annotate(sector=Substr("code", 1, Length("code") - Value(2))).filter(sector__in=sectors)
        rows = named.values_list("sector").annotate(Avg("latitude"), Avg("longitude"))
        return {sector: Point(latitude, longitude) for sector, latitude, longitude in rows}


class Postcode(models.Model):
    """One postcode that is in use; `code` is written without a blank."""

    code = models.CharField(max_length=7, primary_key=True)
    district = models.CharField(max_length=4, db_index=True)
    latitude = models.FloatField()
    longitude = models.FloatField()

    objects = PostcodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="postcode_on_the_map"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code[:-3]} {self.code[-3:]}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the file: where the postcode lies, or None if it has ended or lies nowhere."""

    code: str
    point: Point | None


def take_in_postcodes(path: Path) -> Iterator[tuple[int, int]]:
    """Take in a file of the ONS, as CSV or as the zip that it comes in: what is new or moved is written, what has ended
    is deleted, step by step. Yields after each step how many are in use and how many ended so far. Raises Unreadable.
    """
    kept = ended = 0
    with _opened(path) as lines:
        rows = _read(lines)
        while step := list(islice(rows, ROWS_A_STEP)):
            live, over = [one for one in step if one.point], [one.code for one in step if not one.point]
            _write(live, over)
            kept, ended = kept + len(live), ended + len(over)
            yield kept, ended


@transaction.atomic
def _write(live: list[Listed], over: list[str]) -> None:
    rows = {
        one.code: Postcode(
            code=one.code, district=one.code[:-3], latitude=one.point.latitude, longitude=one.point.longitude
        )
        for one in live
        if one.point
    }
    fields = ["district", "latitude", "longitude"]
    Postcode.objects.bulk_create(rows.values(), update_conflicts=True, unique_fields=["code"], update_fields=fields)
    Postcode.objects.filter(pk__in=over).delete()


def _read(lines: io.TextIOBase) -> Iterator[Listed]:
    """Each line that names a postcode. Raises Unreadable where the columns are not there."""
    rows = csv.reader(lines)
    columns = [name.strip().casefold() for name in next(rows, [])]
    name = next((one for one in NAMES if one in columns), None)
    if name is None or not {"lat", "long"} <= set(columns):
        raise Unreadable(
            "This is no file of postcodes: it needs columns pcds (or pcd7, pcd8, pcd), lat and long, as the "
            "ONS Postcode Directory and the National Statistics Postcode Lookup have them."
        )
    places = [columns.index(name), columns.index("lat"), columns.index("long")]
    ended = columns.index("doterm") if "doterm" in columns else None
    for row in rows:
        if len(row) < len(columns):
            continue
        code, latitude, longitude = (row[place] for place in places)
        whole = WHOLE.fullmatch(code.upper().replace(" ", ""))
        if whole:
            is_over = ended is not None and row[ended].strip() != ""
            yield Listed(whole[0], None if is_over else _point(latitude, longitude))


def _point(latitude: str, longitude: str) -> Point | None:
    try:
        point = Point(float(latitude), float(longitude))
    except ValueError:
        return None
    return point if abs(point.latitude) < 90 and abs(point.longitude) <= 180 else None


@contextmanager
def _opened(path: Path) -> Iterator[io.TextIOBase]:
    """The text of the file, or of the largest CSV in a zip, which the ONS keeps in the folder Data."""
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            yield lines
        return
    with zipfile.ZipFile(path) as packed:
        tables = [one for one in packed.infolist() if one.filename.lower().endswith(".csv")]
        if not tables:
            raise Unreadable("There is no CSV file in this zip.")
        with packed.open(max(tables, key=lambda one: one.file_size)) as raw:
            yield io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
