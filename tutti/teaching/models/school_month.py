"""The office's list of a month: every school taught, what was sent to whom, what is missing (S2, S4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from tutti.core.calendar import Day, first_of_month, today
from tutti.core.templatetags.tutti import counted
from tutti.schools.models import Contact, School, TeachingWeek
from tutti.teaching.models.expected import missing_registers
from tutti.teaching.models.summary import Summary, schools_taught
from tutti.teaching.models.summary_link import SummaryLink


@dataclass(slots=True)
class SchoolMonth:
    """A school in the office's list: its summary if it was made, links by contact, and registers not confirmed yet.

    `of_year` is the summary of the year's corrections, which stands beside that of the year's last month (S3).
    """

    school: School
    summary: Summary | None = None
    of_year: Summary | None = None
    contacts: list[Contact] = field(default_factory=list)
    links: list[SummaryLink] = field(default_factory=list)
    missing: int = 0

    @property
    def is_sent(self) -> bool:
        return bool(self.links)

    @property
    def is_opened(self) -> bool:
        return any(link.opened_at for link in self.links)

    @property
    def needs_post(self) -> bool:
        return not self.contacts and not self.links

    @property
    def newest_links(self) -> list[SummaryLink]:
        """The last link to each address."""
        return list({link.email: link for link in self.links}.values())

    @property
    def unsent_contacts(self) -> list[Contact]:
        """Contacts added or chosen since it was sent."""
        sent = {link.contact_id for link in self.links}
        return [contact for contact in self.contacts if contact.pk not in sent]

    @property
    def corrected_words(self) -> str:
        """How many corrections to earlier months its summary tells: "3 corrections"."""
        many = self.summary.corrections if self.summary else 0
        return counted(many, "correction") if many else ""

    @property
    def missing_words(self) -> str:
        return f"{self.missing} missing"


SHOWN = {
    "all": "All",
    "unsent": "Not sent",
    "unopened": "Not opened",
    "post": "To print and post",
    "missing": "Registers missing",
}


def school_months(
    schools: Iterable[School], service: Any, month: Day, kind: str = Summary.Kind.MONTH
) -> list[SchoolMonth]:
    """The list for these schools, in their order, with the links to their summaries of this kind. A fixed number of
    queries."""
    rows = {school.pk: SchoolMonth(school) for school in schools}
    for summary in Summary.objects.filter(school__in=rows, month=month).defer("figures"):
        row = rows[summary.school_id]
        row.of_year, row.summary = (summary, row.summary) if summary.is_of_year else (row.of_year, summary)
    for contact in Contact.objects.filter(school__in=rows).for_summary():
        rows[contact.school_id].contacts.append(contact)
    links = SummaryLink.objects.of_month(month, kind).filter(summary__school__in=rows)
    for link in links.select_related("summary", "contact").defer("summary__figures"):
        rows[link.summary.school_id].links.append(link)
    for school_pk, missing in registers_missing(service, month).items():
        if school_pk in rows:
            rows[school_pk].missing = missing
    return list(rows.values())


@dataclass(frozen=True, slots=True)
class MonthState:
    """How far a month's summaries are, in schools."""

    sent: int
    opened: int
    unsent: int
    post: int


def state_of(service: Any, month: Day) -> MonthState:
    """How many schools were written to, have opened it, wait, or have nobody to write to."""
    links = SummaryLink.objects.of_month(month).filter(summary__school=OuterRef("pk"))
    contacts = Contact.objects.filter(school=OuterRef("pk")).for_summary()
    schools = schools_taught(service, month).select_related(None).order_by()
    flags = schools.annotate(
        sent=Exists(links), opened=Exists(links.exclude(opened_at=None)), reached=Exists(contacts)
    ).values_list("sent", "opened", "reached")
    rows = list(flags)
    return MonthState(
        sent=sum(sent for sent, _, _ in rows),
        opened=sum(opened for _, opened, _ in rows),
        unsent=sum(reached and not sent for sent, _, reached in rows),
        post=sum(not reached and not sent for sent, _, reached in rows),
    )


def shown(schools: QuerySet[School], service: Any, month: Day, what: str) -> QuerySet[School]:
    """Those of the schools that one of the choices of `SHOWN` means."""
    links = SummaryLink.objects.of_month(month).filter(summary__school=OuterRef("pk"))
    contacts = Contact.objects.filter(school=OuterRef("pk")).for_summary()
    if what == "unsent":
        return schools.filter(~Exists(links))
    if what == "unopened":
        return schools.filter(Exists(links), ~Exists(links.exclude(opened_at=None)))
    if what == "post":
        return schools.filter(~Exists(contacts), ~Exists(links))
    if what == "missing":
        return schools.filter(pk__in=registers_missing(service, month))
    return schools


def registers_missing(service: Any, month: Day) -> Counter[int]:
    """How many registers of the month each school still waits for, by school."""
    weeks = TeachingWeek.objects.filter(service=service, month=month).begun(today()).lesson_weeks()
    return Counter(missing.school_id for missing in missing_registers(service, weeks))


def months_taught(service: Any) -> list[Day]:
    """The months with teaching weeks that have begun, newest first."""
    months = TeachingWeek.objects.filter(service=service, month__lte=first_of_month(today()))
    return list(months.order_by("-month").values_list("month", flat=True).distinct())


def month_of_the_day(service: Any) -> Day | None:
    """The month that the office would look at today: the last one that is over, else the first of all."""
    months = months_taught(service)
    over = [month for month in months if month < first_of_month(today())]
    return over[0] if over else months[-1] if months else None


def letters_to_write(service: Any, month: Day) -> list[SchoolMonth]:
    """What sending the month would do now, school by school."""
    return school_months(schools_taught(service, month).order_by("name", "pk"), service, month)
