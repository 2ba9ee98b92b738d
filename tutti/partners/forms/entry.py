"""What a partner types for their entry, what the leader says to it, and what a school or parent writes (M11)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction

from tutti.core.forms import VerbForm
from tutti.partners.models import Entry, EntryChange
from tutti.partners.models.entry import AT_ONCE, SETTINGS, SHOWN, TEXTS, spell_text
from tutti.partners.models.entry_change import propose_texts
from tutti.partners.models.entry_message import write_to
from tutti.partners.models.entry_words import split_list

PHONE = RegexValidator(r"^[0-9+() -]{6,40}$", "Type a telephone number in figures, like 01632 960123.")
WHO = [("school", "For a school"), ("parent", "As a parent or carer"), ("other", "For myself or somebody else")]


class EntryForm(VerbForm):
    """Ticks, postcode and telephone count at once; the texts wait for the hub."""

    use_required_attribute = False

    instruments = forms.CharField(label="Instruments", help_text="With commas between them", max_length=300)
    styles = forms.CharField(
        label="Styles", help_text="With commas between them, such as jazz, folk", required=False, max_length=200
    )
    about = forms.CharField(
        label="About me", help_text="Two or three sentences that a parent remembers", required=False, max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    town = forms.CharField(label="Town", required=False, max_length=80)
    website = forms.URLField(label="Website", required=False, max_length=200, assume_scheme="https")
    settings = forms.MultipleChoiceField(
        label="Where do you teach?", choices=list(SETTINGS.items()), widget=forms.CheckboxSelectMultiple
    )
    takes_pupils = forms.BooleanField(label="I take new pupils now", required=False)
    postcode = forms.CharField(
        label="Postcode", help_text="Whole, like NX1 1AA. You choose below what of it is shown", required=False,
        max_length=10,
    )  # fmt: skip
    phone = forms.CharField(label="Telephone number", required=False, max_length=40, validators=[PHONE])
    shown = forms.MultipleChoiceField(
        label="What may everybody see?", required=False, choices=list(SHOWN.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, data: Any, entry: Entry, waiting: EntryChange | None) -> None:
        """As it stands, with the texts as they were last written."""
        texts = {name: getattr(entry, name) for name in TEXTS} | (waiting.said if waiting else {})
        initial: dict[str, Any] = {name: spell_text(value) for name, value in texts.items()}
        initial |= {name: getattr(entry, name) for name in ("takes_pupils", "postcode", "phone")}
        initial |= {"settings": [name for name in SETTINGS if getattr(entry, name)]}
        super().__init__(data, initial=initial | {"shown": [name for name in SHOWN if getattr(entry, name)]})
        self.entry = entry

    def clean_website(self) -> str:
        website: str = self.cleaned_data["website"]
        if website and not website.startswith(("https://", "http://")):
            raise ValidationError("A website begins with https://")
        return website

    def clean_instruments(self) -> list[str]:
        if not (named := split_list(self.cleaned_data["instruments"])):
            raise ValidationError("Name at least one instrument.")
        return named

    def clean_styles(self) -> list[str]:
        return split_list(self.cleaned_data["styles"])

    @transaction.atomic
    def save(self, by: Any) -> EntryChange | None:
        """What counts at once, and the change of text that waits now, if any."""
        said = self.cleaned_data
        chosen = {name: name in said["settings"] for name in SETTINGS} | {name: name in said["shown"] for name in SHOWN}
        chosen |= {name: said[name] for name in AT_ONCE if name in said}
        self.entry.choose(by, **chosen)
        return propose_texts(self.entry, by, {name: said[name] for name in TEXTS})


class DecideForm(VerbForm):
    """The leader's word on a change of text: one of two buttons, and why not."""

    why = forms.CharField(
        label="Why not", help_text="They read it, and write again", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any, change: EntryChange) -> None:
        """Nothing said yet; `seen` are the words that were read."""
        super().__init__(data, initial={"seen": change.seen})
        self.change = change

    def save(self, by: Any) -> None:
        if self.data.get("answer") == "refuse":
            self.change.refuse(by, self.cleaned_data["seen"], self.cleaned_data["why"])
        elif self.data.get("answer") == "approve":
            self.change.approve(by, self.cleaned_data["seen"])
        else:
            raise ValidationError("Press one of the two buttons.")


class MessageForm(VerbForm):
    """Who writes, how they are answered, and what they ask."""

    name = forms.CharField(label="Your name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Your e-mail address", help_text="The teacher answers you there", max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    who = forms.ChoiceField(label="For whom do you ask?", choices=WHO, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Your message", help_text="What, where and when. Leave out names of children", max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, data: Any, entry: Entry, may_send: Any) -> None:
        """To one partner. `may_send` says of an address whether it has not written too often."""
        super().__init__(data)
        self.entry, self.may_send = entry, may_send

    def save(self, by: Any) -> None:
        if not self.may_send(self.cleaned_data["email"]):
            raise ValidationError("That were many messages in one hour. Keep your text, and send it in an hour.")
        write_to(self.entry, **self.cleaned_data)
