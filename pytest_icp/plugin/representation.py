"""The representation of a failing item (表示): its full text, and one line for summaries."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from pytest_icp.reports.layout import inert, uncommanded

if TYPE_CHECKING:
    from pathlib import PurePath

    import pytest

_USUAL = 80


def columns_of(config: pytest.Config) -> int:
    """Return how wide the terminal of a run is; there may be none, as with ``-p no:terminal``."""
    if config.pluginmanager.has_plugin("terminalreporter"):
        return config.get_terminal_writer().fullwidth
    return shutil.get_terminal_size((_USUAL, 24)).columns


def represented(
    item: pytest.Item,
    excinfo: pytest.ExceptionInfo[BaseException],
    text: str,
    headline: str,
    path: PurePath | str,
    line: int | None,
) -> Any:
    """Return the text as pytest's representation of a failure, instead of a traceback.

    What pytest makes of the exception is filled in anew, since only objects of its own kinds
    travel to another process. The headline is what it prints where there is one line only:
    the short summary, the message in a JUnit file, and ``--tb=line``, where there is no more.
    """
    brief = item.config.getoption("tbstyle", default="") == "line"
    shown = excinfo.getrepr(style="value", chain=False)
    shown.reprtraceback.reprentries[0].lines = [] if brief else text.split("\n")
    shown.reprtraceback.extraline = None
    if shown.reprcrash:
        shown.reprcrash.message = inert(" ".join(headline.split()))
        shown.reprcrash.path, shown.reprcrash.lineno = uncommanded(inert(str(path))), line or 1
    return shown
