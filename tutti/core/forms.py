"""How forms look and what a day may be typed as."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Widget

CONTROL_CLASSES: dict[str, str] = {
    "text": "govuk-input",
    "number": "govuk-input",
    "email": "govuk-input",
    "tel": "govuk-input",
    "url": "govuk-input",
    "search": "govuk-input",
    "password": "govuk-input",
    "date": "govuk-input",
    "time": "govuk-input",
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
    "radio": "govuk-radios__input",
}
# Browsers remember what was typed; on a shared laptop that would be pupils' names.
NEVER_REMEMBERED = {
    "text",
    "number",
    "tel",
    "url",
    "search",
    "date",
    "time",
    "textarea",
    "select",
}


DAY_FORMATS = [
    "%d %m %Y",
    "%d %m %y",
    "%Y %m %d",
    "%d %B %Y",
    "%d %b %Y",
    "%d %B %y",
    "%d %b %y",
]


def control_kind(widget: Widget) -> str:
    """Which kind of control a widget is, in the words of the field's template."""
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.Select):
        return "select"
    return getattr(widget, "input_type", None) or "text"


class GdsBoundField(forms.BoundField):
    """A field that wears the GOV.UK classes of its kind and says its errors."""

    @property
    def kind(self) -> str:
        """Text, select, radios, checkboxes and so on: what the template draws."""
        return control_kind(self.field.widget)

    @property
    def wrongs(self) -> list[str]:
        """What is wrong with it, in sentences that name the field; for the page's top and for the field."""
        return [self._named(str(message)) for message in self.errors]

    def _named(self, message: str) -> str:
        """Django's "This field is required" says nothing at the top of a page."""
        if message != str(forms.Field.default_error_messages["required"]):
            return message
        label = str(self.label).rstrip()
        if self.kind == "checkbox":
            return f"Tick “{label}” to go on"
        return f"Answer: {label}" if label.endswith("?") else f"{label} is needed"

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Django's attributes with ours: class, error class, no browser memory."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        kind = control_kind(widget)
        if base := CONTROL_CLASSES.get({"radios": "radio", "checkboxes": "checkbox"}.get(kind, kind)):
            wrong = f"{base}--error" if self.errors and not base.endswith("__input") else ""
            attrs["class"] = " ".join(filter(None, [base, wrong, widget.attrs.get("class")]))
        if kind in NEVER_REMEMBERED and "autocomplete" not in widget.attrs:
            attrs["autocomplete"] = "off"
        return attrs


class GdsRenderer(TemplatesSetting):
    """Draws every field of every form as core/parts/field.html."""

    field_template_name = "core/parts/field.html"
    bound_field_class = GdsBoundField


def error_links(form: forms.BaseForm) -> list[tuple[str, str]]:
    """What is wrong with a form, each with the id of the control to go to."""
    found = [("", str(message)) for message in form.non_field_errors()]
    for field in form:
        if field.errors:
            wrongs = field.wrongs if isinstance(field, GdsBoundField) else field.errors
            found.append((first_control(field), str(wrongs[0])))
    return found


def first_control(field: forms.BoundField) -> str:
    """The id to jump to: a group of radios has its first one, not itself."""
    if control_kind(field.field.widget) in {"radios", "checkboxes"}:
        return f"{field.auto_id}_0"
    return str(field.id_for_label)


class DayInput(forms.TextInput):
    """A day typed freely, written back the way a phone can type it again."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Wide enough for the longest month in words."""
        super().__init__({"class": "govuk-input--width-10", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """A day as 14 3 2015; what somebody typed, as typed."""
        if isinstance(value, (date, datetime)):
            return f"{value.day} {value.month} {value.year}"
        return super().format_value(value)


class DayField(forms.DateField):
    """A day as people here type it: 14 3 2015, 14/03/2015, 14.3.15, 2015-03-14, 14 March 2015."""

    widget = DayInput
    default_error_messages: ClassVar = {
        "invalid": "Type a day like 14 3 2015.",
        "required": "Type a day, like 14 3 2015.",
    }

    def __init__(self, *, input_formats: list[str] | None = None, **kwargs: Any) -> None:
        """Our formats unless a form brings its own."""
        super().__init__(input_formats=input_formats or DAY_FORMATS, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day that was meant, whatever stands between its parts."""
        if isinstance(value, str):
            value = " ".join(value.translate(str.maketrans("/.-,", "    ")).split())
        return super().to_python(value)


class VerbForm(forms.Form):
    """A form that does something: its `save` calls a verb of the model, `saved` tries that.

    What the verb refuses is said on the form, with all that was typed.
    """

    result: Any = None

    def save(self, by: Any) -> Any:
        """Call the verb. ValidationError where a rule stands against it."""
        raise NotImplementedError

    def saved(self, by: Any) -> bool:
        """Whether it was in order and is done; `result` is what the verb gave."""
        if not self.is_ready():
            return False
        try:
            self.result = self.save(by)
        except ValidationError as error:
            self.add_error(None, error)
            return False
        return True

    def is_ready(self) -> bool:
        """Nothing is wrong, and nothing is left to ask."""
        return self.is_valid()

    @property
    def status(self) -> int:
        """Of the page that shows it: 422 once it was sent and could not be taken."""
        return 422 if self.is_bound else 200
