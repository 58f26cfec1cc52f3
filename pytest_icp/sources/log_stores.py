"""Logs, and how long files say that they are kept, collected as stores of logs (日志存储)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup
from pytest_icp.sources.gathering import Gathering, listed

_DAY = 86_400
Units: TypeAlias = "Mapping[str, float]"
"""Units of periods in seconds."""

_SMALL = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


GO: Units = {**_SMALL, "d": _DAY, "w": 7 * _DAY, "y": 365 * _DAY}
"""Units of Loki and Prometheus."""

ELASTIC: Units = {**_SMALL, "nanos": 1e-9, "micros": 1e-6, "d": _DAY}
"""Units of Elasticsearch and OpenSearch."""

_PART = re.compile(r"\s*+(\d{1,12}+(?:\.\d{1,12}+)?+)\s*+([A-Za-zµ]{0,8}+)\s*+")
_LONGEST = 200


def seconds(written: Json, units: Units) -> float | None:
    """Return how long a period is; None if it is not one, such as a variable.

    ``0`` needs no unit.
    """
    text = "" if isinstance(written, bool) else str(written)
    if not 0 < len(text) < _LONGEST:
        return None
    at, total = 0, 0.0
    while at < len(text):
        part = _PART.match(text, at)
        size = units.get(part[2]) if part else None
        if part is None or (size is None and float(part[1])):
            return None
        total += float(part[1]) * (size or 0)
        at = part.end()
    return total


def whole_days(period: float, *, up: bool = False) -> JsonObject:
    """Return a period as a span of whole days; ``up`` of a limit that nothing outlasts."""
    days = period / _DAY
    return {"days": math.ceil(days) if up else math.floor(days)}


LOGS = "log_stores"

# A kind is a word of its own in a name: ``access.log``, ``accessLog``, ``USER_LOGIN``.
_KINDS = {
    "access": re.compile(
        r"(?<![A-Za-z])(?<!data[-_.])(?:[Aa]ccess(?:log)?+(?![a-z])|ACCESS(?![A-Za-z]))"
    ),
    "login": re.compile(r"(?<![A-Za-z])(?:[Ll]ogin(?:log)?+(?![a-z])|LOGIN(?![A-Za-z]))"),
}


class Kept(Struct, frozen=True, kw_only=True):
    """One log (日志), and how long a file says that it is kept.

    ``name`` is that of the appender, output or policy in its file; ``id`` is only given where the
    log has an address of its own in its tool. ``period`` is the time after which entries are
    deleted (``{"days": 30}``), with its place in ``period_at``; without one, that is where a
    period is set that is not known, and its status says why. ``limits`` are the settings that may
    end it sooner: sizes, numbers of files. ``why`` says another reason for which the period is
    no more than a bound, or not known. ``path`` is the file if it is another one.
    """

    name: str
    at: ProvenanceLookup
    id: str = ""
    kinds: tuple[str, ...] = ()
    period: JsonObject | None = None
    period_at: ProvenanceLookup | None = None
    limits: tuple[str, ...] = ()
    why: Text | None = None
    path: Path | None = None


def kinds_named(*names: str) -> tuple[str, ...]:
    """Return the kinds of log that names, such as those of files, say; mostly they say none."""
    folded = "/".join(names).lower()
    if not any(map(folded.__contains__, _KINDS)):
        return ()
    files = [name.replace("\\", "/").rpartition("/")[2] for name in names]
    return tuple([kind for kind, named in _KINDS.items() if any(map(named.search, files))])


def after_apply(at: ProvenanceLookup) -> ProvenanceLookup:
    """Return the same place with the status of what is only known when it runs."""
    return lambda: replace(at(), status=Status.AFTER_APPLY)


class LogStores:
    """Stores of logs by their ids.

    Without ``elsewhere``, those are left out of which is only said that logs are sent there.
    """

    def __init__(self, into: Gathering, *, elsewhere: bool = True) -> None:
        self._elsewhere = elsewhere
        self._into = into
        self._kept: dict[str, Kept] = {}

    def keep(self, id_: str, kept: Kept) -> None:
        """Keep a log; of one that is found twice, a period that is known."""
        if kept.why == ELSEWHERE and not self._elsewhere:
            return
        known = self._kept.setdefault(id_, kept)
        if known is kept:
            return
        if known.period is None and kept.period is not None:
            self._kept[id_] = kept
        elif kept.period is not None and kept.period != known.period:
            self._kept[id_] = replace(known, period=None, limits=(), why=_DIFFERS)

    def _store(self, id_: str, kept: Kept) -> None:
        into = self._into
        into.add(LOGS, id_, kept.at)
        if kept.kinds:
            into.set(LOGS, id_, "kinds", list(kept.kinds), kept.at)
        at = kept.period_at or _not_told(kept.at)
        is_bound = kept.period is not None and (kept.limits or kept.why)
        retention = {"at_most": kept.period} if is_bound else kept.period
        into.set(LOGS, id_, "retention", retention, at)

    def finish(self) -> None:
        """Add the logs to the facts, with remarks on those of which no period is known."""
        said: dict[Text, list[str]] = {}
        for id_, kept in self._kept.items():
            self._store(id_, kept)
            why = _why(kept)
            if why:
                said.setdefault(why, []).append(id_)
        for why, ids in said.items():
            self._into.remark(listed(ids) + _COLON + why)


def _not_told(at: ProvenanceLookup) -> ProvenanceLookup:
    """Return the same place with the status of what does not follow from the settings."""
    return lambda: replace(at(), status=Status.NOT_TOLD)


def _why(kept: Kept) -> Text | None:
    """Return why it is not known how long a log is kept; None if it is."""
    if kept.why is not None:
        return kept.why
    if kept.limits:
        return (_BOTH if kept.period else _BY_SIZE).format(limits=listed(kept.limits))
    if kept.period is not None:
        return None
    return _VARIABLE if kept.period_at else _NOTHING_ENDS


_COLON = Text(zh="：", en=": ")
_BY_SIZE = Text(
    zh="按大小或者文件数清理（{limits}），保存多久无法判断",
    en="limited by size or number of files ({limits}), so how long it is kept is not known",
)
_BOTH = Text(
    zh="除时间以外还按大小清理（{limits}），可能保存得更短",
    en="limited by size as well ({limits}), so it may be kept for less than the time that is set",
)
_VARIABLE = Text(
    zh="从这里所设的值看不出保存多久",
    en="how long it is kept does not follow from what is set here, so it is not known",
)
_NOTHING_ENDS = Text(
    zh="这里没有设置清理，保存多久无法判断",
    en="nothing here deletes it, so how long it is kept is not known",
)
_DIFFERS = Text(
    zh="各处设置的保存时间不同，保存多久无法判断",
    en="different periods are set in different places, so how long it is kept is not known",
)
ELSEWHERE = Text(
    zh="日志发送到别处，保存多久由那里的设置决定，这里无法判断",
    en="it is sent elsewhere, and settings there decide how long it is kept",
)
"""Why it is not known how long what is sent to another system is kept."""
