"""What may be chosen about a lock: a month that is over, and one teacher or all (R10)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.calendar import Day
from tutti.core.forms import VerbForm
from tutti.people.models import Member
from tutti.teaching.models.lock import lock_month, unlock_month
from tutti.teaching.models.teacher_month import months_to_lock


class LockForm(VerbForm):
    """A month, the last one that is over unless another is chosen, and whom it is locked or opened for."""

    month = forms.TypedChoiceField(coerce=Day.fromisoformat, required=False)
    teacher = forms.ModelChoiceField(Member.objects.none(), required=False)

    def __init__(self, data: Any, service: Any) -> None:
        super().__init__(data)
        self.service, self.months = service, months_to_lock(service)
        self.fields["month"].choices = [(str(month), f"{month:%B %Y}") for month in self.months]  # type: ignore[attr-defined]
        self.fields["teacher"].queryset = Member.objects.filter(service=service)  # type: ignore[attr-defined]

    @property
    def chosen_month(self) -> Day | None:
        """None for a service that has no month behind it."""
        self.is_valid()
        return self.cleaned_data.get("month") or (self.months[0] if self.months else None)

    def save(self, by: Any) -> int:
        """Lock it: for how many teachers it was open."""
        return lock_month(self.service, by, self._month(), self._teachers())

    def unlock(self, by: Any) -> int:
        """Open it again: for how many teachers it was locked."""
        return unlock_month(self.service, by, self._month(), self._teachers())

    @property
    def whom(self) -> str:
        teacher = self.cleaned_data.get("teacher")
        return teacher.name if teacher else "everybody"

    def _month(self) -> Day:
        month = self.chosen_month
        if month is None:
            raise forms.ValidationError("There is no month to lock yet.")
        return month

    def _teachers(self) -> list[Member] | None:
        teacher = self.cleaned_data.get("teacher")
        return [teacher] if teacher else None
