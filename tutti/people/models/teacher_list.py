"""A list of teachers that the office sends in one go: read, checked row by row, taken in by a run (B4, H1).

Until it is confirmed it waits here as a draft of a run, so that no name is kept by the browser; rows that cannot be
taken in stay for correction, all others leave the list when they are taken in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from tutti.core import runs
from tutti.core.runs import Run
from tutti.core.tables import Sheet, fold
from tutti.people.models.member import Member, add_member
from tutti.people.models.office import Office
from tutti.people.roles import TEACHER

KIND = "teachers"
COLUMNS = {
    "name": ("name", "full name", "teacher", "teacher name"),
    "email": ("e-mail", "email address", "mail"),
    "phone": ("phone", "telephone", "mobile", "phone number"),
    "teaches": ("teaches", "instrument", "instruments", "what they teach"),
    "office": ("area office", "office", "area"),
}
MOST = {"name": 200, "email": 254, "phone": 40, "teaches": 120, "office": 120}  # characters
FIRST, LAST = ("first name", "forename", "given name"), ("last name", "surname", "family name")


@dataclass(slots=True)
class Newcomer:
    """One row of the list. `number` is its line in the file."""

    number: int
    name: str = ""
    email: str = ""
    phone: str = ""
    teaches: str = ""
    office: str = ""


@dataclass(slots=True)
class Checked:
    """A row and what would become of it: exactly one of a problem, nothing (is here already), or being taken in."""

    row: Newcomer
    problems: dict[str, str]
    is_here: bool = False
    office_pk: int | None = None
    member: Member | None = None

    @property
    def is_right(self) -> bool:
        return not self.problems and not self.is_here


def keep(sheet: Sheet, by: Member) -> Run:
    """Put a list aside to be checked by whoever sent it. It takes the place of an earlier one that was not confirmed.

    Raises ValidationError where the sheet has no column for names or addresses, or no rows.
    """
    rows = list(_rows_of(sheet))
    if not rows:
        raise ValidationError("There is no row below the heading.")
    lists_of(by).filter(state=Run.State.DRAFT).delete()
    title = f"List of {len(rows):,} teacher{'' if len(rows) == 1 else 's'}"
    order = {"rows": [asdict(row) for row in rows], "invite": False}
    return Run.objects.create(
        service_id=by.service_id, kind=KIND, title=title, state=Run.State.DRAFT, order=order, by_id=by.person_id
    )


def check(run: Run) -> list[Checked]:
    """Each row that still waits in the list, with what is wrong with it."""
    rows = [Newcomer(**row) for row in run.order["rows"]]
    emails = [row.email for row in rows]
    own = Member.objects.filter(service_id=run.service_id, person__email__in=emails).select_related("person")
    members = {member.person.email: member for member in own}
    offices = {fold(office.name): office.pk for office in Office.objects.filter(service_id=run.service_id)}
    first_line: dict[str, int] = {}
    return [_check(row, members.get(row.email), offices, first_line) for row in rows]


def sorted_out(rows: list[Checked]) -> dict[str, list[Checked]]:
    """The rows by what would become of them: taken in, to be corrected, here already."""
    return {
        "right": [row for row in rows if row.is_right],
        "wrong": [row for row in rows if row.problems],
        "here": [row for row in rows if row.is_here],
    }


def lists_of(by: Member) -> models.QuerySet[Run]:
    """The lists that a member has sent, confirmed or not."""
    return Run.objects.filter(service_id=by.service_id, kind=KIND, by_id=by.person_id)


@transaction.atomic
def correct(run: Run, typed: dict[int, dict[str, str]]) -> None:
    """Replace what was typed anew, by line. Lines that are not in the list are left alone."""
    names = {field.name for field in fields(Newcomer)} - {"number"}
    rows = [Newcomer(**row) for row in run.order["rows"]]
    for row in rows:
        for name, value in typed.get(row.number, {}).items():
            if name in names:
                setattr(row, name, value.strip().lower() if name == "email" else value.strip())
    run.order["rows"] = [asdict(row) for row in rows]
    run.save(update_fields=["order"])


@transaction.atomic
def take_in(run: Run, *, invite: bool) -> None:
    """Begin to add all rows that are right, and invite them or not."""
    run.order["invite"] = invite
    run.save(update_fields=["order"])
    run.go_on()


@runs.kind(KIND)
def steps(run: Run) -> Iterable[Callable[[], str | None]]:
    """One step a teacher, and one that leaves only the rows that could not be taken in."""
    by = Member.objects.get(service_id=run.service_id, person=run.by)
    right = [checked for checked in check(run) if checked.is_right]
    return [*(partial(_take_in, checked, by, run.order["invite"]) for checked in right), partial(_leave_wrong, run.pk)]


def _take_in(checked: Checked, by: Member, invite: bool) -> None:
    """Add one teacher; one who has been added meanwhile is left as they are."""
    row, member = checked.row, checked.member
    if member is None:
        details = {"phone": row.phone, "teaches": row.teaches, "office_id": checked.office_pk}
        add_member(by.service, by, name=row.name, email=row.email, roles=[TEACHER.name], invite=invite, **details)
    else:
        member.change(by, roles=[*member.roles, TEACHER.name])


def _leave_wrong(run_pk: int) -> str | None:
    run = Run.objects.get(pk=run_pk)
    wrong = [checked.row for checked in check(run) if checked.problems]
    Run.objects.filter(pk=run_pk).update(order={**run.order, "rows": [asdict(row) for row in wrong]})
    return f"{len(wrong)} of the list still to be corrected." if wrong else None


def _rows_of(sheet: Sheet) -> Iterator[Newcomer]:
    places = {field: sheet.index(*names) for field, names in COLUMNS.items()}
    first, last = sheet.index(*FIRST), sheet.index(*LAST)
    if sheet.columns[0] == "Column 1":
        places = {field: n if n < len(sheet.columns) else None for n, field in enumerate(COLUMNS)}
    if places["email"] is None:
        raise ValidationError("There is no column for e-mail addresses. Name one “E-mail”.")
    if places["name"] is None and last is None:
        raise ValidationError("There is no column for names. Name one “Name”.")
    for number, cells in zip(sheet.numbers, sheet.rows, strict=True):
        found = {field: " ".join(cells[n].split()) for field, n in places.items() if n is not None}
        if places["name"] is None:
            found["name"] = " ".join(cells[n] for n in (first, last) if n is not None and cells[n])
        yield Newcomer(number, **{**found, "email": found["email"].lower()})


def _check(row: Newcomer, member: Member | None, offices: dict[str, int], first_line: dict[str, int]) -> Checked:
    """`first_line` remembers where each address was seen first, from row to row."""
    checked = Checked(row, {}, office_pk=offices.get(fold(row.office)), member=member)
    seen_at = first_line.setdefault(row.email, row.number)
    if not row.name:
        checked.problems["name"] = "There is no name."
    for field in fields(Newcomer)[1:]:
        if len(getattr(row, field.name)) > MOST[field.name]:
            checked.problems[field.name] = f"This is too long; at most {MOST[field.name]} characters."
    if row.office and checked.office_pk is None:
        checked.problems["office"] = f"There is no area office called “{row.office[:60]}”."
    if not _is_address(row.email):
        checked.problems["email"] = "This is not an e-mail address." if row.email else "There is no e-mail address."
    elif seen_at != row.number:
        checked.problems["email"] = f"The same address stands in line {seen_at}."
    elif member and not member.is_active:
        checked.problems["email"] = f"This is {member.name}, whose access was taken away. Give it again on their page."
    checked.is_here = bool(member and member.is_teacher and not checked.problems)
    return checked


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
