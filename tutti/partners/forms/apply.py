"""What an applicant types: name and address to begin with, then the application section by section (M1, M2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.db import transaction

from tutti.core import uploads
from tutti.core.forms import DayField, VerbForm
from tutti.partners.forms.answer_field import AnswerField
from tutti.partners.models import Application, Scheme
from tutti.partners.models.application_answers import answers_of, write_section
from tutti.partners.models.application_begin import ask_to_begin, key_in_application
from tutti.partners.models.application_document import add_document
from tutti.partners.models.application_questions import Kind, Question, Section, day_of


class BeginForm(VerbForm):
    """Who applies, and where the link goes."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Your e-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, data: Any, scheme: Scheme, may_ask: Callable[[], bool]) -> None:
        """Nothing typed yet. `may_ask` says whether not too many links were asked for from one place."""
        super().__init__(data)
        self.scheme, self.may_ask = scheme, may_ask

    def save(self, by: Any) -> None:
        if not self.may_ask():
            raise forms.ValidationError("Many links were asked for from where you are. Try again in an hour.")
        ask_to_begin(self.scheme, **self.cleaned_data)


class UploadField(forms.FileField):
    """A file, read and searched; its cleaned value is the name that its sender gave it and what is kept of it."""

    widget = forms.FileInput(attrs={"accept": uploads.ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """None where nothing was chosen. ValidationError for what is not taken."""
        file = super().clean(data, initial)
        return (file.name, uploads.take(file)) if file else None


class KeyInForm(VerbForm):
    """Who applied on paper, and the scan of the paper."""

    name = forms.CharField(label="Name of the applicant", max_length=200)
    email = forms.EmailField(
        label="E-mail address of the applicant",
        help_text="Without one we write letters that you print and post.",
        max_length=254,
        required=False,
    )
    scan = UploadField(label="Scan of the form", help_text=f"{uploads.WHAT[:1].upper()}{uploads.WHAT[1:]}, up to 10 MB")

    def __init__(self, data: Any, files: Any, scheme: Scheme) -> None:
        """Nothing typed yet."""
        super().__init__(data, files)
        self.scheme = scheme

    def save(self, by: Any) -> Application:
        said = dict(self.cleaned_data)
        file_name, scan = said.pop("scan")
        return key_in_application(self.scheme, by, **said, file_name=file_name, scan=scan)


class SectionForm(VerbForm):
    """One section of what is asked, from the one definition of the questions. Nothing is required until it is sent."""

    use_required_attribute = False
    is_as_typed = False

    def __init__(self, data: Any, files: Any, application: Application, section: Section) -> None:
        """As it was last saved."""
        super().__init__(data, files, initial=answers_of(application))
        self.application, self.section = application, section
        for question in section.questions:
            self.fields[question.key] = _field(question)
            if question.kind == Kind.DAY:
                self.initial[question.key] = day_of(self.initial.get(question.key))
        if section.evidence:
            self.fields["document"] = UploadField(
                label=section.evidence,
                help_text=f"One at a time: {uploads.WHAT}, up to 10 MB. Save to add another.",
                required=False,
            )

    def save(self, by: Any) -> None:
        said = {key: str(said) if isinstance(said, date) else said for key, said in self.cleaned_data.items()}
        document = said.pop("document", None)
        with transaction.atomic():  # both or neither
            write_section(self.application, by, self.section, said, is_told=not self.is_as_typed)
            if document:
                add_document(self.application, by, self.section.key, *document)


def _field(question: Question) -> forms.Field:
    words: dict[str, Any] = {"label": question.label, "help_text": question.hint, "required": question.is_needed}
    choices = [(choice, choice) for choice in question.choices]
    match question.kind:
        case Kind.LINES:
            return AnswerField(**words, max_length=4000, widget=forms.Textarea(attrs={"rows": question.lines}))
        case Kind.EMAIL:
            return forms.EmailField(**{**words, "required": False}, max_length=254)
        case Kind.DAY:
            return DayField(**words)
        case Kind.TICK:
            return forms.BooleanField(**{**words, "required": False})
        case Kind.ONE:
            return forms.ChoiceField(**words, choices=choices, widget=forms.RadioSelect)
        case Kind.SOME:
            return forms.MultipleChoiceField(
                **{**words, "required": False}, choices=choices, widget=forms.CheckboxSelectMultiple
            )
        case _:
            return AnswerField(**words, max_length=question.longest)
