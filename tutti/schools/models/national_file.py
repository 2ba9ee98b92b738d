"""A file of the national list that waits to be taken in: kept under a random name, deleted when it has been."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from tutti.core import runs
from tutti.core.tables import Sheet
from tutti.schools.models.comparison import (
    Difference,
    Kind,
    Succession,
    compare,
    link_successors,
    successions,
    take_in,
)
from tutti.schools.models.national import Listed, NationalList, Pick, Remark

ROWS_A_STEP = 500
TABS = {"new": "New", "changed": "Changed", "closed": "Closed", "unchanged": "Unchanged"}
TABS |= {"succeeded": "Succeeded by another", "unreadable": "Cannot be read"}
KEPT_FOR = dt.timedelta(days=7)


class NationalFileQuerySet(models.QuerySet["NationalFile"]):
    def visible_to(self, member: Any) -> NationalFileQuerySet:
        return self.filter(service_id=member.service_id)

    def forgotten(self) -> NationalFileQuerySet:
        """Files that nobody took in for a week."""
        return self.filter(made_at__lt=timezone.now() - KEPT_FOR)


class NationalFile(models.Model):
    """An upload of the national list, boiled down to the columns that may be of use. `mapping` says what the columns
    hold whose headings nobody knows; `links` is who succeeds whom, URN by URN."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="national_files")
    name = models.CharField(max_length=200)
    kept_as = models.CharField(max_length=100)
    mapping = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)

    objects = NationalFileQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name

    def read(self) -> NationalList:
        """The list in it, with the columns as they were mapped."""
        with default_storage.open(self.kept_as, "rb") as file:
            rows = csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
            next(rows)
            columns = next(rows)[1:]
            sheet = Sheet(columns, [], [])
            for line, *cells in rows:
                sheet.numbers.append(int(line))
                sheet.rows.append(cells)
        return NationalList.of(sheet, self.mapping)

    def links(self) -> dict[int, int]:
        """Who succeeds whom; empty where no links file came with it."""
        with default_storage.open(self.kept_as, "rb") as file:
            return {int(urn): successor for urn, successor in json.loads(file.readline()).items()}

    @transaction.atomic
    def map_columns(self, mapping: dict[str, str]) -> None:
        """Say which field each unknown column holds; an empty word means none."""
        self.mapping = {heading: field for heading, field in mapping.items() if field}
        self.save(update_fields=["mapping"])

    @transaction.atomic
    def start(self, by: Any, pick: Pick, number: int) -> runs.Run:
        """Begin to take in the schools that are picked; one such run of a service at a time."""
        title = f"National list, {number:,} schools"
        return runs.start(
            self.service, "schools", title, by=by, slot="schools", file=self.pk, member=by.pk, pick=asdict(pick)
        )

    @transaction.atomic
    def drop(self) -> None:
        """Delete the file and what is known of it."""
        kept_as = self.kept_as
        self.delete()
        transaction.on_commit(lambda: default_storage.delete(kept_as))


@transaction.atomic
def keep_national(service: Any, name: str, sheet: Sheet, links: dict[int, int]) -> NationalFile:
    """Keep a list that was read until it is taken in. What was forgotten for a week goes."""
    for old in NationalFile.objects.filter(service=service).forgotten():
        old.drop()
    text = io.StringIO(newline="")
    text.write(json.dumps(links) + "\n")
    writer = csv.writer(text)
    writer.writerow(["line", *sheet.columns])
    writer.writerows([line, *cells] for line, cells in zip(sheet.numbers, sheet.rows, strict=True))
    kept_as = default_storage.save(f"national/{secrets.token_urlsafe(24)}", ContentFile(text.getvalue().encode()))
    return NationalFile.objects.create(service=service, name=name[:200], kept_as=kept_as)


@dataclass(frozen=True)
class Preview:
    """What taking in the picked schools of a list would do, before anything is done."""

    differences: list[Difference]
    successions: list[Succession]
    remarks: list[Remark]

    @classmethod
    def of(cls, service: Any, listed: NationalList, picked: list[Listed], links: dict[int, int]) -> Preview:
        differences = compare(service, picked)
        return cls(differences, successions(service, links, picked), remarks_on(listed, differences))

    def rows(self, kind: str) -> Sequence[Difference | Succession | Remark]:
        """What a tab of the page lists: a kind of difference, "succeeded" or "unreadable"."""
        if kind == "succeeded":
            return self.successions
        if kind == "unreadable":
            return self.remarks
        return [d for d in self.differences if d.kind == kind]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind, zeros too."""
        found = Counter(str(d.kind) for d in self.differences)
        counts = {kind.value: found[kind.value] for kind in Kind if kind != Kind.UNNAMED}
        return counts | {"succeeded": len(self.successions), "unreadable": len(self.remarks)}

    def kind_to_show(self, asked: str) -> str:
        """The tab that was asked for, else the first with something in it."""
        return asked if asked in self.counts else next((k for k, number in self.counts.items() if number), "new")

    @property
    def tabs(self) -> list[tuple[str, str, int]]:
        """Each kind with its words and how many there are."""
        return [(kind, TABS[kind], number) for kind, number in self.counts.items()]

    @property
    def wanted(self) -> int:
        """How many schools are picked."""
        return len(self.differences)

    @property
    def writes(self) -> int:
        """How many schools would be added or changed."""
        return sum(self.counts[kind] for kind in ("new", "changed", "closed"))

    @property
    def is_idle(self) -> bool:
        """Whether taking it in would change nothing."""
        return not self.successions and not self.writes


def remarks_on(listed: NationalList, differences: list[Difference]) -> list[Remark]:
    """All that could not be taken, by line: what is wrong in the file, and new schools without a name."""
    unnamed = [
        Remark(d.listed.line, f"URN {d.listed.urn} is new, but has no name. The line is left out.")
        for d in differences
        if d.kind == Kind.UNNAMED
    ]
    return sorted([*listed.remarks, *unnamed], key=lambda remark: remark.line)


@runs.kind("schools")
def take_in_file(run: runs.Run) -> Iterator[runs.Step]:
    """Take in the picked schools, five hundred a step, then the links, then delete the file. Safe to repeat."""
    file = NationalFile.objects.filter(pk=run.order["file"], service=run.service).first()
    if file is None:
        yield lambda: "The file was deleted when it had been taken in. Send it again to take it in again."
        return
    by = run.service.members.get(pk=run.order["member"])
    pick = Pick(**{**run.order["pick"], "authorities": tuple(run.order["pick"]["authorities"])})
    picked = file.read().picked(pick)
    tally: Counter[str] = Counter()
    for start in range(0, len(picked), ROWS_A_STEP):
        yield partial(_step, run.service, picked[start : start + ROWS_A_STEP], by, tally)
    yield partial(_last_step, run.service, file, by, tally)


def _step(service: Any, rows: list[Listed], by: Any, tally: Counter[str]) -> None:
    tally.update(str(difference.kind) for difference in take_in(service, rows, by))


def _last_step(service: Any, file: NationalFile, by: Any, tally: Counter[str]) -> str:
    tally["succeeded"] = link_successors(service, file.links(), by)
    file.drop()
    return spell_tally(tally)


def spell_tally(tally: Counter[str]) -> str:
    """What was done, in a sentence: "3 new, 1 changed, 1 closed, 0 succeeded by another, 637 unchanged."."""
    words = {"new": "new", "changed": "changed", "closed": "closed"}
    words |= {"succeeded": "succeeded by another", "unchanged": "unchanged"}
    return ", ".join(f"{tally[kind]:,} {word}" for kind, word in words.items()) + "."
