"""What may be typed to make a move of an application, each with the letter that it sends (M4 to M10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django import forms

from tutti.core.calendar import Day, today
from tutti.core.forms import DayField, VerbForm
from tutti.partners import letters
from tutti.partners.models import Application
from tutti.partners.models.letter_words import tidy_letter
from tutti.partners.models.observation import Kind, Recommendation
from tutti.partners.models.referee import missing_of
from tutti.people.models import Member
from tutti.people.roles import MENTOR

AREA = {"rows": 5}
FARTHEST = timedelta(days=366)


class MoveForm(VerbForm):
    """A move. `move` names the method that makes it."""

    move: ClassVar[str]
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, application: Application, by: Any) -> None:
        """`seen` remembers how far the case was when the page was read."""
        super().__init__(data)
        self.application = application
        self.fields["seen"].initial = application.moves_made

    @property
    def shown(self) -> list[forms.BoundField]:
        return self.visible_fields()

    def save(self, by: Any) -> None:
        getattr(self.application, self.move)(by, **self.cleaned_data)


class LetterForm(MoveForm):
    """A move with its letter to the applicant, drafted; the person who sends it may change it."""

    letter = forms.CharField(
        label="The letter to the applicant",
        help_text="The first line is the subject. Words in [BRACKETS] are filled in for you.",
        widget=forms.Textarea(attrs={"rows": 14}),
    )

    def __init__(self, data: Any, application: Application, by: Any) -> None:
        """The letter stands last."""
        super().__init__(data, application, by)
        self.fields["letter"].initial = letters.draft(application, self.move, by)
        self.order_fields([name for name in self.fields if name != "letter"])

    def clean_letter(self) -> str:
        """A subject with nothing below it is no letter."""
        return tidy_letter(self.cleaned_data["letter"])


class MentorForm(LetterForm):
    """Who of the service's mentors it is: neither the applicant nor who it was until now."""

    mentor = forms.ModelChoiceField(label="Music Mentor", queryset=Member.objects.none(), empty_label="Choose a mentor")

    def __init__(self, data: Any, application: Application, by: Any) -> None:
        """The mentors of the service."""
        super().__init__(data, application, by)
        field = self.fields["mentor"]
        assert isinstance(field, forms.ModelChoiceField)
        mentors = Member.objects.filter(service_id=application.service_id).active().with_role(MENTOR)
        others = mentors.exclude(applications=application).exclude(person__email__iexact=application.email)
        field.queryset = others.select_related("person")


class ProceedForm(MentorForm):
    """Who observes, and why references that are missing do not hold it up (M5, A2)."""

    move = "proceed"
    without_references = forms.CharField(
        label="Why you proceed without all references",
        max_length=500,
        widget=forms.Textarea(attrs=AREA),
    )

    def __init__(self, data: Any, application: Application, by: Any) -> None:
        """The reason is asked only where it is needed."""
        super().__init__(data, application, by)
        if not missing_of(application):
            del self.fields["without_references"]


class ChangeMentorForm(MentorForm):
    """Somebody else observes (M5)."""

    move = "change_mentor"


class DeclineForm(LetterForm):
    """Not proceeding, with feedback (M4)."""

    move = "decline"
    feedback = forms.CharField(label="Feedback", widget=forms.Textarea(attrs=AREA))


class AppointmentForm(LetterForm):
    """A day, a time and a place."""

    on = DayField(label="Day", help_text="For example, 30 11 2026")
    at = forms.TimeField(
        label="Time",
        help_text="For example, 14:30",
        error_messages={"invalid": "Type a time like 14:30."},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    place = forms.CharField(label="Where", max_length=200, help_text="School and room, or on line")

    def clean_on(self) -> Day:
        """What is arranged is to come, and not years away."""
        on: Day = self.cleaned_data["on"]
        if not today() <= on <= today() + FARTHEST:
            raise forms.ValidationError("That day is over." if on < today() else "That day is more than a year away.")
        return on


class ArrangeForm(AppointmentForm):
    """An observation, an interview or both (M6, A4)."""

    move = "arrange"
    kind = forms.ChoiceField(label="What it will be", choices=Kind, initial=Kind.OBSERVATION, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=10,
        max_value=240,
        initial=45,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )


class RearrangeForm(ArrangeForm):
    """Filled in as it stands."""

    move = "rearrange"

    def __init__(self, data: Any, application: Application, by: Any) -> None:
        """As it was arranged."""
        super().__init__(data, application, by)
        was = application.observation
        for name in ("on", "place", "kind", "minutes"):
            self.fields[name].initial = getattr(was, name, None)
        self.fields["at"].initial = f"{was.at:%H:%M}" if was else ""


class CallOffForm(LetterForm):
    """The observation does not take place."""

    move = "call_off"


class ObserveForm(MoveForm):
    """It took place; nobody is written to."""

    move = "observe"


class TakeBackForm(MoveForm):
    """It did not take place after all; nobody is written to."""

    move = "take_back"


class RecommendForm(MoveForm):
    """The mentor's recommendation, which goes to the leader with the report (M7)."""

    move = "recommend"
    recommendation = forms.ChoiceField(label="I recommend", choices=Recommendation, widget=forms.RadioSelect)


class SendBackForm(MoveForm):
    """What the leader still needs to know; it goes to the mentor."""

    move = "send_back"
    why = forms.CharField(label="What you still need to know", widget=forms.Textarea(attrs=AREA))


class DecideForm(LetterForm):
    """A decision on the report; a reason where it differs from the mentor's recommendation (A3)."""

    decision: ClassVar[str]
    why = forms.CharField(
        label="Why you decide otherwise than the mentor recommends", widget=forms.Textarea(attrs=AREA)
    )

    def __init__(self, data: Any, application: Application, by: Any) -> None:
        """The reason is asked only where it is needed."""
        super().__init__(data, application, by)
        seen = application.observation
        if seen and seen.recommendation == self.decision:
            del self.fields["why"]


class SucceedForm(DecideForm):
    """Successful (M9)."""

    move, decision = "succeed", Recommendation.SUCCESSFUL


class MentorFirstForm(DecideForm):
    """Unsuccessful: a mentoring programme (M8)."""

    move, decision = "mentor_first", Recommendation.UNSUCCESSFUL
    aims = forms.CharField(label="What the mentoring is about", widget=forms.Textarea(attrs=AREA))
    until_day = DayField(label="Until", help_text="When you decide again; it can be extended")


class FailForm(DecideForm):
    """Unsuccessful after mentoring, with feedback."""

    move, decision = "fail", Recommendation.UNSUCCESSFUL
    feedback = forms.CharField(label="Feedback", widget=forms.Textarea(attrs=AREA))


class ExtendForm(LetterForm):
    """A later end of the mentoring."""

    move = "extend"
    until_day = DayField(label="Until")


class HandOverForm(MentorForm):
    """Somebody else goes on with the mentoring (M8)."""

    move = "hand_over"


class EndMentoringForm(LetterForm):
    """The mentoring is over."""

    move = "end_mentoring"


class ArrangeInductionForm(AppointmentForm):
    """The induction (M9)."""

    move = "arrange_induction"


class CallOffInductionForm(LetterForm):
    """The induction does not take place."""

    move = "call_off_induction"


class CompleteForm(LetterForm):
    """The checklist of the induction, gone through (M10)."""

    move = "complete"
    done = forms.MultipleChoiceField(label="What you went through", widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, data: Any, application: Application, by: Any) -> None:
        """The scheme's own list."""
        super().__init__(data, application, by)
        field = self.fields["done"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(item, item) for item in application.service.scheme.checklist]


FORMS: dict[str, type[MoveForm]] = {
    form.move: form
    for form in (
        ProceedForm,
        DeclineForm,
        ChangeMentorForm,
        ArrangeForm,
        RearrangeForm,
        CallOffForm,
        ObserveForm,
        TakeBackForm,
        RecommendForm,
        SendBackForm,
        SucceedForm,
        MentorFirstForm,
        FailForm,
        ExtendForm,
        HandOverForm,
        EndMentoringForm,
        ArrangeInductionForm,
        CallOffInductionForm,
        CompleteForm,
    )
}
