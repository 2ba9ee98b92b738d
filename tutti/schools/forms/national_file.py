"""What may be sent of the national list, what its unknown columns hold, and which of its schools are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.http import urlencode

from tutti.core.tables import Unreadable
from tutti.schools.models.columns import Columns
from tutti.schools.models.national import MOST_BYTES, NationalList, Pick, read_links, read_national
from tutti.schools.models.national_file import NationalFile

FILE = {"accept": ".csv,.xlsx,.xls,.ods"}


class NationalFileForm(forms.Form):
    """The list, and perhaps the links. Both are read here, so that what is wrong is said at the field."""

    file = forms.FileField(
        label="The list of schools",
        widget=forms.FileInput(attrs=FILE),
        help_text="A CSV or Excel file, up to 80 MB.",
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )
    links = forms.FileField(
        label="The links between schools",
        required=False,
        widget=forms.FileInput(attrs=FILE),
        help_text="Says which school was succeeded by which. It is a second file beside the list.",
        error_messages={"empty": "This file is empty."},
    )

    def clean_file(self) -> Any:
        """Reads it: a list of at least one row."""
        file = refuse_large(self.cleaned_data["file"])
        try:
            self.sheet = read_national(file)
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        if not self.sheet.rows:
            raise forms.ValidationError("This file has a heading, but no schools.")
        if not Columns.of(self.sheet.columns).fields:
            raise forms.ValidationError(
                "The first line of this file has no heading that we know, such as URN or EstablishmentName."
            )
        return file

    def clean_links(self) -> Any:
        """Reads it, if it was sent."""
        file, self.found_links = self.cleaned_data["links"], {}
        if file:
            try:
                self.found_links = read_links(refuse_large(file))
            except Unreadable as error:
                raise forms.ValidationError(str(error)) from error
        return file


class ColumnsForm(forms.Form):
    """Which field each unknown column holds; a field is held by one column only."""

    def __init__(self, data: Any, *, file: NationalFile, columns: Columns) -> None:
        """A select for each heading that nobody knows or that was mapped before."""
        super().__init__(data)
        self.headings = [*file.mapping, *columns.unknown]
        free = [*columns.missing, *((f, w) for f, w in Columns.of([]).missing if f in file.mapping.values())]
        for number, heading in enumerate(self.headings):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading,
                required=False,
                choices=[("", "Not needed"), *free],
                initial=file.mapping.get(heading, ""),
            )

    def clean(self) -> None:
        """Two columns cannot hold the same."""
        seen: set[str] = set()
        for name, field in list(self.cleaned_data.items()):
            if field and field in seen:
                self.add_error(name, "Another column holds this already.")
            seen.add(field)

    @property
    def mapping(self) -> dict[str, str]:
        return {heading: self.cleaned_data.get(f"column_{n}", "") for n, heading in enumerate(self.headings)}


class PickForm(forms.Form):
    """Which schools of the list are wanted; only what the file can say is asked."""

    authority = forms.ChoiceField(label="Local authority", required=False)
    town = forms.CharField(max_length=120, required=False)
    phase = forms.ChoiceField(required=False)
    leave_out_closed = forms.BooleanField(label="Leave out those that are closed", required=False)

    def __init__(self, data: Any, *, listed: NationalList) -> None:
        """With the authorities and phases that occur in the list."""
        super().__init__(data, auto_id="%s")
        for name in ("authority", "town", "phase"):
            if name not in listed.columns.fields:
                del self.fields[name]
            elif name != "town":
                choices = [(word, word) for word in listed.choices(name)]
                self.fields[name].choices = [("", "All"), *choices]  # type: ignore[attr-defined]
        if "status" not in listed.columns.fields and "status_code" not in listed.columns.fields:
            del self.fields["leave_out_closed"]

    @property
    def pick(self) -> Pick:
        """What was asked; a value that makes no sense narrows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        authorities = (asked["authority"],) if asked.get("authority") else ()
        town, phase = asked.get("town", ""), asked.get("phase", "")
        return Pick(authorities, town, phase, bool(asked.get("leave_out_closed")))

    @property
    def querystring(self) -> str:
        """What was asked, for links to other pages."""
        return urlencode(list(self.hidden()))

    def hidden(self) -> Iterator[tuple[str, str]]:
        """The same again, for the button that starts."""
        pick = self.pick
        said = {"authority": "".join(pick.authorities), "town": pick.town, "phase": pick.phase}
        said |= {"leave_out_closed": "on" if pick.leave_out_closed else ""}
        return ((name, value) for name, value in said.items() if value)


def refuse_large(file: Any) -> Any:
    if file.size > MOST_BYTES:
        raise forms.ValidationError(
            f"This file has {file.size / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB can be sent."
        )
    return file
