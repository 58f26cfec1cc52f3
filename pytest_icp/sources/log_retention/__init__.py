"""Source kind ``log-retention``: how long the settings of applications and log systems keep logs.

A file, or a folder of which every file is read that a format recognises (`formats.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.listing import listed
from pytest_icp.sources.log_retention.formats import FORMATS
from pytest_icp.sources.log_retention.kept import File
from pytest_icp.sources.log_retention.stores import LOGS, Stores

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request


def read_log_retention(request: Request) -> Derived:
    """Read how long logs are kept (日志保存设置): each log is a store of logs.

    A period is known where a file sets one and nothing but time limits it. Of a folder, a file
    that cannot be read is a gap.

    Raises `InputError` if there is no log in what is read.
    """
    into = Gathering(request.path)
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
            into.gap(error.message, error.place or Place(path=path), LOGS)
    if not found:
        hint = _FORMATS.format(names=listed([one.name for one in FORMATS]))
        raise InputError(_NONE, place=Place(path=request.path), hint=hint)
    stores.finish()
    return into.derived()


_NONE = Text(zh="没有关于日志保存时间的设置", en="nothing here says how long logs are kept")
_FORMATS = Text(zh="能够读取的格式：{names}", en="formats that are read: {names}")
