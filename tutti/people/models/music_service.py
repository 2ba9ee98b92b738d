"""The music service: the tenant. Nothing of one service is ever seen by another (H12)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from tutti.core import history, row_security
from tutti.people.accent import Palette, palette_of

FRIDAY = 4
DEFAULT_ACCENT = "#34409c"
TAKEN = {"static", "healthz", "readyz", "accounts", "sign-in-link", "demo", "help", "privacy", "accessibility"}


class MusicService(models.Model):
    """An organisation with its own name, colour and rules. Its slug is the first part of every address.

    `lessons_a_year` is how many lessons a place is promised, `promises` the kinds of lesson with a number of their own
    (C4): {"large_group": 30}.
    `remind_on` is the day for letters with which a new teacher begins (`Member.remind_on`), None for never.
    `bounce_key_number` says which of the keys made so far is good where letters that came back are told of; 0 for none.
    """

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]*$")])
    accent = models.CharField(max_length=7, default=DEFAULT_ACCENT)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    lessons_a_year = models.PositiveSmallIntegerField(
        default=33, validators=[MinValueValidator(21), MaxValueValidator(39)]
    )
    promises = models.JSONField(default=dict, blank=True)
    summary_working_day = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(15)]
    )
    remind_on = models.PositiveSmallIntegerField(null=True, default=FRIDAY, validators=[MaxValueValidator(FRIDAY)])
    bounce_key_number = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def palette(self) -> Palette:
        """The colours of both schemes that follow from the accent, contrast seen to."""
        return palette_of(self.accent)

    def promise(self, kind: str) -> int:
        """How many lessons a year a place in a lesson of this kind is to have (C4)."""
        own: int | None = self.promises.get(kind)
        return own or self.lessons_a_year

    @property
    def home_url(self) -> str:
        """The address of its front page, from wherever one is."""
        return f"/{self.slug}/"

    @property
    def brand_url(self) -> str:
        """Address of the tiny style sheet with this service's colours; it changes when they do."""
        return f"{reverse('brand')}?{self.accent.lstrip('#')}"

    @property
    def bounce_key(self) -> str:
        """The secret part of the address at which the mail provider tells of letters that came back (L2); "" for none.

        It follows from the deployment's secret key, so neither the database nor a copy of it gives it away.
        """
        if not self.bounce_key_number:
            return ""
        return salted_hmac("tutti.bounces", f"{self.pk}:{self.bounce_key_number}", algorithm="sha256").hexdigest()

    def is_bounce_key(self, key: str) -> bool:
        return self.bounce_key != "" and constant_time_compare(key, self.bounce_key)

    @transaction.atomic
    def renew_bounce_key(self, by: Any, known_number: int) -> bool:
        """Make another key; the one before opens nothing any more. False if somebody has since `known_number`."""
        service = MusicService.objects.select_for_update().get(pk=self.pk)
        if service.bounce_key_number != known_number:
            return False
        return history.change(service, "made an address for bounces", by, bounce_key_number=known_number + 1)

    @property
    def service_id(self) -> int:
        """A service is a row of its own, for history and letters."""
        return self.pk

    @contextmanager
    def entered(self) -> Iterator[MusicService]:
        """A transaction that sees this service's rows: for jobs and commands, which have no address."""
        with transaction.atomic():
            row_security.enter(self.pk)
            yield self

    @transaction.atomic
    def change(self, by: Any, **fields: Any) -> bool:
        """Change the service's settings, with history. False if nothing differed."""
        return history.change(self, "changed the settings", by, **fields)


def add_service(name: str, slug: str) -> MusicService:
    """Add a music service. ValidationError if its slug is taken, or is none."""
    if slug in TAKEN:
        raise ValidationError(f"{slug} is an address of Tutti itself.")
    service = MusicService(name=name.strip(), slug=slug)
    service.full_clean()
    service.save(force_insert=True)
    return service
