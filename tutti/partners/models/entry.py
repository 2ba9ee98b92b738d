"""An entry: what the public list shows of one partner, and no more than they chose (M11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery

from tutti.core import history
from tutti.partners.models.application_check import ApplicationCheck
from tutti.partners.models.application_questions import SETTINGS as ANSWERS
from tutti.partners.models.distance import bounding, miles_to
from tutti.partners.models.entry_words import fold, fold_all, split_list
from tutti.partners.models.observation import Observation
from tutti.people.roles import Permission
from tutti.schools.models import Postcode
from tutti.schools.models.postcode import Point, Written, read_postcode

SETTINGS = {
    "at_school": "At school",
    "at_home": "At the pupil’s home",
    "at_studio": "At the teacher’s",
    "online": "Online",
}
ANSWERED = dict(zip(ANSWERS, ("at_school", "at_studio", "at_home", "online"), strict=True))
SHOWN = {
    "shows_phone": "My telephone number",
    "shows_email": "My e-mail address",
    "shows_website": "My website",
    "shows_district": "The first half of my postcode, so that I am found by distance",
    "shows_postcode": "My whole postcode, because I teach there",
}
TEXTS = {
    "instruments": "Instruments",
    "styles": "Styles",
    "about": "About me",
    "town": "Town",
    "website": "Website",
}
PAPERS = {"dbs": "DBS", "insurance": "insurance", "safeguarding": "safeguarding"}
AT_ONCE = ("postcode", "phone", "takes_pupils", *SETTINGS, *SHOWN)


def _checked(section: str) -> Subquery:
    """When somebody of the hub found this part of the application in order."""
    own = ApplicationCheck.objects.filter(application=OuterRef("partner__application"), section=section)
    return Subquery(own.values("at")[:1])


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, member: Any) -> EntryQuerySet:
        """All for the leader; one's own for a partner."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.DECIDE_APPLICATIONS) else own.filter(partner__member=member)

    def of(self, partners: models.QuerySet[Any]) -> EntryQuerySet:
        """Those of these partners, by name: who is listed is asked of the partners (A5)."""
        return self.filter(partner__in=partners).order_by("partner__name", "pk")

    def saying(self, instrument: str = "", style: str = "", words: str = "") -> EntryQuerySet:
        """Those with this instrument and style, and each of these words anywhere in what they say."""
        found = self
        if fold(instrument):
            found = found.filter(instrument_words__contains=fold(instrument))
        if fold(style):
            found = found.filter(style_words__contains=fold(style))
        for word in fold(words).split():
            found = found.filter(words__contains=word)
        return found

    def teaching_at(self, settings: Collection[str]) -> EntryQuerySet:
        """Those who teach in one of these settings."""
        any_of = Q()
        for name in SETTINGS:
            any_of |= Q(**{name: True}) if name in settings else Q()
        return self.filter(any_of)

    def in_town(self, town: str) -> EntryQuerySet:
        return self.filter(town_words__contains=fold(town))

    def in_district(self, district: str) -> EntryQuerySet:
        return self.filter(district=district)

    def near(self, point: Point, miles: int | None) -> EntryQuerySet:
        """The nearest first, within so many miles; without a limit those whose place is not known come last (A6)."""
        measured = self.annotate(miles=miles_to(point))
        if miles is not None:
            measured = measured.filter(bounding(point, miles), miles__lte=miles)
        return measured.order_by(F("miles").asc(nulls_last=True), "partner__name", "pk")

    def with_checks(self) -> EntryQuerySet:
        """With the partner, the last observation that took place, when papers were checked, and which of them there
        were. Still one query."""
        seen = Observation.objects.took_place().filter(application=OuterRef("partner__application")).order_by("-on")
        return self.select_related("partner__member__person").annotate(
            seen_on=Subquery(seen.values("on")[:1]),
            seen_kind=Subquery(seen.values("kind")[:1]),
            qualified_on=_checked("qualifications"),
            papers_on=_checked("checks"),
            **{f"said_{name}": F(f"partner__application__answers__{name}") for name in PAPERS},
        )

    def find_places(self) -> None:
        """Put each where its postcode lies now: after a file of postcodes was taken in. Three statements."""
        entries = list(self.exclude(district=""))
        middles = Postcode.objects.middles({entry.sector for entry in entries})
        for entry in entries:
            entry.lie_at(middles.get(entry.sector))
        Entry.objects.bulk_update(entries, ["latitude", "longitude"], batch_size=500)


class Entry(models.Model):
    """One partner on the list. Ticks, postcode and telephone are theirs to change at once; texts wait for the hub.

    `postcode` is theirs; `district`, `latitude` and `longitude` are what the public may be told of it. The place is the
    middle of the postcode's sector, so that nobody finds a door by asking for distances. The `_words` are what a
    search compares.
    """

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    partner = models.OneToOneField("partners.Partner", models.CASCADE, related_name="entry")
    instruments = models.JSONField(default=list)
    styles = models.JSONField(default=list)
    about = models.TextField(blank=True, max_length=600)
    town = models.CharField(max_length=80, blank=True)
    website = models.CharField(max_length=200, blank=True, validators=[URLValidator(["http", "https"])])
    postcode = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    takes_pupils = models.BooleanField(default=True)
    at_school = models.BooleanField(default=True)
    at_home = models.BooleanField(default=False)
    at_studio = models.BooleanField(default=False)
    online = models.BooleanField(default=False)
    shows_phone = models.BooleanField(default=False)
    shows_email = models.BooleanField(default=False)
    shows_website = models.BooleanField(default=True)
    shows_district = models.BooleanField(default=True)
    shows_postcode = models.BooleanField(default=False)
    district = models.CharField(max_length=4, blank=True, editable=False)
    latitude = models.FloatField(null=True, editable=False)
    longitude = models.FloatField(null=True, editable=False)
    words = models.TextField(blank=True, editable=False)
    instrument_words = models.TextField(blank=True, editable=False)
    style_words = models.TextField(blank=True, editable=False)
    town_words = models.TextField(blank=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["service", "district"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_school=True) | Q(at_home=True) | Q(at_studio=True) | Q(online=True),
                name="entry_teaches_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | (Q(latitude__isnull=False, longitude__isnull=False)),
                name="entry_place_whole",
            ),
            models.CheckConstraint(
                condition=Q(shows_district=True) | Q(district="", latitude=None), name="entry_place_only_if_shown"
            ),
            models.CheckConstraint(
                condition=Q(shows_postcode=False) | Q(shows_district=True), name="entry_postcode_with_its_district"
            ),
        ]

    def __str__(self) -> str:
        return self.partner.name

    @property
    def name(self) -> str:
        return self.partner.name

    @property
    def sector(self) -> str:
        return self.postcode.replace(" ", "")[:-2]

    @property
    def texts(self) -> dict[str, str]:
        """The texts as they are public, each as it is typed."""
        return {name: spell_text(getattr(self, name)) for name in TEXTS}

    @transaction.atomic
    def choose(self, by: Any, **chosen: Any) -> bool:
        """Change what needs nobody's word, at once, with history. False if nothing differed.

        ValidationError for a malformed postcode, and where no setting is left.
        """
        held = Entry.objects.select_for_update(of=("self",)).select_related("partner").get(pk=self.pk)
        if "postcode" in chosen:
            written = _whole(chosen["postcode"])
            chosen["postcode"] = str(written or "")
        merged = {name: chosen.get(name, getattr(held, name)) for name in AT_ONCE}
        if not any(merged[name] for name in SETTINGS):
            raise ValidationError("Choose at least one place where you teach.")
        chosen["shows_district"] = merged["shows_district"] or merged["shows_postcode"]
        if not chosen["shows_district"]:
            Entry.objects.filter(pk=held.pk).update(district="", latitude=None, longitude=None)
        changed = history.change(held, "changed the entry", by, **chosen)
        held.write_words()
        self.refresh_from_db()
        return changed

    def write_words(self) -> None:
        """What the search compares and where it lies, from what the entry says."""
        self.district = self.postcode.split(" ")[0] if self.shows_district else ""
        known = Postcode.objects.middles({self.sector}) if self.district else {}
        self.lie_at(known.get(self.sector))
        self.instrument_words, self.style_words = fold_all(self.instruments), fold_all(self.styles)
        self.town_words = fold(self.town)
        self.words = fold_all([self.partner.name, *self.instruments, *self.styles, self.town, self.about])
        self.save()

    def lie_at(self, point: Point | None) -> None:
        self.latitude, self.longitude = (point.latitude, point.longitude) if point else (None, None)


def begin_entry(partner: Any, answers: Mapping[str, Any]) -> Entry:
    """The entry of a new partner, with what their application said of instruments, places and telephone (M1). They
    choose what is shown."""
    where = answers.get("settings") or []
    settings = {name: words in where for words, name in ANSWERED.items()}
    entry = Entry(
        service_id=partner.service_id,
        partner=partner,
        instruments=partner.instruments,
        phone=str(answers.get("phone", ""))[:40],
        town=_towns(str(answers.get("places", ""))),
        website=_website(answers.get("website", "")),
        **(settings if any(settings.values()) else {}),
    )
    entry.write_words()
    return entry


def lacking(entry: Entry) -> list[str]:
    """What would help schools and parents to find and to choose them, in words."""
    wants = {
        "Your postcode: without it you are not found by distance": entry.postcode,
        "The town where you teach": entry.town,
        "Two or three sentences about you": entry.about,
        "The styles that you teach": entry.styles,
    }
    return [words for words, has in wants.items() if not has]


def spell_text(value: Any) -> str:
    """A list as it is typed, with commas; anything else as it is."""
    return ", ".join(value) if isinstance(value, list) else str(value)


def _towns(text: str) -> str:
    """As many of them as there is room for, each whole."""
    kept = ""
    for town in split_list(text):
        longer = f"{kept}, {town}" if kept else town
        kept = longer if len(longer) <= 80 else kept
    return kept


def _website(text: Any) -> str:
    """As the application has it, if it is one."""
    own = str(text or "").strip()
    own = own if "://" in own or not own else f"https://{own}"
    try:
        Entry._meta.get_field("website").run_validators(own)
    except ValidationError:
        return ""
    return own


def _whole(text: str) -> Written | None:
    """A whole postcode, or None for none. ValidationError for anything else."""
    try:
        written = read_postcode(text) if text.strip() else None
    except ValueError as error:
        raise ValidationError({"postcode": str(error)}) from error
    if text.strip() and (written is None or not written.rest):
        raise ValidationError({"postcode": "Type the whole postcode, like NX1 1AA. You choose what of it is shown."})
    return written
