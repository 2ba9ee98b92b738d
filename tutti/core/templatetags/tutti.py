"""Signs and words for templates."""

from datetime import date
from functools import cache

from django import template
from django.forms import BaseForm
from django.template.defaultfilters import date as written_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tutti.core import forms
from tutti.core.icons import PATHS, TAG_SIGNS

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> SafeString:
    """A drawn sign; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" {classes}" if classes else "",
        mark_safe(PATHS[name]),  # noqa: S308 - our own drawings
    )


@register.filter
def kind_sign(kind: str) -> str:
    """The name of the sign that stands in a tag of this kind."""
    return TAG_SIGNS[kind]


@register.filter
def error_links(form: BaseForm) -> list[tuple[str, str]]:
    """What is wrong with a form, each with the id of its control."""
    return forms.error_links(form)


@register.filter
def counted(number: int, word: str) -> str:
    """A number with its noun: 1 lesson, 3 lessons; "child,children" where an s will not do."""
    one, _, many = word.partition(",")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@register.filter
def minutes_long(minutes: int) -> str:
    """A length of time as people say it: 1 hour 35 minutes."""
    hours, rest = divmod(int(minutes), 60)
    parts = [counted(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(counted(rest, "minute"))
    return " ".join(parts)


@register.filter
def minutes_short(minutes: int) -> str:
    """A length of time for dense figures: 1 h 35 min."""
    hours, rest = divmod(int(minutes), 60)
    parts = [f"{hours:,} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)


@register.filter
def day_month_year(day: date | None) -> str:
    """A day in full: 9 November 2026; nothing for no day."""
    return written_date(day, "j F Y") if day else ""


@register.filter
def day_month(day: date | None) -> str:
    """A day of the running year: 9 November; nothing for no day."""
    return written_date(day, "j F") if day else ""
