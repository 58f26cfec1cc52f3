"""Source kind ``log-retention``: how long the settings of applications and log systems keep logs.

A file, or a folder of which every file is read that a format recognises (`formats.py`). Each log
is a store; why its period is not known, a remark says.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Gap, Status
from pytest_icp.facts.files.garbage import collector_spared
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.listing import listed
from pytest_icp.sources.log_retention.formats import FORMATS, formats_of, inner_files
from pytest_icp.sources.log_retention.kept import ELSEWHERE, File, Kept, Unread

if TYPE_CHECKING:
    from pytest_icp.sources.gathering import ProvenanceLookup
    from pytest_icp.sources.log_retention.kept import Found
    from pytest_icp.sources.log_retention.values import Value
    from pytest_icp.sources.request import Request

LOGS = "log_stores"


class Stores:
    """Stores of logs by their ids (日志存储).

    Without ``elsewhere``, those are left out of which is only said that logs are sent there.
    """

    def __init__(self, request: Request, into: Gathering, *, elsewhere: bool = True) -> None:
        self._elsewhere = elsewhere
        self._request = request
        self._into = into
        self._kept: dict[str, Kept] = {}

    def read(self, file: File, *, alone: bool = False) -> bool:
        """Take what is in a file; return whether there is anything.

        A file whose name no format knows is read if it was asked for ``alone``, by the first format
        that finds something in it.
        """
        named = [one for one in formats_of(file.called) if one.is_in(file)]
        by_signs = (one for one in FORMATS if alone and one.is_in(file))
        names: defaultdict[str, int] = defaultdict(int)
        for one in named or by_signs:
            for found in one.read(file):
                self._take(file, file.moved(found), names)
            if names and not named:
                break
        return bool(names)

    def read_config_map(self, config_map: Value, address: str) -> None:
        """Take what is in the files of a ConfigMap."""
        for inner in inner_files(self._request, config_map, address):
            self._inner(inner)

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

    def _take(self, file: File, found: Found, names: defaultdict[str, int]) -> None:
        """Take what a format found; of two logs in a file with one name, the second is ``#2``."""
        if isinstance(found, Kept):
            written = file.written if found.path is None else self._request.as_written(found.path)
            id_ = found.id or f"{written}:{found.name}"
            names[id_] += 1
            times = names[id_]
            self.keep(id_ if times == 1 or found.id else f"{id_}#{times}", found)
        elif isinstance(found, Gap):
            names[""] += 1
            self._into.gap(found.message, found.place, *found.kinds)
        elif isinstance(found, Unread):
            names[""] += 1
            self._into.unmapped[found.type] += 1
        elif isinstance(found, Text):
            names[""] += 1
            self._into.remark(found)
        else:
            names[""] += self._inner(found)

    def _inner(self, inner: File) -> bool:
        """Take what is in a file inside of another; one that cannot be read is a gap."""
        try:
            return self.read(inner)
        except InputError as error:
            place = error.place or Place(path=inner.path)
            gap = Gap(message=error.message, place=place, kinds=frozenset({LOGS}))
            self._take(inner, inner.moved(gap), defaultdict(int))
            return True

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


def _not_told(at: ProvenanceLookup) -> ProvenanceLookup:
    """Return the same place with the status of what does not follow from the settings."""
    return lambda: replace(at(), status=Status.NOT_TOLD)


def _why(kept: Kept) -> Text | None:
    """Return why it is not known how long a log is kept; None if it is."""
    if kept.why is not None:
        return kept.why
    if kept.limits:
        return _limited(kept.limits, by_time=bool(kept.period))
    if kept.period is not None:
        return None
    return _VARIABLE if kept.period_at else _NOTHING_ENDS


# Many logs have the same limits.
@lru_cache(maxsize=1024)
def _limited(limits: tuple[str, ...], *, by_time: bool) -> Text:
    return (_BOTH if by_time else _BY_SIZE).format(limits=listed(limits))


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


def read_log_retention(request: Request) -> Derived:
    """Read how long logs are kept (日志保存设置): each log is a store of logs.

    A period is known where a file sets one and nothing but time limits it. Of a folder, a file
    that cannot be read is a gap.

    Raises `InputError` if there is no log in what is read.
    """
    into = Gathering(request)
    stores = Stores(request, into)
    paths = list(request.files())
    alone = paths == [request.path]
    found = False
    for path in paths:
        try:
            found |= stores.read(File(request, path), alone=alone)
        except InputError as error:
            if alone:
                raise
            found = True
            into.refused(error, path, LOGS)
    if not found:
        hint = _FORMATS.format(names=listed([one.name for one in FORMATS]))
        raise InputError(_NONE, place=Place(path=request.path), hint=hint)
    stores.finish()
    return into.derived()


_NONE = Text(zh="没有关于日志保存时间的设置", en="nothing here says how long logs are kept")
_FORMATS = Text(zh="能够读取的格式：{names}", en="formats that are read: {names}")
