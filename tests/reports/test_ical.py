from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from msgspec.structs import replace

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import plain
from pytest_icp.reports.forecast import Change
from pytest_icp.reports.ical import ALARMS, changes_ical
from tests.changes import CHANGE
from tests.runs import HOSTILE


def read(*changes: Change, language: str = "en") -> Calendar:
    """The calendar as another library reads it."""
    text = changes_ical(changes, language)  # type: ignore[arg-type]  # a literal
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return IcsCalendarStream.calendar_from_ics(text)


def test_an_event_on_the_last_day_with_its_alarms() -> None:
    (event,) = read(CHANGE).events
    assert event.dtstart.isoformat() == "2023-12-07T09:00:00+08:00"
    assert str(event.dtstart.tzinfo) == "Asia/Shanghai"
    assert event.dtend - event.dtstart == timedelta(hours=1)
    assert event.dtstamp.isoformat() == "2023-11-20T15:59:59+00:00"
    assert event.summary == "Renewal is applied for 90 days ahead (last day)"
    assert event.description == (
        "From 2023-12-08: Violated\nnot done, and overdue\nfix: Apply now.\n"
        "SP12/renewal infra/prod.icp.yaml [renewal]"
    )
    assert [alarm.trigger for alarm in event.alarm] == [-before for before in ALARMS]


def test_a_uid_stays_when_the_day_moves_and_is_its_own_otherwise() -> None:
    moved = replace(CHANGE, day=date(2024, 1, 1), why=plain("x"), as_of="2023-12-01T00:00:00+08:00")
    others = [
        replace(CHANGE, subject="b"),
        replace(CHANGE, rule_id="SP14/report"),
        replace(CHANGE, description="x"),
    ]
    uids = [event.uid for event in read(CHANGE, moved, *others).events]
    assert uids[0] == uids[1]
    assert len(set(uids)) == 4


def test_what_gets_well_is_no_event() -> None:
    assert read(replace(CHANGE, after=Standing.SATISFIED)).events == []
    assert len(read(replace(CHANGE, after=Standing.UNKNOWN)).events) == 1


@pytest.mark.parametrize(
    "text", [HOSTILE.replace("\ud800", ""), "a;b,c\\d\r\nEND:VEVENT", "中" * 500]
)
def test_no_text_leaves_its_event(text: str) -> None:
    (event,) = read(replace(CHANGE, subject=text, why=plain(text)), language="both").events
    assert event.description
    own = icalendar.Calendar.from_ical(changes_ical([CHANGE], "zh"))
    assert [one.name for one in own.walk("VEVENT")] == ["VEVENT"]
    assert [str(one["tzid"]) for one in own.walk("VTIMEZONE")] == ["Asia/Shanghai"]


@pytest.mark.parametrize("told", ["::error::x", ":::::stop", "  ::error::x", "##[error]x"])
def test_no_folded_line_is_a_command(told: str) -> None:
    changes = [replace(CHANGE, subject=f"{told}{n}", why=plain("x" * n + told)) for n in range(75)]
    starts = [line.lstrip()[:3] for line in changes_ical(changes, "en").splitlines()]
    assert not [one for one in starts if one.startswith("::") or one == "##["]
    shown = told.replace("##", "#…")
    for n, event in enumerate(read(*changes).events):
        assert f"\n{'x' * n}{shown}\n" in f"\n{event.description}"
