"""An entry as the world reads it: on pages, in files, in the frame and in search engines the same, and no more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from tutti.core.letters import address
from tutti.partners.models.entry import PAPERS, SETTINGS, Entry
from tutti.partners.models.observation import Kind

COLUMNS = ["Name", "Instruments", "Styles", "About", "Town", "Postcode", "Teaches", "Takes new pupils"]
COLUMNS += ["Telephone", "E-mail", "Website", "Partner since", "Miles", "Page"]
SEEN_AS = {Kind.OBSERVATION: "Teaching observed", Kind.INTERVIEW: "Interviewed", Kind.BOTH: "Observed and interviewed"}
IN_A_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry with only what its partner chose to show. `miles` where a distance was asked for and is known."""

    entry: Entry

    @property
    def pk(self) -> int:
        return self.entry.partner_id

    @property
    def name(self) -> str:
        return self.entry.partner.name

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name else ""

    @property
    def initials(self) -> str:
        words = self.name.replace("-", " ").split()
        return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()

    @property
    def instruments(self) -> str:
        return ", ".join(self.entry.instruments)

    @property
    def styles(self) -> str:
        return ", ".join(self.entry.styles)

    @property
    def about(self) -> str:
        return str(self.entry.about)

    @property
    def postcode(self) -> str:
        return self.entry.postcode if self.entry.shows_postcode else self.entry.district

    @property
    def place(self) -> str:
        return " ".join(filter(None, [self.entry.town, self.postcode]))

    @property
    def settings(self) -> list[str]:
        return [words for name, words in SETTINGS.items() if getattr(self.entry, name)]

    @property
    def takes_pupils(self) -> bool:
        return self.entry.takes_pupils

    @property
    def phone(self) -> str:
        return self.entry.phone if self.entry.shows_phone else ""

    @property
    def email(self) -> str:
        return self.entry.partner.reach if self.entry.shows_email else ""

    @property
    def can_be_written_to(self) -> bool:
        """Who has no address is reached by telephone, or through the hub."""
        return bool(self.entry.partner.reach)

    @property
    def website(self) -> str:
        own = self.entry.website if self.entry.shows_website else ""
        return own if own.startswith(("https://", "http://")) else ""

    @property
    def miles(self) -> int | None:
        """Whole miles: the place is only known as the middle of a few thousand doors."""
        found = getattr(self.entry, "miles", None)
        return None if found is None else round(found)

    @property
    def distance(self) -> str:
        if self.miles is None:
            return ""
        return "less than 1 mile" if self.miles < 1 else f"about {self.miles} mile{'' if self.miles == 1 else 's'}"

    @property
    def checks(self) -> list[tuple[str, Any]]:
        """What the hub checked, and when: asked of the rows of the application."""
        kind, on = getattr(self.entry, "seen_kind", None), getattr(self.entry, "seen_on", None)
        seen = [(SEEN_AS[Kind(kind)], on)] if kind and on else []
        papers = [(words, getattr(self.entry, f"{name}_on", None)) for name, words in self._papers]
        return [*seen, *((words, at) for words, at in papers if at), ("Induction completed", self.entry.partner.since)]

    @property
    def _papers(self) -> list[tuple[str, str]]:
        """Which a check speaks of: of DBS, insurance and safeguarding those that were given."""
        said = {words: getattr(self.entry, f"said_{name}", None) for name, words in PAPERS.items()}
        given = ", ".join(words for words, answer in said.items() if answer and answer != "No")
        return [("qualified", "Qualifications"), *([("papers", f"{given[:1].upper()}{given[1:]}")] if given else [])]

    @property
    def page(self) -> str:
        return address(self.entry.service, "partner", self.pk)

    @property
    def as_row(self) -> list[Any]:
        """A line of the list as CSV: COLUMNS."""
        pupils = "yes" if self.takes_pupils else "not now"
        row = [self.name, self.instruments, self.styles, self.about, self.entry.town, self.postcode]
        row += [", ".join(self.settings), pupils, self.phone, self.email, self.website]
        return [*row, self.entry.partner.since, "" if self.miles is None else self.miles, self.page]

    @property
    def as_json(self) -> dict[str, Any]:
        """The same with the names that a program reads; lists stay lists, and what is not shown is not there."""
        told: dict[str, Any] = {
            "name": self.name,
            "instruments": self.entry.instruments,
            "styles": self.entry.styles,
            "about": self.about,
            "town": self.entry.town,
            "postcode": self.postcode,
            "settings": self.settings,
            "takes_pupils": self.takes_pupils,
            "telephone": self.phone,
            "email": self.email,
            "website": self.website,
            "since": self.entry.partner.since.isoformat(),
            "miles": self.miles,
            "page": self.page,
        }
        return {name: value for name, value in told.items() if value not in ("", None)}

    def as_linked(self, hub: str) -> dict[str, Any]:
        """In the words of schema.org."""
        told: dict[str, Any] = {
            "@type": "Person",
            "name": self.name,
            "url": self.page,
            "jobTitle": "Music teacher",
            "knowsAbout": self.entry.instruments,
            "description": self.about,
            "telephone": self.phone,
            "email": self.email,
            "sameAs": self.website,
            "memberOf": {"@type": "Organization", "name": hub},
        }
        if self.place:
            where = {"addressLocality": self.entry.town, "postalCode": self.postcode, "addressCountry": "GB"}
            told["address"] = {"@type": "PostalAddress", **{name: value for name, value in where.items() if value}}
        return {name: value for name, value in told.items() if value}


def linked_list(shown: list[Shown], hub: str) -> SafeString:
    """A page of the list as data for search engines, safe inside of a script element, which nothing runs."""
    items = [
        {"@type": "ListItem", "position": number, "item": one.as_linked(hub)} for number, one in enumerate(shown, 1)
    ]
    return _data({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items})


def linked_person(shown: Shown, hub: str) -> SafeString:
    return _data({"@context": "https://schema.org", **shown.as_linked(hub)})


def _data(told: dict[str, Any]) -> SafeString:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(IN_A_SCRIPT))  # noqa: S308 - nothing in it can end the element
