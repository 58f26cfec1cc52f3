"""Source kind ``log-retention``: how long the settings of applications and log systems keep logs.

A file, or a folder of which every file is read that a format recognises (`formats.py`). Each log
is a store; why its period is not known, a remark says.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.listing import listed
from pytest_icp.sources.log_retention.files import File, Unread
from pytest_icp.sources.log_retention.formats import FORMATS, formats_of, inner_files
from pytest_icp.sources.log_stores import LOGS, Kept, LogStores

if TYPE_CHECKING:
    from pytest_icp.sources.log_retention.files import Found
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.values import Value


class Stores(LogStores):
    """The stores of logs that files set up, and the files in ConfigMaps."""

    def __init__(self, request: Request, into: Gathering, *, elsewhere: bool = True) -> None:
        super().__init__(into, elsewhere=elsewhere)
        self._request = request

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
