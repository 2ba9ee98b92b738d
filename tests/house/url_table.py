"""The URL table itself: every page of Tutti, and real addresses for it from the rows of a service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, StringConverter
from django.utils import timezone

from tutti.core import row_security
from tutti.core.calendar import Week, WeekConverter, today
from tutti.core.letters import compose
from tutti.core.runs import Run
from tutti.core.tables import Sheet
from tutti.core.uploads import Upload
from tutti.partners.models import Application, Entry, EntryChange, Partner, Scheme
from tutti.partners.models.application_begin import key_in_application
from tutti.partners.models.application_document import add_document
from tutti.partners.models.badge import badge_of
from tutti.partners.models.entry import begin_entry
from tutti.partners.models.letter_paper import letters_to_post
from tutti.people.models import Member, teacher_list
from tutti.schools.models import Closure, Contact, ContactChange, NationalFile, OwnDates, School, Term
from tutti.schools.models.national_file import keep_national
from tutti.teaching.models import Allocation, Carry, Lesson, Line, Place, Pupil, Question, SpareWeek, TwoChildren

NOUNS = {m._meta.model_name: m for m in apps.get_models() if m.__module__.startswith("tutti.")}
WRONG_SECRET = "this-is-nobodys-secret"
SECTION_PAGES = {"application_section", "paper_application_section", "case_check"}  # "key" is a section of the form
LISTS_OF_TEACHERS = {"teachers_preview", "teachers_take_in"}  # their run is a list of teachers that waits


@dataclass(frozen=True)
class Page:
    """One line of the URL table."""

    pattern: URLPattern

    @property
    def name(self) -> str:
        return self.pattern.name

    @property
    def view(self) -> Any:
        return self.pattern.callback

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "is_public", False)

    @property
    def permission(self) -> Any:
        """Permissions of which one is enough, "signed in", or None where the view says nothing."""
        return getattr(self.view, "permission", None)

    @cached_property
    def nouns(self) -> dict[str, type[models.Model]]:
        """The rows in its address: name of the part → model. Fails where the part does not say which model it is."""
        found = {}
        for part, converter in self.pattern.pattern.converters.items():
            if isinstance(converter, IntConverter):
                noun = part.removesuffix("_pk")
                assert f"{noun}_pk" == part, f"{self.name}: <int:{part}> does not end in _pk"
                assert noun in NOUNS, f"{self.name}: <int:{part}> names no model, so no row can be found for it"
                found[part] = NOUNS[noun]
        return found

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The parts of its address that are no rows: a week, a secret."""
        found: dict[str, Any] = {}
        for part, converter in self.pattern.pattern.converters.items():
            if isinstance(converter, WeekConverter):
                found[part] = Week.current()
            elif part == "key" and self.name in SECTION_PAGES:
                found[part] = "qualifications"
            elif part == "key" and self.name == "scheme_letter":
                found[part] = "proceed"
            elif part in ("secret", "key"):
                found[part] = WRONG_SECRET
            else:
                known = isinstance(converter, IntConverter) or type(converter) is StringConverter and part == "secret"
                assert known, f"{self.name}: nobody knows what to write for the part {part!r} of its address"
        return found

    def address(self, slug: str, rows: dict[str, int]) -> str:
        path = str(self.pattern.pattern)
        values = {**self.plain, **rows}
        for part, converter in self.pattern.pattern.converters.items():
            kind = {IntConverter: "int", WeekConverter: "week", StringConverter: "str"}[type(converter)]
            path = path.replace(f"<{kind}:{part}>", converter.to_url(values[part]))
        assert "<" not in path, f"{self.name}: the address {path} could not be filled in"
        return f"/{slug}/{path}"

    def may_open(self, member: Any) -> bool:
        return self.is_public or self.permission == "signed in" or any(member.may(p) for p in self.permission or ())


def pages() -> list[Page]:
    """Every page of Tutti; those of the sign-in library are its own."""
    return [Page(p) for p in _patterns(get_resolver().url_patterns) if not p.callback.__module__.startswith("allauth.")]


def _patterns(patterns: list[Any]) -> Iterator[URLPattern]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


class Rows:
    """Rows of a service, one of each noun in the URL table; what the demo world has none of is made."""

    def __init__(self, service: Any, member: Any) -> None:
        self.service, self.by = service, member
        self._lists = {False: self._make_run(), True: self._make_list()}
        self._make_file()
        self._make_pupils()
        self._make_applications()
        if not Closure.objects.filter(school__service=service).exists():
            school = School.objects.filter(service=service).first()
            Closure.objects.create(service=service, school=school, week=Week.current(), why="Burst pipe")
        if not OwnDates.objects.filter(service=service).exists():
            term, school = Term.objects.filter(service=service).first(), School.objects.filter(service=service).last()
            days = {"first_day": term.first_day, "last_day": term.last_day}
            OwnDates.objects.create(service=service, school=school, term=term, **days)
        if not SpareWeek.objects.filter(service=service).exists():
            allocation = Allocation.objects.filter(service=service).first()
            SpareWeek.objects.create(service=service, allocation=allocation, week=allocation.until_week)

        if not Question.objects.filter(service=service).exists():
            self._make_voice()
        if not EntryChange.objects.filter(service=service).exists():
            entry = Entry.objects.filter(service=service).first()
            EntryChange.objects.create(service=service, entry=entry, said={"about": "Slow practice."})

    def _make_voice(self) -> None:
        contact = Contact.objects.filter(service=self.service).first()
        own = {"service": self.service, "school": contact.school}
        asked = Question.objects.create(**own, contact=contact, name=contact.name, text="Who plays the sackbut?")
        asked.replies.create(service=self.service, by=self.by, name=self.by.name, text="Nobody yet.")
        ContactChange.objects.create(**own, contact=contact, kind="gone")

    def _make_run(self) -> Run:
        return Run.objects.create(service=self.service, kind="teachers", title="A run of nothing", state=Run.State.DONE)

    def _make_list(self) -> Run:
        return teacher_list.keep(Sheet(["Name", "E-mail"], [["Una Fell", "una.fell@example.org"]], [2]), self.by)

    def _make_pupils(self) -> None:
        one, other = Pupil.objects.filter(service=self.service).order_by("pk")[:2]
        TwoChildren.objects.get_or_create(service=self.service, one=one, other=other)
        year = self.service.years.first()
        Carry.objects.create(service=self.service, pupil=one, year=year, instrument="Flute", had=4)

    def _make_applications(self) -> None:
        """One with a report that was sent gets a paper and a letter to post; one is on paper and not sent in yet; one
        is of a partner who cannot sign in."""
        whole = Application.objects.filter(service=self.service).exclude(observations__sent_at=None).first()
        scheme = Scheme.objects.get(service=self.service)
        upload = Upload("pdf", b"%PDF-1.7 a certificate")
        add_document(whole, self.by, "checks", "certificate.pdf", upload)
        words = {"to_name": "Nobody", "to_email": "", "about": whole}
        compose(self.service, "application_received", "partners/letters/as_written.txt", {}, **words).save()
        badge_of(Partner.objects.filter(service=self.service).first())  # makes the hub's key
        done = {"stage": "completed", "sent_at": timezone.now(), "name": "Cy Mellor", "service": self.service}
        alone = Partner.objects.create(
            service=self.service, application=Application.objects.create(**done), name="Cy Mellor", since=today()
        )
        begin_entry(alone, {})
        key_in_application(scheme, self.by, name="Bo Reed", email="", file_name="form.pdf", scan=upload)

    def _make_file(self) -> NationalFile:
        sheet = Sheet(
            ["urn", "name", "open_date", "town", "postcode"], [["100001", "New School", "", "Ought", ""]], [2]
        )
        return keep_national(self.service, "schools.csv", sheet, {})

    def seen_by(self, member: Any, page: Page) -> dict[str, int]:
        """A row for each part of the page's address: one that the member may see, if there is one."""
        found: dict[str, int] = {}
        for part, model in page.nouns.items():
            found[part] = self._row(page, model, member, found)
        return found

    def _row(self, page: Page, model: type[models.Model], member: Any, before: dict[str, int]) -> int:
        if model is Run:
            return self._lists[page.name in LISTS_OF_TEACHERS].pk
        rows = self._fit(page, model.objects.filter(service=self.service), before)
        seen = rows.visible_to(member) if member and hasattr(rows, "visible_to") else rows.none()
        row = seen.order_by("pk").first() or rows.order_by("pk").first()
        assert row, f"{page.name}: {self.service} has no {model.__name__} to open it with; add one to Rows"
        return row.pk

    @staticmethod
    def _fit(page: Page, rows: Any, before: dict[str, int]) -> Any:
        """Rows of the sort that the page is about, and that belong to the row before them in its address."""
        if rows.model is Lesson:
            return rows.filter(is_programme=page.name.startswith("programme"))
        if rows.model is Application:
            draft = rows.filter(stage="draft").exclude(keyed_in_by=None)
            return draft if page.name.startswith("paper_") else rows.filter(documents__section="checks")
        if page.name == "posted_letter":
            return letters_to_post(rows.first().service)
        if page.name == "partner_entry":
            return rows.filter(member=None)
        if "application_pk" in before:
            return rows.filter(application=before["application_pk"])
        if rows.model is Line:
            return rows.make_ups() if rows.make_ups().exists() else rows
        if rows.model is Member and page.name.startswith("teacher"):
            return rows.teachers()
        if rows.model is Contact and "summary_pk" in before:
            return rows.filter(school__summaries=before["summary_pk"])
        return rows

    @staticmethod
    def typed(page: Page, rows: dict[str, int]) -> dict[str, Any]:
        """What a page cannot do without: a tap names a place of its allocation."""
        if page.name != "register_tap":
            return {}
        place = Place.objects.filter(lesson__allocation=rows["allocation_pk"], lesson__is_programme=False).first()
        return {"place": place.pk if place else 0, "why": "no such reason"}


@contextmanager
def inside(service: Any, back_to: Any) -> Iterator[None]:
    """On PostgreSQL the test sees this service's rows, and afterwards those of `back_to` again."""
    row_security.enter(service.pk)
    try:
        yield
    finally:
        row_security.enter(back_to.pk)
