"""A deadline as a file for the reader's calendar (RFC 5545)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from mail import merge
from mail.kinds import CalendarEntry

FILE_NAME = "thoi-han.ics"


def calendar_file(entry: CalendarEntry, *, key: str, at: datetime) -> str:
    """A whole day for a date, half an hour for a time; the calendar itself warns a day before."""
    from icalendar import Alarm, Calendar, Event  # a fifth of a second to load, and few letters carry one

    calendar = Calendar()
    calendar.add("prodid", "-//Hanoi KIP Registry//vi")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    event.add("uid", f"{merge.one_line(entry.uid or key)}@{host}")
    event.add("dtstamp", at.astimezone(UTC))
    # The same deadline told again replaces the entry: later letters carry a higher number.
    event.add("sequence", int(at.timestamp()) // 60 - 26_000_000)
    event.add("summary", merge.one_line(entry.title))
    if entry.details:
        event.add("description", merge.plain(entry.details))
    if isinstance(entry.on, datetime):
        event.add("dtstart", entry.on.astimezone(UTC))
        event.add("dtend", entry.on.astimezone(UTC) + timedelta(minutes=30))
    else:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-1))
    alarm.add("description", merge.one_line(entry.title))
    event.add_component(alarm)
    calendar.add_component(event)
    return str(calendar.to_ical().decode())
