"""Which letters the office looks at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet

from tutti.core.letters import Letter
from tutti.people.models import Member

KINDS = {
    "summary": "Monthly summary",
    "summary_code": "Code for a summary",
    "reminder": "Reminder of registers",
    "question": "Question",
    "answer": "Answer",
    "correction": "Decision on a correction",
    "invitation": "Invitation",
    "sign-in": "Sign-in code",
}


class LettersFilterForm(forms.Form):
    """By reader, kind and state; a wrong choice filters nothing."""

    q = forms.CharField(label="Name or e-mail", max_length=200, required=False)
    kind = forms.ChoiceField(choices=[("", "All"), *KINDS.items()], required=False)
    state = forms.ChoiceField(choices=[("", "All"), *Letter.State.choices], required=False)

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.is_valid()

    @property
    def letters(self) -> QuerySet[Letter]:
        found = Letter.objects.visible_to(self.by).defer("body").order_by("-written_at", "-pk")
        words = self.cleaned_data.get("q")
        if words:
            found = found.filter(Q(to_name__icontains=words) | Q(to_email__icontains=words))
        exact = {name: self.cleaned_data.get(name) for name in ("kind", "state")}
        return found.filter(**{name: value for name, value in exact.items() if value})

    @property
    def querystring(self) -> str:
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class CameBackForm(forms.Form):
    """What the mail said that brought a letter back; nothing is enough."""

    said = forms.CharField(
        label="What the mail said",
        max_length=300,
        required=False,
        help_text="Its reason is enough, like “550 no such mailbox”.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "300 characters are enough: copy the reason only."},
    )
