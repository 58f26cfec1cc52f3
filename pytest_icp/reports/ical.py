"""iCalendar: the last day of each duty as an event with alarms; needs the package icalendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from pytest_icp.kinds.standing import OPEN, standing_title
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import fingerprint
from pytest_icp.reports.forecast import Change, summary_of
from pytest_icp.reports.layout import one_line
from pytest_icp.reports.words import Language, in_languages

ZONE = ZoneInfo("Asia/Shanghai")
ALARMS = (timedelta(days=30), timedelta(days=7), timedelta(days=1))
"""How long before an event its alarms ring."""

_BEGUN = re.compile(r"(?<=\r\n )(\s*)(:+)(?=:)")
"""The colons, but for the last, with which a folded line would be a command (``::error::``)."""

_OPENS, _LASTS = time(9), timedelta(hours=1)
_NAME = Text(zh="许可证特别规定事项：期限", en="Special provisions of the licence: due dates")
_FROM = Text(zh="{day} 起：{standing}", en="From {day}: {standing}")


def changes_ical(changes: Sequence[Change], language: Language) -> str:
    """Return what gets worse as a calendar, an event on the last day before each change."""
    calendar = Calendar()
    calendar.add("prodid", "-//pytest-icp//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", in_languages(_NAME, language))
    calendar.add("x-wr-timezone", ZONE.key)
    for change in changes:
        if change.after in OPEN:
            calendar.add_component(_event(change, language))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return _BEGUN.sub(_apart, written.decode("utf-8"))


def _apart(found: re.Match[str]) -> str:
    return found[1] + "".join(f"{colon}\r\n " for colon in found[2])


def _event(change: Change, language: Language) -> Event:
    title = summary_of(change, language)
    begins = datetime.combine(change.last_day, _OPENS, ZONE)
    event = Event()
    # The same duty keeps its UID when its day moves, so that a calendar moves it too.
    uid = fingerprint(change.description, change.own_id, change.subject)[:32]
    event.add("uid", f"{uid}@pytest-icp")
    event.add("dtstamp", datetime.fromisoformat(change.as_of).astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", begins + _LASTS)
    event.add("summary", title)
    event.add("description", "\n".join(_words(change, language)))
    event.add("categories", [change.rule_id.partition("/")[0]])
    event.add("transp", "TRANSPARENT")
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event


def _words(change: Change, language: Language) -> list[str]:
    after = _FROM.format(day=change.day, standing=standing_title(change.after))
    fix = in_languages(w.FIX, language)
    return [
        one_line(in_languages(after, language)),
        one_line(in_languages(change.why, language)),
        one_line(f"{fix}: {in_languages(change.fix, language)}"),
        one_line(f"{change.own_id} {change.description} [{change.subject}]"),
    ]
