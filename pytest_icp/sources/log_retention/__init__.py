"""Source kind ``log-retention``: how long the settings of applications and log systems keep logs.

A file, or a folder of which every file is read that a format recognises (`formats.py`).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Gap, Status
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.listing import listed
from pytest_icp.sources.log_retention.formats import FORMATS
from pytest_icp.sources.log_retention.kept import File, Found, Kept, Unread

if TYPE_CHECKING:
    from pytest_icp.sources.draft import ProvenanceLookup
    from pytest_icp.sources.request import Request

_LOGS = "log_stores"


def read_log_retention(request: Request) -> Derived:
    """Read how long logs are kept (日志保存设置): each log is a store of logs.

    A period is known where a file sets one and nothing but time limits it. Of a folder, a file
    that cannot be read is a gap.

    Raises `InputError` if there is no log in what is read.
    """
    reader = _Reader(request)
    reader.read()
    return reader.derived()


class _Reader:
    def __init__(self, request: Request) -> None:
        self._request = request
        self._into = Gathering(request.path)
        self._kept: dict[str, Kept] = {}

    def read(self) -> None:
        """Read the requested files."""
        paths = list(self._request.files())
        alone = paths == [self._request.path]
        found = False
        for path in paths:
            try:
                found |= self._add(path, alone=alone)
            except InputError as error:
                if alone:
                    raise
                found = True
                self._into.gap(error.message, error.place or Place(path=path), _LOGS)
        if not found:
            names = listed([one.name for one in FORMATS])
            hint = _FORMATS.format(names=names)
            raise InputError(_NONE, place=Place(path=self._request.path), hint=hint)

    def _add(self, path: Path, *, alone: bool) -> bool:
        """Read one file; return whether there is anything in it."""
        formats = [one for one in FORMATS if one.paths.search(path.as_posix())]
        if not formats and not alone:
            return False
        file = File(self._request, path)
        fitting = [one for one in formats or FORMATS if one.signs.search(file.text)]
        names: Counter[str] = Counter()
        for one in fitting:
            for found in one.read(file):
                self._take(file, found, names)
        return bool(names)

    def _take(self, file: File, found: Found, names: Counter[str]) -> None:
        """Take what a format found; of two logs in a file with one name, the second is ``#2``."""
        if isinstance(found, Gap):
            names[""] += 1
            self._into.gap(found.message, found.place, *found.kinds)
            return
        if isinstance(found, Unread):
            names[""] += 1
            self._into.unmapped[found.type] += 1
            return
        written = self._request.as_written(found.path or file.path)
        id_ = found.id or f"{written}:{found.name}"
        names[id_] += 1
        if names[id_] > 1:
            id_ = f"{id_}#{names[id_]}"
        known = self._kept.get(id_)
        if known is None or (known.period is None and found.period is not None):
            self._kept[id_] = found

    def derived(self) -> Derived:
        """Return the logs, with remarks on those of which no period is known."""
        said: dict[Text, list[str]] = {}
        for id_, kept in self._kept.items():
            self._store(id_, kept)
            why = _why(kept)
            if why:
                said.setdefault(why, []).append(id_)
        for why, ids in said.items():
            self._into.remark(listed(ids) + _COLON + why)
        return self._into.derived()

    def _store(self, id_: str, kept: Kept) -> None:
        draft = self._into.draft
        draft.add(_LOGS, id_, kept.at)
        if kept.kinds:
            draft.set(_LOGS, id_, "kinds", list(kept.kinds), kept.at)
        at = kept.period_at or _not_told(kept.at)
        if kept.period is None or kept.limits:
            draft.set(_LOGS, id_, "retention", None, at if kept.period is None else _not_told(at))
            if kept.period is not None:
                draft.set(_LOGS, id_, "retention_at_most", kept.period, at)
        else:
            draft.set(_LOGS, id_, "retention", kept.period, at)


def _not_told(at: ProvenanceLookup) -> ProvenanceLookup:
    """Return the same place with the status of what does not follow from the settings."""
    return lambda: replace(at(), status=Status.NOT_TOLD)


def _why(kept: Kept) -> Text | None:
    """Return why it is not known how long a log is kept; None if it is."""
    if kept.limits:
        limits = listed(kept.limits)
        return (_BOTH if kept.period else _BY_SIZE).format(limits=limits)
    if kept.period is not None:
        return None
    return _VARIABLE if kept.period_at else _NOTHING_ENDS


_NONE = Text(zh="没有关于日志保存时间的设置", en="nothing here says how long logs are kept")
_FORMATS = Text(zh="能够读取的格式：{names}", en="formats that are read: {names}")
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
    zh="保存时间取自没有值的变量，无法判断",
    en="how long it is kept is a variable without a value, so it is not known",
)
_NOTHING_ENDS = Text(
    zh="这里没有设置清理，保存多久无法判断",
    en="nothing here deletes it, so how long it is kept is not known",
)
