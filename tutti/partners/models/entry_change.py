"""A change of text in an entry: it waits until the leader approves it or says why not (M11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tutti.core import history
from tutti.partners import entry_letters
from tutti.partners.models.entry import TEXTS, Entry, spell_text
from tutti.people.roles import Permission


class EntryChangeQuerySet(models.QuerySet["EntryChange"]):
    def visible_to(self, member: Any) -> EntryChangeQuerySet:
        """Everybody else's for the leader: nobody approves their own words. One's own for a partner."""
        own = self.filter(service_id=member.service_id)
        if member.may(Permission.DECIDE_APPLICATIONS):
            return own.exclude(entry__partner__email__iexact=member.person.email).exclude(entry__partner__member=member)
        return own.filter(entry__partner__member=member)

    def waiting(self) -> EntryChangeQuerySet:
        """The oldest first."""
        return self.filter(state="waiting").select_related("entry__partner").order_by("proposed_at", "pk")


class EntryChange(models.Model):
    """New texts by the names of `TEXTS`. One waits for an entry at most; said again, the last words count."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Not taken"
        TAKEN_BACK = "taken back", "Taken back"

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="changes")
    said = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    why = models.CharField(max_length=500, blank=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)

    objects = EntryChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "approved", "refused", "taken back"]), name="entry_change_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="entry_change_decided_with_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(why=""), name="entry_change_refused_with_a_reason"
            ),
            models.UniqueConstraint(fields=["entry"], condition=Q(state="waiting"), name="entry_change_one_waits"),
        ]

    def __str__(self) -> str:
        return f"change of {self.entry}"

    @property
    def seen(self) -> str:
        """Which words somebody read: changes when the partner writes again."""
        return self.proposed_at.isoformat()

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """What is said, as it is public now, and as it would be."""
        now = self.entry.texts
        return [(TEXTS[name], now[name], spell_text(value)) for name, value in self.said.items() if name in TEXTS]

    @transaction.atomic
    def approve(self, by: Any, seen: str) -> None:
        """It is public from now on. ValidationError if it was decided, or written again since it was read."""
        held = self._held(by, seen)
        entry = held.entry
        history.change(entry, "approved the text", by, **held.said)
        entry.write_words()
        held._settle(self.State.APPROVED)
        entry_letters.entry_approved(held)

    @transaction.atomic
    def refuse(self, by: Any, seen: str, why: str) -> None:
        """The entry stays as it is, and the partner reads why. ValidationError without a reason, and as `approve`."""
        held = self._held(by, seen)
        if not why.strip():
            raise ValidationError({"why": "Say why, so that they know what to change."})
        held._settle(self.State.REFUSED, why.strip())
        history.record("did not take the text", held.entry, by, after={"why": held.why})
        entry_letters.entry_refused(held)

    def _held(self, by: Any, seen: str) -> EntryChange:
        hold_entry(self.entry_id)
        rows = EntryChange.objects.select_for_update(of=("self",)).select_related("entry__partner__member__person")
        held = rows.get(pk=self.pk)
        if held.state != self.State.WAITING:
            raise ValidationError("Somebody has decided on it already.")
        if held.seen != seen:
            raise ValidationError("They have written it again since you read it. Look at it once more.")
        return held

    def _settle(self, state: str, why: str = "") -> None:
        self.state, self.why, self.decided_at = state, why, timezone.now()
        self.save(update_fields=["state", "why", "decided_at"])


def hold_entry(pk: int) -> Entry:
    """The entry, locked inside a transaction: before any change of it, so that nobody waits for each other."""
    return Entry.objects.select_for_update(of=("self",)).select_related("partner").get(pk=pk)


@transaction.atomic
def propose_texts(entry: Entry, by: Any, texts: Mapping[str, Any]) -> EntryChange | None:
    """Texts as the partner would have them. What is as it is already is no change; where nothing is left, what waited
    is taken back, and None returned."""
    held = hold_entry(entry.pk)
    said = {name: texts[name] for name in TEXTS if name in texts and texts[name] != getattr(held, name)}
    waiting = EntryChange.objects.filter(entry=held).waiting().first()  # decided on by nobody while the entry is held
    if waiting and waiting.said == said:
        return waiting
    if not said:
        if waiting:
            waiting._settle(EntryChange.State.TAKEN_BACK)
            history.record("took the text back", held, by)
        return None
    is_new = waiting is None
    waiting = waiting or EntryChange(service_id=held.service_id, entry=held)
    waiting.said, waiting.proposed_at = said, timezone.now()
    waiting.save()
    history.record("wrote a text", held, by, after={name: spell_text(value) for name, value in said.items()})
    if is_new:
        entry_letters.entry_waits(waiting)
    return waiting
