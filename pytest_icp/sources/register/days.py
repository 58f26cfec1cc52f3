"""Days and moments as people and spreadsheets write them, in the form of a description."""

from __future__ import annotations

import re
from datetime import date, datetime, time

_DAY = (
    r"(?P<year>[12][0-9]{3})(?:"
    r"(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"|年(?P<zh_month>[0-9]{1,2})月(?P<zh_day>[0-9]{1,2})[日号]"
    r"|(?P<short_month>[0-9]{2})(?P<short_day>[0-9]{2}))"
)
_CLOCK = (
    r"(?P<half>上午|下午)? ?(?P<hour>[0-9]{1,2})(?::|[时点])"
    r"(?:(?P<minute>[0-9]{1,2})(?:(?::|分)(?:(?P<second>[0-9]{1,2}(?:\.[0-9]{1,6})?)秒?)?)?)?"
    r"(?P<end> ?[ap]m)?(?P<zone> ?(?:z|[+-][0-9]{2}:?[0-9]{2}))?"
)
_MOMENT = re.compile(rf"{_DAY}(?:[t ]? ?{_CLOCK})?")
_YEAR_LAST = re.compile(r"[0-9]{1,2}([-/. ])[0-9]{1,2}\1[0-9]{2,4}(?: .*)?")
_LATE = {"下午", "pm"}
_NOON = 12


def is_ambiguous(text: str) -> bool:
    """Whether a text is a date of which day, month and year cannot be told apart."""
    return _YEAR_LAST.fullmatch(text) is not None


def written_moment(text: str) -> str | None:
    """Return a day or a moment in the form of a description, or None for another text.

    The year comes first: ``2023-11-20``, ``2023/11/20``, ``2023.11.20``, ``2023年11月20日``,
    ``20231120``; a time may follow: ``15:30``, ``15时30分``, ``下午3:30``, ``3:30 PM``. The text
    is normalised and in lower case. Raises `ValueError` for a day or a time that does not exist.
    """
    form = _MOMENT.fullmatch(text)
    if form is None or (form["half"] and form["end"]):
        return None
    month = form["month"] or form["zh_month"] or form["short_month"]
    day = form["day"] or form["zh_day"] or form["short_day"]
    written = date(int(form["year"]), int(month), int(day)).isoformat()
    return f"{written}T{_clock(form)}" if form["hour"] else written


def _clock(form: re.Match[str]) -> str:
    hour, minute = int(form["hour"]), int(form["minute"] or 0)
    half = (form["half"] or form["end"] or "").strip()
    # 下午15:05 is written, too; 15:05 PM is a mistake.
    if half and (hour <= _NOON or half != "下午"):
        if not 0 < hour <= _NOON:
            raise ValueError(hour)
        hour = hour % _NOON + (_NOON if half in _LATE else 0)
    second, _, fraction = (form["second"] or "").partition(".")
    clock = time(hour, minute, int(second or 0))
    text = clock.isoformat("seconds" if second else "minutes")
    zone = (form["zone"] or "").strip().upper()
    if len(zone) == len("+0800"):
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"{text}{'.' if fraction else ''}{fraction}{zone}"


def moment_of(value: datetime, *, timed: bool) -> str:
    """Return a moment of a spreadsheet as a description writes it.

    Midnight of a cell that does not show times, where ``timed`` is False, is the day alone.
    """
    if value.time() == time() and not timed:
        return value.date().isoformat()
    return value.isoformat("T", "seconds" if value.second or value.microsecond else "minutes")
