"""The fields of a duty with a date: an act, an anchor, and a bound between the two."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.matching import Pair
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Spec


class When(Struct, frozen=True, kw_only=True):
    """Where a day stands: at paths, or in records.

    Of several paths the first counts that is not written as ``never``: the day of an act, and the
    planned day while the act has not happened. What is not known may be any day.

    Records are those at ``of``, each with its day at ``at``. They count where they meet ``where``,
    are services in use that do what an item of ``doing`` is for, and have the value of ``match`` in
    common with the subject. What lies before the day at ``since`` does not count. With a window of
    every year, ``year`` is the path in a record of the year that it answers, which is else that of
    its day, and ``about`` of the year that it tells of: the one before.
    """

    MAIN: ClassVar[str] = "at"

    at: tuple[str, ...]
    of: str | None = None
    where: Node = ANYTHING
    match: Pair | None = None
    since: tuple[str, ...] = ()
    doing: tuple[str, ...] = ()
    year: str | None = None
    about: str | None = None

    @classmethod
    def on(cls, *paths: str) -> When:
        """Return the day of a fact, or of the first of several that is one."""
        return cls(at=paths)


TODAY = When.on("today")
"""The act of a duty to keep something in force."""

LICENCE_TERM = When.on("licence.term")
"""The anchor that is the end of the term of the licence (许可期), as it is renewed."""

_PRINTED = When.on("/licence/valid_until")
_ANCHOR = ("anchor",)


class YearlyWindow(Struct, frozen=True, rename={"from_": "from"}):
    """The first and the last day of a window of every year, as ``01-31``."""

    from_: str
    to: str

    @property
    def days(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The month and the day of both."""
        return _month_day(self.from_), _month_day(self.to)


class Floor(Struct, frozen=True, rename={"for_": "for"}):
    """The subjects that meet a condition should have records ``since`` the first of some days."""

    for_: Node
    since: When


class Dated(Spec, frozen=True, kw_only=True):
    """An act, an anchor, and one bound.

    - ``within``: the act is done by so long after the anchor (民法典 203 moves the last day);
    - ``ahead``: by so long before it, which never moves; ahead by 0 is by the anchor itself;
    - ``lasts``, ``at_most``: the act is at least, at most so long after the anchor;
    - ``every``: the act is done again and again, from the anchor on, from each to the next.
      ``restart`` begins a new period, and the duty ``ends``;
    - ``yearly``: the act is done in a window of every year in which the licence is in force. A
      renewal that was applied for so long ``ahead``, and not decided, counts as granted;
    - ``reaches``: records go back so long, as they are set to be ``kept``, and with an act by the
      oldest of them. Recording began at the anchor and ``ends``; the ``floor`` says since when
      there should be records, however late it began.

    Where the act is ``today``, something has to be good: until the anchor, or so long ``within``
    it. Where the anchor is ``licence.term``, an act in the term before counts for any term, unless
    each ``term`` has to have its ``own``.
    """

    act: When | None = None
    anchor: When | None = None
    term: str | None = None
    within: Amount | None = None
    ahead: Amount | None = None
    lasts: Amount | None = None
    at_most: Amount | None = None
    every: Amount | None = None
    restart: When | None = None
    ends: When | None = None
    yearly: YearlyWindow | None = None
    reaches: Amount | None = None
    kept: str = ""
    floor: tuple[Floor, ...] = ()

    @property
    def event_decides_law(self) -> bool:
        """Whether the term runs from an event: then the law of its day counts."""
        return self.within is not None and self.act != TODAY

    @property
    def has_last_day(self) -> bool:
        """Whether the act is done by a day; else its own day is one to compare."""
        return self.lasts is None and self.at_most is None

    @property
    def acts(self) -> When:
        """Where the day of the act stands."""
        act = self.act or TODAY
        return replace(act, since=self.anchors.at) if act.since == _ANCHOR else act

    @property
    def anchors(self) -> When:
        """Where the day of the anchor stands; of a term of the licence, its printed last day."""
        anchor = self.anchor or LICENCE_TERM
        return _PRINTED if anchor == LICENCE_TERM else anchor

    @property
    def gap(self) -> Amount | None:
        """How long before or after the anchor the last day is; None where it is the anchor."""
        return self.within or (None if self._by_then else self.ahead)

    @property
    def _by_then(self) -> bool:
        number = self.ahead.number if self.ahead else None
        return number is not None and not number.id and number.newest.n == 0


def _month_day(written: str) -> tuple[int, int]:
    month, _, day = written.partition("-")
    return int(month), int(day)
