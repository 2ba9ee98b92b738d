"""What an applicant types: name and address to begin with, then the application itself (M1, M2)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.forms import VerbForm
from tutti.partners.forms.answer_field import AnswerField
from tutti.partners.models import Application, Scheme
from tutti.partners.models.application_answers import QUESTIONS, REFEREES, write_answers
from tutti.partners.models.application_begin import begin_application


class BeginForm(VerbForm):
    """Who applies, and where the link goes."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Your e-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, data: Any, scheme: Scheme) -> None:
        """Nothing typed yet."""
        super().__init__(data)
        self.scheme = scheme

    def save(self, by: Any) -> Application:
        return begin_application(self.scheme, **self.cleaned_data)


class AnswersForm(VerbForm):
    """Everything that is asked, from the one definition of the questions. Nothing is required until it is sent in."""

    use_required_attribute = False

    def __init__(self, data: Any, application: Application) -> None:
        """As it was last saved."""
        super().__init__(data, initial=application.answers)
        self.application = application
        for question in QUESTIONS:
            lines = forms.Textarea(attrs={"rows": question.lines}) if question.lines > 1 else forms.TextInput()
            self.fields[question.key] = AnswerField(
                label=question.label,
                help_text=question.hint,
                required=question.is_needed,
                max_length=4000,
                widget=lines,
            )
        for number, referee in enumerate([*application.referees.all(), None, None][:REFEREES], 1):
            own = {"name": "Name", "email": "E-mail address", "relation": "How they know you"}
            for key, words in own.items():
                kind = forms.EmailField if key == "email" else forms.CharField
                self.fields[f"referee_{number}_{key}"] = kind(
                    label=f"{words} of the {('first', 'second')[number - 1]} referee",
                    required=False,
                    max_length=200,
                    initial=getattr(referee, key, ""),
                )

    def save(self, by: Any) -> None:
        write_answers(self.application, by, self.cleaned_data)
