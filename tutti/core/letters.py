"""Letters: claimed, handed to the mail server, remembered (L1, L2). Nothing is ever sent twice by itself.

A letter is written in the transaction of what it tells about, and goes out after it in a job. Without EMAIL_URL, and
in a demo world always, it is kept and goes nowhere. It is plain text and short; what it is about opens behind a link.
"""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Iterable, Sequence
from datetime import timedelta
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django_tasks import task

from tutti.core import history, row_security
from tutti.core.letter_message import message_of

# What is certain not to have been sent; after anything else the letter may be on its way.
NOT_SENT = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    ConnectionRefusedError,
    socket.gaierror,
    ValueError,
)
SAID = "the_mail_said"  # in the history of a letter
SECRET = re.compile(r"(https?://\S+)|(?m:^    \S+$)")  # a link, or a code on a line of its own


class State(models.TextChoices):
    WAITING = "waiting", "Waiting to be sent"
    CLAIMED = "claimed", "Perhaps sent"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Refused by the mail server"
    BOUNCED = "bounced", "Came back"
    KEPT = "kept", "Kept here, no mail server"
    TO_POST = "to_post", "To be printed and posted"
    POSTED = "posted", "Posted"


WENT_OUT = (State.CLAIMED, State.SENT)  # what may come back


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, member: Any) -> LetterQuerySet:
        return self.filter(service_id=member.service_id)

    def about(self, thing: models.Model) -> LetterQuerySet:
        return self.filter(thing=thing._meta.label_lower, thing_id=thing.pk)

    def last_came_back(self, emails: Iterable[str]) -> dict[str, Letter]:
        """The addresses of these, in small letters, whose newest letter came back, each with that letter. One query."""
        wanted = {email.lower() for email in emails}
        sent = self.annotate(address=Lower("to_email")).filter(address__in=wanted).exclude(state=State.WAITING)
        newest = {letter.to_email.lower(): letter for letter in sent.defer("body").order_by("written_at", "pk")}
        return {email: letter for email, letter in newest.items() if letter.state == State.BOUNCED}


class Letter(models.Model):
    """One letter to one person. `slot` makes it once only: a second letter with the same slot is not written.

    `refusal`: what the mail server said when it did not take the letter, or what the mail said when it came back.
    `calendar`: an invitation as iCalendar, which goes with it, as `enclosed` does: kept files, each {name, kept_as}.
    Who has no address gets it by post, once somebody has printed it. `message_id`: the name under which it goes out,
    by which it is known again when it comes back (L2).
    """

    State = State

    service = models.ForeignKey(settings.SERVICE_MODEL, models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=60)
    slot = models.CharField(max_length=120, blank=True)
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    calendar = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)
    thing = models.CharField(max_length=60, blank=True)
    thing_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    enclosed = models.JSONField(default=list)
    refusal = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind", "slot"], condition=~models.Q(slot=""), name="letter_once_only"
            )
        ]
        indexes = [
            models.Index(fields=["service", "-written_at"]),
            models.Index(
                fields=["service", "message_id"], condition=~models.Q(message_id=""), name="letter_message_id"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def claim(self) -> bool:
        """Take it for sending, under a name of its own. False if somebody else has, or has sent it."""
        self.message_id = make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">"))
        waiting = Letter.objects.filter(pk=self.pk, state=State.WAITING)
        return waiting.update(state=State.CLAIMED, sent_at=timezone.now(), message_id=self.message_id) == 1

    def hand_over(self) -> None:
        """Give a claimed letter to the mail server and say what became of it.

        Call it outside of any transaction: a slow server must not hold the database. What is neither certainly sent
        nor certainly refused stays "perhaps sent", with what the line said, for a person to decide (L1).
        """
        if not settings.EMAIL_URL or self.service.is_demo:
            self._end(State.KEPT)
            return
        try:
            message_of(self).send()
        except NOT_SENT as error:
            self._end(State.REFUSED, refusal=str(error)[:300], body=self.without_secrets)
        except Exception as error:  # whatever else the server or the line did, the office reads it
            self._end(State.CLAIMED, refusal=(str(error) or type(error).__name__)[:300])
        else:
            self._end(State.SENT, body=self.without_secrets)

    @property
    def may_come_back(self) -> bool:
        return self.state in WENT_OUT

    @transaction.atomic
    def come_back(self, by: Any, said: str = "") -> bool:
        """Remember that it came back, and what the mail said (L2). False if it had, or never went out.

        `by` is None where the mail provider says so.
        """
        letter = Letter.objects.select_for_update().get(pk=self.pk)
        if not letter.may_come_back:
            return False
        return letter._turn("came back", by, State.BOUNCED, said[:300])

    @transaction.atomic
    def undo_come_back(self, by: Any) -> bool:
        """It did not come back after all: it is again what it was before. False if it had not come back."""
        letter = Letter.objects.select_for_update().get(pk=self.pk)
        if letter.state != State.BOUNCED:
            return False
        told = history.Event.objects.about(letter).filter(verb="came back").order_by("-pk").first()
        before = told.before if told else {}
        return letter._turn("did not come back", by, before.get("state", State.SENT), before.get(SAID, ""))

    @transaction.atomic
    def arrived(self, by: Any) -> bool:
        """Somebody knows that a letter that was perhaps sent has arrived (L1). False for any other."""
        letter = Letter.objects.select_for_update().get(pk=self.pk)
        if letter.state != State.CLAIMED:
            return False
        return letter._turn("arrived", by, State.SENT, "", body=letter.without_secrets)

    @transaction.atomic
    def post(self, by: Any) -> bool:
        """Somebody has printed and posted it. False if it was not to be posted."""
        letter = Letter.objects.select_for_update().get(pk=self.pk)
        if letter.state != State.TO_POST:
            return False
        return letter._turn("posted", by, State.POSTED, "", sent_at=timezone.now())

    def _turn(self, verb: str, by: Any, state: str, said: str, **fields: Any) -> bool:
        """Give it another state, with history. Call it on a row that is locked."""
        words = {"before": {"state": self.state, SAID: self.refusal}, "after": {"state": state, SAID: said}}
        history.record(verb, self, by, **{when: {k: v for k, v in told.items() if v} for when, told in words.items()})
        Letter.objects.filter(pk=self.pk).update(state=state, refusal=said, **fields)
        return True

    @property
    def without_secrets(self) -> str:
        """The body without what signs somebody in: only its reader may have that."""
        return SECRET.sub("[not kept]", self.body) if self.is_secret else self.body

    def _end(self, state: str, **fields: Any) -> None:
        with transaction.atomic():
            row_security.enter(self.service_id)
            Letter.objects.filter(pk=self.pk).update(state=state, sent_at=timezone.now(), **fields)


def address(service: Any, name: str, *args: Any) -> str:
    """The full address of a service's page for a letter, wherever it is written: in a request, a job or a command."""
    path = reverse(name, args=args).removeprefix(get_script_prefix())
    return f"{settings.SITE_URL}/{service.slug}/{path}"


def compose(
    service: Any,
    kind: str,
    template: str,
    context: dict[str, Any],
    *,
    to_name: str,
    to_email: str,
    slot: str = "",
    about: models.Model | None = None,
    is_secret: bool = False,
    calendar: str = "",
    enclosed: Sequence[dict[str, str]] = (),
) -> Letter:
    """A letter from a template whose first line is the subject, not yet written."""
    text = render_to_string(template, {**context, "service": service, "to_name": to_name}).strip()
    subject, _, body = text.partition("\n")
    fields = {"to_name": to_name, "to_email": to_email, "subject": subject.strip()[:200], "body": body.strip() + "\n"}
    thing = {"thing": about._meta.label_lower, "thing_id": about.pk} if about else {}
    state = State.WAITING if to_email else State.TO_POST
    own = {"slot": slot, "is_secret": is_secret, "calendar": calendar, "enclosed": list(enclosed), "state": state}
    return Letter(service=service, kind=kind, **own, **fields, **thing)


def write(service: Any, kind: str, template: str, context: dict[str, Any], **fields: Any) -> Letter | None:
    """Write what `compose` makes of this, and send it when the transaction commits.

    None if a letter of this kind and slot exists already.
    """
    letter = compose(service, kind, template, context, **fields)
    slot = letter.slot
    if slot and Letter.objects.filter(service=service, kind=kind, slot=slot).exists():
        return None
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError:
        if slot:
            return None  # somebody was quicker by a moment
        raise
    if letter.state == State.WAITING:
        transaction.on_commit(lambda: send_letters.enqueue(service_id=service.pk, letter_ids=[letter.pk]))
    return letter


def write_all(service: Any, composed: Sequence[Letter]) -> list[Letter]:
    """Write letters at once, each with its slot, and send them in one job after the transaction. Returns those written.

    Those whose slot is used are left out. A fixed number of queries; IntegrityError, and nothing written, if somebody
    used one of the slots in the same moment: call it where that cannot be, or is tried again.
    """
    slots = [letter.slot for letter in composed]
    kinds = {letter.kind for letter in composed}
    used = Letter.objects.filter(service=service, kind__in=kinds, slot__in=slots).values_list("slot", flat=True)
    taken = set(used)
    new = Letter.objects.bulk_create(letter for letter in composed if letter.slot not in taken)
    if new:
        letter_ids = [letter.pk for letter in new]
        transaction.on_commit(lambda: send_letters.enqueue(service_id=service.pk, letter_ids=letter_ids))
    return new


@task(queue_name="mail")
def send_letters(service_id: int, letter_ids: list[int]) -> int:
    """Send these letters, each claimed first. Returns how many were handed over."""
    handed_over = 0
    for letter_id in letter_ids:
        with transaction.atomic():
            row_security.enter(service_id)
            letter = Letter.objects.select_related("service").filter(pk=letter_id).first()
            claimed = letter is not None and letter.claim()  # one that was deleted meanwhile has nobody to go to
        if letter and claimed:
            letter.hand_over()
            handed_over += 1
    return handed_over


def send_waiting(service: Any, older_than: timedelta = timedelta(minutes=10)) -> int:
    """Send what still waits because its job was lost. Nobody can have been sent it: it was never claimed."""
    late = Letter.objects.filter(service=service, state=State.WAITING, written_at__lt=timezone.now() - older_than)
    letter_ids = list(late.order_by("pk").values_list("pk", flat=True))
    if letter_ids:
        transaction.on_commit(lambda: send_letters.enqueue(service_id=service.pk, letter_ids=letter_ids))
    return len(letter_ids)
