"""An observation or an induction as an entry for a calendar (RFC 5545): sent, changed and called off (M6, M9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

MINUTES = 60  # of an induction


def invitation(appointment: Any, application: Any, host: Any, *, is_off: bool = False) -> str:
    """The appointment for the calendars of both, as text. Sent again it changes the entry, `is_off` takes it out.

    `host` is the mentor or leader who holds it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Tutti//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    calendar.add_component(_entry(appointment, application, host, is_off))
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()


def _entry(appointment: Any, application: Any, host: Any, is_off: bool) -> Event:
    scheme, starts = application.service.scheme, datetime.combine(appointment.on, appointment.at)
    entry = Event()
    entry.add("uid", f"{appointment._meta.model_name}-{appointment.pk}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("sequence", application.moves_made)
    entry.add("dtstamp", timezone.now())
    local = timezone.make_aware(starts)
    entry.add("dtstart", local)
    entry.add("dtend", local + timedelta(minutes=getattr(appointment, "minutes", MINUTES)))
    entry.add("summary", f"{appointment.title}: {scheme.name}")
    entry.add("location", appointment.place)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    organizer = _somebody(host.name, scheme.hub_email or settings.DEFAULT_FROM_EMAIL)
    entry["organizer"] = organizer
    for name, email in ((application.name, application.email), (host.name, host.person.email)):
        if email:
            entry.add("attendee", _somebody(name, email), encode=False)
    return entry


def _somebody(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{email}")
    address.params["cn"] = vText(name)
    return address
