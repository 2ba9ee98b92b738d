"""The settings of the scheme, and the words of its letters (A1)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core import uploads
from tutti.core.forms import VerbForm
from tutti.partners.models import Scheme
from tutti.partners.models.letter_words import IN_OFFICIAL_LETTER, placeholders_of, words_of
from tutti.partners.models.scheme import change_draft, change_scheme

AREA = {"rows": 4}


class LinesField(forms.CharField):
    """Sentences, one a line."""

    widget = forms.Textarea(attrs={"rows": 7})

    def __init__(self, **words: Any) -> None:
        """Not more than fits a page."""
        super().__init__(**{"max_length": 4000, "help_text": "A sentence a line", **words})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The text is looked at as it was typed, then taken apart."""
        lines = [" ".join(line.split()) for line in str(super().clean(value)).splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _days(label: str, most: int = 60) -> forms.IntegerField:
    wide = {"class": "govuk-input--width-3", "inputmode": "numeric"}
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=forms.NumberInput(attrs=wide))


class SchemeForm(VerbForm):
    """Everything that a service says of its scheme."""

    is_open = forms.BooleanField(label="Applications are taken", required=False)
    name = forms.CharField(label="What the scheme is called", max_length=80)
    partner_word = forms.CharField(label="What one of its teachers is called", max_length=60)
    hub_name = forms.CharField(label="Name of the hub", max_length=120)
    hub_address = forms.CharField(label="Address", required=False, widget=forms.Textarea(attrs=AREA))
    hub_email = forms.EmailField(label="E-mail", max_length=254, required=False)
    lead_name = forms.CharField(label="Name of the lead organisation", max_length=120)
    lead_address = forms.CharField(
        label="Its address", help_text="Paper forms return there", required=False, widget=forms.Textarea(attrs=AREA)
    )
    lead_email = forms.EmailField(label="Its e-mail", max_length=254, required=False)
    criteria = LinesField(label="What you ask of a teacher")
    expected = LinesField(label="What a partner does")
    given = LinesField(label="What a partner gets from you")
    questions = LinesField(
        label="Your own questions",
        help_text="Asked besides ours, on line and on paper. A question a line",
        required=False,
    )
    looked_at = LinesField(
        label="What a mentor looks at",
        help_text="Headings of the report, besides ours. A heading a line",
        required=False,
    )
    checklist = LinesField(label="What the induction goes through")
    received_days = _days("Whether to proceed")
    arranging_days = _days("The observation arranged")
    report_days = _days("The mentor’s report")
    deciding_days = _days("The decision on it")
    induction_days = _days("The induction arranged")
    wait_days = forms.IntegerField(
        label="Days until somebody who was not successful may apply again",
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    letter_words = forms.CharField(
        label="What the official letter says",
        help_text="Filled in for you: " + ", ".join(f"{{{name}}}" for name in IN_OFFICIAL_LETTER),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    signatory_name = forms.CharField(label="Who signs it", max_length=120, required=False)
    signatory_title = forms.CharField(label="Their title", max_length=120, required=False)
    picture = forms.FileField(
        label="Picture of the signature",
        help_text="A PNG or JPEG, dark on white",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
    )

    def __init__(self, data: Any, files: Any, scheme: Scheme) -> None:
        """As it stands."""
        super().__init__(data, files, initial={name: getattr(scheme, name, None) for name in self.base_fields})
        self.scheme = scheme

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean(self) -> dict[str, Any]:
        """Paper forms return to the lead organisation (A1), so applications are taken once it has an address."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("is_open") and not said.get("lead_address", "").strip():
            self.add_error("lead_address", "Paper forms return there: it is needed before applications are taken.")
        return said

    def clean_picture(self) -> Any:
        file = self.cleaned_data.get("picture")
        return uploads.take_picture(file) if file else None

    def save(self, by: Any) -> bool:
        said = dict(self.cleaned_data)
        picture = said.pop("picture")
        if picture:  # the old one stays: letters that were issued bear it
            said["signature"] = uploads.keep(picture, "schemes")
        return change_scheme(self.scheme, by, **said)


GROUPS = [
    ("The scheme", ("is_open", "name", "partner_word")),
    ("The hub", ("hub_name", "hub_address", "hub_email")),
    ("The lead organisation", ("lead_name", "lead_address", "lead_email")),
    ("What it asks and gives", ("criteria", "expected", "given", "questions", "looked_at", "checklist")),
    (
        "How long each step may take, in working days",
        ("received_days", "arranging_days", "report_days", "deciding_days", "induction_days", "wait_days"),
    ),
    ("The official letter", ("letter_words", "signatory_name", "signatory_title", "picture")),
]


HELP = (
    "The first line is the subject. Filled in for you: {}. Words in [BRACKETS] are filled in when it is sent. "
    "Leave it empty to have our words again."
)


class LetterWordsForm(VerbForm):
    """A letter in the hub's own words."""

    words = forms.CharField(
        label="The letter",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
    )

    def __init__(self, data: Any, scheme: Scheme, move: str) -> None:
        """As it stands."""
        super().__init__(data, initial={"words": words_of(scheme, move)})
        self.scheme, self.move = scheme, move
        known = ", ".join(f"{{{name}}}" for name in placeholders_of(move))
        self.fields["words"].help_text = HELP.format(known)

    def save(self, by: Any) -> None:
        change_draft(self.scheme, by, self.move, self.cleaned_data["words"])
