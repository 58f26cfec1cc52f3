"""Days that record what they are compared with, to know until when a verdict stays the same.

A verdict as of a day follows from comparisons of that day with others. `Watch` records after how
many days the first of them could come out differently; until then the verdict is the same. Any
other use of a day counts as possibly different on the next day, so that a day is examined too
often rather than skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from functools import partialmethod
from typing import Any, NoReturn

from pytest_icp.law.text import plain

_DAY = timedelta(days=1)


class Watch:
    """The number of days after which something may change; None if nothing may."""

    def __init__(self) -> None:
        self.days: int | None = None

    def at(self, *days: int) -> None:
        """Record that an answer may change after so many days; past days do not count."""
        for n in days:
            if n >= 1 and (self.days is None or n < self.days):
                self.days = n


def watching(instant: datetime, watch: Watch) -> datetime:
    """Return an instant that reports its comparisons to a watch."""
    made = _Instant.fromtimestamp(instant.timestamp(), instant.tzinfo)
    # A float of its seconds may lose what the instant itself has.
    made = made.replace(microsecond=instant.microsecond)
    made.watch = watch
    return made


def following(day: date, move: Callable[[date], date]) -> date:
    """Return ``move(day)``, watched where the day is: ``move`` keeps days in their order.

    It moves as the day does but for months of unequal length, as in the day six months before.
    """
    if not isinstance(day, _Moving):
        return move(day)
    made = _Following.fromisoformat(move(_plain(day)).isoformat())
    made.watch = day.watch
    return made


_UNEVEN = 8
"""Days by which one and the same number of months is never longer than another time."""

_PARTS = frozenset(
    ("year", "month", "day", "weekday", "isoweekday", "isocalendar", "toordinal", "timetuple")
)
"""Members of a day that may be different on the next day."""


class _Watched:
    """A value that reports each comparison to a watch, and compares as the plain value does."""

    watch: Watch
    _plain: Callable[[Any], Any]
    """Returns the value as it is now, and reports when it passes another."""

    def __lt__(self, other: Any) -> bool:
        return bool(self._plain(other) < _beside(other))

    def __le__(self, other: Any) -> bool:
        return bool(self._plain(other) <= _beside(other))

    def __gt__(self, other: Any) -> bool:
        return bool(self._plain(other) > _beside(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self._plain(other) >= _beside(other))

    def __eq__(self, other: object) -> bool:
        return bool(self._plain(other) == _beside(other))

    def __ne__(self, other: object) -> bool:
        return bool(self._plain(other) != _beside(other))

    def __hash__(self) -> int:
        # A lookup by this day finds something else on the next.
        self.watch.at(1)
        return hash(self._plain(None))


def _beside(other: Any) -> Any:
    """Return what a value is compared with; a day that moves on with it, without its watch."""
    return _plain(other) if isinstance(other, _Moving) else other


class _Moving(_Watched, date):
    """A day that moves on with the day of the run."""

    def __getattribute__(self, name: str) -> Any:
        if name in _PARTS:
            super().__getattribute__("watch").at(1)
        return super().__getattribute__(name)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a watching day stays in its process")


class _Day(_Moving):
    """A day at a fixed distance from the day of the run."""

    def _plain(self, other: object) -> date:
        """Return the day as it is now, and report when it passes the other."""
        mine = _plain(self)
        if isinstance(other, _Following):
            self.watch.at(1)
        elif isinstance(other, date) and not isinstance(other, (_Day, datetime)):
            days = (other - mine).days
            self.watch.at(days, days + 1)
        return mine

    def __add__(self, other: timedelta) -> _Day:
        return _moved(_plain(self) + other, self.watch)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, timedelta):
            return _moved(_plain(self) - other, self.watch)
        return _span(_plain(self) - _plain(other), self.watch, 0 if isinstance(other, _Day) else 1)

    def __rsub__(self, other: date) -> timedelta:
        return _span(other - _plain(self), self.watch, -1)


class _Following(_Moving):
    """A day that never goes back as the day of the run moves on, and now and then jumps ahead."""

    def _plain(self, other: object) -> date:
        """Return the day as it is now, and report when it may reach or pass the other."""
        mine = _plain(self)
        if isinstance(other, _Moving):
            self.watch.at(1)
        elif isinstance(other, date) and not isinstance(other, datetime) and mine <= other:
            self.watch.at(max(1, (other - mine).days - _UNEVEN))
        return mine

    def __add__(self, other: timedelta) -> date:  # type: ignore[override]  # no more watched
        self.watch.at(1)
        return _plain(self) + other

    __radd__ = __add__  # type: ignore[assignment]  # the same

    def __sub__(self, other: Any) -> Any:
        self.watch.at(1)
        return _plain(self) - _beside(other)

    def __rsub__(self, other: date) -> timedelta:
        self.watch.at(1)
        return _beside(other) - _plain(self)  # type: ignore[no-any-return]  # a plain day


def _plain(day: date) -> date:
    """Return a plain day, without using any member that is watched."""
    return date.fromisoformat(date.isoformat(day))


def _moved(day: date, watch: Watch) -> _Day:
    made = _Day.fromisoformat(day.isoformat())
    made.watch = watch
    return made


class _Span(timedelta):
    """The time between two days, one of which moves on; ``slope`` is what each day adds."""

    watch: Watch
    slope: int

    @property
    def days(self) -> int:
        made = _Number(timedelta.days.__get__(self))
        made.watch, made.slope = self.watch, self.slope
        return made


def _span(span: timedelta, watch: Watch, slope: int) -> timedelta:
    if slope == 0:
        return span
    made = _Span(span.days)
    made.watch, made.slope = watch, slope
    return made


class _Number(_Watched, int):
    """A number of days that grows or shrinks by one a day."""

    slope: int

    def _reckoned(self, name: str, *others: int) -> Any:
        """Return the result of an operation, which may be different on the next day."""
        self.watch.at(1)
        return getattr(int(self), name)(*others)

    __abs__: Any = partialmethod(_reckoned, "__abs__")
    __neg__: Any = partialmethod(_reckoned, "__neg__")
    __add__: Any = partialmethod(_reckoned, "__add__")
    __radd__: Any = partialmethod(_reckoned, "__radd__")
    __sub__: Any = partialmethod(_reckoned, "__sub__")
    __rsub__: Any = partialmethod(_reckoned, "__rsub__")
    __mul__: Any = partialmethod(_reckoned, "__mul__")
    __floordiv__: Any = partialmethod(_reckoned, "__floordiv__")
    __mod__: Any = partialmethod(_reckoned, "__mod__")

    def _plain(self, other: object) -> int:
        mine = int(self)
        days = (other - mine) * self.slope if isinstance(other, int) else 0
        self.watch.at(days, days + 1)
        return mine

    def __bool__(self) -> bool:
        return self._plain(0) != 0

    def __format__(self, form: str) -> str:
        # A number that is only printed changes every day, and decides nothing.
        return plain(f"{{n:{form}}}").format(n=int(self)).en


class _Instant(_Watched, datetime):
    """An instant that moves on by days."""

    def _plain(self, other: object) -> datetime:
        mine = datetime.fromisoformat(datetime.isoformat(self))
        if isinstance(other, datetime):
            days = (other - mine) // _DAY
            self.watch.at(days, days + 1)
        return mine

    def __sub__(self, other: Any) -> Any:
        self.watch.at(1)
        return self._plain(None) - other

    def __rsub__(self, other: Any) -> Any:
        self.watch.at(1)
        return other - self._plain(None)

    def __add__(self, other: timedelta) -> datetime:  # type: ignore[override]  # no more watched
        self.watch.at(1)
        return self._plain(None) + other

    def astimezone(self, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the same
        """Return the instant itself in its own zone, else one that is not watched."""
        if tz is self.tzinfo:
            return self
        self.watch.at(1)
        return self._plain(None).astimezone(tz)

    def date(self) -> date:
        """Return the day, which is watched too."""
        return _moved(self._plain(None).date(), self.watch)
