"""What the list of all applications is narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.http import urlencode

from tutti.partners.models.application_rows import ApplicationQuerySet
from tutti.partners.models.application_stage import Stage
from tutti.partners.models.pipeline import Waiting, read_waiting, sent_in_for

STAGES = [(stage.value, stage.label) for stage in Stage if stage != Stage.DRAFT]
COLUMNS = ["Reference", "Name", "Instruments", "Stage", "Sent in", "Mentor", "Due", "Late", "Ended"]


class ApplicationListForm(forms.Form):
    """By name, reference or instrument, and by stage. What is wrong narrows nothing."""

    q = forms.CharField(label="Name, reference or instrument", required=False, max_length=100)
    stage = forms.ChoiceField(label="Stage", choices=[("", "Every stage"), *STAGES], required=False)

    def __init__(self, data: Any, by: Any) -> None:
        """Narrows what the member may see."""
        super().__init__(data)
        self.by = by
        self.is_valid()

    @property
    def rows(self) -> ApplicationQuerySet:
        """The newest first."""
        found, words = sent_in_for(self.by), self.cleaned_data.get("q", "").strip()
        if words:
            named = Q(name__icontains=words) | Q(reference__icontains=words)
            found = found.filter(named | Q(answers__instruments__icontains=words))
        if stage := self.cleaned_data.get("stage"):
            found = found.filter(stage=stage)
        return found.order_by("-sent_at", "-pk")

    def read(self, rows: Any) -> list[Waiting]:
        """As the member reads them."""
        return [read_waiting(one, self.by) for one in rows]

    @property
    def querystring(self) -> str:
        """The filters that are set, for links to other pages and to the file."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


def as_row(one: Waiting) -> list[Any]:
    """A line of the list as a table: COLUMNS."""
    case = one.application
    instruments = ", ".join(case.answers.get("instruments", []))
    sent, due = timezone.localdate(case.sent_at) if case.sent_at else "", one.due or ""
    about = [case.reference, case.name, instruments, Stage(case.stage).label, sent, str(case.mentor or "")]
    return [*about, due, "yes" if one.is_late else "", "" if case.is_running else timezone.localdate(case.moved_at)]
