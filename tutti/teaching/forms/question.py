"""What may be typed about a question: asking, answering, and which ones the office looks at (S5, H16)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms

from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.people.models import Office
from tutti.schools.models import School
from tutti.teaching.models.question import (
    LONGEST_TEXT,
    Question,
    QuestionQuerySet,
    QuestionReply,
    State,
    ask_by_link,
    ask_by_teacher,
)
from tutti.teaching.models.told_line import ToldLine


class TextForm(VerbForm):
    """Somebody writes something. `once` is the form's token: sent twice it is said once."""

    text = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}))
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, label: str, **kwargs: Any) -> None:
        super().__init__(data, initial={"once": uuid4(), **kwargs.pop("initial", {})}, **kwargs)
        self.fields["text"].label = label

    def clean_once(self) -> UUID:
        return self.cleaned_data["once"] or uuid4()


class SharedQuestionForm(TextForm):
    """A school asks: about a line of its month, one week of it or all, or about anything."""

    week = forms.ChoiceField(label="Which week?", required=False)

    def __init__(self, data: Any, link: Any, line: ToldLine | None) -> None:
        """Weeks are offered where there is a line."""
        super().__init__(data, "What is not right?" if line else "What would you like to ask?")
        self.link, self.line = link, line
        mondays = [Week.parse(row["monday"]) for row in link.summary.figures["weeks"]] if line else []
        offered = [(str(week), f"Commencing {week.monday.day} {week.monday:%B}") for week in mondays]
        if offered:
            self.fields["week"].choices = [("", "The whole line"), *offered]  # type: ignore[attr-defined]
        else:
            del self.fields["week"]

    def save(self, by: Any) -> Question:
        week = self.cleaned_data.get("week")
        text, once = self.cleaned_data["text"], self.cleaned_data["once"]
        return ask_by_link(self.link, text, line=self.line, week=Week.parse(week) if week else None, once=once)


class ReplyForm(TextForm):
    """One more word: who asked writes again, everybody else answers."""

    def __init__(self, data: Any, question: Question, member: Any = None) -> None:
        self.question, self.is_asker = question, member is None or question.asked_by_id == member.pk
        super().__init__(data, "Write again" if self.is_asker else "Your answer")

    def save(self, by: Any) -> QuestionReply:
        typed = self.cleaned_data
        if self.is_asker:
            return self.question.write_again(typed["text"], once=typed["once"], by=by)
        return self.question.answer(by, typed["text"], typed["once"])


class TeacherQuestionForm(TextForm):
    """A teacher asks an area office: a school's, or their own."""

    school = forms.ModelChoiceField(
        School.objects.none(), label="About a school?", required=False, empty_label="No school in particular"
    )
    field_order = ("school", "text")

    def __init__(self, data: Any, member: Any, school: str = "") -> None:
        super().__init__(data, "What would you like to ask, or to say?", initial={"school": school})
        field = self.fields["school"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = School.objects.visible_to(member).select_related("office").order_by("name")

    def save(self, by: Any) -> Question:
        typed = self.cleaned_data
        return ask_by_teacher(by, typed["text"], school=typed["school"], once=typed["once"])


class QuestionsFilterForm(forms.Form):
    """By state and area office; a wrong choice filters nothing."""

    state = forms.ChoiceField(choices=[("", "All"), *State.choices], required=False)
    office = forms.ModelChoiceField(
        Office.objects.none(), label="Area office", required=False, empty_label="All offices"
    )

    def __init__(self, data: Any, *, by: Any) -> None:
        super().__init__(data)
        self.by = by
        self.fields["office"].queryset = Office.objects.visible_to(by)  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def questions(self) -> QuestionQuerySet:
        asked = {name: self.cleaned_data.get(name) for name in ("state", "office")}
        found = Question.objects.visible_to(self.by).filter(**{name: value for name, value in asked.items() if value})
        return found.for_list().with_replies().open_first()

    @property
    def querystring(self) -> str:
        typed = {name: getattr(value, "pk", value) for name, value in self.cleaned_data.items()}
        return urlencode({name: value for name, value in typed.items() if value})
