"""The scheme that a service runs for independent teachers: its name, who stands behind it, what it asks (A1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction

from tutti.core import history
from tutti.core.calendar import Day
from tutti.partners.models.letter_words import (
    IN_OFFICIAL_LETTER,
    check_words,
    default_words,
    placeholders_of,
    tidy_letter,
)

CRITERIA = [
    "A recognised teaching qualification, such as a PGCE or the CME",
    "A qualification on your principal instrument",
    "A proven track record of successful teaching: two referees tell us about it",
    "You teach now, or perform professionally, or both",
    "Sound knowledge of the instruments that you teach and of their repertoire",
]
EXPECTED = [
    "Well planned lessons, good relations with schools, pupils and parents, attendance and punctuality",
    "High expectations, and pupils who are motivated",
    "You assess each pupil’s progress and write a report when a school or parent reasonably asks for one",
    "You encourage pupils to play in ensembles, at school, at the Music Centre and above",
    "A return of data once a year",
    "Training at least once a year, and safeguarding training every three years",
    "Public liability insurance and a DBS certificate that are up to date",
    "You know and keep the law of copyright",
]
GIVEN = [
    "Your place on the list that schools and parents choose from",
    "Courses that follow from what was observed and what teachers and schools ask for",
    "Safeguarding training",
    "Concessions for pupils in need, and instruments to hire at low cost",
    "Colleagues to meet, resources and library first, and support when you need it",
]
CHECKLIST = ["The hub and its people", "What is expected of a partner", "Safeguarding", "Data and the yearly return"]
LOOKED_AT = [
    "How the lesson was planned",
    "What the pupils learned, and how their playing improved",
    "How teacher and pupils were with each other",
]
WAIT_DAYS = 90  # between an application that was not successful and the next
LETTER_WORDS = """We are pleased to confirm that {name} is a {partner} of {hub} since {since}.

You applied to us, we looked at your teaching and at your experience, and you have gone through our induction. Your name stands on the list that schools and parents choose from.

You may call yourself a {partner} and use our logo for as long as you are in good standing with us. Whoever wants to know may scan the code below."""  # noqa: E501
STAGE_DAYS = 10  # working days, of the stages that wait for somebody of the hub
LIMITS = [MinValueValidator(1), MaxValueValidator(60)]
REPORT_DAYS = 10  # working days within which the mentor's report is due


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def of(self, service: Any) -> Scheme | None:
        """The scheme of a service; None where it runs none."""
        return self.filter(service=service).select_related("service").first()

    def hold(self, service: Any) -> Scheme:
        """The scheme, locked inside a transaction: whoever asks who applies now comes one after the other."""
        return self.select_for_update(of=("self",)).select_related("service").get(service=service)


class Scheme(models.Model):
    """A service that has one runs the scheme. The hub and its lead organisation are two, each with name, postal address
    and e-mail (A1): paper forms go to the lead organisation.

    `name` is that of the scheme, `partner_word` what one partner is called. The lists are sentences, one a line;
    `questions` are asked besides those of the field. Limits are working days; `wait_days` are days between an
    application that was refused and the next. `letter_words` stand in the official letter above `signature`, the name
    of a kept picture; `drafts` are the hub's own words of letters to applicants, by move.
    """

    service = models.OneToOneField("people.MusicService", models.CASCADE, related_name="scheme")
    is_open = models.BooleanField(default=True)
    name = models.CharField(max_length=80, default="Professional Partners")
    partner_word = models.CharField(max_length=60, default="Professional Partner")
    hub_name = models.CharField(max_length=120)
    hub_address = models.TextField(blank=True)
    hub_email = models.EmailField(blank=True)
    lead_name = models.CharField(max_length=120)
    lead_address = models.TextField(blank=True)
    lead_email = models.EmailField(blank=True)
    criteria = models.JSONField(default=list)
    expected = models.JSONField(default=list)
    given = models.JSONField(default=list)
    checklist = models.JSONField(default=list)
    looked_at = models.JSONField(default=list)
    report_days = models.PositiveSmallIntegerField(default=REPORT_DAYS, validators=LIMITS)
    received_days = models.PositiveSmallIntegerField(default=STAGE_DAYS, validators=LIMITS)
    arranging_days = models.PositiveSmallIntegerField(default=STAGE_DAYS, validators=LIMITS)
    deciding_days = models.PositiveSmallIntegerField(default=STAGE_DAYS, validators=LIMITS)
    induction_days = models.PositiveSmallIntegerField(default=STAGE_DAYS, validators=LIMITS)
    wait_days = models.PositiveSmallIntegerField(default=WAIT_DAYS, validators=[MaxValueValidator(1000)])
    questions = models.JSONField(default=list)
    signatory_name = models.CharField(max_length=120, blank=True)
    signatory_title = models.CharField(max_length=120, blank=True)
    signature = models.CharField(max_length=200, blank=True)
    letter_words = models.TextField(default=LETTER_WORDS)
    drafts = models.JSONField(default=dict)
    last_number = models.PositiveIntegerField(default=0)

    objects = SchemeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def again_since(self, day: Day) -> Day:
        """Who was refused on this day or later may not apply on that day yet."""
        return day - timedelta(days=self.wait_days - 1)

    def again_from(self, refused: Day) -> str:
        """From when somebody may apply again, in words."""
        return history.day_in_words(str(refused + timedelta(days=self.wait_days)))

    @transaction.atomic
    def next_reference(self, year: int) -> str:
        """The next reference number of an application: "PP-2026-0007"."""
        scheme = Scheme.objects.select_for_update().get(pk=self.pk)
        scheme.last_number += 1
        scheme.save(update_fields=["last_number"])
        initials = "".join(word[0] for word in scheme.name.split()).upper()[:4]
        return f"{initials}-{year}-{scheme.last_number:04}"


@transaction.atomic
def run_scheme(service: Any, by: Any, **fields: Any) -> Scheme:
    """Begin to run the scheme, with the words of the seed where nothing else is said. Twice is once."""
    words = {"criteria": CRITERIA, "expected": EXPECTED, "given": GIVEN, "checklist": CHECKLIST}
    words["looked_at"] = LOOKED_AT
    named = {"hub_name": service.name, "lead_name": service.name, "hub_email": service.email}
    scheme, is_new = Scheme.objects.get_or_create(service=service, defaults={**words, **named, **fields})
    if is_new:
        history.record("began the scheme", scheme, by, after={"name": scheme.name})
    return scheme


@transaction.atomic
def change_scheme(scheme: Scheme, by: Any, **fields: Any) -> bool:
    """Change what is said of it. ValidationError for words in which a placeholder stands for nothing."""
    if "letter_words" in fields:
        with _beside("letter_words"):
            check_words(fields["letter_words"], IN_OFFICIAL_LETTER)
    held = Scheme.objects.select_for_update().get(pk=scheme.pk)
    return history.change(held, "changed the scheme", by, **fields)


@transaction.atomic
def change_draft(scheme: Scheme, by: Any, move: str, words: str) -> None:
    """Write the letter of a move in the hub's own words; ours again where they are empty or the same.

    ValidationError where a placeholder stands for nothing, or there is nothing below the subject.
    """
    with _beside("words"):
        check_words(words, placeholders_of(move))
        text = tidy_letter(words)
    held = Scheme.objects.select_for_update().get(pk=scheme.pk)
    others = {name: own for name, own in held.drafts.items() if name != move}
    own = {} if not text or text == default_words(move) else {move: text}
    history.change(held, "changed a letter of the scheme", by, drafts={**others, **own})


@contextmanager
def _beside(field: str) -> Iterator[None]:
    """What is wrong is said of this field."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
